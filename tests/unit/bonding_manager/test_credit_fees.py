"""creditFees: updateTranscoderWithFees for a caller that knows the round.

Checks in order: SystemPaused; CallerNotRegistered; TranscoderNotActive, in the round that the caller names.

given the TicketBroker and the current round    what updateTranscoderWithFees does
"""

import pytest

from simulation.protocol import contract_id

pytestmark = pytest.mark.unit


@pytest.fixture
def credit(network):
    """credit(orchestrator, fees, round)"""

    def send(orchestrator, fees, round_):
        return network.staking.manager.creditFees.send(
            orchestrator, fees, round_, sender=network.staking.protocol.ticket_broker
        )

    return send


def test_credit__paused_and_caller_is_not_the_broker__reverts_for_the_pause(network, stranger):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)

    with staking.chain.reverts("SystemPaused"):
        staking.manager.creditFees.send(stranger, 1, 0, sender=stranger)


def test_credit__caller_is_not_the_broker__reverts(network, stranger):
    staking = network.staking

    with staking.chain.reverts(
        "CallerNotRegistered",
        caller=stranger,
        requiredId=contract_id("TicketBroker"),
        required=staking.protocol.ticket_broker,
    ):
        staking.manager.creditFees.send(stranger, 1, 0, sender=stranger)


def test_credit__not_active_in_the_round__reverts_with_both(network, newcomer, credit):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 2001, newcomer)

    with staking.chain.reverts("TranscoderNotActive", transcoder=newcomer, currentRound=r):
        credit(newcomer, 1, r)


@pytest.mark.parametrize("rewarded", [False, True])
def test_credit__current_round__is_what_the_other_does(network, credit, rewarded):
    staking, orchestrator = network.staking, network.orchestrator
    if rewarded:
        staking.reward(orchestrator, 600, mintable=1000)
    r = staking.round

    def figures():
        row = staking.manager.getTranscoderEarningsPoolForRound(orchestrator, r)
        return tuple(row), tuple(staking.manager.getTranscoder(orchestrator))

    with staking.chain.isolate():
        staking.earn_fees(orchestrator, 1000)
        expected = figures()

    receipt = credit(orchestrator, 1000, r)

    assert receipt.events == []
    assert figures() == expected
