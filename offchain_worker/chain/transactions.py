"""Sends transactions of one account: nonces without gaps, simulation first, errors by name."""

from __future__ import annotations

import threading
from typing import Any

import requests
from eth_utils import to_hex
from web3 import Web3
from web3.exceptions import TimeExhausted, TransactionNotFound, Web3Exception, Web3RPCError
from web3.types import TxReceipt

from offchain_worker.chain.abi import ErrorCatalogue
from offchain_worker.chain.interface import ChainUnavailable, ContractReverted, PreparedTransaction
from offchain_worker.tickets.signatures import LocalSigner

GAS_MARGIN = (6, 5)
"""Gas limit over estimate: a state change before mining may make the call dearer."""


def call(function: Any, url: str, catalogue: ErrorCatalogue, sender: str | None = None) -> Any:
    """Result of a bound contract function. Raises `ContractReverted` or `ChainUnavailable`."""
    try:
        return function.call({"from": sender} if sender else {})
    except Web3Exception as error:
        raise translate(error, function.fn_name, url, catalogue) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise ChainUnavailable(url=url, reason=type(error).__name__) from error


def translate(
    error: Web3Exception, function: str, url: str, catalogue: ErrorCatalogue
) -> ContractReverted | ChainUnavailable:
    """The named error behind a web3 exception."""
    data = _revert_data(error)
    if data is None:
        return ChainUnavailable(url=url, reason=f"{type(error).__name__}: {str(error)[:200]}")
    decoded = catalogue.decode(data)
    arguments = ", ".join(f"{name}={_text(value)}" for name, value in decoded.arguments.items())
    return ContractReverted(function=function, error=decoded.name, arguments=arguments)


def _revert_data(error: Web3Exception) -> bytes | None:
    data = getattr(error, "data", None)
    if data is None and isinstance(error, Web3RPCError) and error.rpc_response:
        data = (error.rpc_response.get("error") or {}).get("data")
    if isinstance(data, dict):
        data = data.get("data")
    if isinstance(data, str) and data.startswith("0x"):
        return bytes.fromhex(data[2:])
    return b"" if "revert" in str(error).lower() else None


def _text(value: Any) -> str:
    return to_hex(value) if isinstance(value, bytes) else str(value)


class TransactionSender:
    """Serialises the account's transactions within this process."""

    def __init__(
        self, web3: Web3, signer: LocalSigner, url: str, catalogue: ErrorCatalogue, wait_seconds: int
    ) -> None:
        self.address = signer.address
        self._web3 = web3
        self._signer = signer
        self._url = url
        self._catalogue = catalogue
        self._wait_seconds = wait_seconds
        self._next_nonce = 0
        self._lock = threading.Lock()

    def prepare(self, function: Any, value_wei: int = 0) -> PreparedTransaction:
        """Estimates (which simulates) and signs; the nonce is taken, so broadcast it or let the process end."""
        with self._lock:
            try:
                base = {"from": self.address, "value": value_wei}
                gas = function.estimate_gas(base) * GAS_MARGIN[0] // GAS_MARGIN[1]
                pending = self._web3.eth.get_transaction_count(self.address, "pending")
                nonce = max(pending, self._next_nonce)
                fees = {"gasPrice": self._web3.eth.gas_price, "chainId": self._web3.eth.chain_id}
                transaction = function.build_transaction({**base, **fees, "gas": gas, "nonce": nonce})
            except Web3Exception as error:
                raise translate(error, function.fn_name, self._url, self._catalogue) from error
            except (requests.RequestException, OSError) as error:
                raise ChainUnavailable(url=self._url, reason=type(error).__name__) from error
            raw, transaction_hash = self._signer.sign_transaction(transaction)
            self._next_nonce = nonce + 1
            return PreparedTransaction(transaction_hash, raw)

    def broadcast(self, transaction: PreparedTransaction) -> None:
        """Hands the transaction to the node; a node that already knows it is content."""
        try:
            self._web3.eth.send_raw_transaction(transaction.raw)
        except Web3RPCError as error:
            self.forget_nonces()
            if "already known" not in str(error).lower():
                raise translate(error, "send_raw_transaction", self._url, self._catalogue) from error
        except (requests.RequestException, OSError) as error:
            self.forget_nonces()
            raise ChainUnavailable(url=self._url, reason=type(error).__name__) from error

    def wait(self, transaction_hash: bytes) -> TxReceipt | None:
        """The receipt; None if the node does not know the transaction or it is not mined in time."""
        try:
            self._web3.eth.get_transaction(transaction_hash)
            return self._web3.eth.wait_for_transaction_receipt(
                transaction_hash, self._wait_seconds, poll_latency=0.2
            )
        except (TransactionNotFound, TimeExhausted):
            self.forget_nonces()
            return None
        except (requests.RequestException, OSError) as error:
            raise ChainUnavailable(url=self._url, reason=type(error).__name__) from error

    def forget_nonces(self) -> None:
        """After a failure the node's count is the truth again."""
        self._next_nonce = 0
