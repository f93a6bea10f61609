"""rebondFromUnbonded and its form with hint: a new bond out of a lock.

Checks in order, after the guards and a claim:
    the caller has no bond; else DelegatorNotUnbonded
    there is such a lock; else InvalidUnbondingLock
    the delegate asked for is not leaving without having rewarded; else DelegateMustRewardFirst

given these hold: a pending bond of the lock's amount behind any delegate, the caller or the zero address included
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import BONDED, PENDING, BondRecord

pytestmark = pytest.mark.unit


@pytest.fixture
def unbonded(network):
    """The delegator after it has unbonded its 2000, in locks of 700 and 1300."""
    for amount in (700, 1300):
        network.staking.manager.unbond.send(amount, sender=network.delegator)
    return network.delegator


# ---- refusals


@pytest.mark.parametrize("lock_id", [0, 1], ids=["with lock", "without lock"])
def test_rebond_from_unbonded__bonded__reverts_whether_there_is_a_lock_or_not(
    network, rebond_from_unbonded, lock_id
):
    network.staking.manager.unbond.send(1, sender=network.delegator)

    with network.staking.chain.reverts("DelegatorNotUnbonded", delegator=network.delegator, status=BONDED):
        rebond_from_unbonded(network.orchestrator, lock_id, sender=network.delegator)


def test_rebond_from_unbonded__pending__reverts(network, unbonded, rebond_from_unbonded):
    rebond_from_unbonded(network.orchestrator, 0, sender=unbonded)

    with network.staking.chain.reverts("DelegatorNotUnbonded", delegator=unbonded, status=PENDING):
        rebond_from_unbonded(network.orchestrator, 1, sender=unbonded)


def test_rebond_from_unbonded__unknown_lock__reverts(network, unbonded, rebond_from_unbonded):
    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=unbonded, unbondingLockId=2):
        rebond_from_unbonded(network.orchestrator, 2, sender=unbonded)


def test_rebond_from_unbonded__lock_of_somebody_else__reverts(
    network, unbonded, newcomer, rebond_from_unbonded
):
    with network.staking.chain.reverts("InvalidUnbondingLock", delegator=newcomer, unbondingLockId=0):
        rebond_from_unbonded(network.orchestrator, 0, sender=newcomer)


def test_rebond_from_unbonded__unknown_lock_and_delegate_leaving__reverts_for_the_lock(
    network, leaving, unbonded, rebond_from_unbonded
):
    with network.staking.chain.reverts("InvalidUnbondingLock", ...):
        rebond_from_unbonded(leaving, 2, sender=unbonded)


def test_rebond_from_unbonded__delegate_is_leaving_and_has_not_rewarded__reverts(
    network, leaving, unbonded, rebond_from_unbonded
):
    with network.staking.chain.reverts(
        "DelegateMustRewardFirst", delegate=leaving, currentRound=network.staking.round
    ):
        rebond_from_unbonded(leaving, 0, sender=unbonded)


def test_rebond_from_unbonded__orchestrator_back_to_itself_in_the_round_of_leaving__reverts(
    network, rebond_from_unbonded
):
    """It is active to the end of the round, and would lose the reward by joining anew."""
    network.staking.manager.unbond.send(2000, sender=network.rival)

    with network.staking.chain.reverts("DelegateMustRewardFirst", ...):
        rebond_from_unbonded(network.rival, 0, sender=network.rival)


# ---- effects


def test_rebond_from_unbonded__to_an_orchestrator__starts_a_pending_bond(
    network, unbonded, rebond_from_unbonded
):
    staking = network.staking
    r = staking.start_round()
    before = staking.records(network.rival, unbonded)

    receipt = rebond_from_unbonded(network.rival, 0, sender=unbonded)

    after = {
        network.rival: replace(before[network.rival], delegated=2700),
        unbonded: BondRecord(bonded=700, delegate=network.rival, start=r + 1, claim=r, next_lock=2),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(unbonded, before, r),
            *staking.checkpointed(network.rival, before, after),
            staking.rebonded(unbonded, network.rival, 0, 700),
            *staking.checkpointed(unbonded, before, after),
        ]
    )
    assert [staking.lock(unbonded, n) for n in (0, 1)] == [(0, 0), (1300, r - 1 + 7)]
    staking.assert_pool((network.rival, 2700), (network.orchestrator, 1000))


def test_rebond_from_unbonded__to_oneself__becomes_an_orchestrator(network, unbonded, rebond_from_unbonded):
    staking, r = network.staking, network.staking.round
    before = staking.records(unbonded)

    receipt = rebond_from_unbonded(unbonded, 1, sender=unbonded)

    # The pool is (2000, 1000) without the delegator; its 1300 take the place of the 1000.
    after = {
        unbonded: BondRecord(
            bonded=1300, delegate=unbonded, delegated=1300, start=r + 1, claim=r, next_lock=2
        )
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.left(network.orchestrator, r + 1),
            staking.joined(unbonded, r + 1),
            staking.rebonded(unbonded, unbonded, 1, 1300),
            *staking.checkpointed(unbonded, before, after),
        ]
    )
    staking.assert_pool((network.rival, 2000), (unbonded, 1300))


def test_rebond_from_unbonded__orchestrator_back_to_itself__brings_its_delegators_back(
    network, rebond_from_unbonded
):
    staking = network.staking
    staking.manager.unbond.send(1000, sender=network.orchestrator)
    staking.assert_pool((network.rival, 2000))
    r = staking.start_round()
    before = staking.records(network.orchestrator)

    receipt = rebond_from_unbonded(network.orchestrator, 0, sender=network.orchestrator)

    after = {
        network.orchestrator: BondRecord(
            bonded=1000, delegate=network.orchestrator, delegated=3000, start=r + 1, claim=r, next_lock=1
        )
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.orchestrator, before, r),
            staking.joined(network.orchestrator, r + 1),
            staking.rebonded(network.orchestrator, network.orchestrator, 0, 1000),
            *staking.checkpointed(network.orchestrator, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    assert staking.next_votes(network.delegator) == (2000, network.orchestrator)


@pytest.mark.parametrize("delegate", ["nobody", "zero address"])
def test_rebond_from_unbonded__to_no_orchestrator__counts_for_nobody(
    network, unbonded, stranger, rebond_from_unbonded, delegate
):
    staking, r = network.staking, network.staking.round
    to = stranger if delegate == "nobody" else ZERO_ADDRESS
    before = staking.records(to, unbonded)

    receipt = rebond_from_unbonded(to, 0, sender=unbonded)

    after = {
        to: BondRecord(delegated=700),
        unbonded: BondRecord(bonded=700, delegate=to, start=r + 1, claim=r, next_lock=2),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [staking.rebonded(unbonded, to, 0, 700), *staking.checkpointed(unbonded, before, after)]
    )
    staking.assert_pool((network.rival, 2000), (network.orchestrator, 1000))


def test_rebond_from_unbonded__ripe_lock__starts_a_bond(network, unbonded, rebond_from_unbonded):
    staking = network.staking
    r = staking.start_round(7)

    rebond_from_unbonded(network.orchestrator, 0, sender=unbonded)

    assert staking.record(unbonded) == BondRecord(
        bonded=700, delegate=network.orchestrator, start=r + 1, claim=r, next_lock=2
    )
