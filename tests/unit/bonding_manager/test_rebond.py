"""rebond and rebondWithHint: the amount of a lock goes back into the caller's bond.

Checks in order, after the guards and a claim of the caller's earnings:
    the caller has a bond, pending or not; else DelegatorNotBonded
    there is such a lock; else InvalidUnbondingLock
    the delegate is not leaving without having rewarded; else DelegateMustRewardFirst

given these hold: the amount goes behind the present delegate, the lock ends, the start round stays; it does not matter
whether the lock is ripe
"""

from dataclasses import replace

import pytest

from tests.helpers.staking import UNBONDED, BondRecord

pytestmark = pytest.mark.unit


# ---- refusals


@pytest.mark.parametrize("has_lock", [True, False], ids=["with lock", "without lock"])
def test_rebond__without_bond__reverts_whether_there_is_a_lock_or_not(network, newcomer, rebond, has_lock):
    account = network.delegator if has_lock else newcomer
    if has_lock:
        network.staking.manager.unbond.send(2000, sender=account)

    with network.staking.chain.reverts("DelegatorNotBonded", delegator=account, status=UNBONDED):
        rebond(0, sender=account)


def test_rebond__unknown_lock__reverts(network, rebond):
    network.staking.manager.unbond.send(5, sender=network.delegator)

    with network.staking.chain.reverts(
        "InvalidUnbondingLock", delegator=network.delegator, unbondingLockId=1
    ):
        rebond(1, sender=network.delegator)


def test_rebond__lock_of_somebody_else__reverts(network, rebond):
    network.staking.manager.unbond.send(5, sender=network.delegator)

    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=network.rival, unbondingLockId=0):
        rebond(0, sender=network.rival)


def test_rebond__same_lock_again__reverts(network, rebond):
    network.staking.manager.unbond.send(5, sender=network.delegator)
    rebond(0, sender=network.delegator)

    with network.staking.chain.reverts("InvalidUnbondingLock", ...):
        rebond(0, sender=network.delegator)


def test_rebond__withdrawn_lock__reverts(network, rebond):
    staking = network.staking
    staking.manager.unbond.send(5, sender=network.delegator)
    staking.start_round(7)
    staking.manager.withdrawStake.send(0, sender=network.delegator)

    with staking.chain.reverts("InvalidUnbondingLock", ...):
        rebond(0, sender=network.delegator)


def test_rebond__delegate_is_leaving_and_has_not_rewarded__reverts(network, leaving, rebond):
    staking = network.staking
    staking.manager.unbond.send(5, sender=leaving)

    with staking.chain.reverts("DelegateMustRewardFirst", delegate=leaving, currentRound=staking.round):
        rebond(0, sender=leaving)


def test_rebond__unknown_lock_and_delegate_leaving__reverts_for_the_lock(network, leaving, rebond):
    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=leaving, unbondingLockId=0):
        rebond(0, sender=leaving)


# ---- effects


def test_rebond__delegator__amount_goes_back_behind_its_delegate(network, rebond):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.manager.unbond.send(700, sender=delegator)
    before = staking.records(orchestrator, delegator)

    receipt = rebond(0, sender=delegator)

    after = {
        orchestrator: replace(before[orchestrator], delegated=3000),
        delegator: BondRecord(bonded=2000, delegate=orchestrator, start=r, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            *staking.checkpointed(orchestrator, before, after),
            staking.rebonded(delegator, orchestrator, 0, 700),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    assert staking.lock(delegator, 0) == (0, 0)
    assert not staking.manager.isValidUnbondingLock(delegator, 0)
    staking.assert_pool((orchestrator, 3000), (network.rival, 2000))
    assert [staking.stake_at(orchestrator, n) for n in (r, r + 1)] == [3000, 3000]


def test_rebond__later_round_with_earnings__claims_first(network, rebond):
    staking = network.staking
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.manager.unbond.send(500, sender=delegator)
    staking.start_round()
    staking.reward(orchestrator, 1000)
    r = staking.start_round()
    before = staking.records(orchestrator, delegator)

    receipt = rebond(0, sender=delegator)

    # 667 for delegators on a stake of 2500: 1500 · (1 + 0.2668) = 1900.2.
    after = {
        orchestrator: replace(before[orchestrator], delegated=3500 + 500),
        delegator: replace(before[delegator], bonded=1900 + 500, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r, rewards=400),
            *staking.checkpointed(orchestrator, before, after),
            staking.rebonded(delegator, orchestrator, 0, 500),
            *staking.checkpointed(delegator, before, after),
        ]
    )


def test_rebond__delegate_changed_meanwhile__amount_goes_behind_the_present_one(network, rebond):
    staking, r = network.staking, network.staking.round
    orchestrator, rival, delegator = network.orchestrator, network.rival, network.delegator
    staking.manager.unbond.send(700, sender=delegator)
    staking.manager.bond.send(0, rival, sender=delegator)
    before = staking.records(orchestrator, rival, delegator)

    receipt = rebond(0, sender=delegator)

    # The bond is pending since the move: it may rebond, and stays pending from the same round.
    after = {
        orchestrator: before[orchestrator],
        rival: replace(before[rival], delegated=4000),
        delegator: BondRecord(bonded=2000, delegate=rival, start=r + 1, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            *staking.checkpointed(rival, before, after),
            staking.rebonded(delegator, rival, 0, 700),
            *staking.checkpointed(delegator, before, after),
        ]
    )


def test_rebond__ripe_lock__goes_back(network, rebond):
    staking, r = network.staking, network.staking.round
    staking.manager.unbond.send(700, sender=network.delegator)
    staking.start_round(8)

    rebond(0, sender=network.delegator)

    assert staking.record(network.delegator) == BondRecord(
        bonded=2000, delegate=network.orchestrator, start=r, claim=r + 8, next_lock=1
    )


def test_rebond__one_of_several_locks__the_others_stay_and_ids_are_not_used_again(network, rebond):
    staking, r = network.staking, network.staking.round
    for amount in (1, 2, 3):
        staking.manager.unbond.send(amount, sender=network.delegator)

    rebond(1, sender=network.delegator)
    staking.manager.unbond.send(4, sender=network.delegator)

    locks = [staking.lock(network.delegator, n) for n in range(4)]
    assert locks == [(1, r + 7), (0, 0), (3, r + 7), (4, r + 7)]
    assert staking.record(network.delegator).bonded == 2000 - 1 - 3 - 4


def test_rebond__orchestrator_in_the_pool__has_one_checkpoint(network, rebond):
    staking = network.staking
    staking.manager.unbond.send(600, sender=network.rival)
    before = staking.records(network.rival)

    receipt = rebond(0, sender=network.rival)

    after = {network.rival: replace(before[network.rival], bonded=2000, delegated=2000)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.rebonded(network.rival, network.rival, 0, 600),
            *staking.checkpointed(network.rival, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))


@pytest.mark.parametrize(("first_lock", "enters"), [(501, False), (502, True)])
def test_rebond__orchestrator_outside_the_pool__enters_if_it_has_more_than_the_last(
    network, leaving, newcomer, rebond, first_lock, enters
):
    staking = network.staking
    staking.bond(newcomer, 99, newcomer)
    r = staking.start_round()
    # 2000 - 900 + 499 = 1599 are left; the last of the pool has 2100.
    for amount in (first_lock, 900 - first_lock):
        staking.manager.unbond.send(amount, sender=leaving)
    staking.bond(leaving, 499, leaving)
    before = staking.records(leaving, newcomer)
    assert before[leaving].bonded == 1599

    receipt = rebond(0, sender=leaving)

    total = 1599 + first_lock
    after = {
        leaving: replace(before[leaving], bonded=total, delegated=total),
        newcomer: before[newcomer],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            *([staking.left(newcomer, r + 1), staking.joined(leaving, r + 1)] if enters else []),
            staking.rebonded(leaving, leaving, 0, first_lock),
            *staking.checkpointed(leaving, before, after),
        ]
    )
    last = (leaving, total) if enters else (newcomer, 2100)
    staking.assert_pool((network.orchestrator, 3000), last)
