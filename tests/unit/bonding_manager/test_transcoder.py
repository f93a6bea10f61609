"""transcoder and transcoderWithHint: an orchestrator sets its rates.

Checks in order:
    the system runs; else SystemPaused
    the round is initialized; else CurrentRoundNotInitialized
    the round is not locked; else RoundLocked
    the reward cut is at most 100 %; else InvalidRewardCut
    the fee share is at most 100 %; else InvalidFeeShare
    the caller has a bond to itself; else TranscoderNotRegistered
    the caller is not active, or has rewarded in this round; else RewardNotCalled

given these hold            it should store both rates, claim nothing and write no checkpoint
given a caller outside      it should enter the pool if it can; the rates are stored even if it cannot
given fees after a reward   the rates of the reward count for them, whatever was set since
"""

import pytest

from tests.helpers.earnings import RAY, fee_factor, reward_factor
from tests.helpers.staking import NEVER, NO_HINTS
from tests.unit.bonding_manager.conftest import FEE_SHARE_PPM, REWARD_CUT_PPM

pytestmark = pytest.mark.unit

WHOLE, TOO_MUCH = 1_000_000, 1_000_001


@pytest.fixture(params=["transcoder", "transcoderWithHint"])
def set_rates(request, manager):
    """set_rates(reward_cut_ppm, fee_share_ppm, sender=…)"""
    function = getattr(manager, request.param)
    hints = NO_HINTS[:2] if request.param.endswith("WithHint") else ()

    def send(*args, sender):
        return function.send(*args, *hints, sender=sender)

    return send


def lock_round(staking) -> None:
    """Let the next transaction be in the locked tenth of a round of 50 blocks."""
    staking.chain.mine_to(staking.protocol.rounds_manager.currentRoundStartBlock() + 44)


def rates(staking, orchestrator) -> tuple[int, int]:
    record = staking.manager.getTranscoder(orchestrator)
    return record.rewardCut, record.feeShare


def updated(staking, orchestrator, reward_cut_ppm, fee_share_ppm):
    return staking.manager.Events.TranscoderUpdate(
        transcoder=orchestrator, rewardCut=reward_cut_ppm, feeShare=fee_share_ppm
    )


# ---- refusals, each with all that come after it


def test_transcoder__paused_and_round_not_initialized__reverts_for_the_pause(network, stranger, set_rates):
    network.staking.protocol.controller.pause.send(sender=network.staking.protocol.owner)
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("SystemPaused"):
        set_rates(TOO_MUCH, TOO_MUCH, sender=stranger)


def test_transcoder__round_neither_initialized_nor_open__reverts_for_the_initialization(
    network, stranger, set_rates
):
    staking, r = network.staking, network.staking.round
    staking.protocol.mine_to_round()
    staking.chain.mine(45)

    with staking.chain.reverts("CurrentRoundNotInitialized", currentRound=r + 1):
        set_rates(TOO_MUCH, TOO_MUCH, sender=stranger)


def test_transcoder__locked_and_reward_cut_too_high__reverts_for_the_lock(network, stranger, set_rates):
    r = network.staking.round
    lock_round(network.staking)

    with network.staking.chain.reverts("RoundLocked", currentRound=r):
        set_rates(TOO_MUCH, TOO_MUCH, sender=stranger)


def test_transcoder__both_rates_too_high__reverts_for_the_reward_cut(network, stranger, set_rates):
    with network.staking.chain.reverts("InvalidRewardCut", rewardCutPpm=TOO_MUCH, maxPpm=WHOLE):
        set_rates(TOO_MUCH, 2**256 - 1, sender=stranger)


def test_transcoder__fee_share_too_high_and_not_registered__reverts_for_the_fee_share(
    network, stranger, set_rates
):
    with network.staking.chain.reverts("InvalidFeeShare", feeSharePpm=TOO_MUCH, maxPpm=WHOLE):
        set_rates(WHOLE, TOO_MUCH, sender=stranger)


@pytest.mark.parametrize("caller", ["delegator", "stranger"])
def test_transcoder__not_registered__reverts(network, stranger, set_rates, caller):
    caller = stranger if caller == "stranger" else network.delegator

    with network.staking.chain.reverts("TranscoderNotRegistered", transcoder=caller):
        set_rates(0, 0, sender=caller)


def test_transcoder__active_without_bond_and_without_reward__reverts_for_the_bond(network, set_rates):
    """One that unbonds everything stays active to the end of the round."""
    network.staking.manager.unbond.send(2000, sender=network.rival)
    assert network.staking.manager.isActiveTranscoder(network.rival)

    with network.staking.chain.reverts("TranscoderNotRegistered", transcoder=network.rival):
        set_rates(0, 0, sender=network.rival)


def test_transcoder__active_and_never_rewarded__reverts(network, set_rates):
    with network.staking.chain.reverts(
        "RewardNotCalled",
        transcoder=network.rival,
        lastRewardRound=0,
        currentRound=network.staking.round,
    ):
        set_rates(1, 2, sender=network.rival)


def test_transcoder__active_and_rewarded_in_the_round_before__reverts_with_both_rounds(network, set_rates):
    staking = network.staking
    staking.reward(network.rival, 10)
    r = staking.start_round()

    with staking.chain.reverts(
        "RewardNotCalled", transcoder=network.rival, lastRewardRound=r - 1, currentRound=r
    ):
        set_rates(1, 2, sender=network.rival)


# ---- the rates


@pytest.mark.parametrize("rates_ppm", [(0, 0), (WHOLE, WHOLE), (123_456, 654_321)])
def test_transcoder__active_and_rewarded_in_this_round__stores_the_rates(network, set_rates, rates_ppm):
    staking = network.staking
    staking.reward(network.rival, 10)
    before = staking.records(network.rival)

    receipt = set_rates(*rates_ppm, sender=network.rival)

    assert rates(staking, network.rival) == rates_ppm
    receipt.assert_events([updated(staking, network.rival, *rates_ppm)])
    staking.assert_records(before)


def test_transcoder__last_block_before_the_lock__stores_the_rates(network, set_rates):
    staking = network.staking
    staking.reward(network.rival, 10)
    # The transaction is one block later: in block 44 of 0 to 49.
    staking.chain.mine_to(staking.protocol.rounds_manager.currentRoundStartBlock() + 43)

    set_rates(1, 2, sender=network.rival)

    assert rates(staking, network.rival) == (1, 2)


def test_transcoder__member_that_is_not_active_yet__stores_the_rates_and_stays_where_it_is(
    staking, orchestrator, set_rates
):
    staking.bond(orchestrator, 1000, orchestrator)
    r = staking.round
    joined = staking.manager.getTranscoder(orchestrator)

    receipt = set_rates(5, 6, sender=orchestrator)

    receipt.assert_events([updated(staking, orchestrator, 5, 6)])
    assert staking.manager.getTranscoder(orchestrator) == joined._replace(rewardCut=5, feeShare=6)
    assert joined.activationRound == r + 1
    staking.assert_pool((orchestrator, 1000))


# ---- entering the pool


def test_transcoder__outside_of_a_full_pool_with_more_than_the_last__takes_its_place(
    network, newcomer, delegator, set_rates
):
    """The stake that others pointed at it counts."""
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 500, newcomer)
    staking.manager.unbond.send(1500, sender=network.rival)  # 500, still last and in the pool
    staking.bond(delegator, 1, network.rival)
    # The newcomer is outside with 500; the rival has 2501 of which the delegator's 2001 go now.
    r = staking.start_round()
    staking.manager.unbond.send(2001, sender=delegator)
    staking.manager.unbond.send(1, sender=network.rival)
    staking.assert_pool((network.orchestrator, 1000), (network.rival, 499))

    receipt = set_rates(7, 8, sender=newcomer)

    receipt.assert_events(
        [
            staking.left(network.rival, r + 1),
            staking.joined(newcomer, r + 1),
            updated(staking, newcomer, 7, 8),
        ]
    )
    staking.assert_pool((network.orchestrator, 1000), (newcomer, 500))
    record = staking.manager.getTranscoder(newcomer)
    assert (record.activationRound, record.deactivationRound) == (r + 1, NEVER)
    assert record.lastActiveStakeUpdateRound == r + 1
    assert staking.manager.getTranscoder(network.rival).deactivationRound == r + 1


@pytest.mark.parametrize("stake", [1999, 2000])
def test_transcoder__outside_of_a_full_pool_without_more_than_the_last__stays_out(
    network, newcomer, set_rates, stake
):
    staking = network.staking
    staking.bond(newcomer, stake, newcomer)

    receipt = set_rates(7, 8, sender=newcomer)

    receipt.assert_events([updated(staking, newcomer, 7, 8)])
    assert rates(staking, newcomer) == (7, 8)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))


def test_transcoder__place_has_become_free__takes_it(network, newcomer, set_rates):
    staking = network.staking
    staking.bond(newcomer, 1, newcomer)
    staking.manager.unbond.send(2000, sender=network.rival)
    r = staking.round

    receipt = set_rates(7, 8, sender=newcomer)

    receipt.assert_events([staking.joined(newcomer, r + 1), updated(staking, newcomer, 7, 8)])
    staking.assert_pool((network.orchestrator, 3000), (newcomer, 1))


# ---- from when on they count


def test_transcoder__after_the_reward_of_the_round__counts_from_the_next_round_on(network, set_rates):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    r = staking.start_round()
    staking.reward(orchestrator, 1000)
    set_rates(WHOLE, 0, sender=orchestrator)

    staking.earn_fees(orchestrator, 900)

    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
    first_factor = reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000)
    factors = (
        reward_factor(first_factor, 1000, REWARD_CUT_PPM, 4000),
        fee_factor(0, first_factor, 900, FEE_SHARE_PPM, 4000),
    )
    assert (row.transcoderRewardCut, row.transcoderFeeShare) == (REWARD_CUT_PPM, FEE_SHARE_PPM)
    assert (row.cumulativeRewardFactor, row.cumulativeFeeFactor) == factors
    # 600 for the delegators, of which 333 / 4000 are on the commission of the first reward: 300 + 49.
    assert staking.manager.getTranscoder(orchestrator).cumulativeFees == 349

    staking.start_round()
    staking.earn_fees(orchestrator, 900)
    staking.reward(orchestrator, 1000)

    # Everything stays with the orchestrator: the factors stand still.
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r + 1)
    assert (row.transcoderRewardCut, row.transcoderFeeShare) == (WHOLE, 0)
    assert (row.cumulativeRewardFactor, row.cumulativeFeeFactor) == factors
    assert staking.manager.getTranscoder(orchestrator).cumulativeFees == 349 + 900
