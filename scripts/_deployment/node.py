"""The chain as a deployment sees it: a few questions to a node, and raw transactions sent.

Errors of the connection are tried again a few times, since each question may be asked twice; what is left is raised as
NodeUnreachable. What the node refuses is raised as NodeRefused with the node's own words.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak, to_checksum_address

from scripts._deployment.errors import NodeRefused, NodeUnreachable

GRANTED = "0x" + keccak(text="RoleGranted(bytes32,address,address)").hex()
REVOKED = "0x" + keccak(text="RoleRevoked(bytes32,address,address)").hex()
ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.25


@dataclass(frozen=True)
class Receipt:
    """A transaction in a block."""

    hash: str
    succeeded: bool
    block: int
    block_hash: str
    gas_used: int
    contract_address: str | None


@dataclass(frozen=True)
class Fees:
    """Wei for each unit of gas, at most and as a tip (EIP-1559)."""

    max_fee_wei: int
    priority_fee_wei: int


@dataclass(frozen=True)
class Log:
    """An event; `place` is its block and its number in that."""

    topics: tuple[str, ...]
    data: bytes
    place: tuple[int, int]

    def account(self, position: int) -> str:
        """The address that an indexed field holds; 1 is the first."""
        return to_checksum_address("0x" + self.topics[position][-40:])


class Node:
    """Asks a node through web3."""

    def __init__(self, web3, pause: Callable[[float], None] = time.sleep) -> None:
        self._web3, self._pause = web3, pause

    def chain_id(self) -> int:
        return self._ask(lambda eth: eth.chain_id)

    def genesis_hash(self) -> str:
        return _hex(self._ask(lambda eth: eth.get_block(0)["hash"]))

    def block_number(self) -> int:
        return self._ask(lambda eth: eth.block_number)

    def timestamp(self) -> int:
        """Seconds of the latest block."""
        return self._ask(lambda eth: eth.get_block("latest")["timestamp"])

    def nonce(self, account: str) -> int:
        """Transactions of the account that are in blocks."""
        return self._ask(lambda eth: eth.get_transaction_count(account, "latest"))

    def balance(self, account: str) -> int:
        return self._ask(lambda eth: eth.get_balance(account))

    def code(self, address: str) -> bytes:
        return bytes(self._ask(lambda eth: eth.get_code(address)))

    def call(self, transaction: dict[str, Any]) -> bytes:
        return bytes(self._ask(lambda eth: eth.call(transaction)))

    def estimate_gas(self, transaction: dict[str, Any]) -> int:
        return self._ask(lambda eth: eth.estimate_gas(transaction))

    def fees(self) -> Fees:
        """Enough for the base fee to double before the transaction is mined."""
        base = self._ask(lambda eth: eth.get_block("latest").get("baseFeePerGas", 0))
        tip = self._ask(lambda eth: eth.max_priority_fee)
        return Fees(2 * base + tip, tip)

    def receipt(self, transaction_hash: str) -> Receipt | None:
        """The receipt, or None while the transaction is in no block."""
        from web3.exceptions import TransactionNotFound

        try:
            found = self._ask(lambda eth: eth.get_transaction_receipt(transaction_hash))
        except TransactionNotFound:
            return None
        if found["blockNumber"] is None:
            return None
        return Receipt(
            _hex(found["transactionHash"]),
            found["status"] == 1,
            found["blockNumber"],
            _hex(found["blockHash"]),
            found["gasUsed"],
            found.get("contractAddress"),
        )

    def storage(self, address: str, slot: int) -> int:
        """A word of a contract's storage."""
        return int.from_bytes(self._ask(lambda eth: eth.get_storage_at(address, slot)), "big")

    def logs(self, contract: str | list[str], topics: list, first_block: int) -> list[Log]:
        """Events of one or more contracts since a block, in their order; `topics` as in JSON-RPC.

        A node that refuses a range, for its length or for what is in it, is asked for half of it.
        """
        last = self.block_number()
        found: list[Log] = []
        start, step = first_block, max(1, last - first_block + 1)
        while start <= last:
            end = min(start + step - 1, last)
            filtered = {"address": contract, "topics": topics, "fromBlock": start, "toBlock": end}
            try:
                page = self._ask(lambda eth, filtered=filtered: eth.get_logs(filtered))
            except NodeRefused:
                if step == 1:
                    raise
                step = (end - start + 2) // 2 if end > start else 1
                continue
            found += [
                Log(
                    tuple(_hex(topic) for topic in log["topics"]),
                    bytes(log["data"]),
                    (log["blockNumber"], log["logIndex"]),
                )
                for log in page
            ]
            start = end + 1
        return found

    def role_events(self, contract: str, first_block: int) -> list[tuple[bool, str, str]]:
        """Grants (True) and revocations of OpenZeppelin's AccessControl since a block: (granted, role, account)."""
        return [
            (log.topics[0] == GRANTED, log.topics[1], log.account(2))
            for log in self.logs(contract, [[GRANTED, REVOKED]], first_block)
        ]

    def event_data(self, contract: str, topic: bytes, first_block: int) -> list[bytes]:
        """Data of all logs of one event since a block."""
        return [log.data for log in self.logs(contract, ["0x" + topic.hex()], first_block)]

    def indexed_accounts(self, contracts: list[str], first_block: int) -> list[str]:
        """Accounts that indexed fields of the contracts' events name since a block, those of the latest first."""
        logs = self.logs(contracts, [], first_block)
        words = (bytes.fromhex(topic[2:]) for log in reversed(logs) for topic in log.topics[1:])
        # Small numbers fit into the bytes of an address too, but nobody has the key of one.
        accounts = (word[12:] for word in words if not any(word[:12]) and any(word[12:24]))
        return [to_checksum_address(account) for account in dict.fromkeys(accounts)]

    def send_raw(self, raw: str, *, may_be_mined: bool = True) -> None:
        """Broadcasts. A transaction that the node has already is no error, nor, if it `may_be_mined`, a used nonce."""
        try:
            self._ask(lambda eth: eth.send_raw_transaction(raw))
        except NodeRefused as error:
            text = str(error).lower()
            known = ("already known", "already imported", *(["nonce too low"] if may_be_mined else []))
            if not any(words in text for words in known):
                raise

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        from requests.exceptions import RequestException
        from web3.exceptions import TransactionNotFound, Web3Exception

        pause = FIRST_PAUSE_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return question(self._web3.eth)
            except TransactionNotFound:
                raise
            except (RequestException, OSError) as error:
                if attempt == ATTEMPTS:
                    raise NodeUnreachable(str(error)) from error
            except (Web3Exception, ValueError) as error:
                raise NodeRefused(_words(error), getattr(error, "data", None)) from error
            self._pause(pause)
            pause *= 2
        raise AssertionError("unreachable")


def _hex(value: bytes) -> str:
    return "0x" + bytes(value).hex()


def _words(error: Exception) -> str:
    return " ".join(str(getattr(error, "message", None) or error).split())
