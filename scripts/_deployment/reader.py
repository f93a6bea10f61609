"""Views of deployed contracts by their names in the registry file, without Ape."""

from collections.abc import Mapping
from typing import Any

from eth_utils import function_signature_to_4byte_selector
from web3 import Web3

from scripts._deployment.errors import NodeRefused, NotInRegistry
from scripts._deployment.node import Node
from scripts._deployment.registry import Entry, Registry
from tools.artifacts import Artifact

UNREADABLE = "does not answer"


class Reader:
    """Asks contracts; `Reader.view` never raises for what a contract does, since that is what is being found out."""

    def __init__(self, node: Node, registry: Registry, artifacts: Mapping[str, Artifact]) -> None:
        self.node, self.registry, self.artifacts = node, registry, artifacts

    def address(self, name: str) -> str:
        """Where the registry file has the contract. Raises NotInRegistry."""
        return self._entry(name).address

    def _entry(self, name: str) -> Entry:
        if name not in self.registry.contracts:
            raise NotInRegistry(name)
        return self.registry.contracts[name]

    def has(self, name: str) -> bool:
        """Whether the registry file has it."""
        return name in self.registry.contracts

    def view(self, name: str, function: str, *arguments: Any) -> Any:
        """What the contract called `name` answers; UNREADABLE if it reverts, has no code or answers nonsense.

        A function that is overloaded is given as its signature.
        """
        entry = self._entry(name)
        return self.view_at(entry.address, entry.abi_name, function, *arguments)

    def view_at(self, address: str, contract: str, function: str, *arguments: Any) -> Any:
        """The same at an address, through the ABI of `contract`."""
        abi = self.artifacts[contract].abi
        codec = Web3().eth.contract(abi=abi)
        try:
            answer = self.node.call({"to": address, "data": codec.encode_abi(function, args=list(arguments))})
        except NodeRefused:
            return UNREADABLE
        find = codec.get_function_by_signature if "(" in function else codec.get_function_by_name
        outputs = find(function).abi["outputs"]
        return _decode([output["type"] for output in outputs], answer)

    def word_at(self, address: str, signature: str) -> Any:
        """A number that a contract of another project answers, asked without arguments; UNREADABLE if it does not."""
        data = "0x" + function_signature_to_4byte_selector(signature).hex()
        try:
            answer = self.node.call({"to": address, "data": data})
        except NodeRefused:
            return UNREADABLE
        return int.from_bytes(answer, "big") if len(answer) == 32 else UNREADABLE


def _decode(types: list[str], answer: bytes) -> Any:
    from eth_abi import decode
    from eth_abi.exceptions import DecodingError
    from eth_utils import to_checksum_address

    try:
        values = decode(types, answer)
    except DecodingError:
        return UNREADABLE
    named = [
        to_checksum_address(value)
        if kind == "address"
        else ("0x" + value.hex() if isinstance(value, bytes) else value)
        for kind, value in zip(types, values, strict=True)
    ]
    return named[0] if len(named) == 1 else tuple(named)
