"""cancel(targets, values, calldatas, descriptionHash): the proposal is Pending and the caller proposed it, else
GovernorUnableToCancel; GovernorNonexistentProposal if there is none.  Event ProposalCanceled; returns the id.
"""

import pytest

from simulation.governance import State, make_proposal
from tests.helpers.council import SNAPSHOT


@pytest.mark.parametrize("round_", [SNAPSHOT - 1, SNAPSHOT])
def test_cancel__by_its_proposer_before_the_vote__is_cancelled(council, proposer, round_):
    proposal = council.propose()
    council.start(round_)

    receipt = council.governance.cancel(proposal, sender=proposer)

    assert receipt.return_value == proposal.id
    receipt.assert_events([council.governor.Events.ProposalCanceled(proposalId=proposal.id)])
    assert council.state(proposal) is State.CANCELED
    council.open(proposal)
    assert council.state(proposal) is State.CANCELED
    council.close(proposal)
    assert council.state(proposal) is State.CANCELED


def test_cancel__by_another__reverts(chain, council, orchestrator):
    council.power(orchestrator, 10_000)
    proposal = council.propose()

    for caller in (orchestrator, council.owner, council.treasury.address):
        with chain.reverts("GovernorUnableToCancel", proposalId=proposal.id, account=caller):
            council.governance.cancel(proposal, sender=caller)


def test_cancel__once_the_vote_has_begun__reverts(chain, council, proposer):
    proposal = council.propose_and_open()

    with chain.reverts("GovernorUnableToCancel", proposalId=proposal.id, account=proposer):
        council.governance.cancel(proposal, sender=proposer)


def test_cancel__defeated_succeeded_queued_or_executed__reverts(chain, council, proposer):
    defeated = council.propose(description="Defeated")
    council.close(defeated)
    succeeded = council.succeed(description="Succeeded")
    queued = council.decide(description="Queued")
    executed = council.decide(description="Executed")
    council.governance.execute(executed)

    for proposal in (defeated, succeeded, queued, executed):
        with chain.reverts("GovernorUnableToCancel", proposalId=proposal.id, account=proposer):
            council.governance.cancel(proposal, sender=proposer)


def test_cancel__a_second_time__reverts(chain, council, proposer):
    proposal = council.propose()
    council.governance.cancel(proposal, sender=proposer)

    with chain.reverts("GovernorUnableToCancel", proposalId=proposal.id, account=proposer):
        council.governance.cancel(proposal, sender=proposer)


def test_cancel__never_proposed__reverts(chain, council, proposer):
    proposal = make_proposal(council.set_number(1), description="Never")

    with chain.reverts("GovernorNonexistentProposal", proposalId=proposal.id):
        council.governance.cancel(proposal, sender=proposer)
