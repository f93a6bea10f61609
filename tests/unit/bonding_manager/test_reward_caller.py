"""rewardForTranscoder and rewardForTranscoderWithHint: somebody rewards for an orchestrator (LIP-118, DEV-4).

Checks in order:
    the orchestrator has chosen the caller; else CallerNotRewardCaller
    those of reward, about the orchestrator

given the chosen caller    exactly what the orchestrator's own call does; that stays possible
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import NO_HINTS

pytestmark = pytest.mark.unit


@pytest.fixture
def reward_caller(network, chain):
    """Chosen by the orchestrator."""
    caller = chain.actor("reward caller")
    network.staking.manager.setRewardCaller.send(caller, sender=network.orchestrator)
    return caller


@pytest.fixture(params=["rewardForTranscoder", "rewardForTranscoderWithHint"])
def reward_for(request, staking):
    """reward_for(orchestrator, minted, sender=…)"""
    function = getattr(staking.manager, request.param)
    hints = NO_HINTS[:2] if request.param.endswith("WithHint") else ()

    def send(orchestrator, minted=0, *, sender):
        staking.minter.setReward.send(minted, minted, sender=staking.protocol.owner)
        return function.send(orchestrator, *hints, sender=sender)

    return send


def test_reward_for__not_chosen_while_paused_in_a_round_not_initialized__reverts_for_the_caller(
    network, reward_caller, stranger, reward_for
):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.mine_to_round()

    with staking.chain.reverts(
        "CallerNotRewardCaller",
        caller=stranger,
        transcoder=network.orchestrator,
        rewardCaller=reward_caller,
    ):
        reward_for(network.orchestrator, sender=stranger)


def test_reward_for__orchestrator_has_chosen_nobody__reverts(network, reward_caller, reward_for):
    with network.staking.chain.reverts(
        "CallerNotRewardCaller", caller=reward_caller, transcoder=network.rival, rewardCaller=ZERO_ADDRESS
    ):
        reward_for(network.rival, sender=reward_caller)


def test_reward_for__orchestrator_itself__is_not_its_reward_caller(network, reward_caller, reward_for):
    with network.staking.chain.reverts("CallerNotRewardCaller", ...):
        reward_for(network.orchestrator, sender=network.orchestrator)


def test_reward_for__choice_was_ended__reverts(network, reward_caller, reward_for):
    network.staking.manager.setRewardCaller.send(ZERO_ADDRESS, sender=network.orchestrator)

    with network.staking.chain.reverts("CallerNotRewardCaller", ...):
        reward_for(network.orchestrator, sender=reward_caller)


def test_reward_for__paused_and_round_not_initialized__reverts_for_the_pause(
    network, reward_caller, reward_for
):
    network.staking.protocol.controller.pause.send(sender=network.staking.protocol.owner)
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("SystemPaused"):
        reward_for(network.orchestrator, sender=reward_caller)


def test_reward_for__round_not_initialized__reverts(network, reward_caller, reward_for):
    r = network.staking.round
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("CurrentRoundNotInitialized", currentRound=r + 1):
        reward_for(network.orchestrator, sender=reward_caller)


def test_reward_for__chosen_by_an_account_that_is_not_active__reverts_with_that_account(
    network, reward_caller, reward_for
):
    staking = network.staking
    staking.manager.setRewardCaller.send(reward_caller, sender=network.delegator)

    with staking.chain.reverts(
        "TranscoderNotActive", transcoder=network.delegator, currentRound=staking.round
    ):
        reward_for(network.delegator, sender=reward_caller)


def test_reward_for__orchestrator_has_rewarded_itself__reverts(network, reward_caller, reward_for):
    staking = network.staking
    staking.reward(network.orchestrator, 10)

    with staking.chain.reverts(
        "RewardAlreadyCalled", transcoder=network.orchestrator, currentRound=staking.round
    ):
        reward_for(network.orchestrator, sender=reward_caller)


def test_reward_for__chosen_caller__rewards_for_the_orchestrator(network, reward_caller, reward_for):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator, reward_caller)

    receipt = reward_for(orchestrator, 1000, sender=reward_caller)

    after = before | {orchestrator: replace(before[orchestrator], delegated=4000)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.manager.Events.Reward(transcoder=orchestrator, amount=1000),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    assert staking.manager.getTranscoder(orchestrator).lastRewardRound == r
    assert staking.manager.getTranscoder(reward_caller).lastRewardRound == 0


def test_reward_for__chosen_by_several__rewards_for_each(network, reward_caller, reward_for):
    staking, r = network.staking, network.staking.round
    staking.manager.setRewardCaller.send(reward_caller, sender=network.rival)

    for orchestrator in (network.orchestrator, network.rival):
        reward_for(orchestrator, 10, sender=reward_caller)

        assert staking.manager.getTranscoder(orchestrator).lastRewardRound == r


def test_reward__somebody_else_is_chosen__orchestrator_still_can(network, reward_caller):
    network.staking.reward(network.orchestrator, 10)

    assert (
        network.staking.manager.getTranscoder(network.orchestrator).lastRewardRound == network.staking.round
    )
