"""getVotesAndDelegateAtRoundStart, getVotes, getPastVotes, delegates, delegatedAt.

given a round that has not ended, for getPastVotes and delegatedAt    FutureLookup with the last one that has
given a round after the next one                                      FutureLookup with the next one
given no checkpoint, or no bond                                       no votes
given a bond to oneself                                               all stake pointed at the account
given a bond to somebody without a bond to itself                     no votes
given a bond to an orchestrator                                       the bond, grown by the rewards since its claim
                                                                      round; fees have no part in it
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.earnings import RAY, frac
from tests.unit.bonding_votes.conftest import FIRST_ROUND

pytestmark = pytest.mark.unit

NEXT = FIRST_ROUND + 1


# ---- which rounds may be asked for


@pytest.mark.parametrize("function", ["getPastVotes", "delegatedAt"])
@pytest.mark.parametrize("ahead", [0, 1, 2**64])
def test_past__round_has_not_ended__reverts_with_the_last_that_has(votes, delegator, function, ahead):
    with votes.chain.reverts("FutureLookup", queryRound=FIRST_ROUND + ahead, maxAllowed=FIRST_ROUND - 1):
        getattr(votes.contract, function)(delegator, FIRST_ROUND + ahead)


@pytest.mark.parametrize("function", ["getPastVotes", "delegatedAt"])
def test_past__clock_of_zero__names_zero(votes, delegator, function):
    votes.start(0)

    with votes.chain.reverts("FutureLookup", queryRound=0, maxAllowed=0):
        getattr(votes.contract, function)(delegator, 0)


@pytest.mark.parametrize("ahead", [2, 3, 2**64])
def test_at_round_start__after_the_next_round__reverts_with_the_next(votes, delegator, ahead):
    with votes.chain.reverts("FutureLookup", queryRound=FIRST_ROUND + ahead, maxAllowed=NEXT):
        votes.at(delegator, FIRST_ROUND + ahead)


def test_past__speaks_of_the_end_of_the_round(votes, orchestrator):
    votes.checkpoint(orchestrator, bonded=1, delegate=orchestrator, delegated=300)
    assert votes.contract.getVotes(orchestrator) == 300
    assert votes.contract.delegates(orchestrator) == orchestrator

    votes.start(NEXT)

    contract = votes.contract
    assert [contract.getPastVotes(orchestrator, n) for n in (FIRST_ROUND - 1, FIRST_ROUND)] == [0, 300]
    assert [contract.delegatedAt(orchestrator, n) for n in (FIRST_ROUND - 1, FIRST_ROUND)] == [
        ZERO_ADDRESS,
        orchestrator,
    ]


# ---- whose votes


def test_votes__delegate_was_never_checkpointed__none(votes, delegator, orchestrator):
    votes.checkpoint(delegator, bonded=50, delegate=orchestrator)

    assert votes.at(delegator, NEXT) == (0, orchestrator)


@pytest.mark.parametrize("state", ["unbonded", "pointing elsewhere", "no bond"])
def test_votes__delegate_is_no_orchestrator__none(votes, delegator, orchestrator, rival, state):
    """V16: a delegator could otherwise take more from its delegate's votes than there is."""
    votes.checkpoint(delegator, bonded=50, delegate=orchestrator)
    bond = {
        "unbonded": (0, ZERO_ADDRESS),
        "pointing elsewhere": (5, rival),
        "no bond": (0, orchestrator),
    }[state]
    votes.checkpoint(orchestrator, bonded=bond[0], delegate=bond[1], delegated=300, reward=99)
    votes.set_factor(orchestrator, 99, 2 * RAY)

    assert votes.at(delegator, NEXT) == (0, orchestrator)


def test_votes__delegate_became_an_orchestrator_later__count_from_then_on(votes, delegator, orchestrator):
    votes.checkpoint(delegator, bonded=50, delegate=orchestrator)
    votes.start(NEXT)
    votes.checkpoint(orchestrator, bonded=1, delegate=orchestrator, delegated=51)

    assert [votes.at(delegator, n)[0] for n in (NEXT, NEXT + 1)] == [0, 50]


def test_votes__bonded_to_the_zero_address__none(votes, delegator):
    votes.checkpoint(delegator, bonded=50)

    assert votes.at(delegator, NEXT) == (0, ZERO_ADDRESS)


# ---- growth


@pytest.fixture
def behind(votes, delegator, orchestrator):
    """behind(claim, rewards): the delegator's votes with a bond of 50 of claim round `claim`.

    The orchestrator rewards in the rounds of `rewards`, with a checkpoint in each, reaching these factors.
    """

    def votes_of(claim, rewards):
        votes.start(80)
        votes.checkpoint(orchestrator, bonded=1, delegate=orchestrator, delegated=51)
        for round_, factor in rewards.items():
            votes.start(round_)
            votes.set_factor(orchestrator, round_, factor)
            votes.checkpoint(orchestrator, bonded=1, delegate=orchestrator, delegated=51, reward=round_)
        votes.start(FIRST_ROUND)
        votes.checkpoint(delegator, bonded=50, delegate=orchestrator, claim=claim)
        return votes.at(delegator, NEXT)[0]

    return votes_of


def test_votes__orchestrator_never_rewarded__the_bond(behind):
    assert behind(90, {}) == 50


@pytest.mark.parametrize("claim", [95, 96, FIRST_ROUND])
def test_votes__last_reward_is_not_after_the_claim__the_bond(behind, claim):
    assert behind(claim, {95: 3 * RAY}) == 50


def test_votes__first_reward_is_after_the_claim__grown_from_the_whole(behind):
    # ⌊50 · 1.333…⌋
    assert behind(90, {95: RAY + RAY // 3}) == 66


@pytest.mark.parametrize("claim", [90, 91, 94])
def test_votes__rewards_before_and_after_the_claim__grown_by_the_later_ones(behind, claim):
    start, end = RAY + RAY // 7, 2 * RAY + 12345

    assert behind(claim, {85: RAY + 1, 90: start, 95: end}) == frac(50, end, start) == 87


def test_votes__factor_is_missing__reverts_with_its_round(behind, votes, delegator, orchestrator):
    """Never in the protocol: whoever has rewarded has a factor."""
    with votes.chain.reverts("MissingEarningsPool", transcoder=orchestrator, round=95):
        behind(90, {95: 0})


def test_votes__growth_rounds_down_twice(behind):
    # ⌊1e27 / 3e27 · …⌋: three from one and a third of it lose a unit to the inner floor.
    assert frac(50, 3 * RAY, 3 * RAY - 1) == 50
    assert behind(90, {90: 3 * RAY, 95: 4 * RAY}) == frac(50, 4, 3) == 66


def test_votes__of_the_past__stay_what_they_were(behind, votes, delegator, orchestrator):
    behind(90, {90: RAY, 95: 2 * RAY})
    assert votes.at(delegator, NEXT) == (100, orchestrator)
    past = votes.at(delegator, 96)

    votes.start(NEXT)
    votes.set_factor(orchestrator, NEXT, 3 * RAY)
    votes.checkpoint(orchestrator, bonded=1, delegate=orchestrator, delegated=151, reward=NEXT)
    votes.checkpoint(delegator, bonded=150, delegate=orchestrator, claim=NEXT)

    assert votes.at(delegator, NEXT) == (100, orchestrator)
    assert votes.at(delegator, NEXT + 1) == (150, orchestrator)
    assert votes.at(delegator, 96) == past == (0, ZERO_ADDRESS)
