"""Historical weaknesses of bonds (staking.md 6): who may move which stake. See staking_stage.py for the cast.

A scenario ends in a claim. On our contract the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| V1 | an orchestrator points its bond elsewhere | every member of the pool is an orchestrator |
| V2 | a bond made anew is not pending | it cannot leave in the round in which it came |
| V4 | a rebond is missing in the total | the total is the stake of the pool |
| V4 | Unbond names the delegate of afterwards | it names the one that was left |
| V12 | lock ids of a receiver are not used up | no id is used twice |
| V12 | a receiver is not settled before its bond grows | it gets what was sent, and no earnings of before |
| V12 | the delegate is lost when everything is sent | the receiver is behind the sender's delegate |
| V12 | leaving the zero address is taken for a new bond | bonds are covered by what is delegated |
| V13 | somebody else moves a bond | the owner's delegate stays |
| V13 | the caller is settled, not the owner | the bond grows by what was paid |
| V14 | a receiver without delegate is pointed elsewhere | bonds are covered by what is delegated |
| V15 | somebody else bonds an account to itself | nobody is made an orchestrator |
| V15 | the same by a transfer | nobody is made an orchestrator |
| V16 | somebody else bonds for the zero address | it has no bond |
| V19 | somebody else makes an account claim | it has its share of the reward |
| V19 | the same by a transfer | it has its share of the reward |
| V21 | stake behind one that leaves and has not rewarded | it stays active to the end of the round |
| V21 | the same by a rebond | it stays active to the end of the round |
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import PENDING
from tests.mutants.staking_stage import (
    Stage,
    attack,
    play,
    play_on_ours,
    staged_attacks,
    succeeds,
)

pytestmark = pytest.mark.unit


def orchestrator_moves(stage: Stage) -> None:
    succeeds(stage.manager.bond.send, 0, stage.orchestrator, sender=stage.rival)

    for member, _ in stage.staking.pool():
        assert stage.manager.isRegisteredTranscoder(member), "V1: a member of the pool is no orchestrator"


def bond_is_made_anew(stage: Stage) -> None:
    stage.manager.unbond.send(3000, sender=stage.delegator)
    stage.staking.bond(stage.delegator, 10, stage.orchestrator)

    status = stage.manager.delegatorStatus(stage.delegator)
    assert status == PENDING, "V2: a new bond may leave at once"


def rebond(stage: Stage) -> None:
    stage.manager.unbond.send(700, sender=stage.delegator)
    stage.manager.rebond.send(0, sender=stage.delegator)

    total = stage.manager.nextRoundTotalActiveStake()
    assert total == sum(stake for _, stake in stage.staking.pool()), "V4: the total has lost stake"


def everything_is_unbonded(stage: Stage) -> None:
    receipt = stage.manager.unbond.send(3000, sender=stage.delegator)

    assert receipt.event("Unbond")["delegate"] == stage.orchestrator, "V4: the event names no delegate"


def two_transfers(stage: Stage) -> None:
    receipts = [stage.staking.transfer_bond(stage.delegator, stage.newcomer, 1) for _ in range(2)]

    ids = [receipt.event("TransferBond")["newUnbondingLockId"] for receipt in receipts]
    assert len(set(ids)) == 2, "V12: a lock id is used twice"


def transfer_to_one_with_earnings(stage: Stage) -> None:
    stage.staking.reward(stage.orchestrator, 0)

    stage.staking.transfer_bond(stage.delegator, stage.partner, 1000)

    assert stage.stake(stage.partner) == 1500 + 1000, "V12: the amount brought earnings along"


def transfer_of_everything(stage: Stage) -> None:
    stage.staking.transfer_bond(stage.delegator, stage.newcomer, 3000)

    delegate = stage.staking.record(stage.newcomer).delegate
    assert delegate == stage.orchestrator, "V12: the delegate is lost"


def leaving_the_zero_address(stage: Stage) -> None:
    stage.staking.bond(stage.newcomer, 1000, ZERO_ADDRESS)

    stage.staking.bond(stage.newcomer, 1, stage.orchestrator)

    stage.assert_stake_is_covered("V12")


def somebody_moves_a_bond(stage: Stage) -> None:
    stage.staking.reward(stage.orchestrator, 0)
    succeeds(stage.staking.bond_for, stage.benefactor, 1, stage.delegator, stage.rival)

    delegate = stage.staking.record(stage.delegator).delegate
    assert delegate == stage.orchestrator, "V13: somebody else moved the bond"


def somebody_pays_for_one_with_earnings(stage: Stage) -> None:
    stage.staking.reward(stage.orchestrator, 0)

    stage.staking.bond_for(stage.benefactor, 5000, stage.partner, stage.orchestrator)

    assert stage.stake(stage.partner) == 1500 + 5000, "V13: the amount brought earnings along"


def transfer_to_one_behind_the_zero_address(stage: Stage) -> None:
    stage.staking.bond(stage.newcomer, 1000, ZERO_ADDRESS)

    stage.staking.transfer_bond(stage.delegator, stage.newcomer, 1)

    stage.assert_stake_is_covered("V14")


def somebody_bonds_a_victim_to_itself(stage: Stage) -> None:
    succeeds(stage.staking.bond_for, stage.benefactor, 1, stage.newcomer, stage.newcomer)

    is_registered = stage.manager.isRegisteredTranscoder(stage.newcomer)
    assert not is_registered, "V15: somebody else made it an orchestrator"


def somebody_transfers_a_victim_to_itself(stage: Stage) -> None:
    stage.staking.bond(stage.benefactor, 10, stage.newcomer)
    stage.staking.start_round()
    succeeds(stage.staking.transfer_bond, stage.benefactor, stage.newcomer, 1)

    is_registered = stage.manager.isRegisteredTranscoder(stage.newcomer)
    assert not is_registered, "V15: somebody else made it an orchestrator"


def somebody_bonds_for_the_zero_address(stage: Stage) -> None:
    succeeds(stage.staking.bond_for, stage.benefactor, 1, ZERO_ADDRESS, stage.orchestrator)

    assert stage.staking.record(ZERO_ADDRESS).bonded == 0, "V16: the zero address has a bond"


def one_wei_before_the_reward(stage: Stage) -> None:
    succeeds(stage.staking.bond_for, stage.benefactor, 1, stage.delegator, stage.orchestrator)

    _assert_next_reward_is_shared(stage)


def one_wei_by_transfer_before_the_reward(stage: Stage) -> None:
    stage.staking.bond(stage.benefactor, 10, stage.rival)
    stage.staking.start_round()
    succeeds(stage.staking.transfer_bond, stage.benefactor, stage.delegator, 1)

    _assert_next_reward_is_shared(stage)


def _assert_next_reward_is_shared(stage: Stage) -> None:
    stage.staking.reward(stage.orchestrator, 8000)
    # 4000 are for the delegators, on a stake of 8000: half as much again.
    assert stage.stake(stage.delegator) >= 4500, "V19: the delegator was made to miss the reward"


def evicted_one_is_bonded_to(stage: Stage) -> None:
    stage.evict_rival(stage.newcomer)
    succeeds(stage.staking.bond, stage.benefactor, 9000, stage.rival)

    assert stage.manager.isActiveTranscoder(stage.rival), "V21: the victim can no longer reward"


def evicted_one_is_rebonded_to(stage: Stage) -> None:
    stage.staking.bond(stage.benefactor, 9000, ZERO_ADDRESS)
    stage.staking.start_round()
    stage.manager.unbond.send(9000, sender=stage.benefactor)
    stage.evict_rival(stage.newcomer)
    succeeds(stage.manager.rebondFromUnbonded.send, stage.rival, 0, sender=stage.benefactor)

    assert stage.manager.isActiveTranscoder(stage.rival), "V21: the victim can no longer reward"


ATTACKS = [
    attack("V1", "OrchestratorMoves", orchestrator_moves),
    attack("V2", "NewBondKeepsStartRound", bond_is_made_anew),
    attack("V4", "RebondMissesTotal", rebond),
    attack("V4", "UnbondNamesNobody", everything_is_unbonded),
    attack("V12", "ReceiverLockIdsRepeat", two_transfers),
    attack("V12", "ReceiverNotSettled", transfer_to_one_with_earnings),
    attack("V12", "SenderDelegateForgotten", transfer_of_everything),
    attack("V12", "ZeroDelegateIsNone", leaving_the_zero_address),
    attack("V13", "AnybodyMovesBonds", somebody_moves_a_bond),
    attack("V13", "CallerSettledForOwner", somebody_pays_for_one_with_earnings),
    attack("V14", "ReceiverPointedElsewhere", transfer_to_one_behind_the_zero_address),
    attack("V15", "AnybodyBondsVictimToItself", somebody_bonds_a_victim_to_itself),
    attack("V15", "TransferToOwnDelegate", somebody_transfers_a_victim_to_itself),
    attack("V16", "ZeroAddressOwns", somebody_bonds_for_the_zero_address),
    attack("V19", "AnybodyClaimsByBond", one_wei_before_the_reward),
    attack("V19", "AnybodyClaimsByTransfer", one_wei_by_transfer_before_the_reward),
    attack("V21", "BondToLeaver", evicted_one_is_bonded_to),
    attack("V21", "RebondToLeaver", evicted_one_is_rebonded_to),
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
