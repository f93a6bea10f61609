"""reward and rewardWithHint: an active orchestrator mints its share of the round's inflation.

Checks in order:
    the system runs; else SystemPaused
    the round is initialized; else CurrentRoundNotInitialized
    the caller is active in it; else TranscoderNotActive
    the caller has not rewarded in it; else RewardAlreadyCalled
    the Minter mints; else its error

given rewards R on a stake S        commission ⌊R · cut⌋ and the yield of unclaimed commission go to the orchestrator,
                                    the reward factor grows by what is left, and all of R is delegated to it
given a change of stake in r        S is the stake at the start of r all the same
given a caller outside of the pool  it is active to the end of the round: it may reward, and enter the pool by it
The treasury's part: test_reward_treasury.py.
"""

from dataclasses import replace

import pytest

from simulation.protocol import LPT, deploy_protocol
from tests.helpers.earnings import RAY, frac, own_rewards, reward_factor
from tests.helpers.staking import NEVER, NO_HINTS, BondRecord
from tests.unit.bonding_manager.conftest import FEE_SHARE_PPM, REWARD_CUT_PPM

pytestmark = pytest.mark.unit


@pytest.fixture(params=["reward", "rewardWithHint"])
def reward(request, staking):
    """reward(orchestrator, minted)"""
    function = getattr(staking.manager, request.param)
    hints = NO_HINTS[:2] if request.param.endswith("WithHint") else ()

    def send(orchestrator, minted=0):
        staking.minter.setReward.send(minted, minted, sender=staking.protocol.owner)
        return function.send(*hints, sender=orchestrator)

    return send


def rewarded(staking, orchestrator, amount):
    return staking.manager.Events.Reward(transcoder=orchestrator, amount=amount)


# ---- refusals, each with all that come after it


def test_reward__paused_and_round_not_initialized__reverts_for_the_pause(network, stranger, reward):
    network.staking.protocol.controller.pause.send(sender=network.staking.protocol.owner)
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("SystemPaused"):
        reward(stranger)


def test_reward__round_not_initialized_and_not_active__reverts_for_the_round(network, stranger, reward):
    r = network.staking.round
    network.staking.protocol.mine_to_round(2)

    with network.staking.chain.reverts("CurrentRoundNotInitialized", currentRound=r + 2):
        reward(stranger)


def test_reward__not_an_orchestrator__reverts(network, reward):
    with network.staking.chain.reverts(
        "TranscoderNotActive", transcoder=network.delegator, currentRound=network.staking.round
    ):
        reward(network.delegator)


def test_reward__round_of_joining__reverts(network, newcomer, reward):
    network.staking.bond(newcomer, 2001, newcomer)

    with network.staking.chain.reverts(
        "TranscoderNotActive", transcoder=newcomer, currentRound=network.staking.round
    ):
        reward(newcomer)


def test_reward__round_after_leaving__reverts(network, leaving, reward):
    r = network.staking.start_round()

    with network.staking.chain.reverts("TranscoderNotActive", transcoder=leaving, currentRound=r):
        reward(leaving)


def test_reward__rewarded_and_made_inactive_by_rejoining__reverts_for_the_activity(network, newcomer, reward):
    """Who leaves and comes back in one round is active from the next one on."""
    staking = network.staking
    reward(network.rival)
    staking.bond(newcomer, 2001, newcomer)
    staking.bond(network.rival, 5, network.rival)

    with staking.chain.reverts("TranscoderNotActive", ...):
        reward(network.rival)


def test_reward__second_time_in_a_round__reverts(network, reward):
    reward(network.rival)

    with network.staking.chain.reverts(
        "RewardAlreadyCalled", transcoder=network.rival, currentRound=network.staking.round
    ):
        reward(network.rival)


# ---- the split


def test_reward__first_of_an_orchestrator__splits_it(network, reward):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator, network.delegator)

    receipt = reward(orchestrator, 1000)

    # ⌊1000 · 0.333333⌋ = 333 are commission; 667 on a stake of 3000 are 0.222…
    after = {orchestrator: replace(before[orchestrator], delegated=4000)}
    staking.assert_records(after | {network.delegator: before[network.delegator]})
    receipt.assert_events(
        [rewarded(staking, orchestrator, 1000), *staking.checkpointed(orchestrator, before, after)]
    )
    assert staking.manager.getTranscoder(orchestrator) == (
        r,
        REWARD_CUT_PPM,
        FEE_SHARE_PPM,
        r + 1,
        r,
        NEVER,
        0,
        333,
        0,
        0,
    )
    factor = 1_222_333_333_333_333_333_333_333_333
    assert reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000) == factor
    assert staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r) == (
        3000,
        REWARD_CUT_PPM,
        FEE_SHARE_PPM,
        factor,
        0,
    )
    # 2000 · 0.222… = 444.6…; 1000 · 0.222… = 222.3…, and the commission of 333.
    assert staking.pending(network.delegator) == (2444, 0)
    assert staking.pending(orchestrator) == (1222 + 333, 0)
    staking.assert_pool((orchestrator, 4000), (network.rival, 2000))
    assert staking.manager.currentRoundTotalActiveStake() == 5000
    assert staking.next_votes(orchestrator) == (4000, orchestrator)
    assert staking.next_votes(network.delegator) == (2444, orchestrator)


def test_reward__with_commission_unclaimed__commission_earns_along(network, reward):
    staking, orchestrator = network.staking, network.orchestrator
    reward(orchestrator, 1000)
    r = staking.start_round()

    reward(orchestrator, 1000)

    # 333 of the 4000 are unclaimed commission: ⌊667 · 333 / 4000⌋ = 55 of the delegators' 667 belong to it.
    assert own_rewards(1000, REWARD_CUT_PPM, 333, 4000) == 333 + 55
    record = staking.manager.getTranscoder(orchestrator)
    assert (record.activeCumulativeRewards, record.cumulativeRewards) == (333, 333 + 333 + 55)
    factor = reward_factor(reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000), 1000, REWARD_CUT_PPM, 4000)
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
    assert (row.totalStake, row.cumulativeRewardFactor) == (4000, factor)
    assert staking.pending(network.delegator) == (frac(2000, factor, RAY), 0)
    assert staking.manager.transcoderTotalStake(orchestrator) == 5000


def test_reward__orchestrator_has_claimed_in_the_round__nothing_of_its_own_earns_along(network, reward):
    staking, orchestrator = network.staking, network.orchestrator
    reward(orchestrator, 1000)
    staking.start_round()
    staking.manager.claimEarnings.send(0, sender=orchestrator)

    reward(orchestrator, 1000)

    record = staking.manager.getTranscoder(orchestrator)
    assert (record.activeCumulativeRewards, record.cumulativeRewards) == (0, 333)
    # Its bond claimed through this round: only the commission is pending.
    assert staking.record(orchestrator).bonded == 1555
    assert staking.pending(orchestrator) == (1555 + 333, 0)


@pytest.mark.parametrize(
    ("cut_ppm", "commission"), [(0, 0), (1, 0), (999_999, 998), (1_000_000, 999)], ids=str
)
def test_reward__cut__is_rounded_down(network, reward, cut_ppm, commission):
    staking, rival = network.staking, network.rival
    reward(rival)
    staking.set_rates(rival, cut_ppm, 0)
    r = staking.start_round()

    reward(rival, 999)

    assert staking.manager.getTranscoder(rival).cumulativeRewards == commission
    row = staking.manager.getTranscoderEarningsPoolForRound(rival, r)
    assert row.cumulativeRewardFactor == RAY + frac(RAY, 999 - commission, 2000)


def test_reward__rounds_left_out__goes_on_from_the_last_factor(network, reward):
    staking, orchestrator = network.staking, network.orchestrator
    reward(orchestrator, 1000)
    r = staking.start_round(3)

    reward(orchestrator, 1000)

    factor = reward_factor(reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000), 1000, REWARD_CUT_PPM, 4000)
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
    assert row.cumulativeRewardFactor == factor
    assert staking.manager.getTranscoder(orchestrator).lastRewardRound == r


def test_reward__nothing_minted__counts_as_the_reward_of_the_round(network, reward):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.rival)

    receipt = reward(network.rival, 0)

    receipt.assert_events([rewarded(staking, network.rival, 0)])
    staking.assert_records(before)
    assert staking.manager.getTranscoder(network.rival).lastRewardRound == r
    assert staking.manager.rewardFactorOfRound(network.rival, r) == RAY


def test_reward__with_the_protocols_minter__asks_for_the_share_of_the_stake(chain, orchestrator, rival):
    protocol = deploy_protocol(chain)
    manager = protocol.bonding_manager
    for account, amount in ((orchestrator, LPT), (rival, 2 * LPT)):
        protocol.give_lpt(account, amount)
        manager.bond.send(amount, account, sender=account)
    protocol.start_round()
    mintable = protocol.minter.currentMintableTokens()

    receipt = manager.reward.send(sender=orchestrator)

    # The Minter has a base of 1e9: ⌊1e9 / 3⌋ = 333,333,333.
    assert mintable > 0
    assert receipt.event("Reward")["amount"] == mintable * 333_333_333 // 10**9


# ---- the stake that counts


def test_reward__stake_changed_in_the_round__counts_as_it_was_at_the_start(network, newcomer, reward):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    staking.bond(newcomer, 6000, orchestrator)
    staking.manager.unbond.send(500, sender=network.delegator)

    reward(orchestrator, 1000)

    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
    assert (row.totalStake, row.cumulativeRewardFactor) == (
        3000,
        reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000),
    )
    assert staking.manager.transcoderTotalStake(orchestrator) == 3000 + 6000 - 500 + 1000
    # Both have claimed through this round: this reward is not for them.
    assert [staking.pending(account)[0] for account in (newcomer, network.delegator)] == [6000, 1500]


# ---- orchestrators on their way out


def test_reward__unbonded_everything_in_the_round__commission_waits(network, reward):
    """Being registered is not required. The delegators get their part; nobody can claim the orchestrator's."""
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    staking.manager.unbond.send(1000, sender=orchestrator)
    before = staking.records(orchestrator)

    receipt = reward(orchestrator, 1000)

    after = {orchestrator: BondRecord(delegated=3000, claim=r, next_lock=1)}
    assert before == {orchestrator: replace(after[orchestrator], delegated=2000)}
    staking.assert_records(after)
    # No votes without a bond: the checkpoint changes nothing that its events tell.
    receipt.assert_events([rewarded(staking, orchestrator, 1000)])
    assert staking.manager.getTranscoder(orchestrator).cumulativeRewards == 333
    assert staking.pending(network.delegator) == (2444, 0)
    assert staking.pending(orchestrator) == (0, 0)
    staking.assert_pool((network.rival, 2000))


def test_reward__evicted_in_the_round_and_still_below_the_last__stays_out(network, leaving, reward):
    staking = network.staking
    pool = staking.pool()
    before = staking.records(leaving)

    # 2000 + 1 are not more than the newcomer's 2001.
    receipt = reward(leaving, 1)

    after = {leaving: replace(before[leaving], delegated=2001)}
    staking.assert_records(after)
    receipt.assert_events([rewarded(staking, leaving, 1), *staking.checkpointed(leaving, before, after)])
    assert staking.pool() == pool


def test_reward__evicted_in_the_round_and_above_the_last_by_it__comes_back(
    network, leaving, newcomer, reward
):
    staking, r = network.staking, network.staking.round
    before = staking.records(leaving)

    receipt = reward(leaving, 2)

    after = {leaving: replace(before[leaving], delegated=2002)}
    receipt.assert_events(
        [
            staking.left(newcomer, r + 1),
            staking.joined(leaving, r + 1),
            rewarded(staking, leaving, 2),
            *staking.checkpointed(leaving, before, after),
        ]
    )
    staking.assert_records(after)
    staking.assert_pool((network.orchestrator, 3000), (leaving, 2002))
    record = staking.manager.getTranscoder(leaving)
    assert (record.activationRound, record.deactivationRound) == (r + 1, NEVER)
    # It has rewarded, so being inactive for the rest of the round costs it fees only.
    assert not staking.manager.isActiveTranscoder(leaving)
