"""execute(targets, values, calldatas, descriptionHash) payable, by anybody: the proposal is queued, else
GovernorUnexpectedProposalState; GovernorNonexistentProposal if there is none; its time has come, else the treasury's
TimelockUnexpectedOperationState.

The treasury makes the calls, with the ETH of this one and its own; what a failing call throws comes back byte for byte,
undoes all, and the proposal waits.  Events: those of each call with the treasury's CallExecuted, then ProposalExecuted.
"""

import pytest

from simulation.governance import State, make_proposal
from simulation.protocol import ETHER
from tests.helpers.council import bitmap, deploy_council

READY = 2


def test_execute__queued_by_anybody__makes_the_calls(council, stranger):
    proposal = council.decide(council.set_number(5), council.set_number(6))

    receipt = council.governance.execute(proposal, sender=stranger)

    assert receipt.return_value == proposal.id
    treasury, target = council.treasury, council.target
    calls = [
        event
        for index, (number, data) in enumerate(zip((5, 6), proposal.calldatas, strict=True))
        for event in (
            target.Events.Called(caller=treasury, number=number, value=0),
            treasury.Events.CallExecuted(
                id=proposal.operation_id, index=index, target=target, value=0, data=data
            ),
        )
    ]
    receipt.assert_events([*calls, council.governor.Events.ProposalExecuted(proposalId=proposal.id)])
    assert target.number() == 6
    assert council.state(proposal) is State.EXECUTED
    assert council.governor.proposalEta(proposal.id) == 0
    assert treasury.isOperationDone(proposal.operation_id) is True


def test_execute__with_eth__forwards_it_through_the_treasury(chain, council, stranger):
    target = council.target
    chain.set_balance(council.treasury, 3 * ETHER)
    proposal = council.decide((target, 5 * ETHER, target.setNumber.encode(1)))

    council.governance.execute(proposal, sender=stranger, value=4 * ETHER)

    assert chain.balance(target) == 5 * ETHER
    assert chain.balance(council.treasury) == 2 * ETHER
    assert chain.balance(council.governor) == 0


def test_execute__not_queued__reverts(council, proposer):
    proposal = council.propose()
    for go, state in (
        (lambda: None, State.PENDING),
        (lambda: council.open(proposal), State.ACTIVE),
        (lambda: council.close(proposal), State.DEFEATED),
    ):
        go()
        with council.not_in_state(proposal, state, State.QUEUED):
            council.governance.execute(proposal)

    succeeded = council.succeed(description="Succeeded")
    with council.not_in_state(succeeded, State.SUCCEEDED, State.QUEUED):
        council.governance.execute(succeeded)
    cancelled = council.propose(description="Cancelled")
    council.governance.cancel(cancelled, sender=proposer)
    with council.not_in_state(cancelled, State.CANCELED, State.QUEUED):
        council.governance.execute(cancelled)


def test_execute__a_second_time__reverts(council):
    proposal = council.decide()
    council.governance.execute(proposal)

    with council.not_in_state(proposal, State.EXECUTED, State.QUEUED):
        council.governance.execute(proposal)
    assert council.target.number() == 5


def test_execute__never_proposed__reverts(chain, council):
    proposal = make_proposal(council.set_number(1), description="Never")

    with chain.reverts("GovernorNonexistentProposal", proposalId=proposal.id):
        council.governance.execute(proposal)


@pytest.mark.parametrize("field", ["targets", "values", "calldatas", "description"])
def test_execute__something_else_than_was_voted__is_another_proposal(chain, council, field):
    proposal = council.decide()
    other = {"targets": [council.governor.address], "values": [1], "calldatas": [b""], "description": "Other"}
    changed = proposal._replace(**{field: other[field]})

    with chain.reverts("GovernorNonexistentProposal", proposalId=changed.id):
        council.governance.execute(changed)


def test_execute__before_the_delay_is_over__reverts(chain):
    council = deploy_council(chain, min_delay=3_600)
    proposal = council.decide()
    ready_at = council.governor.proposalEta(proposal.id)

    chain.set_timestamp(ready_at - 1)
    with chain.reverts(
        "TimelockUnexpectedOperationState",
        operationId=proposal.operation_id,
        expectedStates=bitmap(READY),
    ):
        council.governance.execute(proposal)
    assert council.state(proposal) is State.QUEUED

    chain.set_timestamp(ready_at)
    council.governance.execute(proposal)
    assert council.target.number() == 5


def test_execute__a_call_fails__reverts_with_it_and_waits(chain, council):
    """Upstream loses the reason."""
    target = council.target
    chain.set_balance(council.treasury, 0)
    proposal = council.decide(
        council.set_number(5), (target, 0, target.refuse.encode(7)), description="To be refused"
    )

    with chain.reverts("Refused", number=7):
        council.governance.execute(proposal)

    assert target.number() == 0
    assert council.state(proposal) is State.QUEUED


def test_execute__a_call_fails_silently__says_so(chain, council):
    target = council.target
    proposal = council.decide((target, 0, target.refuseSilently.encode()))

    with chain.reverts("FailedCall"):
        council.governance.execute(proposal)


def test_execute__treasury_has_too_little_eth__reverts(chain, council, stranger):
    proposal = council.decide((stranger, ETHER, b""), description="More than there is")

    with chain.reverts("FailedCall"):
        council.governance.execute(proposal)
    chain.set_balance(council.treasury, ETHER)
    council.governance.execute(proposal)
    assert chain.balance(council.treasury) == 0


def test_execute__paused_system__works(council):
    proposal = council.decide()
    council.governance.plane.controller.pause.send(sender=council.owner)

    council.governance.execute(proposal)

    assert council.target.number() == 5
