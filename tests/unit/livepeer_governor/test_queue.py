"""queue(targets, values, calldatas, descriptionHash), by anybody: the proposal has succeeded, else
GovernorUnexpectedProposalState; GovernorNonexistentProposal if there is none; the treasury takes it, else what that
throws.

The treasury schedules a batch without predecessor, salted with the hash of the description, with its own least delay.
Events: the treasury's CallScheduled for each call and CallSalt, then ProposalQueued; returns the id.
"""

import pytest

from simulation.governance import PROPOSER_ROLE, State, make_proposal
from tests.helpers.council import deploy_council

DAY = 86_400


def test_queue__succeeded_by_anybody__is_scheduled(council, stranger):
    proposal = council.succeed(council.set_number(5), council.set_number(6))

    receipt = council.governance.queue(proposal, sender=stranger)

    assert receipt.return_value == proposal.id
    treasury = council.treasury
    scheduled = [
        treasury.Events.CallScheduled(
            id=proposal.operation_id,
            index=index,
            target=council.target,
            value=0,
            data=data,
            predecessor=bytes(32),
            delay=0,
        )
        for index, data in enumerate(proposal.calldatas)
    ]
    receipt.assert_events(
        [
            *scheduled,
            treasury.Events.CallSalt(id=proposal.operation_id, salt=proposal.description_hash),
            council.governor.Events.ProposalQueued(proposalId=proposal.id, etaSeconds=receipt.timestamp),
        ]
    )
    assert council.state(proposal) is State.QUEUED
    assert council.governor.proposalEta(proposal.id) == receipt.timestamp
    assert treasury.isOperationReady(proposal.operation_id) is True
    assert council.target.number() == 0
    assert (
        treasury.hashOperationBatch(*proposal[:3], bytes(32), proposal.description_hash)
        == proposal.operation_id
    )


def test_queue__treasury_with_a_delay__waits_for_it(chain, owner):
    council = deploy_council(chain, min_delay=DAY)
    proposal = council.succeed()

    receipt = council.governance.queue(proposal)

    assert receipt.event("CallScheduled")["delay"] == DAY
    assert receipt.event("ProposalQueued")["etaSeconds"] == receipt.timestamp + DAY
    assert council.governor.proposalEta(proposal.id) == receipt.timestamp + DAY
    assert council.treasury.isOperationReady(proposal.operation_id) is False


def test_queue__in_another_state__reverts(council, proposer):
    pending = council.propose(description="Pending")
    with council.not_in_state(pending, State.PENDING, State.SUCCEEDED):
        council.governance.queue(pending)
    council.open(pending)
    with council.not_in_state(pending, State.ACTIVE, State.SUCCEEDED):
        council.governance.queue(pending)
    council.close(pending)
    with council.not_in_state(pending, State.DEFEATED, State.SUCCEEDED):
        council.governance.queue(pending)

    cancelled = council.propose(description="Cancelled")
    council.governance.cancel(cancelled, sender=proposer)
    with council.not_in_state(cancelled, State.CANCELED, State.SUCCEEDED):
        council.governance.queue(cancelled)

    decided = council.decide(description="Decided")
    with council.not_in_state(decided, State.QUEUED, State.SUCCEEDED):
        council.governance.queue(decided)
    council.governance.execute(decided)
    with council.not_in_state(decided, State.EXECUTED, State.SUCCEEDED):
        council.governance.queue(decided)


def test_queue__never_proposed__reverts(chain, council):
    proposal = make_proposal(council.set_number(1), description="Never")

    with chain.reverts("GovernorNonexistentProposal", proposalId=proposal.id):
        council.governance.queue(proposal)


def test_queue__governor_may_not_propose_there__reverts(chain, council):
    treasury = council.treasury
    council.enact((treasury, 0, treasury.revokeRole.encode(PROPOSER_ROLE, council.governor)))
    proposal = council.succeed(description="Nobody schedules it")

    with chain.reverts(
        "AccessControlUnauthorizedAccount", account=council.governor, neededRole=PROPOSER_ROLE
    ):
        council.governance.queue(proposal)


@pytest.mark.parametrize("reached", [False, True])
def test_queue__same_calls_with_another_text__are_another_operation(council, reached):
    first = council.decide(description="First")
    second = council.decide(description="Second")

    assert first.operation_id != second.operation_id
    if reached:
        council.governance.execute(second)
    assert council.state(first) is State.QUEUED
