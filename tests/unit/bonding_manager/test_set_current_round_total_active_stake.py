"""setCurrentRoundTotalActiveStake: the RoundsManager starts a round.

given another caller                    it should revert with CallerNotRegistered
given the RoundsManager                 the pool becomes the active set: its stake and size are those of the round; the
                                        votes get the total
given a treasury cut rate that waited   it should count from now on, and be told as a parameter that changes
Nothing stops it, a pause neither: the RoundsManager sees to that.
"""

import pytest

from simulation.protocol import contract_id
from tests.helpers.earnings import RAY

pytestmark = pytest.mark.unit


@pytest.fixture
def start(staking):
    """As the RoundsManager does, in a round that has begun."""

    def send():
        return staking.manager.setCurrentRoundTotalActiveStake.send(sender=staking.protocol.rounds_manager)

    return send


@pytest.mark.parametrize("caller", ["stranger", "owner"])
def test_start__caller_is_not_the_rounds_manager__reverts(staking, stranger, caller):
    caller = stranger if caller == "stranger" else staking.protocol.owner

    with staking.chain.reverts(
        "CallerNotRegistered",
        caller=caller,
        requiredId=contract_id("RoundsManager"),
        required=staking.protocol.rounds_manager,
    ):
        staking.manager.setCurrentRoundTotalActiveStake.send(sender=caller)


def test_start__stake_and_size_of_the_pool__become_those_of_the_round(network, newcomer, start):
    staking, manager = network.staking, network.staking.manager
    staking.bond(newcomer, 700, network.orchestrator)
    manager.unbond.send(2000, sender=network.rival)
    staking.protocol.mine_to_round()
    assert (manager.currentRoundTotalActiveStake(), manager.currentRoundActiveSetSize()) == (5000, 2)

    receipt = start()

    r = staking.round
    assert manager.currentRoundTotalActiveStake() == manager.getTotalBonded() == 3700
    assert manager.nextRoundTotalActiveStake() == 3700
    assert manager.currentRoundActiveSetSize() == 1
    assert manager.reserveShareState(network.orchestrator) == (True, 1)
    assert staking.votes.getTotalActiveStakeAt(r) == 3700
    assert receipt.events == []


def test_start__stake_moves_afterwards__that_of_the_round_stays(network, newcomer):
    staking, manager = network.staking, network.staking.manager

    staking.bond(newcomer, 9000, newcomer)
    manager.unbond.send(2000, sender=network.delegator)

    assert manager.currentRoundTotalActiveStake() == 5000
    assert manager.currentRoundActiveSetSize() == 2
    # The rival has been evicted, and its share of reserves stays what it was.
    assert manager.reserveShareState(network.rival) == (True, 2)
    assert manager.reserveShareState(newcomer) == (False, 2)
    staking.assert_pool((newcomer, 9000), (network.orchestrator, 1000))


def test_start__empty_pool__is_a_round_without_stake(staking, start):
    staking.protocol.mine_to_round()

    start()

    assert staking.manager.currentRoundTotalActiveStake() == 0
    assert staking.manager.currentRoundActiveSetSize() == 0


def test_start__treasury_cut_rate_was_set__counts_and_is_told(staking, start):
    staking.manager.setTreasuryRewardCutRate.send(RAY // 10, sender=staking.protocol.owner)
    staking.protocol.mine_to_round()
    assert staking.manager.treasuryRewardCutRate() == 0

    receipt = start()

    emitted = staking.manager.Events
    receipt.assert_events(
        [
            emitted.ParameterUpdate(param="treasuryRewardCutRate"),
            emitted.ParameterChanged(param="treasuryRewardCutRate", previousValue=0, newValue=RAY // 10),
        ]
    )
    assert staking.manager.treasuryRewardCutRate() == RAY // 10
    assert staking.manager.nextRoundTreasuryRewardCutRate() == RAY // 10


def test_start__treasury_cut_rate_is_the_same__is_not_told_again(staking, start):
    staking.manager.setTreasuryRewardCutRate.send(RAY // 10, sender=staking.protocol.owner)
    staking.start_round()
    staking.manager.setTreasuryRewardCutRate.send(RAY // 10, sender=staking.protocol.owner)
    staking.protocol.mine_to_round()

    assert start().events == []


def test_start__paused__works(staking, start):
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.mine_to_round()

    start()
