"""propose(targets, values, calldatas, description), checks in order:

1. a description that ends in `#proposer=0x` and 40 hexadecimal digits names the caller, else GovernorRestrictedProposer
2. the caller's votes at the end of the last round reach the threshold, else GovernorInsufficientProposerVotes
3. three arrays of the same length, not empty, else GovernorInvalidProposalLength
4. nobody has proposed the same before, else GovernorUnexpectedProposalState

Effects: snapshot after the delay, deadline after the period; event ProposalCreated; returns the id, the hash of all.
"""

import pytest
from eth_utils import keccak

from simulation.governance import State, make_proposal
from tests.helpers.council import (
    DEADLINE,
    FIRST_ROUND,
    SNAPSHOT,
    THRESHOLD,
    bitmap,
    deploy_council,
)


def test_propose__with_votes_enough__opens_it(council, proposer):
    proposal = make_proposal(council.set_number(5), council.set_number(6), description="Two numbers")

    receipt = council.governance.propose(proposal, sender=proposer)

    assert receipt.return_value == proposal.id
    governor = council.governor
    receipt.assert_events(
        [
            governor.Events.ProposalCreated(
                proposalId=proposal.id,
                proposer=proposer,
                targets=proposal.targets,
                values=[0, 0],
                signatures=["", ""],
                calldatas=proposal.calldatas,
                voteStart=SNAPSHOT,
                voteEnd=DEADLINE,
                description="Two numbers",
            )
        ]
    )
    assert governor.proposalSnapshot(proposal.id) == SNAPSHOT
    assert governor.proposalDeadline(proposal.id) == DEADLINE
    assert governor.proposalProposer(proposal.id) == proposer
    assert governor.proposalEta(proposal.id) == 0
    assert governor.proposalNeedsQueuing(proposal.id) is True
    assert council.tally(proposal) == (0, 0, 0)
    assert council.state(proposal) is State.PENDING


def test_hash_proposal__vector_of_the_specification__is_the_id(council):
    arguments = (["0x" + "00" * 19 + "AA"], [0], [bytes.fromhex("12345678")])
    expected = 0xB30FE7CEF0392A024CF7405316F9E4A7727A05F6D091182FCAB8EB3C11464197

    assert council.governor.hashProposal(*arguments, keccak(text="hello")) == expected
    assert council.governor.getProposalId(*arguments, keccak(text="hello")) == expected
    assert make_proposal((arguments[0][0], 0, arguments[2][0]), description="hello").id == expected


# ---- who may


def test_propose__votes_just_the_threshold__is_enough(council, orchestrator):
    council.power(orchestrator, THRESHOLD)

    council.governance.propose(make_proposal(council.set_number(1)), sender=orchestrator)


def test_propose__votes_below_the_threshold__reverts(chain, council, orchestrator):
    council.power(orchestrator, THRESHOLD - 1)

    with chain.reverts(
        "GovernorInsufficientProposerVotes",
        proposer=orchestrator,
        votes=THRESHOLD - 1,
        threshold=THRESHOLD,
    ):
        council.governance.propose(make_proposal(council.set_number(1)), sender=orchestrator)


def test_propose__votes_of_this_round__do_not_count_yet(chain, council, orchestrator):
    council.power(orchestrator, THRESHOLD, since=FIRST_ROUND)
    proposal = make_proposal(council.set_number(1))

    with chain.reverts(
        "GovernorInsufficientProposerVotes", proposer=orchestrator, votes=0, threshold=THRESHOLD
    ):
        council.governance.propose(proposal, sender=orchestrator)

    council.start(FIRST_ROUND + 1)
    council.governance.propose(proposal, sender=orchestrator)


def test_propose__in_round_zero__panics(chain, council, proposer):
    council.start(0)

    with chain.panics(0x11):
        council.governance.propose(make_proposal(council.set_number(1)), sender=proposer)


def test_propose__threshold_is_zero__takes_no_votes(council, stranger):
    council.enact(council.setting("setProposalThreshold", 0))
    proposal = make_proposal(council.set_number(1), description="By anybody")

    council.governance.propose(proposal, sender=stranger)

    assert council.governor.proposalProposer(proposal.id) == stranger


# ---- for whom it is reserved (G4)


@pytest.mark.parametrize("shape", [str, str.lower, lambda text: "0x" + text[2:].upper()])
def test_propose__description_names_the_proposer__is_for_it_alone(
    chain, council, proposer, orchestrator, shape
):
    council.power(orchestrator, THRESHOLD)
    proposal = make_proposal(council.set_number(1), description=f"Mine #proposer={shape(proposer.address)}")

    with chain.reverts("GovernorRestrictedProposer", proposer=orchestrator):
        council.governance.propose(proposal, sender=orchestrator)
    council.governance.propose(proposal, sender=proposer)


def test_propose__restriction_and_votes_missing__names_the_restriction(chain, council, proposer, stranger):
    proposal = make_proposal(council.set_number(1), description=f"Mine#proposer={proposer.address}")

    with chain.reverts("GovernorRestrictedProposer", proposer=stranger):
        council.governance.propose(proposal, sender=stranger)


@pytest.mark.parametrize(
    "suffix",
    [
        "#proposer={}\n",
        "#proposer={} ",
        "#proposer ={}",
        "#Proposer={}",
        "#proposer=0X" + "1" * 40,
        "#other={}",
        "#proposer=",
        "#proposer=0x" + "z" * 40,
        "#proposer=0x" + "1" * 39,
        "#proposer=0x" + "1" * 41,
        "#proposer=" + "1" * 42,
    ],
)
def test_propose__suffix_is_malformed__is_for_everybody(council, proposer, orchestrator, suffix):
    council.power(orchestrator, THRESHOLD)
    text = suffix.format(proposer.address) if "{}" in suffix else suffix

    council.governance.propose(
        make_proposal(council.set_number(1), description="Ours " + text), sender=orchestrator
    )


# ---- what can be proposed


@pytest.mark.parametrize(("targets", "values", "calldatas"), [(1, 2, 1), (1, 1, 2), (2, 1, 1), (0, 0, 0)])
def test_propose__lengths_differ_or_nothing_to_do__reverts(
    chain, council, proposer, targets, values, calldatas
):
    with chain.reverts("GovernorInvalidProposalLength", targets=targets, calldatas=calldatas, values=values):
        council.governor.propose.send(
            [council.target] * targets, [0] * values, [b""] * calldatas, "Uneven", sender=proposer
        )


def test_propose__votes_and_lengths_missing__names_the_votes(chain, council, stranger):
    with chain.reverts("GovernorInsufficientProposerVotes", proposer=stranger, votes=0, threshold=THRESHOLD):
        council.governor.propose.send([], [], [], "Nothing", sender=stranger)


def test_propose__the_same_again__reverts_whatever_became_of_it(council, proposer):
    proposal = council.propose(description="Once")

    for state in (State.PENDING, State.ACTIVE, State.DEFEATED):
        with council.chain.reverts(
            "GovernorUnexpectedProposalState",
            proposalId=proposal.id,
            current=state,
            expectedStates=bitmap(),
        ):
            council.governance.propose(proposal, sender=proposer)
        if state is State.PENDING:
            council.open(proposal)
        else:
            council.close(proposal)


def test_propose__the_same_after_cancelling__needs_another_description(council, proposer):
    proposal = council.propose(description="Once")
    council.governance.cancel(proposal, sender=proposer)

    with council.not_in_state(proposal, State.CANCELED):
        council.governance.propose(proposal, sender=proposer)
    council.governance.propose(proposal._replace(description="Twice"), sender=proposer)


def test_propose__paused_system__works(council, proposer):
    council.governance.plane.controller.pause.send(sender=council.owner)

    assert council.state(council.propose()) is State.PENDING


def test_propose__in_round_zero_without_a_threshold__opens_it(chain, stranger):
    """There is no round before, and nothing to be looked up there (DEV-27)."""
    council = deploy_council(chain, proposal_threshold=0)
    council.start(0)
    proposal = make_proposal(council.set_number(5), description="The first")

    council.governance.propose(proposal, sender=stranger)

    assert council.governor.proposalSnapshot(proposal.id) == 1
