"""Historical weaknesses in the counting of votes (governance.md 4, G1 to G3), on governors that have them.

A scenario ends in a claim. On our contract the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| G1 | votes are taken from a delegate that delegates on | its vote counts whole |
| G2 | deductions are subtracted with a check | a delegate can vote whatever its delegators have |
| G2 | a delegator takes more than is left of the vote cast | it can vote, too |
| G2 | a vote that has been cast is not reduced | no stake counts twice |
| G2 | a vote to come is not reduced | no stake counts twice |
| G3 | a tie passes | it fails |
| G3 | the quota is rounded down and need only be reached | one vote more against fails; so do abstentions alone |
"""

import pytest

from simulation.governance import AGAINST, FOR, State
from tests.helpers.council import QUORUM, Council
from tests.mutants.governance_stage import (
    COUNTING,
    attack,
    open_attacked_chain,
    play,
    play_on_ours,
    roles,
)
from tests.mutants.staking_stage import succeeds

pytestmark = pytest.mark.unit


def delegate_delegates_on(council: Council) -> None:
    orchestrator, rival, delegator = roles(council)
    council.power(rival, 500)
    council.power(orchestrator, 300, rival)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)
    council.vote(delegator, proposal, AGAINST)
    assert council.tally(proposal)[FOR] == 300, "G1: votes are taken from who never had them"


def delegators_have_more(council: Council) -> None:
    orchestrator, _, delegator = roles(council)
    council.power(orchestrator, 50)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(delegator, proposal, AGAINST)
    assert succeeds(council.vote, orchestrator, proposal, FOR), "G2: a delegate cannot vote"


def delegator_has_more_than_is_left(council: Council) -> None:
    orchestrator, _, delegator = roles(council)
    council.power(orchestrator, 50)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)
    assert succeeds(council.vote, delegator, proposal, AGAINST), "G2: a delegator cannot vote"


def delegator_votes_second(council: Council) -> None:
    orchestrator, _, delegator = roles(council)
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)
    council.vote(delegator, proposal, AGAINST)
    assert sum(council.tally(proposal)) <= 300, "G2: stake counts twice"


def delegator_votes_first(council: Council) -> None:
    orchestrator, _, delegator = roles(council)
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(delegator, proposal, AGAINST)
    council.vote(orchestrator, proposal, FOR)
    assert sum(council.tally(proposal)) <= 300, "G2: stake counts twice"


# ---- results


def passes(council: Council, votes: tuple[int, int, int]) -> bool:
    proposal = council.propose_and_open()
    for choice, (voter, number) in enumerate(zip(roles(council), votes, strict=True)):
        council.power(voter, number)
        council.vote(voter, proposal, choice)
    council.close(proposal)
    return council.state(proposal) is State.SUCCEEDED


def tie(council: Council) -> None:
    assert not passes(council, (500, 500, 0)), "G3: a tie passes"


def one_more_against(council: Council) -> None:
    assert not passes(council, (501, 500, 0)), "G3: fewer for it than against pass it"


def abstentions_alone(council: Council) -> None:
    assert not passes(council, (0, 0, QUORUM)), "G3: it passes although nobody wants it"


ATTACKS = [
    attack(
        "G1",
        "AnyDelegateLoses",
        COUNTING,
        "else if (_isSelfDelegatedAt(delegate, snapshot))",
        "else",
        delegate_delegates_on,
    ),
    attack(
        "G2",
        "CheckedDeduction",
        COUNTING,
        "Math.saturatingSub(weight, voter.deductions)",
        "weight - voter.deductions",
        delegators_have_more,
    ),
    attack(
        "G2",
        "TakesWhatIsNotThere",
        COUNTING,
        "uint120(Math.min(weight, voter.counted))",
        "uint120(weight)",
        delegator_has_more_than_is_left,
    ),
    attack(
        "G2",
        "VoteCastStays",
        COUNTING,
        "            tally.votes[uint8(voter.support)] -= taken;\n",
        "",
        delegator_votes_second,
    ),
    attack(
        "G2",
        "VoteToComeStays",
        COUNTING,
        "        voter.deductions += SafeCast.toUint120(weight);\n",
        "",
        delegator_votes_first,
    ),
    attack(
        "G3",
        "TiePasses",
        COUNTING,
        "forVotes * PPM_WHOLE > opinionated * quota()",
        "forVotes * PPM_WHOLE >= opinionated * quota()",
        tie,
    ),
    attack(
        "G3",
        "QuotaRoundedDown",
        COUNTING,
        "forVotes * PPM_WHOLE > opinionated * quota()",
        "forVotes >= opinionated * quota() / PPM_WHOLE",
        one_more_against,
    ),
    attack(
        "G3",
        "AbstentionsPass",
        COUNTING,
        "forVotes * PPM_WHOLE > opinionated * quota()",
        "opinionated == 0 || forVotes * PPM_WHOLE > opinionated * quota()",
        abstentions_alone,
    ),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])


@pytest.fixture(scope="module")
def attacked_chain(request, artifacts):
    yield from open_attacked_chain(ATTACKS, artifacts, request.config.getoption("engine"))


@EACH_ATTACK
def test_attack__on_our_contracts__fails(attacked_chain, attack):
    play_on_ours(attacked_chain, attack)


@EACH_ATTACK
def test_attack__on_the_planted_fault__succeeds(attacked_chain, attack):
    play(attacked_chain, attack)
