"""When a proposal passes: all votes reach the quorum, those for it exceed the quota of those for and against.

quorum(t) = ⌊total supply at t · numerator at t / 10⁶⌋; the numerator is that of round t, whatever it is now (G5)
for · 10⁶ > (for + against) · quota, without rounding (G3, DEV-18)
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.governance import ABSTAIN, AGAINST, FOR, State
from tests.helpers.council import DEADLINE, FIRST_ROUND, QUORUM, TOTAL_SUPPLY, deploy_council

WHOLE = 1_000_000


def count(council, *votes: int) -> State:
    """The state after as many votes against, for and abstaining."""
    voters = [council.chain.actor(f"voter {choice}") for choice in range(3)]
    for voter, number in zip(voters, votes, strict=True):
        council.power(voter, number)
    proposal = council.propose_and_open(description=str(votes))
    for choice, voter in enumerate(voters):
        council.vote(voter, proposal, choice)
    assert council.tally(proposal) == votes
    council.close(proposal)
    return council.state(proposal)


@pytest.mark.parametrize(
    "votes",
    [(0, QUORUM, 0), (QUORUM // 3, QUORUM - QUORUM // 3, 0), (0, 1, QUORUM - 1), (1, 2, QUORUM - 3)],
)
def test_quorum__all_votes_together_reach_it__passes(council, votes):
    assert count(council, *votes) is State.SUCCEEDED


@pytest.mark.parametrize("votes", [(0, QUORUM - 1, 0), (0, 1, QUORUM - 2), (1, 2, QUORUM - 4)])
def test_quorum__one_vote_is_missing__fails(council, votes):
    assert count(council, *votes) is State.DEFEATED


def test_quorum__of_a_past_round__is_its_share_rounded_down(chain, council):
    assert council.governor.quorum(FIRST_ROUND - 1) == 0
    council.start(FIRST_ROUND + 1)
    assert council.governor.quorum(FIRST_ROUND) == TOTAL_SUPPLY * 333_300 // WHOLE == QUORUM
    with chain.reverts("FutureLookup", queryRound=FIRST_ROUND + 1, maxAllowed=FIRST_ROUND):
        council.governor.quorum(FIRST_ROUND + 1)


def test_quorum__nothing_is_staked__takes_a_vote_nevertheless(council):
    council.table.setTotalSupply.send(0, sender=council.owner)

    assert count(council, 0, 0, 0) is State.DEFEATED
    council.start(FIRST_ROUND)
    assert count(council, 0, 1, 0) is State.SUCCEEDED


def test_quorum__numerator_is_lowered_later__leaves_old_proposals_defeated(council):
    """G5: history by round."""
    defeated = count(council, 0, QUORUM - 1, 0)
    assert defeated is State.DEFEATED
    ends = council.governor.clock()
    proposal = council.propose(description="To be defeated")
    council.open(proposal)
    council.vote(council.chain.actor("voter 1"), proposal, FOR)
    council.close(proposal)
    assert council.state(proposal) is State.DEFEATED

    council.enact(council.setting("updateQuorumNumerator", 100_000))

    governor, changed = council.governor, council.governor.clock()
    assert governor.quorumNumerator() == governor.quorumNumerator(changed) == 100_000
    assert governor.quorumNumerator(changed - 1) == governor.quorumNumerator(ends) == 333_300
    assert governor.quorumNumerator(FIRST_ROUND - 1) == 0
    council.start(changed + 1)
    assert governor.quorum(changed) == 300
    assert governor.quorum(changed - 1) == QUORUM
    assert council.state(proposal) is State.DEFEATED
    assert count(council, 0, 300, 0) is State.SUCCEEDED


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        ((500, 501, 0), State.SUCCEEDED),
        # A tie; upstream passes it.
        ((500, 500, 0), State.DEFEATED),
        # One more against; upstream rounds, and passes it where the sum is odd.
        ((501, 500, 0), State.DEFEATED),
        ((2, 1, 1_000), State.DEFEATED),
        # Nobody for it; upstream passes it.
        ((1, 0, 1_000), State.DEFEATED),
        # Nobody has an opinion; upstream passes it.
        ((0, 0, 1_000), State.DEFEATED),
        ((0, 1, 1_000), State.SUCCEEDED),
    ],
)
def test_quota__of_one_half__is_to_be_exceeded(council, votes, state):
    """G3, DEV-18."""
    assert count(council, *votes) is state


@pytest.mark.parametrize(
    ("quota", "votes", "state"),
    [
        (0, (1_000, 1, 0), State.SUCCEEDED),
        (0, (1_000, 0, 0), State.DEFEATED),
        (0, (0, 0, 1_000), State.DEFEATED),
        (666_666, (1_000, 2_000, 0), State.SUCCEEDED),
        (666_667, (1_000, 2_000, 0), State.DEFEATED),
        (999_999, (1, 999_999, 0), State.DEFEATED),
        (999_999, (1, 1_000_000, 0), State.SUCCEEDED),
        (999_999, (0, 1_000, 0), State.SUCCEEDED),
    ],
)
def test_quota__of_another_share__is_to_be_exceeded(chain, quota, votes, state):
    assert count(deploy_council(chain, quota=quota), *votes) is state


@given(
    votes=st.lists(
        st.one_of(st.integers(0, 3), st.integers(0, 2**96), st.integers(2**111, 2**112 - 1)),
        min_size=3,
        max_size=3,
    ),
    supply=st.integers(0, 2**112 - 1),
)
def test_state__any_votes__is_what_the_formulas_say(deployed_council, session_chain, votes, supply):
    council = deployed_council
    with session_chain.isolate():
        council.table.setTotalSupply.send(supply, sender=council.owner)
        state = count(council, *votes)

    reached = sum(votes) >= supply * 333_300 // WHOLE
    passes = reached and 2 * votes[FOR] > votes[FOR] + votes[AGAINST]
    assert state is (State.SUCCEEDED if passes else State.DEFEATED)


def test_state__vote_that_decides__decides_it_in_the_last_round(council, orchestrator, rival):
    council.power(orchestrator, 600)
    council.power(rival, 601)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, AGAINST)
    council.start(DEADLINE)
    council.vote(rival, proposal, FOR)
    council.vote(council.proposer, proposal, ABSTAIN)

    council.close(proposal)

    assert council.state(proposal) is State.SUCCEEDED
