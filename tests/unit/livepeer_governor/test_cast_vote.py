"""castVote, castVoteWithReason, castVoteWithReasonAndParams; checks in order:

1. the proposal is Active, else GovernorUnexpectedProposalState; GovernorNonexistentProposal if there is none
2. `support` is 0, 1 or 2, else InvalidVoteType
3. the account has not voted on it, else VoteAlreadyCast

Event VoteCast, or VoteCastWithParams with parameters, which mean nothing; both tell, and the call returns, the votes
that the account has at the snapshot, whatever of them counts (test_override.py).
"""

import pytest

from simulation.governance import ABSTAIN, AGAINST, FOR, State
from tests.helpers.council import DEADLINE, FIRST_ROUND, SNAPSHOT


@pytest.mark.parametrize(
    ("support", "tally"), [(AGAINST, (300, 0, 0)), (FOR, (0, 300, 0)), (ABSTAIN, (0, 0, 300))]
)
def test_cast_vote__of_an_orchestrator__counts_all_its_votes(council, orchestrator, support, tally):
    council.power(orchestrator, 300)
    proposal = council.propose_and_open()

    receipt = council.vote(orchestrator, proposal, support)

    assert receipt.return_value == 300
    receipt.assert_events([council.vote_cast(orchestrator, proposal, support, 300)])
    assert council.tally(proposal) == tally
    assert council.governor.hasVoted(proposal.id, orchestrator) is True


def test_cast_vote__several_accounts__add_up(council, orchestrator, rival, delegator):
    proposal = council.propose_and_open()
    for account, votes, support in ((orchestrator, 1, FOR), (rival, 20, FOR), (delegator, 300, AGAINST)):
        council.power(account, votes)
        council.vote(account, proposal, support)

    assert council.tally(proposal) == (300, 21, 0)


def test_cast_vote_with_reason__a_reason__is_told(council, proposer):
    proposal = council.propose_and_open()

    receipt = council.governor.castVoteWithReason.send(proposal.id, FOR, "because", sender=proposer)

    assert receipt.return_value == 999
    receipt.assert_events([council.vote_cast(proposer, proposal, FOR, 999, "because")])
    assert council.tally(proposal) == (0, 999, 0)


def test_cast_vote_with_reason_and_params__without_params__tells_the_reason(council, proposer):
    proposal = council.propose_and_open()

    receipt = council.governor.castVoteWithReasonAndParams.send(
        proposal.id, FOR, "because", b"", sender=proposer
    )

    assert receipt.return_value == 999
    receipt.assert_events([council.vote_cast(proposer, proposal, FOR, 999, "because")])


def test_cast_vote_with_reason_and_params__params__are_told_and_mean_nothing(council, proposer):
    proposal = council.propose_and_open()

    receipt = council.governor.castVoteWithReasonAndParams.send(
        proposal.id, ABSTAIN, "because", b"\x01\x02", sender=proposer
    )

    assert receipt.return_value == 999
    receipt.assert_events(
        [
            council.governor.Events.VoteCastWithParams(
                voter=proposer,
                proposalId=proposal.id,
                support=ABSTAIN,
                weight=999,
                reason="because",
                params=b"\x01\x02",
            )
        ]
    )
    assert council.tally(proposal) == (0, 0, 999)


def test_cast_vote__without_votes__is_taken_and_counts_nothing(council, stranger):
    proposal = council.propose_and_open()

    receipt = council.vote(stranger, proposal, FOR)

    receipt.assert_events([council.vote_cast(stranger, proposal, FOR, 0)])
    assert council.governor.hasVoted(proposal.id, stranger) is True
    assert council.tally(proposal) == (0, 0, 0)
    with council.chain.reverts("VoteAlreadyCast"):
        council.vote(stranger, proposal, FOR)


def test_cast_vote__votes_of_the_snapshot__count_and_no_others(council, orchestrator, rival):
    council.power(orchestrator, 10, since=SNAPSHOT - 1)
    council.power(orchestrator, 20, since=SNAPSHOT)
    council.power(orchestrator, 30, since=SNAPSHOT + 1)
    council.power(rival, 30, since=SNAPSHOT + 1)
    proposal = council.propose()
    council.start(DEADLINE)

    assert council.vote(orchestrator, proposal, FOR).return_value == 20
    assert council.vote(rival, proposal, FOR).return_value == 0


def test_get_votes__at_a_past_round__asks_the_token(chain, council, orchestrator):
    council.power(orchestrator, 10, since=FIRST_ROUND - 1)

    governor = council.governor
    assert governor.getVotes(orchestrator, FIRST_ROUND - 1) == 10
    assert governor.getVotesWithParams(orchestrator, FIRST_ROUND - 1, b"\x01") == 10
    assert governor.getVotes(orchestrator, FIRST_ROUND - 2) == 0
    with chain.reverts("FutureLookup", queryRound=FIRST_ROUND, maxAllowed=FIRST_ROUND - 1):
        governor.getVotes(orchestrator, FIRST_ROUND)


# ---- refused


@pytest.mark.parametrize("support", [3, 7, 255])
def test_cast_vote__unknown_support__reverts_with_it(chain, council, proposer, support):
    proposal = council.propose_and_open()

    with chain.reverts("InvalidVoteType", voteType=support):
        council.vote(proposer, proposal, support)


@pytest.mark.parametrize("again", [AGAINST, FOR, ABSTAIN])
def test_cast_vote__a_second_time__reverts(chain, council, proposer, again):
    proposal = council.propose_and_open()
    council.vote(proposer, proposal, FOR)

    with chain.reverts("VoteAlreadyCast"):
        council.vote(proposer, proposal, again)
    with chain.reverts("InvalidVoteType", voteType=3):
        council.vote(proposer, proposal, 3)


def test_cast_vote__on_another_proposal__is_another_vote(council, proposer):
    first, second = (council.propose(description=text) for text in ("First", "Second"))
    council.open(first)
    council.vote(proposer, first, FOR)

    assert council.governor.hasVoted(second.id, proposer) is False
    council.vote(proposer, second, AGAINST)
    assert (council.tally(first), council.tally(second)) == ((0, 999, 0), (999, 0, 0))


def test_cast_vote__unknown_proposal__reverts(chain, council, proposer):
    with chain.reverts("GovernorNonexistentProposal", proposalId=7):
        council.governor.castVote.send(7, FOR, sender=proposer)


@pytest.mark.parametrize(
    ("round_", "state"),
    [
        (FIRST_ROUND, State.PENDING),
        (SNAPSHOT, State.PENDING),
        (DEADLINE + 1, State.DEFEATED),
    ],
)
def test_cast_vote__before_or_after_the_vote__reverts(council, proposer, round_, state):
    proposal = council.propose()
    council.start(round_)

    with council.not_in_state(proposal, state, State.ACTIVE):
        council.vote(proposer, proposal, FOR)
    with council.not_in_state(proposal, state, State.ACTIVE):
        council.vote(proposer, proposal, 9)


@pytest.mark.parametrize("round_", [SNAPSHOT + 1, DEADLINE])
def test_cast_vote__first_and_last_round__counts(council, proposer, round_):
    proposal = council.propose()
    council.start(round_)

    council.vote(proposer, proposal, FOR)

    assert council.tally(proposal) == (0, 999, 0)


def test_cast_vote__cancelled_queued_or_executed__reverts(council, proposer):
    cancelled = council.propose(description="Cancelled")
    council.governance.cancel(cancelled, sender=proposer)
    council.open(cancelled)
    with council.not_in_state(cancelled, State.CANCELED, State.ACTIVE):
        council.vote(proposer, cancelled, FOR)

    decided = council.decide()
    with council.not_in_state(decided, State.QUEUED, State.ACTIVE):
        council.vote(proposer, decided, FOR)
    council.governance.execute(decided)
    with council.not_in_state(decided, State.EXECUTED, State.ACTIVE):
        council.vote(proposer, decided, FOR)


@pytest.mark.parametrize("function", ["castVoteWithReason", "castVoteWithReasonAndParams", "castVoteBySig"])
def test_cast_vote__every_form__needs_an_active_proposal(council, proposer, function):
    proposal = council.propose()
    arguments = {
        "castVoteWithReason": ("because",),
        "castVoteWithReasonAndParams": ("because", b"\x01"),
        "castVoteBySig": (27, (1).to_bytes(32, "big"), (1).to_bytes(32, "big")),
    }[function]

    with council.not_in_state(proposal, State.PENDING, State.ACTIVE):
        getattr(council.governor, function).send(proposal.id, FOR, *arguments, sender=proposer)


def test_cast_vote__paused_system__works(council, proposer):
    proposal = council.propose_and_open()
    council.governance.plane.controller.pause.send(sender=council.owner)

    council.vote(proposer, proposal, FOR)

    assert council.tally(proposal) == (0, 999, 0)
