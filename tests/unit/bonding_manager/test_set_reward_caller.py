"""setRewardCaller: an account names another that may reward for it (LIP-118, DEV-4).

given the system is paused    it should revert with SystemPaused
else                          it should store the choice of the caller, zero to end it, and emit RewardCallerSet; in a
                              round that is not initialized, and for an account that is no orchestrator, too
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS

pytestmark = pytest.mark.unit


def test_set_reward_caller__paused__reverts(staking, manager, orchestrator, stranger):
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)

    with staking.chain.reverts("SystemPaused"):
        manager.setRewardCaller.send(stranger, sender=orchestrator)


def test_set_reward_caller__any_account__is_stored_for_the_caller_alone(
    manager, orchestrator, rival, stranger
):
    receipt = manager.setRewardCaller.send(stranger, sender=orchestrator)

    receipt.assert_events([manager.Events.RewardCallerSet(transcoder=orchestrator, rewardCaller=stranger)])
    assert manager.transcoderToRewardCaller(orchestrator) == stranger
    assert manager.transcoderToRewardCaller(rival) == ZERO_ADDRESS


def test_set_reward_caller__again__replaces_the_choice(manager, orchestrator, rival, stranger):
    manager.setRewardCaller.send(stranger, sender=orchestrator)

    receipt = manager.setRewardCaller.send(rival, sender=orchestrator)

    receipt.assert_events([manager.Events.RewardCallerSet(transcoder=orchestrator, rewardCaller=rival)])
    assert manager.transcoderToRewardCaller(orchestrator) == rival


def test_set_reward_caller__zero__ends_it(manager, orchestrator, stranger):
    manager.setRewardCaller.send(stranger, sender=orchestrator)

    receipt = manager.setRewardCaller.send(ZERO_ADDRESS, sender=orchestrator)

    receipt.assert_events(
        [manager.Events.RewardCallerSet(transcoder=orchestrator, rewardCaller=ZERO_ADDRESS)]
    )
    assert manager.transcoderToRewardCaller(orchestrator) == ZERO_ADDRESS


def test_set_reward_caller__round_not_initialized__works(staking, manager, orchestrator, stranger):
    staking.protocol.mine_to_round()

    manager.setRewardCaller.send(stranger, sender=orchestrator)

    assert manager.transcoderToRewardCaller(orchestrator) == stranger


def test_set_reward_caller__orchestrator_leaves__the_choice_stays(network, stranger):
    network.staking.manager.setRewardCaller.send(stranger, sender=network.rival)

    network.staking.manager.unbond.send(2000, sender=network.rival)

    assert network.staking.manager.transcoderToRewardCaller(network.rival) == stranger
