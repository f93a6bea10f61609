"""checkpointTotalActiveStake, getTotalActiveStakeAt, totalSupply, getPastTotalSupply: the total of a round.

checkpointTotalActiveStake checks that
    the caller is the BondingManager; else InvalidCaller
    the round is the current one; else InvalidTotalStakeCheckpointRound
    the total fits; else the library's error with the value
checkpointTotal trusts its caller with the round.

| getTotalActiveStakeAt(n) | answer |
|---|---|
| n is after the next round | FutureLookup with the next round |
| no total yet, or n is before the first | 0 |
| n has a total | that, a zero too |
| n was left out | that of the next round that has one: stake stood still |
| n is after the last | what the BondingManager says of the next round |
"""

import pytest

from tests.unit.bonding_votes.conftest import FIRST_ROUND

pytestmark = pytest.mark.unit

NEXT = FIRST_ROUND + 1


def test_total__caller_is_not_the_bonding_manager__reverts(votes, delegator):
    with votes.chain.reverts("InvalidCaller", caller=delegator, required=votes.manager):
        votes.contract.checkpointTotalActiveStake.send(2**112, 0, sender=delegator)


@pytest.mark.parametrize("round_", [0, FIRST_ROUND - 1, NEXT, 2**256 - 1])
def test_total__not_of_the_current_round_and_too_large__reverts_for_the_round(votes, round_):
    with votes.chain.reverts(
        "InvalidTotalStakeCheckpointRound", checkpointRound=round_, requiredRound=FIRST_ROUND
    ):
        votes.contract.checkpointTotalActiveStake.send(2**112, round_, sender=votes.manager)


def test_total__too_large__reverts_with_it(votes):
    with votes.chain.reverts("SafeCastOverflowedUintDowncast", bits=112, value=2**112):
        votes.total(2**112)

    votes.total(2**112 - 1)
    assert votes.contract.getTotalActiveStakeAt(FIRST_ROUND) == 2**112 - 1


def test_total__clock_runs_backwards__reverts_with_both_rounds(votes):
    votes.total(5)
    votes.start(FIRST_ROUND - 1)

    with votes.chain.reverts("DecreasingValues", newValue=FIRST_ROUND - 1, lastValue=FIRST_ROUND):
        votes.total(6)


@pytest.fixture(params=["checkpointTotalActiveStake", "checkpointTotal"])
def write_total(request, votes):
    """write_total(stake), of the current round"""
    function = getattr(votes.contract, request.param)
    return lambda stake, sender=votes.manager: function.send(stake, votes.round, sender=sender)


def test_total__of_the_current_round__is_stored_and_not_told(votes, write_total):
    receipt = write_total(5)

    assert receipt.events == []
    assert votes.contract.getTotalActiveStakeAt(FIRST_ROUND) == 5
    votes.start(NEXT)
    votes.set_next_total(99)
    assert votes.contract.getPastTotalSupply(FIRST_ROUND - 1) == 5


def test_total__either_way_by_somebody_else__reverts(votes, write_total, delegator):
    with votes.chain.reverts("InvalidCaller", caller=delegator, required=votes.manager):
        write_total(2**112, sender=delegator)


def test_total__again_in_the_round__replaces_it(votes):
    votes.total(5)

    receipt = votes.contract.checkpointTotalActiveStake.send(6, FIRST_ROUND, sender=votes.manager)

    assert receipt.events == []
    assert votes.contract.getTotalActiveStakeAt(FIRST_ROUND) == 6


@pytest.mark.parametrize("ahead", [2, 2**64])
def test_total_at__after_the_next_round__reverts_with_the_next(votes, ahead):
    with votes.chain.reverts("FutureLookup", queryRound=FIRST_ROUND + ahead, maxAllowed=NEXT):
        votes.contract.getTotalActiveStakeAt(FIRST_ROUND + ahead)


@pytest.mark.parametrize("ahead", [0, 1, 2**64])
def test_past_total_supply__round_has_not_ended__reverts_with_the_last_that_has(votes, ahead):
    with votes.chain.reverts("FutureLookup", queryRound=FIRST_ROUND + ahead, maxAllowed=FIRST_ROUND - 1):
        votes.contract.getPastTotalSupply(FIRST_ROUND + ahead)


def test_past_total_supply__clock_of_zero__names_zero(votes):
    votes.start(0)

    with votes.chain.reverts("FutureLookup", queryRound=0, maxAllowed=0):
        votes.contract.getPastTotalSupply(0)


def test_total_at__no_total_yet__is_zero_whatever_is_bonded(votes):
    votes.set_next_total(99)

    assert [votes.contract.getTotalActiveStakeAt(n) for n in (0, FIRST_ROUND, NEXT)] == [0, 0, 0]
    assert votes.contract.totalSupply() == 0


def test_total_at__each_place__answers_as_the_table_says(votes):
    # Rounds 100, 101, 104, 105 and 109 are initialized; it is 111, and 9 are bonded now.
    for round_, stake in ((100, 10), (101, 20), (104, 0), (105, 50), (109, 90)):
        votes.start(round_)
        votes.total(stake)
    votes.start(111)
    votes.set_next_total(9)

    answers = {n: votes.contract.getTotalActiveStakeAt(n) for n in range(98, 113)}

    assert answers == {
        98: 0,
        99: 0,
        100: 10,
        101: 20,
        102: 0,
        103: 0,
        104: 0,
        105: 50,
        106: 90,
        107: 90,
        108: 90,
        109: 90,
        110: 9,
        111: 9,
        112: 9,
    }
    assert votes.contract.totalSupply() == 9
    # The end of a round is the start of the next one.
    assert {n: votes.contract.getPastTotalSupply(n) for n in range(98, 111)} == {
        n: answers[n + 1] for n in range(98, 111)
    }


def test_total_supply__stake_moves__follows_until_the_round_is_initialized(votes):
    votes.total(10)
    votes.set_next_total(11)
    assert votes.contract.totalSupply() == 11
    votes.start(NEXT)
    votes.set_next_total(12)
    assert votes.contract.getTotalActiveStakeAt(NEXT) == 12

    votes.total(12)
    votes.set_next_total(13)

    assert votes.contract.getTotalActiveStakeAt(NEXT) == 12
    assert votes.contract.totalSupply() == 13


def test_stake_history__tells_which_rounds_were_initialized(votes, orchestrator):
    for round_ in (100, 103):
        votes.start(round_)
        votes.total(0)

    assert [votes.contract.stakeHistoryAt(orchestrator, n)[2] for n in range(99, 106)] == [
        False,
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert votes.contract.stakeHistoryAt(orchestrator, 0)[2] is False
