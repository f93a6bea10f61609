"""A copy of the live chain on which everything may be tried: Anvil, forked from the connected node, by anybody."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from web3 import HTTPProvider, Web3

from scripts._deployment.anvil import running_anvil
from scripts._deployment.errors import DeploymentError, NodeRefused
from scripts._deployment.node import Node

GAS = 25_000_000
PURSE_WEI = 10**22
CALLS_PER_BATCH = 200
TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class Sent:
    """A transaction on the fork: its gas, the first topics of its events, what it created."""

    gas_used: int
    topics: tuple[str, ...]
    created: str | None


class Fork:
    """A development node of one's own. Every account may send without its key."""

    def __init__(self, url: str) -> None:
        self._url, self._session = url, requests.Session()
        self._web3 = Web3(
            HTTPProvider(url, session=requests.Session(), request_kwargs={"timeout": TIMEOUT_SECONDS})
        )
        self.node = Node(self._web3)

    def request(self, method: str, *parameters: Any) -> Any:
        """The result of a JSON-RPC method. Raises NodeRefused."""
        answer = self._web3.provider.make_request(method, list(parameters))
        if error := answer.get("error"):
            raise NodeRefused(error["message"], error.get("data"))
        return answer["result"]

    def send(self, sender: str, to: str | None, data: bytes, value: int = 0) -> Sent:
        """A transaction in a block of its own. Raises NodeRefused with what came back if it fails."""
        self.request("anvil_setBalance", sender, hex(PURSE_WEI + value))
        call = {"from": sender, "data": "0x" + data.hex(), "value": value, "gas": GAS}
        self.node.call(call | ({"to": to} if to else {}))
        sent = call | {"value": hex(value), "gas": hex(GAS)} | ({"to": to} if to else {})
        receipt = self.request("eth_sendTransactionSync", sent)
        if receipt["status"] != "0x1":
            raise NodeRefused(f"{receipt['transactionHash']} reverted with {GAS} gas")
        topics = tuple(log["topics"][0] for log in receipt["logs"] if log["topics"])
        created = receipt.get("contractAddress")
        return Sent(
            int(receipt["gasUsed"], 16), topics, Web3.to_checksum_address(created) if created else None
        )

    def mine(self, blocks: int) -> None:
        """Empty blocks."""
        if blocks:
            self.request("anvil_mine", hex(blocks))

    def read(self, calls: Sequence[tuple[str, bytes]]) -> list[str]:
        """What (address, calldata) answer: hexadecimal, or `reverted 0x…`."""
        answers: list[str] = []
        for start in range(0, len(calls), CALLS_PER_BATCH):
            batch = [
                {
                    "jsonrpc": "2.0",
                    "id": number,
                    "method": "eth_call",
                    "params": [{"to": address, "data": "0x" + data.hex()}, "latest"],
                }
                for number, (address, data) in enumerate(calls[start : start + CALLS_PER_BATCH])
            ]
            response = self._session.post(self._url, json=batch, timeout=TIMEOUT_SECONDS).json()
            answers += [_answer(one) for one in sorted(response, key=lambda one: one["id"])]
        return answers


def _answer(answer: dict) -> str:
    if "result" in answer:
        return answer["result"]
    return f"reverted {answer['error'].get('data') or '0x'}"


class NoFork(DeploymentError):
    """The connected node cannot be copied."""

    def __init__(self, provider: str):
        super().__init__(f"--network: {provider} has no HTTP address that Anvil could copy the chain from")


@contextmanager
def forked(url: str) -> Iterator[Fork]:
    """A fork of the chain behind a URL, as of its latest block."""
    with running_anvil("--fork-url", url, "--auto-impersonate") as own:
        yield Fork(own)
