"""The devnet's chain: transactions by role, views, blocks."""

from collections.abc import Mapping
from typing import Any

import requests
from web3 import HTTPProvider, Web3

from scripts._deployment.errors import NodeRefused, NodeUnreachable
from scripts._deployment.node import Node
from scripts._deployment.reader import Reader
from scripts._deployment.registry import Registry
from scripts._deployment.reverts import describe_revert
from scripts._devnet.errors import CallFailed
from scripts._devnet.roles import Actor
from scripts._governance.actions import encode_call
from tools.artifacts import Artifact

GAS_MARGIN_PERCENT = 130
SECONDS_TO_ANSWER = 120


class DevChain:
    """One deployment on an Anvil whose accounts are unlocked."""

    def __init__(self, url: str, actors: Mapping[str, Actor], artifacts: Mapping[str, Artifact]) -> None:
        self.url, self.actors, self.artifacts = url, actors, artifacts
        options = {"timeout": SECONDS_TO_ANSWER}
        self._web3 = Web3(HTTPProvider(url, request_kwargs=options, session=requests.Session()))
        self.node = Node(self._web3)
        self.reader: Reader

    def use(self, registry: Registry) -> None:
        """Says where the contracts are."""
        self.reader = Reader(self.node, registry, self.artifacts)

    def request(self, method: str, *parameters: Any) -> Any:
        """The result of a JSON-RPC method."""
        try:
            answer = self._web3.provider.make_request(method, list(parameters))
        except requests.RequestException as error:
            raise NodeUnreachable(str(error)) from error
        if "error" in answer:
            raise NodeRefused(f"{method}: {answer['error'].get('message')}", answer["error"].get("data"))
        return answer["result"]

    def view(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.reader.view(contract, function, *arguments)

    def address(self, role: str) -> str:
        return self.actors[role].address

    def send(self, role: str, contract: str, function: str, *arguments: Any, value: int = 0) -> None:
        """A transaction that has to succeed. Raises CallFailed."""
        data = encode_call(self.reader, contract, function, list(arguments))
        call = {
            "from": self.address(role),
            "to": self.reader.address(contract),
            "data": "0x" + data.hex(),
            "value": hex(value),
        }
        try:
            gas = self.node.estimate_gas(call | {"value": value}) * GAS_MARGIN_PERCENT // 100
            receipt = self.request("eth_sendTransactionSync", call | {"gas": hex(gas)})
        except NodeRefused as error:
            reason = describe_revert(error, self.artifacts)
            raise CallFailed(role, contract, function, reason) from error
        if receipt["status"] != "0x1":
            raise CallFailed(role, contract, function, "the transaction was mined and reverted")

    def pay(self, role: str, to: str, value: int) -> None:
        """Sends ether."""
        self.request("eth_sendTransactionSync", {"from": self.address(role), "to": to, "value": hex(value)})

    def mine(self, blocks: int = 1) -> None:
        self.request("anvil_mine", hex(blocks))

    def round(self) -> int:
        return self.view("RoundsManager", "currentRound")

    def reach_next_round(self) -> None:
        """Blocks pass until the next round has begun; it is not initialized yet."""
        length = self.view("RoundsManager", "roundLength")
        start = self.view("RoundsManager", "currentRoundStartBlock")
        self.mine(max(1, start + length - self.view("RoundsManager", "blockNum")))
