"""Historical weaknesses of the votes (staking.md 6, V16). See staking_stage.py for the cast.

A scenario ends in a claim. On our contract the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| V16 | whoever is behind an address votes | delegators have no more votes than their delegate |
| V16 | a claim round alone is not told | every change of a bond is |
"""

import pytest

from tests.mutants.staking_stage import Stage, attack, play, play_on_ours, staged_attacks

pytestmark = pytest.mark.unit


def orchestrator_unbonds_everything(stage: Stage) -> None:
    stage.manager.unbond.send(stage.stake(stage.orchestrator), sender=stage.orchestrator)

    of_delegators = sum(stage.staking.next_votes(account)[0] for account in (stage.delegator, stage.partner))
    of_delegate, _ = stage.staking.next_votes(stage.orchestrator)
    assert of_delegators <= of_delegate, "V16: delegators take more votes than there are"


def claim_without_earnings(stage: Stage) -> None:
    receipt = stage.manager.claimEarnings.send(0, sender=stage.rival)

    told = [event.name for event in receipt.events]
    assert "DelegatorBondedAmountChanged" in told, "V16: the claim round is not told"


ATTACKS = [
    attack("V16", "EverybodyVotes", orchestrator_unbonds_everything),
    attack("V16", "ClaimRoundUntold", claim_without_earnings),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])


@pytest.fixture(scope="module")
def opened_stage(request, artifacts):
    yield from staged_attacks(ATTACKS, artifacts, request.config.getoption("engine"))


@pytest.fixture
def stage(opened_stage):
    """Undone after each test."""
    with opened_stage.chain.isolate():
        yield opened_stage


@EACH_ATTACK
def test_attack__on_our_contract__fails(stage, attack):
    play_on_ours(stage, attack)


@EACH_ATTACK
def test_attack__on_the_planted_fault__succeeds(stage, attack):
    play(stage, attack)
