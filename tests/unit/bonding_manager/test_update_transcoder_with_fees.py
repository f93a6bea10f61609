"""updateTranscoderWithFees: the TicketBroker credits an orchestrator with ETH that the Minter holds.

Checks in order:
    the system runs; else SystemPaused
    the caller is the TicketBroker; else CallerNotRegistered
    the orchestrator is active in the current round; else TranscoderNotActive (DEV-3)

given fees F on a stake S           ⌊F · share⌋ go to the delegators: the fee factor grows by their part of S times the
                                    reward factor of the round before. The rest, and the yield of unclaimed commission,
                                    go to the orchestrator
given a reward before, in r         rates and unclaimed commission count as they were at the reward
given no known factor of r - 1      it is worked back from this round's reward, with mintable tokens alone (10.3)
Nothing is told and no checkpoint is written: events and votes know no fees. The round argument is ignored, and the
round need not be initialized.
"""

import pytest

from simulation.protocol import contract_id
from tests.helpers.earnings import (
    RAY,
    cut6,
    estimated_factor,
    fee_factor,
    frac,
    own_fees,
    reward_factor,
)
from tests.unit.bonding_manager.conftest import FEE_SHARE_PPM, REWARD_CUT_PPM

pytestmark = pytest.mark.unit


def pay(staking, orchestrator, fees):
    """Fees, and the two figures that they change: the fee factor of the round, and the orchestrator's own fees."""
    receipt = staking.earn_fees(orchestrator, fees)
    assert receipt.events == []
    return fee_figures(staking, orchestrator)


def fee_figures(staking, orchestrator):
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, staking.round)
    return row.cumulativeFeeFactor, staking.manager.getTranscoder(orchestrator).cumulativeFees


# ---- refusals, each with all that come after it


def test_fees__paused_and_caller_is_not_the_broker__reverts_for_the_pause(network, stranger):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)

    with staking.chain.reverts("SystemPaused"):
        staking.manager.updateTranscoderWithFees.send(stranger, 1, 0, sender=stranger)


@pytest.mark.parametrize("caller", ["stranger", "orchestrator", "owner"])
def test_fees__caller_is_not_the_broker__reverts(network, stranger, caller):
    staking = network.staking
    callers = {
        "stranger": stranger,
        "orchestrator": network.orchestrator,
        "owner": staking.protocol.owner,
    }

    with staking.chain.reverts(
        "CallerNotRegistered",
        caller=callers[caller],
        requiredId=contract_id("TicketBroker"),
        required=staking.protocol.ticket_broker,
    ):
        staking.manager.updateTranscoderWithFees.send(stranger, 1, 0, sender=callers[caller])


def test_fees__not_an_orchestrator__reverts(network):
    with network.staking.chain.reverts(
        "TranscoderNotActive", transcoder=network.delegator, currentRound=network.staking.round
    ):
        network.staking.earn_fees(network.delegator, 1)


@pytest.mark.parametrize("stake", [2000, 2001], ids=["outside of the pool", "joined in this round"])
def test_fees__registered_but_not_active__reverts(network, newcomer, stake):
    """V22: its stake may be anything but what fees were shared on."""
    network.staking.bond(newcomer, stake, newcomer)

    with network.staking.chain.reverts(
        "TranscoderNotActive", transcoder=newcomer, currentRound=network.staking.round
    ):
        network.staking.earn_fees(newcomer, 1)


def test_fees__round_after_leaving__reverts(network, leaving):
    r = network.staking.start_round()

    with network.staking.chain.reverts("TranscoderNotActive", transcoder=leaving, currentRound=r):
        network.staking.earn_fees(leaving, 1)


# ---- before any reward


def test_fees__never_rewarded__are_split_by_the_share(network):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator, network.delegator)

    figures = pay(staking, orchestrator, 1000)

    # ⌊1000 · 0.666667⌋ = 666 on a stake of 3000.
    assert figures == (222 * 10**24, 334)
    row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
    assert row == (3000, REWARD_CUT_PPM, FEE_SHARE_PPM, 0, 222 * 10**24)
    assert staking.manager.getTranscoder(orchestrator).lastFeeRound == r
    assert staking.pending(network.delegator) == (2000, 444)
    assert staking.pending(orchestrator) == (1000, 222 + 334)
    staking.assert_records(before)


def test_fees__several_times_in_a_round__add_up_each_rounded_alone(network):
    staking, orchestrator = network.staking, network.orchestrator

    for fees in (1000, 1, 7):
        figures = pay(staking, orchestrator, fees)

    # 666, 0 and 4 for the delegators: ⌊1e27 · 4 / 3000⌋ is not whole.
    factor = fee_factor(fee_factor(222 * 10**24, RAY, 1, FEE_SHARE_PPM, 3000), RAY, 7, FEE_SHARE_PPM, 3000)
    assert figures == (factor, 334 + 1 + 3)
    assert factor == 222 * 10**24 + 4 * 10**27 // 3000


@pytest.mark.parametrize("share_ppm", [0, 1, 999_999, 1_000_000])
def test_fees__share__is_rounded_down(network, share_ppm):
    staking, rival = network.staking, network.rival
    staking.reward(rival, 0)
    staking.set_rates(rival, 0, share_ppm)
    staking.start_round()

    figures = pay(staking, rival, 999)

    delegator_fees = {0: 0, 1: 0, 999_999: 998, 1_000_000: 999}[share_ppm]
    assert figures == (frac(RAY, delegator_fees, 2000), 999 - delegator_fees)


def test_fees__zero__change_the_round_only(network):
    staking, r = network.staking, network.staking.round

    assert pay(staking, network.rival, 0) == (0, 0)

    assert staking.manager.getTranscoder(network.rival).lastFeeRound == r


@pytest.mark.parametrize("round_argument", [0, 1, 2**256 - 1])
def test_fees__any_round_argument__count_for_the_current_round(network, round_argument):
    staking, r = network.staking, network.staking.round

    staking.manager.updateTranscoderWithFees.send(
        network.rival, 10, round_argument, sender=staking.protocol.ticket_broker
    )

    assert staking.manager.getTranscoder(network.rival).lastFeeRound == r


def test_fees__round_not_initialized__count_on_the_stake_that_it_will_start_with(network, newcomer):
    staking, rival = network.staking, network.rival
    staking.bond(newcomer, 500, rival)
    staking.reward(rival, 0)
    staking.set_rates(rival, 0, 1_000_000)
    r = staking.round
    staking.protocol.mine_to_round()

    staking.earn_fees(rival, 1000)

    assert staking.manager.getTranscoder(rival).lastFeeRound == r + 1
    # 1000 on 2500.
    assert staking.manager.pendingFees(newcomer, 0) == 200


def test_fees__later_round__factor_goes_on_from_the_last_one(network):
    staking, orchestrator = network.staking, network.orchestrator
    first, _ = pay(staking, orchestrator, 1000)
    staking.start_round(2)

    factor, own = pay(staking, orchestrator, 1000)

    assert (factor, own) == (2 * first, 2 * 334)
    assert staking.pending(network.delegator) == (2000, 888)


# ---- with rewards


def test_fees__rewarded_in_an_earlier_round__grow_with_its_factor_and_commission_earns_along(network):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    staking.start_round(2)

    figures = pay(staking, orchestrator, 1000)

    # 666 for 4000, of which 333 are commission of the reward: ⌊666 · 0.08325⌋ = 55.
    factor_before = reward_factor(RAY, 1000, REWARD_CUT_PPM, 3000)
    assert own_fees(1000, FEE_SHARE_PPM, 333, 4000) == 334 + 55
    assert figures == (fee_factor(0, factor_before, 1000, FEE_SHARE_PPM, 4000), 389)
    # 2000 of the delegator have become 2444: ⌊2444.6… · 666 / 4000⌋.
    assert staking.pending(network.delegator) == (2444, 407)


def test_fees__before_and_after_the_reward_of_the_round__count_alike(network):
    """Reward and fees of one round do not compound: S, factor and commission are those of before the reward."""
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    staking.start_round()
    factor, own = pay(staking, orchestrator, 1000)

    staking.reward(orchestrator, 5000)

    assert pay(staking, orchestrator, 1000) == (2 * factor, 2 * own)
    assert own == 389


def test_fees__orchestrator_has_claimed_in_the_round__nothing_of_its_own_earns_along(network):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    staking.start_round()
    staking.manager.claimEarnings.send(0, sender=orchestrator)

    _, own = pay(staking, orchestrator, 1000)

    assert own == 334
    assert staking.record(orchestrator).fees == 0


def test_fees__stake_changed_in_the_round__count_on_that_of_the_start(network, newcomer):
    staking, orchestrator = network.staking, network.orchestrator
    staking.bond(newcomer, 6000, orchestrator)
    staking.manager.unbond.send(500, sender=network.delegator)

    assert pay(staking, orchestrator, 1000) == (222 * 10**24, 334)
    assert [staking.pending(account)[1] for account in (newcomer, network.delegator)] == [0, 0]


# ---- the factor of the round before, worked back


def test_fees__first_reward_ever_was_in_this_round__factor_before_is_worked_back(network):
    staking, orchestrator = network.staking, network.orchestrator
    # 1000 in all: 600 for 3000 of 5000, as the Minter of the protocol would have it.
    staking.reward(orchestrator, 600, mintable=1000)

    figures = pay(staking, orchestrator, 1000)

    # ⌊600 · 0.333333⌋ = 199 are commission, 401 the delegators'. ⌊1e27 · (3401 / 3000) · (3000 / 3401)⌋ < 1e27.
    factor = reward_factor(RAY, 600, REWARD_CUT_PPM, 3000)
    before = estimated_factor(factor, 1000, 3000, 5000, REWARD_CUT_PPM)
    assert before == frac(factor, 3000, 3401)
    assert RAY - 2 <= before < RAY
    assert figures == (frac(before, 666, 3000), 334)


def test_fees__no_reward_in_the_round_before__factor_before_is_worked_back(network):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 600, mintable=1000)
    staking.start_round(2)
    first = reward_factor(RAY, 600, REWARD_CUT_PPM, 3000)
    second = reward_factor(first, 642, REWARD_CUT_PPM, 3600)
    staking.reward(orchestrator, 642, mintable=1000)  # 3600 of 5600: ⌊642.857⌋

    factor, own = pay(staking, orchestrator, 1000)

    before = estimated_factor(second, 1000, 3600, 5600, REWARD_CUT_PPM)
    assert before < first
    assert factor == frac(before, 666, 3600)
    assert own == 334 + frac(666, 199, 3600)


def test_fees__worked_back__takes_the_treasurys_cut_off(network):
    staking, orchestrator = network.staking, network.orchestrator
    rate = RAY // 4 + 1
    staking.manager.setTreasuryRewardCutRate.send(rate, sender=staking.protocol.owner)
    staking.start_round()
    staking.reward(orchestrator, 600, mintable=1000)

    factor, _ = pay(staking, orchestrator, 1000)

    # ⌊600 · rate⌋ = 150 are the treasury's, ⌊450 · 0.333333⌋ = 149 commission.
    first = reward_factor(RAY, 450, REWARD_CUT_PPM, 3000)
    before = estimated_factor(first, 1000, 3000, 5000, REWARD_CUT_PPM, rate)
    assert before == frac(first, 3000, 3301)
    assert factor == frac(before, 666, 3000)


def test_fees__worked_back_and_others_have_minted__minted_tokens_do_not_count_twice(network):
    """V23: mintable tokens do not shrink while they are minted."""
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(network.rival, 400, mintable=1000)
    staking.reward(orchestrator, 600, mintable=1000)

    factor, _ = pay(staking, orchestrator, 1000)

    first = reward_factor(RAY, 600, REWARD_CUT_PPM, 3000)
    assert factor == frac(estimated_factor(first, 1000, 3000, 5000, REWARD_CUT_PPM), 666, 3000)


@pytest.mark.parametrize("seeded", [True, False], ids=["bonded to in the round before", "left alone"])
def test_fees__somebody_bonded_in_the_round_before__its_factor_is_known(network, newcomer, seeded):
    """A start factor is a factor of that round: then there is nothing to work back."""
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 600, mintable=1000)
    staking.start_round()
    if seeded:
        staking.bond(newcomer, 400, orchestrator)
    staking.start_round()
    stake = 4000 if seeded else 3600
    # The Minter is said to allot far more than it mints: the two ways then differ widely.
    staking.reward(orchestrator, 600, mintable=5000)

    factor, _ = pay(staking, orchestrator, 1000)

    first = reward_factor(RAY, 600, REWARD_CUT_PPM, 3000)
    second = reward_factor(first, 600, REWARD_CUT_PPM, stake)
    estimated = estimated_factor(second, 5000, stake, stake + 2000, REWARD_CUT_PPM)
    assert estimated < first * 3 // 4
    before = first if seeded else estimated
    assert factor == frac(before, cut6(1000, FEE_SHARE_PPM), stake)
