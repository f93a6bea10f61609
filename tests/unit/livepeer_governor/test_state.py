"""state(proposalId), with c the current round, t the snapshot, e the deadline:

given an unknown id                                        it should revert with GovernorNonexistentProposal
given c ≤ t                                                it should be Pending
given t < c ≤ e                                            it should be Active
given c > e without quorum, or without success             it should be Defeated
given c > e with both, not queued                          it should be Succeeded
given it was queued                                        it should be Queued
given its operation was executed, by whomever              it should be Executed
given its operation vanished from the treasury             it should be Canceled
given its proposer cancelled it                            it should be Canceled
"""

import pytest

from simulation.governance import AGAINST, CANCELLER_ROLE, EXECUTOR_ROLE, FOR, State
from tests.helpers.council import DEADLINE, FIRST_ROUND, QUORUM, SNAPSHOT


def test_state__unknown_id__reverts(chain, council):
    with chain.reverts("GovernorNonexistentProposal", proposalId=7):
        council.governor.state(7)


@pytest.mark.parametrize(
    ("round_", "state"),
    [
        (FIRST_ROUND, State.PENDING),
        (SNAPSHOT, State.PENDING),
        (SNAPSHOT + 1, State.ACTIVE),
        (DEADLINE, State.ACTIVE),
        (DEADLINE + 1, State.DEFEATED),
    ],
)
def test_state__nobody_votes__follows_the_rounds(council, round_, state):
    proposal = council.propose()

    council.start(round_)

    assert council.state(proposal) is state


@pytest.mark.parametrize(
    ("votes", "support", "state"),
    [
        (QUORUM, FOR, State.SUCCEEDED),
        (QUORUM - 1, FOR, State.DEFEATED),
        (QUORUM, AGAINST, State.DEFEATED),
    ],
)
def test_state__after_the_vote__is_its_result(council, orchestrator, votes, support, state):
    council.power(orchestrator, votes)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, support)
    assert council.state(proposal) is State.ACTIVE

    council.close(proposal)

    assert council.state(proposal) is state
    council.start(DEADLINE + 1_000)
    assert council.state(proposal) is state


def test_state__queued_then_executed__says_so(council):
    proposal = council.succeed()

    council.governance.queue(proposal)
    assert council.state(proposal) is State.QUEUED
    council.governance.execute(proposal)
    assert council.state(proposal) is State.EXECUTED


def test_state__queued_and_the_token_is_replaced__stays_queued(council):
    """What was voted stays voted: upstream would count the votes anew, against another total."""
    proposal = council.decide()
    plane = council.governance.plane
    plane.deploy_registered("BondingVotesTable__Mock", name="BondingVotes")
    council.governor.bumpGovernorVotesTokenAddress.send(sender=council.owner)

    assert council.state(proposal) is State.QUEUED


def test_state__asked_from_inside_the_execution__is_executed(council):
    """A call that looks at its own proposal does not find it waiting."""
    asks = council.target.setCallback
    proposal = council.decide((council.target, 0, council.target.callBack.encode()))
    asks.send(council.governor, council.governor.execute.encode(*proposal.by_hash), sender=council.owner)

    with council.not_in_state(proposal, State.EXECUTED, State.QUEUED):
        council.governance.execute(proposal)


@pytest.fixture
def second_holder(council, stranger):
    """Has been given, by a proposal, what the governor alone should have (G6)."""
    treasury = council.treasury
    for role in (CANCELLER_ROLE, EXECUTOR_ROLE):
        council.enact((treasury, 0, treasury.grantRole.encode(role, stranger)), description=role.hex())
    return stranger


def test_state__operation_is_cancelled_in_the_treasury__is_canceled(council, second_holder):
    proposal = council.decide()

    council.treasury.cancel.send(proposal.operation_id, sender=second_holder)

    assert council.state(proposal) is State.CANCELED
    assert council.governor.proposalEta(proposal.id) == 0
    with council.not_in_state(proposal, State.CANCELED, State.QUEUED):
        council.governance.execute(proposal)


def test_state__operation_is_executed_in_the_treasury__is_executed(council, second_holder):
    proposal = council.decide()

    council.treasury.executeBatch.send(
        *proposal[:3], bytes(32), proposal.description_hash, sender=second_holder
    )

    assert council.target.number() == 5
    assert council.state(proposal) is State.EXECUTED
    assert council.governor.proposalEta(proposal.id) == 0
    with council.not_in_state(proposal, State.EXECUTED, State.QUEUED):
        council.governance.execute(proposal)
