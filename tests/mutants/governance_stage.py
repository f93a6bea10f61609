"""The stage on which attacks on stake-weighted governance are played: a council (tests/helpers/council.py) of which one
contract has the fault.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.facade import Chain, open_chain
from simulation.planted_faults import PlantedFault, compile_faults
from tests.helpers.council import Council, deploy_council
from tools.artifacts import Artifact

GOVERNOR = "contracts/governance/LivepeerGovernor.sol"
COUNTING = "contracts/governance/GovernorCountingOverridable.sol"
TREASURY = "contracts/governance/Treasury.sol"


def roles(council: Council) -> tuple[Actor, Actor, Actor]:
    """An orchestrator, a rival of it, and a delegator."""
    return tuple(council.chain.actor(label) for label in ("orchestrator", "rival orchestrator", "delegator"))


@dataclass(frozen=True)
class Attack:
    """A scenario that ends in a claim, and the fault with which it succeeds."""

    weakness: str
    fault: PlantedFault
    scenario: Callable[[Council], None]

    @property
    def id(self) -> str:
        return f"{self.weakness}-{self.fault.name}"


def attack(weakness: str, name: str, path: str, old: str, new: str, scenario: Callable) -> Attack:
    contract = "Treasury" if path == TREASURY else "LivepeerGovernor"
    return Attack(weakness, PlantedFault(contract, name, ((path, old, new),)), scenario)


def overriding(weakness: str, name: str, function: str, scenario: Callable) -> Attack:
    """A fault in code of the library: a function of it is overridden."""
    place = "    // --- INTERNAL ---\n"
    return attack(weakness, name, GOVERNOR, place, f"{place}\n    {function}\n", scenario)


def open_attacked_chain(
    attacks: list[Attack], artifacts: dict[str, Artifact], engine: str
) -> Iterator[Chain]:
    """A chain that knows the faulty contracts too."""
    faulty = compile_faults([attack.fault for attack in attacks], artifacts)
    chain = open_chain(engine, {**artifacts, **faulty})
    yield chain
    chain.close()


def play_on_ours(chain: Chain, attack: Attack) -> None:
    """The attack on our contracts: its claim must hold."""
    with chain.isolate():
        attack.scenario(deploy_council(chain))


def play(chain: Chain, attack: Attack) -> None:
    """The attack on the contract with the fault: its claim must fail, with the name of the weakness."""
    fault = attack.fault
    with chain.isolate(), pytest.raises(AssertionError, match=rf"^{attack.weakness}: "):
        attack.scenario(deploy_council(chain, contracts={fault.contract: fault.artifact_name}))
