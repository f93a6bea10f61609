"""Views of contracts by name, many at once, decoded."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from eth_abi import decode, encode
from eth_utils import function_abi_to_4byte_selector, keccak, to_checksum_address
from eth_utils.abi import collapse_if_tuple

from scripts._migration.errors import NotRegistered, ViewFailed
from scripts._migration.ledger import Ledger
from tools.artifacts import Artifact

# Names in the Controller's registry of what has state that is moved, or is read for it.
REGISTERED = (
    "BondingManager",
    "BondingVotes",
    "TicketBroker",
    "RoundsManager",
    "ServiceRegistry",
    "Minter",
    "LivepeerToken",
)


class View(NamedTuple):
    """One question."""

    contract: str
    function: str
    arguments: tuple = ()

    def __str__(self) -> str:
        return f"{self.contract}.{self.function}({', '.join(map(str, self.arguments))})"


class Views:
    """Asks the contracts of one deployment; `addresses` are by the names of the registry."""

    def __init__(
        self, ledger: Ledger, artifacts: Mapping[str, Artifact], addresses: Mapping[str, str]
    ) -> None:
        self.ledger, self.addresses = ledger, dict(addresses)
        self._artifacts = artifacts

    @classmethod
    def of_controller(cls, ledger: Ledger, artifacts: Mapping[str, Artifact], controller: str) -> "Views":
        """The deployment that a Controller governs. Raises NotRegistered."""
        views = cls(ledger, artifacts, {"Controller": controller})
        ids = [View("Controller", "getContract", (keccak(text=name),)) for name in REGISTERED]
        for name, address in zip(REGISTERED, views.try_many(ids), strict=True):
            if address is None or int(address, 16) == 0:
                raise NotRegistered(name, controller)
            views.addresses[name] = address
        return views

    def one(self, contract: str, function: str, *arguments: Any) -> Any:
        """A single answer. Raises ViewFailed."""
        return self.many([View(contract, function, arguments)])[0]

    def many(self, views: Sequence[View]) -> list[Any]:
        """The answers in order: a value, or a tuple of several. Raises ViewFailed."""
        answers = self.try_many(views)
        for view, answer in zip(views, answers, strict=True):
            if answer is None:
                raise ViewFailed(str(view))
        return answers

    def try_many(self, views: Sequence[View]) -> list[Any]:
        """The same with None for a view that reverts or is not there."""
        codecs = [self._codec(view.contract, view.function) for view in views]
        calls = [
            (self.addresses[view.contract], selector + encode(inputs, view.arguments))
            for view, (selector, inputs, _) in zip(views, codecs, strict=True)
        ]
        answers = self.ledger.call(calls)
        return [
            _decode(outputs, raw) if raw else None
            for raw, (_, _, outputs) in zip(answers, codecs, strict=True)
        ]

    def ranking(self) -> list[str]:
        """Members of the pool, the largest stake first."""
        ranking: list[str] = []
        question = View("BondingManager", "getFirstTranscoderInPool")
        while (member := self.try_many([question])[0]) is not None and int(member, 16):
            ranking.append(member)
            question = View("BondingManager", "getNextTranscoderInPool", (member,))
        return ranking

    @cache  # noqa: B019 - as long-lived as the command
    def _codec(self, contract: str, function: str) -> tuple[bytes, list[str], list[str]]:
        """Selector, types of the arguments, types of the results."""
        for item in self._artifacts[contract].abi:
            if item["type"] == "function" and item["name"] == function:
                kinds = [[collapse_if_tuple(one) for one in item[side]] for side in ("inputs", "outputs")]
                return function_abi_to_4byte_selector(item), *kinds
        raise KeyError(f"{contract} has no function {function}")


def _decode(kinds: Iterable[str], raw: bytes) -> Any:
    kinds = list(kinds)
    values = tuple(map(_tidy, kinds, decode(kinds, raw)))
    return values[0] if len(values) == 1 else values


def _tidy(kind: str, value: Any) -> Any:
    """Addresses in checksummed spelling."""
    return to_checksum_address(value) if kind == "address" else value
