"""Everything that the chain has recorded: transactions with their gas, and events, decoded.

Read from blocks and receipts and not through the contracts' views: the ledger compares the two.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

BATCH = 200


@dataclass(frozen=True)
class Transaction:
    """One transaction. `operation` is Contract.function, or "deploy"."""

    block: int
    sender: str
    operation: str
    value_wei: int
    gas_used: int
    gas_price_wei: int
    base_fee_wei: int
    succeeded: bool

    @property
    def fee_wei(self) -> int:
        return self.gas_used * self.gas_price_wei


@dataclass(frozen=True)
class Event:
    contract: str
    name: str
    arguments: dict[str, Any]
    block: int

    def __getitem__(self, argument: str) -> Any:
        return self.arguments[argument]


@dataclass(frozen=True)
class Records:
    transactions: list[Transaction]
    events: list[Event]

    def of(self, name: str, contract: str | None = None, **arguments: Any) -> Iterator[Event]:
        """Events of that name, of that contract if given, with these arguments."""
        for event in self.events:
            if event.name != name or contract not in (None, event.contract):
                continue
            if all(event[key] == value for key, value in arguments.items()):
                yield event

    def total(self, name: str, field: str, contract: str | None = None, **arguments: Any) -> int:
        """Sum of an argument over `of`."""
        return sum(event[field] for event in self.of(name, contract, **arguments))


class ChainReader:
    """Reads a development node; `contracts` are name to (address, ABI)."""

    def __init__(self, rpc_url: str, contracts: dict[str, tuple[str, list[dict]]]):
        from eth_utils import event_abi_to_log_topic, function_abi_to_4byte_selector
        from web3 import Web3

        self._http = httpx.Client(base_url=rpc_url, timeout=60.0)
        web3 = Web3()
        self._names = {address.lower(): name for name, (address, _) in contracts.items()}
        self._functions: dict[tuple[str, str], str] = {}
        self._events: dict[tuple[str, str], Any] = {}
        for name, (address, abi) in contracts.items():
            contract = web3.eth.contract(address=web3.to_checksum_address(address), abi=abi)
            for entry in abi:
                if entry["type"] == "function":
                    selector = "0x" + function_abi_to_4byte_selector(entry).hex()
                    self._functions[name, selector] = entry["name"]
                elif entry["type"] == "event":
                    topic = "0x" + event_abi_to_log_topic(entry).hex()
                    self._events[name, topic] = contract.events[entry["name"]]()

    def read(self) -> Records:
        """All transactions and events from the first block to the last."""
        last = int(self._call([("eth_blockNumber", [])])[0], 16)
        headers = self._call([("eth_getBlockByNumber", [hex(n), True]) for n in range(last + 1)])
        blocks = [block for block in headers if block["transactions"]]
        receipts = self._call([("eth_getBlockReceipts", [block["number"]]) for block in blocks])
        transactions, events = [], []
        for block, of_block in zip(blocks, receipts, strict=True):
            for transaction, receipt in zip(block["transactions"], of_block, strict=True):
                transactions.append(self._transaction(block, transaction, receipt))
                events += [event for log in receipt["logs"] if (event := self._event(log)) is not None]
        return Records(transactions, events)

    def genesis_balances_wei(self) -> dict[str, int]:
        """ETH of every account that exists, by lower-case address, from the node's whole state. For a new chain only:
        later the node's answer holds its traces of all transactions too."""
        dump = bytes.fromhex(self._call([("anvil_dumpState", [])])[0].removeprefix("0x"))
        accounts = json.loads(gzip.decompress(dump))["accounts"]
        return {address.lower(): int(account["balance"], 16) for address, account in accounts.items()}

    def balances_wei(self, addresses: Iterable[str]) -> dict[str, int]:
        """ETH of these accounts now."""
        asked = list(addresses)
        found = self._call([("eth_getBalance", [address, "latest"]) for address in asked])
        return {address: int(balance, 16) for address, balance in zip(asked, found, strict=True)}

    def _transaction(self, block: dict, transaction: dict, receipt: dict) -> Transaction:
        target = transaction["to"]
        if target is None:
            operation = "deploy"
        else:
            name = self._names.get(target.lower(), target)
            operation = f"{name}.{self._functions.get((name, transaction['input'][:10]), '?')}"
        return Transaction(
            block=int(block["number"], 16),
            sender=transaction["from"].lower(),
            operation=operation,
            value_wei=int(transaction["value"], 16),
            gas_used=int(receipt["gasUsed"], 16),
            gas_price_wei=int(receipt["effectiveGasPrice"], 16),
            base_fee_wei=int(block["baseFeePerGas"], 16),
            succeeded=receipt["status"] == "0x1",
        )

    def _event(self, log: dict) -> Event | None:
        name = self._names.get(log["address"].lower())
        decoder = self._events.get((name, log["topics"][0]))
        if decoder is None:
            return None
        numbers = ("blockNumber", "logIndex", "transactionIndex")
        decoded = decoder.process_log(_log(log, numbers))
        arguments = {
            key: value.lower() if isinstance(value, str) and value.startswith("0x") else value
            for key, value in decoded["args"].items()
        }
        return Event(name, decoded["event"], arguments, int(log["blockNumber"], 16))

    def _call(self, requests: list[tuple[str, list]]) -> list[Any]:
        results = []
        for start in range(0, len(requests), BATCH):
            batch = [
                {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
                for number, (method, parameters) in enumerate(requests[start : start + BATCH])
            ]
            answers = self._http.post("/", json=batch).raise_for_status().json()
            results += [answer["result"] for answer in sorted(answers, key=lambda answer: answer["id"])]
        return results


def _log(log: dict, numbers: tuple[str, ...]) -> dict:
    from hexbytes import HexBytes

    changed = {name: int(log[name], 16) for name in numbers}
    return log | changed | {"topics": [HexBytes(t) for t in log["topics"]], "data": HexBytes(log["data"])}
