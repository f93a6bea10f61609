"""A chain at one block, as the export reads it: many views in one go, and all logs until then.

Views go out in batches of JSON-RPC, a hundred times faster than one by one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scripts._deployment.errors import NodeRefused, NodeUnreachable

CALLS_PER_BATCH = 200
BLOCKS_PER_QUERY = 100_000


@dataclass(frozen=True)
class Log:
    """An undecoded log; the order of a list of them is that of the chain."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


class Ledger(Protocol):
    """See the module."""

    chain_id: int
    block: int
    block_hash: str

    def call(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes | None]:
        """Answers to (address, calldata); None where the call reverts."""

    def logs(self, addresses: Sequence[str]) -> list[Log]:
        """All logs of these contracts through the block, in order."""

    def balance(self, address: str) -> int:
        """Wei of an account."""


class NodeLedger:
    """A node, through web3; `block` None means the latest."""

    def __init__(
        self,
        web3,
        *,
        block: int | None = None,
        first_block: int = 0,
        on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
    ) -> None:
        self._web3, self._first_block, self._on_progress = web3, first_block, on_progress
        self.chain_id = self._ask(lambda: web3.eth.chain_id)
        found = self._ask(lambda: web3.eth.get_block("latest" if block is None else block))
        self.block, self.block_hash = found["number"], "0x" + bytes(found["hash"]).hex()

    def call(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes | None]:
        answers: list[bytes | None] = []
        for start in range(0, len(calls), CALLS_PER_BATCH):
            some = calls[start : start + CALLS_PER_BATCH]
            at = hex(self.block)
            requests = [("eth_call", [{"to": to, "data": "0x" + data.hex()}, at]) for to, data in some]
            answers += map(_result, self._ask(lambda r=requests: self._web3.provider.make_batch_request(r)))
            self._on_progress("views", len(answers), len(calls))
        return answers

    def logs(self, addresses: Sequence[str]) -> list[Log]:
        found: list[Log] = []
        start, step = self._first_block, BLOCKS_PER_QUERY
        while start <= self.block:
            end = min(self.block, start + step - 1)
            wanted = {"address": list(addresses), "fromBlock": start, "toBlock": end}
            try:
                logs = self._ask(lambda w=wanted: self._web3.eth.get_logs(w))
            except NodeRefused:
                # Too many results for this node: ask for less at a time.
                if step == 1:
                    raise
                step = max(1, step // 4)
                continue
            for log in sorted(logs, key=lambda one: (one["blockNumber"], one["logIndex"])):
                found.append(Log(log["address"], tuple(map(bytes, log["topics"])), bytes(log["data"])))
            self._on_progress("blocks of logs", end - self._first_block, self.block - self._first_block)
            start = end + 1
        return found

    def balance(self, address: str) -> int:
        return self._ask(lambda: self._web3.eth.get_balance(address, self.block))

    def _ask(self, question: Callable[[], Any]) -> Any:
        from requests.exceptions import RequestException
        from web3.exceptions import Web3Exception

        try:
            return question()
        except (RequestException, OSError) as error:
            raise NodeUnreachable(str(error)) from error
        except (Web3Exception, ValueError) as error:
            raise NodeRefused(str(error)) from error


def _result(answer: dict) -> bytes | None:
    """A revert is an answer; anything else that goes wrong is not."""
    if "result" in answer:
        return bytes.fromhex(answer["result"][2:])
    error = answer.get("error", {})
    if "revert" in str(error.get("message", "")).lower() or error.get("code") == 3:
        return None
    raise NodeRefused(str(error.get("message", error)))
