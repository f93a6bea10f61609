"""unbond and unbondWithHint: a part of the caller's bond, or all of it, starts to leave.

Checks in order, after the guards and a claim of the caller's earnings:
    the caller is bonded, not pending; else DelegatorNotBonded
    the amount is not zero; else UnbondAmountIsZero
    the amount is not above the bond, claimed earnings included; else InsufficientBond

given a part                        it should go into a new lock; delegate and start round stay
given everything                    delegate and start round should be cleared; the event still names the delegate
given an orchestrator's everything  it should leave the pool at once and the active set after the round; its delegators
                                    stay pointed at it
given a delegate in the pool        its stake of this round stays, that of the next shrinks
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, frac, reward_factor
from tests.helpers.staking import PENDING, UNBONDED, BondRecord

pytestmark = pytest.mark.unit


# ---- refusals


def test_unbond__without_bond__reverts(staking, newcomer, unbond):
    with staking.chain.reverts("DelegatorNotBonded", delegator=newcomer, status=UNBONDED):
        unbond(1, sender=newcomer)


def test_unbond__pending__reverts(network, newcomer, unbond):
    network.staking.bond(newcomer, 500, network.orchestrator)

    with network.staking.chain.reverts("DelegatorNotBonded", delegator=newcomer, status=PENDING):
        unbond(1, sender=newcomer)


def test_unbond__zero__reverts(network, unbond):
    with network.staking.chain.reverts("UnbondAmountIsZero"):
        unbond(0, sender=network.delegator)


@pytest.mark.parametrize("amount", [2001, 2**256 - 1])
def test_unbond__more_than_is_bonded__reverts_with_both_amounts(network, unbond, amount):
    with network.staking.chain.reverts("InsufficientBond", requestedAmount=amount, bondedAmount=2000):
        unbond(amount, sender=network.delegator)


def test_unbond__more_than_the_bond_with_its_earnings__reverts_with_both_amounts(network, unbond):
    network.staking.reward(network.orchestrator, 1000)
    network.staking.start_round()

    with network.staking.chain.reverts("InsufficientBond", requestedAmount=2445, bondedAmount=2444):
        unbond(2445, sender=network.delegator)


@pytest.mark.parametrize("amount", [0, 501])
def test_unbond__pending_and_a_wrong_amount__reverts_for_the_status(network, newcomer, unbond, amount):
    network.staking.bond(newcomer, 500, network.orchestrator)

    with network.staking.chain.reverts("DelegatorNotBonded", ...):
        unbond(amount, sender=newcomer)


# ---- delegators


def test_unbond__part_of_a_bond__locks_it(network, unbond):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    before = staking.records(orchestrator, delegator)
    tokens = staking.token.balanceOf(staking.minter)

    receipt = unbond(700, sender=delegator)

    after = {
        orchestrator: replace(before[orchestrator], delegated=2300),
        delegator: BondRecord(bonded=1300, delegate=orchestrator, start=r, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    assert staking.lock(delegator, 0) == (700, r + 7)
    assert staking.manager.isValidUnbondingLock(delegator, 0)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            staking.unbonded(delegator, orchestrator, 0, 700, r + 7),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    staking.assert_pool((orchestrator, 2300), (network.rival, 2000))
    assert [staking.stake_at(orchestrator, n) for n in (r, r + 1)] == [3000, 2300]
    assert staking.manager.currentRoundTotalActiveStake() == 5000
    assert staking.next_votes(delegator) == (1300, orchestrator)
    assert staking.next_votes(orchestrator) == (2300, orchestrator)
    assert staking.token.balanceOf(staking.minter) == tokens
    assert staking.token.balanceOf(delegator) == 0


def test_unbond__everything__clears_delegate_and_start_and_names_the_delegate(network, unbond):
    """V4: the event has the delegate of before."""
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    before = staking.records(orchestrator, delegator)

    receipt = unbond(2000, sender=delegator)

    after = {
        orchestrator: replace(before[orchestrator], delegated=1000),
        delegator: BondRecord(claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            staking.unbonded(delegator, orchestrator, 0, 2000, r + 7),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    assert staking.manager.delegatorStatus(delegator) == UNBONDED
    staking.assert_pool((network.rival, 2000), (orchestrator, 1000))
    assert staking.next_votes(delegator) == (0, ZERO_ADDRESS)


def test_unbond__with_earnings_pending__can_take_them_along(network, unbond):
    staking = network.staking
    orchestrator, delegator = network.orchestrator, network.delegator
    staking.reward(orchestrator, 1000)
    r = staking.start_round()
    before = staking.records(orchestrator, delegator)

    receipt = unbond(2444, sender=delegator)

    # ⌊2000 · (1 + ⌊667/3000⌋)⌋
    assert frac(2000, reward_factor(RAY, 1000, 333_333, 3000), RAY) == 2444
    after = {
        orchestrator: replace(before[orchestrator], delegated=4000 - 2444),
        delegator: BondRecord(claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r, rewards=444),
            *staking.checkpointed(orchestrator, before, after),
            staking.unbonded(delegator, orchestrator, 0, 2444, r + 7),
            *staking.checkpointed(delegator, before, after),
        ]
    )


def test_unbond__several_times__ids_count_up_and_locks_stand_apart(network, unbond):
    staking, r = network.staking, network.staking.round

    unbond(700, sender=network.delegator)
    staking.start_round()
    unbond(300, sender=network.delegator)
    unbond(1000, sender=network.delegator)

    locks = [staking.lock(network.delegator, n) for n in range(4)]
    assert locks == [(700, r + 7), (300, r + 8), (1000, r + 8), (0, 0)]
    assert staking.record(network.delegator).next_lock == 3
    assert not staking.manager.isValidUnbondingLock(network.delegator, 3)


def test_unbond__after_the_period_changed__new_locks_only_have_the_new_one(network, unbond):
    staking, r = network.staking, network.staking.round
    unbond(1, sender=network.delegator)
    staking.manager.setUnbondingPeriod.send(3, sender=staking.protocol.owner)

    receipt = unbond(2, sender=network.delegator)

    assert receipt.event("Unbond")["withdrawRound"] == r + 3
    assert [staking.lock(network.delegator, n) for n in (0, 1)] == [(1, r + 7), (2, r + 3)]


def test_unbond__from_the_zero_address__takes_the_amount_from_it(staking, newcomer, unbond):
    staking.bond(newcomer, 500, ZERO_ADDRESS)
    r = staking.start_round()
    before = staking.records(ZERO_ADDRESS, newcomer)

    receipt = unbond(200, sender=newcomer)

    after = {
        ZERO_ADDRESS: BondRecord(delegated=300),
        newcomer: BondRecord(bonded=300, start=r, claim=r, next_lock=1),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            staking.unbonded(newcomer, ZERO_ADDRESS, 0, 200, r + 7),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_unbond__last_of_the_stake_behind_a_former_orchestrator__leaves_nothing(network, unbond):
    """A delegator of one that has not rewarded, and then unbonded, gets back all it put in."""
    staking = network.staking
    staking.manager.unbond.send(1000, sender=network.orchestrator)
    r = staking.start_round()

    unbond(2000, sender=network.delegator)

    assert staking.record(network.orchestrator) == BondRecord(claim=r - 1, next_lock=1)
    assert staking.lock(network.delegator, 0) == (2000, r + 7)


# ---- orchestrators


def test_unbond__part_of_an_orchestrators_bond__it_stays_in_the_pool_however_small(network, unbond):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.rival)

    receipt = unbond(1999, sender=network.rival)

    after = {
        network.rival: BondRecord(
            bonded=1, delegate=network.rival, delegated=1, start=r, claim=r, next_lock=1
        )
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.rival, before, r),
            staking.unbonded(network.rival, network.rival, 0, 1999, r + 7),
            *staking.checkpointed(network.rival, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 1))
    assert [staking.stake_at(network.rival, n) for n in (r, r + 1)] == [2000, 1]


def test_unbond__everything_of_an_orchestrator__leaves_pool_now_and_active_set_after_the_round(
    network, unbond
):
    staking, manager, r = network.staking, network.staking.manager, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator, network.delegator)

    receipt = unbond(1000, sender=orchestrator)

    after = {
        orchestrator: BondRecord(delegated=2000, claim=r, next_lock=1),
        network.delegator: before[network.delegator],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r),
            staking.left(orchestrator, r + 1),
            staking.unbonded(orchestrator, orchestrator, 0, 1000, r + 7),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    # It leaves the total with all 3000 that it had before this call.
    staking.assert_pool((network.rival, 2000))
    assert not manager.isRegisteredTranscoder(orchestrator)
    assert manager.isActiveTranscoder(orchestrator)
    assert manager.getTranscoder(orchestrator).deactivationRound == r + 1
    # The delegator stays behind it: its stake is there, and counts for no votes.
    assert staking.next_votes(network.delegator) == (0, orchestrator)
    assert staking.next_votes(orchestrator) == (0, ZERO_ADDRESS)
    assert staking.pending(network.delegator) == (2000, 0)

    staking.start_round()

    assert not manager.isActiveTranscoder(orchestrator)
    assert manager.currentRoundTotalActiveStake() == 2000


def test_unbond__orchestrator_with_earnings__claims_its_commission_too(network, unbond):
    staking, r = network.staking, network.staking.round
    staking.reward(network.orchestrator, 1000)
    before = staking.records(network.orchestrator)

    receipt = unbond(1555, sender=network.orchestrator)

    # Its bond 1000 grows to ⌊1222.33⌋; commission ⌊333.333⌋ on top.
    assert receipt.events[0] == staking.claimed(network.orchestrator, before, r, rewards=222 + 333)
    assert staking.record(network.orchestrator) == BondRecord(delegated=4000 - 1555, claim=r, next_lock=1)


def test_unbond__orchestrator_outside_the_pool__changes_no_pool(network, leaving, newcomer, unbond):
    staking = network.staking
    r = staking.start_round()
    before = staking.records(leaving)

    receipt = unbond(2000, sender=leaving)

    after = {leaving: BondRecord(claim=r, next_lock=1)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(leaving, before, r),
            staking.unbonded(leaving, leaving, 0, 2000, r + 7),
            *staking.checkpointed(leaving, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2001))
    assert staking.manager.getTranscoder(leaving).deactivationRound == r


def test_unbond__member_in_the_middle_of_the_pool_leaves__the_others_keep_their_order(
    staking, orchestrator, rival, newcomer, benefactor, unbond
):
    staking.manager.setNumActiveTranscoders.send(4, sender=staking.protocol.owner)
    for account, stake in ((orchestrator, 30), (rival, 20), (newcomer, 40), (benefactor, 10)):
        staking.bond(account, stake, account)
    staking.start_round()
    staking.assert_pool((newcomer, 40), (orchestrator, 30), (rival, 20), (benefactor, 10))

    unbond(30, sender=orchestrator)
    staking.assert_pool((newcomer, 40), (rival, 20), (benefactor, 10))
    unbond(25, sender=newcomer)
    staking.assert_pool((rival, 20), (newcomer, 15), (benefactor, 10))
    unbond(10, sender=benefactor)
    staking.assert_pool((rival, 20), (newcomer, 15))
    for account, left in ((rival, 20), (newcomer, 15)):
        unbond(left, sender=account)
    staking.assert_pool()
