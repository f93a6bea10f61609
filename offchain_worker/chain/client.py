"""The protocol over web3: finds its contracts through the Controller and offers them as `RedemptionChain`.

Views are a few calls each and are not cached: a stale round or balance costs more than a local call.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from eth_utils import is_address, keccak, to_checksum_address
from web3 import Web3
from web3.contract import Contract
from web3.exceptions import Web3Exception
from web3.logs import DISCARD
from web3.types import TxReceipt

from offchain_worker.chain.abi import ErrorCatalogue, load_abi
from offchain_worker.chain.interface import (
    ChainClock,
    ChainUnavailable,
    PreparedTransaction,
    Redemption,
    SenderState,
)
from offchain_worker.chain.transactions import TransactionSender, call, translate
from offchain_worker.errors import NamedError
from offchain_worker.tickets.signatures import LocalSigner
from offchain_worker.tickets.ticket import Ticket

ZERO_ADDRESS = "0x" + "00" * 20


class ControllerInvalid(NamedError):
    status = 400
    template = "controller is {found!r}: {required}"


class ContractNotRegistered(NamedError):
    status = 503
    template = "Controller {controller} has no contract {contract}; is this the right Controller?"


class ProtocolClient:
    """Reads the protocol; with a signer it also redeems."""

    def __init__(
        self,
        rpc_url: str,
        controller: str,
        signer: LocalSigner | None = None,
        abi_file: Path | None = None,
        wait_seconds: int = 60,
    ) -> None:
        if not is_address(controller):
            raise ControllerInvalid(
                found=controller, required="must be the address of the protocol's Controller"
            )
        self._url = rpc_url
        self._web3 = Web3(Web3.HTTPProvider(rpc_url, request_kwargs={"timeout": 10}))
        self._catalogue = ErrorCatalogue(abi_file)
        self._controller = self._contract("Controller", controller)
        self._contracts: dict[str, Contract] = {}
        self._sender = (
            None
            if signer is None
            else TransactionSender(self._web3, signer, rpc_url, self._catalogue, wait_seconds)
        )

    def clock(self) -> ChainClock:
        rounds = self._find("RoundsManager").functions
        return ChainClock(
            block=self._call(rounds.blockNum()),
            current_round=self._call(rounds.currentRound()),
            is_round_initialized=self._call(rounds.currentRoundInitialized()),
            last_initialized_round=self._call(rounds.lastInitializedRound()),
            is_paused=self._call(self._controller.functions.paused()),
        )

    def controller_address(self) -> str:
        return self._controller.address

    def block_hash_for_round(self, round_number: int) -> bytes:
        return self._call(self._find("RoundsManager").functions.blockHashForRound(round_number))

    def sender_state(self, sender: str) -> SenderState:
        (deposit, withdraw_round), (reserve, claimed) = self._call(
            self._find("TicketBroker").functions.getSenderInfo(sender)
        )
        return SenderState(deposit, withdraw_round, reserve, claimed)

    def claimable_reserve_wei(self, sender: str, recipient: str) -> int:
        return self._call(self._find("TicketBroker").functions.claimableReserve(sender, recipient))

    def is_active_orchestrator(self, address: str) -> bool:
        return self._call(self._find("BondingManager").functions.isActiveTranscoder(address))

    def service_uri(self, address: str) -> str:
        return self._call(self._find("ServiceRegistry").functions.getServiceURI(address))

    def gas_price_wei(self) -> int:
        try:
            return self._web3.eth.gas_price
        except (Web3Exception, requests.RequestException, OSError, ValueError) as error:
            raise ChainUnavailable(url=self._url, reason=type(error).__name__) from error

    def ticket_validity_rounds(self) -> int:
        return self._call(self._find("TicketBroker").functions.ticketValidityPeriod())

    def is_ticket_used(self, ticket_hash: bytes) -> bool:
        return self._call(self._find("TicketBroker").functions.usedTickets(ticket_hash))

    def simulate_redemption(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> None:
        call(
            self._redemption(ticket, signature, recipient_rand),
            self._url,
            self._catalogue,
            self._transactions().address,
        )

    def prepare_redemption(
        self, ticket: Ticket, signature: bytes, recipient_rand: int
    ) -> PreparedTransaction:
        return self._transactions().prepare(self._redemption(ticket, signature, recipient_rand))

    def broadcast(self, transaction: PreparedTransaction) -> None:
        self._transactions().broadcast(transaction)

    def wait_for_redemption(self, transaction_hash: bytes, ticket: Ticket) -> Redemption | None:
        receipt = self._transactions().wait(transaction_hash)
        return None if receipt is None else self._read_redemption(receipt, ticket)

    def find_redemption(self, ticket: Ticket) -> Redemption | None:
        broker = self._find("TicketBroker")
        filters = {"sender": ticket.sender, "recipient": ticket.recipient}
        try:
            logs = broker.events.WinningTicketRedeemed().get_logs(from_block=0, argument_filters=filters)
            for entry in logs:
                if _is_of(entry["args"], ticket):
                    return self._read_redemption(
                        self._web3.eth.get_transaction_receipt(entry["transactionHash"]), ticket
                    )
        except Web3Exception as error:
            raise translate(error, "getLogs", self._url, self._catalogue) from error
        except (requests.RequestException, OSError) as error:
            raise ChainUnavailable(url=self._url, reason=type(error).__name__) from error
        return None

    def _read_redemption(self, receipt: TxReceipt, ticket: Ticket) -> Redemption:
        """What a transaction paid for `ticket`: the transfer that precedes its redemption event, 0 if there is none."""
        broker = self._find("TicketBroker")
        paid_wei = None
        if receipt["status"] == 1:
            redeemed = broker.events.WinningTicketRedeemed().process_receipt(receipt, errors=DISCARD)
            transfers = broker.events.WinningTicketTransfer().process_receipt(receipt, errors=DISCARD)
            own = next((entry["logIndex"] for entry in redeemed if _is_of(entry["args"], ticket)), None)
            earlier = max(
                (entry["logIndex"] for entry in redeemed if own is not None and entry["logIndex"] < own),
                default=-1,
            )
            if own is not None:
                paid_wei = sum(
                    entry["args"]["amount"] for entry in transfers if earlier < entry["logIndex"] < own
                )
        return Redemption(
            bytes(receipt["transactionHash"]), paid_wei, receipt["gasUsed"], receipt["blockNumber"]
        )

    def _redemption(self, ticket: Ticket, signature: bytes, recipient_rand: int) -> Any:
        fields = (
            ticket.recipient,
            ticket.sender,
            ticket.face_value_wei,
            ticket.win_probability,
            ticket.sender_nonce,
            ticket.recipient_rand_hash,
            ticket.aux_data,
        )
        return self._find("TicketBroker").functions.redeemWinningTicket(fields, signature, recipient_rand)

    def _transactions(self) -> TransactionSender:
        if self._sender is None:
            raise RuntimeError("this client was made without a signer")
        return self._sender

    def _find(self, name: str) -> Contract:
        """The registered contract; its address is kept, since proxies keep theirs across upgrades."""
        if name not in self._contracts:
            address = self._call(self._controller.functions.getContract(keccak(text=name)))
            if address == ZERO_ADDRESS:
                raise ContractNotRegistered(controller=self._controller.address, contract=name)
            self._contracts[name] = self._contract(name, address)
        return self._contracts[name]

    def _contract(self, name: str, address: str) -> Contract:
        return self._web3.eth.contract(address=to_checksum_address(address), abi=load_abi(name))

    def _call(self, function: Any) -> Any:
        return call(function, self._url, self._catalogue)


def _is_of(event: Any, ticket: Ticket) -> bool:
    """Whether a redemption event is this ticket's; the nonce alone may repeat under another commitment."""
    rand_hash = keccak(event["recipientRand"].to_bytes(32, "big"))
    return (
        event["senderNonce"] == ticket.sender_nonce
        and rand_hash == ticket.recipient_rand_hash
        and event["auxData"] == ticket.aux_data
    )
