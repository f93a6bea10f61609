"""An engine that notes what is deployed and sent, so that others can deploy the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulation.chain.engine import Engine, Outcome
from simulation.chain.facade import Chain, open_chain
from tools.artifacts import Artifact


@dataclass(frozen=True)
class Creation:
    """A contract that was created, in `block`, with the `nonce` of its creator."""

    sender: str
    code: bytes
    address: bytes
    nonce: int
    block: int


@dataclass(frozen=True)
class Transaction:
    """A transaction that was mined in `block`."""

    sender: str
    to: str
    data: bytes
    value: int
    block: int


@dataclass(frozen=True)
class Balance:
    """Wei that an account was given."""

    address: str
    wei: int


class WatchedEngine:
    """Passes everything on and keeps it in `history`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.history: list[Creation | Transaction | Balance] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def transact(self, sender: str, to: str, data: bytes, value: int, gas: int) -> Outcome:
        outcome = self._engine.transact(sender, to, data, value, gas)
        self.history.append(Transaction(sender, to, data, value, self._engine.block_number))
        return outcome

    def create(self, sender: str, code: bytes, value: int, gas: int) -> Outcome:
        nonce = self._engine.nonce(sender)
        outcome = self._engine.create(sender, code, value, gas)
        self.history.append(Creation(sender, code, outcome.output, nonce, self._engine.block_number))
        return outcome

    def set_balance(self, address: str, wei: int) -> None:
        self._engine.set_balance(address, wei)
        self.history.append(Balance(address, wei))


def open_watched(engine: str, artifacts: Mapping[str, Artifact]) -> tuple[Chain, WatchedEngine]:
    """A fresh chain, and the engine under it."""
    chain = open_chain(engine, artifacts)
    chain._engine = watched = WatchedEngine(chain._engine)
    return chain, watched


def deployed_names(watched: WatchedEngine, artifacts: Mapping[str, Artifact]) -> list[str]:
    """The contracts of the build that were created, but for the tools that read from them."""
    creations = [step for step in watched.history if isinstance(step, Creation)]
    names = {name_of(creation, artifacts) for creation in creations}
    return sorted(name for name in names if not name.endswith("__Harness"))


def name_of(creation: Creation, artifacts: Mapping[str, Artifact]) -> str:
    """Whose code was created: the longest that fits, as one may begin another; of equals the shortest name."""
    fitting = [name for name, a in artifacts.items() if a.bytecode and creation.code.startswith(a.bytecode)]
    return max(fitting, key=lambda name: (len(artifacts[name].bytecode), -len(name)))
