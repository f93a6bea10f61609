"""bond, bondWithHint, and bondForWithHint for oneself: starting a bond.

given no bond yet (status unbonded)
    it should start a pending bond from the next round on, and report a claim from round 1 with zeros
    given the delegate is the owner: it should join the pool; if that is full, in place of the last, which must have
        less; an equal stake stays outside
    given the delegate is an orchestrator in the pool: its stake of this round stays, that of the next grows
    given the delegate is no orchestrator, or the zero address: the amount counts for nobody
Adding to a bond, and refusals: test_bond_more.py; moves to another delegate: test_bond_move.py; bonds for others:
test_bond_for.py.
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, reward_factor
from tests.helpers.staking import BONDED, NEVER, PENDING, BondRecord

pytestmark = pytest.mark.unit


def test_bond__first_self_bond__joins_the_empty_pool(staking, manager, orchestrator, bond):
    r = staking.round
    staking.fund(orchestrator, 1000)

    receipt = bond(1000, orchestrator, sender=orchestrator)

    after = {
        orchestrator: BondRecord(bonded=1000, delegate=orchestrator, delegated=1000, start=r + 1, claim=r)
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            manager.Events.EarningsClaimed(
                delegate=ZERO_ADDRESS, delegator=orchestrator, rewards=0, fees=0, startRound=1, endRound=r
            ),
            staking.joined(orchestrator, r + 1),
            staking.paid(orchestrator, staking.minter, 1000),
            manager.Events.Bond(
                newDelegate=orchestrator,
                oldDelegate=ZERO_ADDRESS,
                delegator=orchestrator,
                additionalAmount=1000,
                bondedAmount=1000,
            ),
            staking.votes.Events.DelegateChanged(
                delegator=orchestrator, fromDelegate=ZERO_ADDRESS, toDelegate=orchestrator
            ),
            staking.votes.Events.DelegateVotesChanged(
                delegate=orchestrator, previousBalance=0, newBalance=1000
            ),
            staking.votes.Events.DelegatorBondedAmountChanged(
                delegate=orchestrator,
                previousBondedAmount=0,
                previousLastClaimRound=0,
                newBondedAmount=1000,
                newLastClaimRound=r,
            ),
        ]
    )


def test_bond__first_self_bond__counts_from_the_next_round(staking, manager, orchestrator, bond):
    r = staking.round
    staking.fund(orchestrator, 1000)

    bond(1000, orchestrator, sender=orchestrator)

    staking.assert_pool((orchestrator, 1000))
    assert manager.currentRoundTotalActiveStake() == 0
    assert (staking.stake_at(orchestrator, r), staking.stake_at(orchestrator, r + 1)) == (0, 1000)
    state = manager.getTranscoder(orchestrator)
    assert (state.activationRound, state.deactivationRound) == (r + 1, NEVER)
    assert state.lastActiveStakeUpdateRound == r + 1
    assert not manager.isActiveTranscoder(orchestrator)
    assert manager.isRegisteredTranscoder(orchestrator)
    assert manager.delegatorStatus(orchestrator) == PENDING
    assert staking.next_votes(orchestrator) == (1000, orchestrator)

    staking.start_round()

    assert manager.isActiveTranscoder(orchestrator)
    assert manager.currentRoundTotalActiveStake() == 1000
    assert manager.delegatorStatus(orchestrator) == BONDED


def test_bond__self_bond_above_the_last_of_a_full_pool__takes_its_place(network, newcomer, bond):
    staking, r = network.staking, network.staking.round
    staking.fund(newcomer, 2001)
    before = staking.records(newcomer, network.rival)

    receipt = bond(2001, newcomer, sender=newcomer)

    after = {
        newcomer: BondRecord(bonded=2001, delegate=newcomer, delegated=2001, start=r + 1, claim=r),
        network.rival: before[network.rival],
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            staking.left(network.rival, r + 1),
            staking.joined(newcomer, r + 1),
            staking.paid(newcomer, staking.minter, 2001),
            staking.bonded(newcomer, newcomer, 2001, 2001, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2001))
    evicted = staking.manager.getTranscoder(network.rival)
    # It joined one round ago, so `act` and `upd` are r; it stays active until the end of r.
    assert (evicted.activationRound, evicted.deactivationRound) == (r, r + 1)
    assert evicted.lastActiveStakeUpdateRound == r
    assert staking.manager.isActiveTranscoder(network.rival)
    assert staking.manager.isRegisteredTranscoder(network.rival)
    assert staking.manager.currentRoundTotalActiveStake() == 5000


@pytest.mark.parametrize("amount", [1, 1999, 2000])
def test_bond__self_bond_not_above_the_last_of_a_full_pool__stays_outside(network, newcomer, bond, amount):
    staking, r = network.staking, network.staking.round
    staking.fund(newcomer, amount)
    before = staking.records(newcomer)

    receipt = bond(amount, newcomer, sender=newcomer)

    after = {newcomer: BondRecord(bonded=amount, delegate=newcomer, delegated=amount, start=r + 1, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            staking.paid(newcomer, staking.minter, amount),
            staking.bonded(newcomer, newcomer, amount, amount, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    assert staking.manager.isRegisteredTranscoder(newcomer)
    assert staking.manager.getTranscoder(newcomer).activationRound == 0
    assert staking.next_votes(newcomer) == (amount, newcomer)


def test_bond__self_bond_of_an_address_with_delegators__all_that_points_at_it_counts(
    network, newcomer, benefactor, bond
):
    staking = network.staking
    staking.bond(benefactor, 2500, newcomer)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    staking.fund(newcomer, 1)

    bond(1, newcomer, sender=newcomer)

    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2501))


def test_bond__among_equals__the_one_who_joined_last_is_evicted(staking, orchestrator, rival, newcomer, bond):
    """DEV-10."""
    staking.bond(rival, 1000, rival)
    staking.bond(orchestrator, 1000, orchestrator)
    staking.assert_pool((rival, 1000), (orchestrator, 1000))
    staking.fund(newcomer, 1001)

    bond(1001, newcomer, sender=newcomer)

    staking.assert_pool((newcomer, 1001), (rival, 1000))


def test_bond__evicted_in_the_round_of_joining__never_becomes_active(network, newcomer, benefactor, bond):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 2001, newcomer)
    staking.fund(benefactor, 2002)

    bond(2002, benefactor, sender=benefactor)

    state = staking.manager.getTranscoder(newcomer)
    assert (state.activationRound, state.deactivationRound) == (r + 1, r + 1)
    for _ in range(2):
        assert not staking.manager.isActiveTranscoder(newcomer)
        staking.start_round()


def test_bond__behind_an_orchestrator_in_the_pool__its_stake_grows_from_the_next_round_on(
    network, newcomer, bond
):
    staking, r = network.staking, network.staking.round
    staking.fund(newcomer, 500)
    before = staking.records(newcomer, network.orchestrator)

    receipt = bond(500, network.orchestrator, sender=newcomer)

    after = {
        newcomer: BondRecord(bonded=500, delegate=network.orchestrator, start=r + 1, claim=r),
        network.orchestrator: replace(before[network.orchestrator], delegated=3500),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            *staking.checkpointed(network.orchestrator, before, after),
            staking.paid(newcomer, staking.minter, 500),
            staking.bonded(newcomer, network.orchestrator, 500, 500, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3500), (network.rival, 2000))
    stakes = [staking.stake_at(network.orchestrator, n) for n in (r, r + 1)]
    assert stakes == [3000, 3500]
    assert staking.manager.getTranscoder(network.orchestrator).lastActiveStakeUpdateRound == r + 1
    assert staking.manager.currentRoundTotalActiveStake() == 5000
    assert staking.next_votes(newcomer) == (500, network.orchestrator)
    assert staking.next_votes(network.orchestrator) == (3500, network.orchestrator)


def test_bond__several_in_one_round__stake_of_the_round_is_that_of_its_start(network, newcomer, bond):
    """V7: only the first change of stake in a round freezes what counts in it."""
    staking, r = network.staking, network.staking.round
    staking.fund(newcomer, 700)

    bond(500, network.orchestrator, sender=newcomer)
    bond(200, network.orchestrator, sender=newcomer)

    stakes = [staking.stake_at(network.orchestrator, n) for n in (r, r + 1)]
    assert stakes == [3000, 3700]
    # 300 on a stake of 3000, reward cut 0 of the rest: the factor is 1 + frac(1, dr, 3000).
    staking.reward(network.orchestrator, 300)
    row = staking.manager.getTranscoderEarningsPoolForRound(network.orchestrator, r)
    assert row.totalStake == 3000
    # com = ⌊300 · 0.333333⌋ = 99, so dr = 201 and 201 / 3000 = 0.067.
    assert row.cumulativeRewardFactor == 1_067 * 10**24 == reward_factor(RAY, 300, 333_333, 3000)


def test_bond__behind_an_orchestrator_that_waits_outside__lets_it_in_if_that_is_enough(
    network, newcomer, benefactor, bond
):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 1500, newcomer)
    staking.fund(benefactor, 501)
    before = staking.records(newcomer, benefactor)

    bond(500, newcomer, sender=benefactor)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))
    between = staking.records(newcomer, benefactor)
    receipt = bond(1, newcomer, sender=benefactor)

    assert before[newcomer].delegated == 1500
    after = {
        newcomer: replace(before[newcomer], delegated=2001),
        benefactor: BondRecord(bonded=501, delegate=newcomer, start=r + 1, claim=r),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.left(network.rival, r + 1),
            staking.joined(newcomer, r + 1),
            *staking.checkpointed(newcomer, between, after),
            staking.paid(benefactor, staking.minter, 1),
            staking.bonded(benefactor, newcomer, 1, 501, old=newcomer),
            *staking.checkpointed(benefactor, between, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2001))


@pytest.mark.parametrize("has_self_bond", [False, True], ids=["nobody", "delegator of another"])
def test_bond__behind_an_address_that_is_no_orchestrator__counts_for_nobody(
    network, newcomer, benefactor, bond, has_self_bond
):
    staking, r = network.staking, network.staking.round
    if has_self_bond:
        staking.bond(benefactor, 10, network.orchestrator)
    staking.fund(newcomer, 9000)
    before = staking.records(newcomer, benefactor)
    pool_before = staking.pool()

    receipt = bond(9000, benefactor, sender=newcomer)

    after = {
        newcomer: BondRecord(bonded=9000, delegate=benefactor, start=r + 1, claim=r),
        benefactor: replace(before[benefactor], delegated=9000),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            staking.paid(newcomer, staking.minter, 9000),
            staking.bonded(newcomer, benefactor, 9000, 9000, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_pool(*pool_before)
    assert staking.next_votes(newcomer) == (0, benefactor)


def test_bond__behind_the_zero_address__stays_there_and_counts_for_nobody(network, newcomer, bond):
    staking, r = network.staking, network.staking.round
    staking.fund(newcomer, 9000)
    before = staking.records(newcomer, ZERO_ADDRESS)

    receipt = bond(9000, ZERO_ADDRESS, sender=newcomer)

    after = {
        newcomer: BondRecord(bonded=9000, delegate=ZERO_ADDRESS, start=r + 1, claim=r),
        ZERO_ADDRESS: BondRecord(delegated=9000),
    }
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            staking.paid(newcomer, staking.minter, 9000),
            staking.bonded(newcomer, ZERO_ADDRESS, 9000, 9000, old=ZERO_ADDRESS),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    assert staking.next_votes(newcomer) == (0, ZERO_ADDRESS)
    staking.start_round()
    assert staking.pending(newcomer) == (9000, 0)


def test_bond__after_unbonding_everything__starts_anew_with_the_new_amount_only(network, bond):
    """V2: leaving and coming back resets the start round and moves nothing but the new amount."""
    staking, manager = network.staking, network.staking.manager
    manager.unbond.send(2000, sender=network.delegator)
    r = staking.start_round()
    staking.fund(network.delegator, 700)
    before = staking.records(network.delegator, network.orchestrator)
    assert before[network.orchestrator].delegated == 1000

    bond(700, network.orchestrator, sender=network.delegator)

    staking.assert_records(
        {
            network.delegator: BondRecord(
                bonded=700, delegate=network.orchestrator, start=r + 1, claim=r, next_lock=1
            ),
            network.orchestrator: replace(before[network.orchestrator], delegated=1700),
        }
    )
    assert staking.lock(network.delegator, 0) == (2000, r - 1 + 7)
