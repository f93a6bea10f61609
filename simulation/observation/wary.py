"""Moments in which something is missing that the protocol needs: an entry, the code of a proxy, the clock.

Views of the model then give the error that they raise.  Contracts and model need not look up the same for a view, so
that one of them may answer where the other misses something; values that both give are equal all the same.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reference_model.constants import PANIC_OVERFLOW
from reference_model.exceptions import Panic, ProtocolError
from reference_model.protocol import PROXIED
from reference_model.protocol import Protocol as Model
from reference_model.registry import Contract
from simulation.chain.reverts import Reverted
from simulation.observation.table import Scene, ask

VALUES = (bool, int, str, bytes)
MANAGERS = (*PROXIED, "Minter")
OTHERS = ("LivepeerToken", "L2LPTDataCache")
LOOKUPS = ("ContractNotRegistered", "TargetNotRegistered", "RevertedWithoutData", "MissingEarningsPool")


def is_whole(model: Model) -> bool:
    """Whether nothing is missing."""
    registry = model.controller
    for name in MANAGERS:
        manager = model.subscriber(registry.contracts[name])
        if manager is None or name not in registry.registered_under[manager.address]:
            return False
        if isinstance(ask(manager.require_code), ProtocolError):
            return False
    if any(registry.contracts[name] not in model.contracts for name in OTHERS):
        return False
    return not isinstance(ask(model.rounds_manager.current_round), ProtocolError)


def has_gone_back(model: Model) -> bool:
    """Whether the clock is before the last round that was initialized, as only one that anybody sets can be."""
    clock = model.rounds_manager
    was_set = clock.number > 0 or clock.is_adjustable
    current_round = ask(clock.current_round)
    return was_set and isinstance(current_round, int) and current_round < clock.last_initialized_round


def misses_something(contract: str, expected: Any, found: bytes | Reverted) -> bool:
    """Whether a view of a contract that has code fails on one side for what is missing."""
    if isinstance(expected, ProtocolError):
        its_own = expected.arguments.get("targetContractId") == f"{contract}Target"
        return (expected.name in LOOKUPS or expected == Panic(PANIC_OVERFLOW)) and not its_own
    return isinstance(found, Reverted) and (
        found.error_name in LOOKUPS
        or (found.raw == b"" and found.halt is None)
        or found.args_by_name == {"code": PANIC_OVERFLOW}
    )


class WaryModel:
    """A model whose contracts are wary."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return WaryContract(found) if isinstance(found, Contract) else found


class WaryContract:
    """A contract of the model, asked through its proxy; what is no view of it stays as it is."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.address = contract.address

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._contract, name)
        if callable(found):
            return lambda *arguments: self._ask(found, *arguments)
        return self._ask(lambda: found) if isinstance(found, VALUES) else found

    def _ask(self, view: Callable[..., Any], *arguments: Any) -> Any:
        failure = ask(self._contract.require_code)
        return ask(view, *arguments) if failure is None else failure


def make_wary(scene: Scene) -> Scene:
    """The same scene with a wary model; what a proxy answers itself needs no care."""
    contracts = {
        name: contract if name.endswith("Proxy") else WaryContract(contract)
        for name, contract in scene.contracts.items()
    }
    return replace(scene, model=WaryModel(scene.model), contracts=contracts)
