"""reward: the treasury's part.

given a cut rate            ⌊minted · rate⌋ go to the Treasury before anything else is split; nothing is sent, nor
                            told, when that is zero
given a ceiling above zero  a balance of the Treasury that has reached it ends the cut from the next round on, told
                            once; this round goes on as it was
"""

from dataclasses import replace

import pytest

from tests.helpers.earnings import RAY, cut27, reward_factor
from tests.helpers.staking import NO_HINTS
from tests.unit.bonding_manager.conftest import REWARD_CUT_PPM

pytestmark = pytest.mark.unit

TENTH = RAY // 10


@pytest.fixture(params=["reward", "rewardWithHint"])
def reward(request, staking):
    """reward(orchestrator, minted)"""
    function = getattr(staking.manager, request.param)
    hints = NO_HINTS[:2] if request.param.endswith("WithHint") else ()

    def send(orchestrator, minted):
        staking.minter.setReward.send(minted, minted, sender=staking.protocol.owner)
        return function.send(*hints, sender=orchestrator)

    return send


def start_cut(staking, rate_ray: int) -> None:
    """Let the treasury have its part from a new round on."""
    staking.manager.setTreasuryRewardCutRate.send(rate_ray, sender=staking.protocol.owner)
    staking.start_round()


def set_ceiling(staking, amount: int) -> None:
    staking.manager.setTreasuryBalanceCeiling.send(amount, sender=staking.protocol.owner)


def fill_treasury(staking, amount: int) -> None:
    staking.token.transfer.send(staking.protocol.treasury, amount, sender=staking.protocol.owner)


def treasury_paid(staking, orchestrator, amount):
    """Of the token, and of the manager."""
    treasury = staking.protocol.treasury
    return [
        staking.paid(staking.minter, treasury, amount),
        staking.manager.Events.TreasuryReward(transcoder=orchestrator, treasury=treasury, amount=amount),
    ]


def next_rate_ended(staking, previous_ray):
    emitted, name = staking.manager.Events, "nextRoundTreasuryRewardCutRate"
    return [
        emitted.ParameterUpdate(param=name),
        emitted.ParameterChanged(param=name, previousValue=previous_ray, newValue=0),
    ]


def test_reward__with_a_cut_rate__gives_the_treasury_its_part_first(network, reward):
    staking, orchestrator = network.staking, network.orchestrator
    start_cut(staking, 63_100_000_000_000_000_000_000_000)  # 6.31 %
    before = staking.records(orchestrator)

    receipt = reward(orchestrator, 1000)

    # ⌊63.1⌋ go to the treasury; of the other 937 ⌊937 · 0.333333⌋ = 312 are commission.
    after = {orchestrator: replace(before[orchestrator], delegated=3937)}
    receipt.assert_events(
        [
            *treasury_paid(staking, orchestrator, 63),
            staking.manager.Events.Reward(transcoder=orchestrator, amount=937),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    staking.assert_records(after)
    assert staking.token.balanceOf(staking.protocol.treasury) == 63
    assert staking.manager.getTranscoder(orchestrator).cumulativeRewards == 312
    assert staking.manager.rewardFactorOfRound(orchestrator, staking.round) == reward_factor(
        RAY, 937, REWARD_CUT_PPM, 3000
    )


def test_reward__cut_rate_set_in_this_round__counts_from_the_next_one_on(network, reward):
    staking = network.staking
    staking.manager.setTreasuryRewardCutRate.send(RAY, sender=staking.protocol.owner)

    receipt = reward(network.rival, 100)

    assert receipt.event("Reward")["amount"] == 100


@pytest.mark.parametrize("rate_ray", [1, RAY // 1000 - 1])
def test_reward__part_rounds_down_to_nothing__is_neither_sent_nor_told(network, reward, rate_ray):
    staking = network.staking
    start_cut(staking, rate_ray)

    receipt = reward(network.rival, 1000)

    assert cut27(1000, rate_ray) == 0
    receipt.assert_events(
        [staking.manager.Events.Reward(transcoder=network.rival, amount=1000)], of=staking.manager
    )
    assert receipt.events_named("Transfer") == []


def test_reward__cut_rate_of_the_whole__leaves_nothing(network, reward):
    staking = network.staking
    start_cut(staking, RAY)
    before = staking.records(network.rival)

    receipt = reward(network.rival, 100)

    receipt.assert_events(
        [
            *treasury_paid(staking, network.rival, 100),
            staking.manager.Events.Reward(transcoder=network.rival, amount=0),
        ]
    )
    staking.assert_records(before)


def test_reward__treasury_not_registered__reverts_with_its_id(network, reward):
    staking = network.staking
    start_cut(staking, TENTH)
    staking.protocol.unregister("Treasury")

    with staking.chain.reverts("ContractNotRegistered", ...):
        reward(network.rival, 100)


# ---- the ceiling


def test_reward__treasury_has_reached_the_ceiling__ends_the_cut_from_the_next_round_on(network, reward):
    staking, rival = network.staking, network.rival
    start_cut(staking, TENTH)
    set_ceiling(staking, 500)
    fill_treasury(staking, 500)
    before = staking.records(rival)

    receipt = reward(rival, 100)

    after = {rival: replace(before[rival], delegated=2090)}
    receipt.assert_events(
        [
            *next_rate_ended(staking, TENTH),
            *treasury_paid(staking, rival, 10),
            staking.manager.Events.Reward(transcoder=rival, amount=90),
            *staking.checkpointed(rival, before, after),
        ]
    )
    assert staking.manager.treasuryRewardCutRate() == TENTH
    assert staking.manager.nextRoundTreasuryRewardCutRate() == 0
    staking.start_round()
    assert reward(rival, 100).event("Reward")["amount"] == 100


def test_reward__treasury_is_over_the_ceiling_already_told__tells_it_once(network, reward):
    staking = network.staking
    start_cut(staking, TENTH)
    set_ceiling(staking, 500)
    fill_treasury(staking, 700)
    reward(network.rival, 100)

    receipt = reward(network.orchestrator, 100)

    assert receipt.events_named("ParameterUpdate") == []
    assert receipt.event("TreasuryReward")["amount"] == 10


def test_reward__this_reward_would_reach_the_ceiling__balance_before_it_counts(network, reward):
    staking = network.staking
    start_cut(staking, TENTH)
    set_ceiling(staking, 500)
    fill_treasury(staking, 499)

    reward(network.rival, 100)

    assert staking.token.balanceOf(staking.protocol.treasury) == 509
    assert staking.manager.nextRoundTreasuryRewardCutRate() == TENTH


def test_reward__ceiling_of_zero__is_none(network, reward):
    staking = network.staking
    start_cut(staking, TENTH)
    fill_treasury(staking, 10_000)

    reward(network.rival, 100)

    assert staking.manager.nextRoundTreasuryRewardCutRate() == TENTH


def test_reward__cut_rate_set_for_the_first_time_and_ceiling_reached__never_begins(network, reward):
    """The ceiling acts on the rate of the next round, whatever the one of this round is."""
    staking = network.staking
    set_ceiling(staking, 500)
    fill_treasury(staking, 500)
    staking.manager.setTreasuryRewardCutRate.send(TENTH, sender=staking.protocol.owner)

    receipt = reward(network.rival, 100)

    receipt.assert_events(
        [
            *next_rate_ended(staking, TENTH),
            staking.manager.Events.Reward(transcoder=network.rival, amount=100),
        ],
        of=staking.manager,
    )
