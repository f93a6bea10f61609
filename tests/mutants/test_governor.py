"""G11 (governance.md): a staged update is executed twice, by replay or by re-entry, on Governors that let it be.

| fault | claim |
|---|---|
| an executed update goes on waiting | it cannot be executed again |
| an update is forgotten after its calls | a call cannot come back for it |
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from tests.helpers.staged_updates import StagedUpdate, update

pytestmark = pytest.mark.unit


def execute(governor: Contract, staged: StagedUpdate, sender: str) -> None:
    """Execute, whatever comes of it."""
    try:
        governor.execute.send(staged, sender=sender)
    except Reverted:
        return


def update_is_replayed(governor: Contract, target: Contract, owner: str) -> None:
    staged = update((target, 0, target.callBack.encode()))
    governor.stage.send(staged, 0, sender=owner)
    for _ in range(2):
        execute(governor, staged, owner)
    assert target.number() == 1, "G11: the update was executed again"


def call_comes_back(governor: Contract, target: Contract, owner: str) -> None:
    staged = update((target, 0, target.callBack.encode()))
    target.setCallback.send(governor, governor.execute.encode(staged), sender=owner)
    governor.stage.send(staged, 0, sender=owner)
    execute(governor, staged, owner)
    assert target.number() == 0, "G11: a call came back for its own update"


@dataclass(frozen=True)
class Attack:
    """A scenario, and the mutant on which its claim fails; `target` counts the calls that were made."""

    mutant: str
    scenario: Callable[[Contract, Contract, str], None]


ATTACKS = [
    Attack("Governor__MutantKeepsUpdates", update_is_replayed),
    Attack("Governor__MutantForgetsLate", call_comes_back),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.mutant for attack in ATTACKS])


def run(chain: Chain, governor_name: str, attack: Attack) -> None:
    owner = chain.actor("deployer")
    governor = chain.deploy(governor_name, sender=owner)
    attack.scenario(governor, chain.deploy("GovernorTarget__Mock"), owner)


@EACH_ATTACK
def test_attack__on_our_governor__fails(chain, attack):
    run(chain, "Governor", attack)


@EACH_ATTACK
def test_attack__on_the_mutant__succeeds(chain, attack):
    with pytest.raises(AssertionError, match=r"^G11: "):
        run(chain, attack.mutant, attack)


def test_mutants__of_the_governor__each_has_its_attack(artifacts):
    """A mutant that nothing attacks would prove nothing."""
    planted = {name for name in artifacts if name.startswith("Governor__Mutant")}
    assert planted == {attack.mutant for attack in ATTACKS}
