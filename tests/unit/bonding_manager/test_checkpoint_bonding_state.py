"""checkpointBondingState: the present stake of an account goes to BondingVotes, at anybody's wish.

It has no guard: it works while the system is paused and in a round that is not initialized. A checkpoint that says what
the last one says emits nothing.
"""

from dataclasses import replace

import pytest

from tests.helpers.staking import BondRecord

pytestmark = pytest.mark.unit


@pytest.fixture
def new_votes(network):
    """A BondingVotes that has seen nobody yet: proxy and all, registered beside stake that exists."""
    votes = network.staking.protocol.deploy_behind_proxy("BondingVotes")
    network.staking.start_round()
    return votes


def test_checkpoint__first_of_an_orchestrator_and_its_delegator__gives_them_their_votes(
    network, new_votes, stranger
):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    assert new_votes.getVotes(delegator) == 0
    assert not new_votes.hasCheckpoint(orchestrator)

    staking.manager.checkpointBondingState.send(delegator, sender=stranger)
    # A delegator counts only once its delegate is known.
    assert new_votes.getVotes(delegator) == 0
    receipt = staking.manager.checkpointBondingState.send(orchestrator, sender=stranger)

    assert (new_votes.getVotes(delegator), new_votes.getVotes(orchestrator)) == (2000, 3000)
    assert new_votes.hasCheckpoint(orchestrator)
    emitted, record = new_votes.Events, staking.record(orchestrator)
    assert record == BondRecord(bonded=1000, delegate=orchestrator, delegated=3000, start=r - 1, claim=r - 2)
    receipt.assert_events(
        [
            emitted.DelegateChanged(
                delegator=orchestrator, fromDelegate=BondRecord().delegate, toDelegate=orchestrator
            ),
            emitted.DelegateVotesChanged(delegate=orchestrator, previousBalance=0, newBalance=3000),
            emitted.DelegatorBondedAmountChanged(
                delegate=orchestrator,
                previousBondedAmount=0,
                previousLastClaimRound=0,
                newBondedAmount=1000,
                newLastClaimRound=r - 2,
            ),
        ]
    )


def test_checkpoint__nothing_has_changed__emits_nothing(network, stranger):
    before = network.staking.records(network.delegator)

    receipt = network.staking.manager.checkpointBondingState.send(network.delegator, sender=stranger)

    receipt.assert_events([])
    network.staking.assert_records(before)
    assert network.staking.next_votes(network.delegator) == (2000, network.orchestrator)


def test_checkpoint__account_never_seen__emits_nothing(staking, newcomer, stranger):
    receipt = staking.manager.checkpointBondingState.send(newcomer, sender=stranger)

    receipt.assert_events([])
    assert staking.record(newcomer) == BondRecord()


def test_checkpoint__paused_in_a_round_not_initialized__works(network, new_votes, stranger):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.mine_to_round(2)

    staking.manager.checkpointBondingState.send(network.orchestrator, sender=stranger)

    assert new_votes.getVotes(network.orchestrator) == 3000


def test_checkpoint__earnings_pending__the_record_is_not_claimed(network, stranger):
    staking = network.staking
    staking.reward(network.orchestrator, 1000)
    staking.start_round()
    before = staking.records(network.delegator)

    staking.manager.checkpointBondingState.send(network.delegator, sender=stranger)

    staking.assert_records(before)
    # Votes contain pending rewards without a claim.
    assert staking.next_votes(network.delegator) == (2444, network.orchestrator)


def test_checkpoint__votes_of_the_past__stay_as_they_were(network, stranger):
    """A checkpoint is for the next round on."""
    staking, votes = network.staking, network.staking.votes
    r = staking.round
    staking.manager.unbond.send(500, sender=network.delegator)
    assert votes.getVotesAndDelegateAtRoundStart(network.delegator, r).votes == 2000
    staking.start_round()

    staking.manager.checkpointBondingState.send(network.delegator, sender=stranger)

    votes_at = [
        votes.getVotesAndDelegateAtRoundStart(network.delegator, n).votes for n in range(r - 1, r + 3)
    ]
    # Bonded in r - 1, so from r on; unbonded 500 in r, so from r + 1 on.
    assert votes_at == [0, 2000, 1500, 1500]
    assert staking.record(network.delegator) == replace(
        BondRecord(bonded=1500, delegate=network.orchestrator, next_lock=1), start=r, claim=r
    )
