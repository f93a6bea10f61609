"""An orchestrator that leaves the pool in a round in which it is active (staking 10.2 and 10.4, DEV-3).

Until the end of the round it may reward and be paid, and its stake is tracked although it counts in no pool any more.
No stake may go behind it before it has rewarded: it would rejoin, and be inactive at once.
"""

from dataclasses import replace

import pytest

from tests.helpers.earnings import RAY, fee_factor
from tests.helpers.staking import NEVER, BondRecord

pytestmark = pytest.mark.unit

WAYS = {
    "bond": lambda n, target, funded: n.staking.bond(target, 1, target),
    "bond of a newcomer": lambda n, target, funded: n.staking.bond(funded, 1, target),
    "move": lambda n, target, funded: n.staking.bond(n.delegator, 0, target),
    "bond for": lambda n, target, funded: n.staking.bond_for(n.delegator, 1, funded, target),
    "rebond": lambda n, target, funded: n.staking.manager.rebond.send(0, sender=target),
    "transfer": lambda n, target, funded: n.staking.transfer_bond(target, funded, 1),
}


@pytest.fixture
def evicted(network, newcomer):
    """The rival with a lock of 1, evicted by the newcomer: active, 1999 left, and has not rewarded."""
    network.staking.manager.unbond.send(1, sender=network.rival)
    network.staking.bond(newcomer, 2001, newcomer)
    return network.rival


# ---- 10.4: no new stake before the reward


@pytest.mark.parametrize("way", WAYS)
def test_leaving__has_not_rewarded__no_stake_may_come(network, evicted, benefactor, way):
    """V21: whoever evicts and then adds 1 to the victim would take its reward of the round."""
    staking = network.staking
    before = staking.records(evicted, network.delegator, benefactor)

    with staking.chain.reverts("DelegateMustRewardFirst", delegate=evicted, currentRound=staking.round):
        WAYS[way](network, evicted, benefactor)

    assert {a: replace(r, claim=0) for a, r in staking.records(*before).items()} == {
        a: replace(r, claim=0) for a, r in before.items()
    }


@pytest.mark.parametrize("way", WAYS)
def test_leaving__has_rewarded__stake_may_come(network, evicted, benefactor, way):
    network.staking.reward(evicted, 0)

    WAYS[way](network, evicted, benefactor)


@pytest.mark.parametrize("way", WAYS)
def test_leaving__next_round__stake_may_come(network, evicted, benefactor, way):
    network.staking.start_round()
    # So that the delegator's earnings may be claimed by others.
    network.staking.reward(network.orchestrator, 0)

    WAYS[way](network, evicted, benefactor)


def test_leaving__orchestrator_that_joined_in_the_round_and_was_evicted__stake_may_come(
    network, newcomer, benefactor
):
    """It was not active: nothing is lost by joining again."""
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 2001, newcomer)
    staking.bond(benefactor, 2002, benefactor)

    staking.bond(newcomer, 5, newcomer)

    staking.assert_pool((network.orchestrator, 3000), (newcomer, 2006))
    state = staking.manager.getTranscoder(newcomer)
    assert (state.activationRound, state.deactivationRound) == (r + 1, NEVER)


def test_leaving__member_of_the_pool_that_has_not_rewarded__stake_may_come(network, newcomer):
    network.staking.bond(newcomer, 1, network.orchestrator)

    assert network.staking.record(newcomer).bonded == 1


def test_leaving__resigned__rewards_once_more_and_may_then_be_bonded_to(network, benefactor):
    staking, r = network.staking, network.staking.round
    staking.manager.unbond.send(2000, sender=network.rival)
    with staking.chain.reverts("DelegateMustRewardFirst", delegate=network.rival, currentRound=r):
        staking.bond(benefactor, 1, network.rival)

    staking.reward(network.rival, 100)
    staking.bond(benefactor, 1, network.rival)

    # No longer registered: it does not come back to the pool.
    staking.assert_pool((network.orchestrator, 3000))
    assert staking.record(network.rival) == BondRecord(delegated=101, claim=r, next_lock=1)


def test_leaving__rewards_and_has_more_than_the_last__rejoins(network, evicted, newcomer):
    """1999 and a reward of 3 beat the 2001 that evicted it; from then on it is inactive until the next round."""
    staking, r = network.staking, network.staking.round
    before = staking.records(evicted)

    receipt = staking.reward(evicted, 3)

    after = {evicted: replace(before[evicted], delegated=2002)}
    staking.assert_records(after)
    assert receipt.events == [
        staking.left(newcomer, r + 1),
        staking.joined(evicted, r + 1),
        staking.manager.Events.Reward(transcoder=evicted, amount=3),
        *staking.checkpointed(evicted, before, after),
    ]
    staking.assert_pool((network.orchestrator, 3000), (evicted, 2002))
    assert not staking.manager.isActiveTranscoder(evicted)
    staking.start_round()
    assert staking.manager.isActiveTranscoder(evicted)


# ---- 10.2: its stake is tracked to the end of the round


def test_leaving__stake_shrinks__that_of_the_round_stays(network, evicted):
    staking, r = network.staking, network.staking.round

    staking.manager.unbond.send(1998, sender=evicted)

    assert [staking.stake_at(evicted, n) for n in (r, r + 1)] == [2000, 1]
    assert staking.manager.getTranscoder(evicted).lastActiveStakeUpdateRound == r + 1
    assert staking.manager.nextRoundTotalActiveStake() == 5001


def test_leaving__first_change_of_stake_comes_after_the_eviction__that_of_the_round_is_frozen(
    network, leaving
):
    """Had it not been written, a reward or fees of this round would be divided by zero, or by the smaller stake."""
    staking, r = network.staking, network.staking.round
    assert staking.manager.getTranscoder(leaving).lastActiveStakeUpdateRound == r

    staking.manager.unbond.send(1999, sender=leaving)
    staking.reward(leaving, 500)

    row = staking.manager.getTranscoderEarningsPoolForRound(leaving, r)
    assert row.totalStake == 2000
    # 500 on 2000, not on 1.
    assert row.cumulativeRewardFactor == 1_250 * 10**24


def test_leaving__unbonds_everything__reward_and_fees_of_the_round_are_on_the_stake_of_the_round(
    network, leaving
):
    staking, r = network.staking, network.staking.round
    staking.manager.unbond.send(2000, sender=leaving)

    staking.earn_fees(leaving, 800)
    staking.reward(leaving, 500)

    row = staking.manager.getTranscoderEarningsPoolForRound(leaving, r)
    assert row.totalStake == 2000
    assert row.cumulativeRewardFactor == 1_250 * 10**24
    # Fee share 0: all of the fees are the orchestrator's own, and wait until it bonds again.
    assert row.cumulativeFeeFactor == 0 == fee_factor(0, RAY, 800, 0, 2000)
    state = staking.manager.getTranscoder(leaving)
    assert (state.cumulativeRewards, state.cumulativeFees) == (0, 800)
    assert staking.pending(leaving) == (0, 0)


def test_leaving__large_reward_on_a_tiny_rest__next_stake_has_both_and_fees_are_refused(network, leaving):
    """V20: rewards that outweigh a frozen tiny stake, and a ticket to oneself in the round after."""
    staking, r = network.staking, network.staking.round
    staking.manager.unbond.send(1999, sender=leaving)
    staking.reward(leaving, 1000)
    assert [staking.stake_at(leaving, n) for n in (r, r + 1)] == [2000, 1001]
    staking.start_round()

    with staking.chain.reverts("TranscoderNotActive", transcoder=leaving, currentRound=r + 1):
        staking.earn_fees(leaving, 10**18)


def test_leaving__next_round__it_is_neither_active_nor_tracked(network, evicted, benefactor):
    staking = network.staking
    r = staking.start_round()
    update_round = staking.manager.getTranscoder(evicted).lastActiveStakeUpdateRound

    staking.bond(benefactor, 1, evicted)

    assert staking.record(evicted).delegated == 2000
    assert not staking.manager.isActiveTranscoder(evicted)
    assert staking.manager.getTranscoder(evicted).lastActiveStakeUpdateRound == update_round == r
