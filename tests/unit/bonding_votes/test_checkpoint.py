"""checkpointBondingState and checkpointStake: the BondingManager tells what an account has from the next round on.

Checks in order:
    the caller is the BondingManager; else InvalidCaller
    the start round is the next one; else InvalidStartRound           checkpointStake trusts its caller with these two,
    the claim round has begun; else FutureLastClaimRound              but not with a round before the last checkpoint's
    every value fits; else the library's error with the value

Events, each only if it applies, in this order: DelegateChanged; DelegateVotesChanged, for the stake that an
orchestrator votes with; DelegatorBondedAmountChanged, for the bond and the claim round.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.unit.bonding_votes.conftest import FIRST_ROUND

pytestmark = pytest.mark.unit

NEXT = FIRST_ROUND + 1


@pytest.fixture(params=["checkpointBondingState", "checkpointStake"])
def write(request, votes):
    """write(account, start_round, bonded, delegate, delegated, claim, reward)"""

    def send(account, start_round, bonded, delegate, delegated, claim, reward, *, sender=None):
        sender = sender or votes.manager
        if request.param == "checkpointBondingState":
            return votes.contract.checkpointBondingState.send(
                account, start_round, bonded, delegate, delegated, claim, reward, sender=sender
            )
        return votes.contract.checkpointStake.send(
            account, start_round, (delegate, claim, reward, bonded, delegated), sender=sender
        )

    return send


# ---- refusals, each with all that come after it


def test_checkpoint__caller_is_not_the_bonding_manager__reverts(votes, delegator, write):
    with votes.chain.reverts("InvalidCaller", caller=delegator, required=votes.manager):
        write(delegator, NEXT + 1, 1, delegator, 1, NEXT + 5, 0, sender=delegator)


def test_checkpoint__bonding_manager_is_not_registered__nobody_may(votes, delegator, write):
    votes.plane.unregister("BondingManager")

    with votes.chain.reverts("InvalidCaller", caller=votes.manager, required=ZERO_ADDRESS):
        write(delegator, NEXT, 1, delegator, 1, 0, 0)


@pytest.mark.parametrize("start_round", [0, FIRST_ROUND, NEXT + 1, 2**256 - 1])
def test_checkpoint__not_for_the_next_round_and_claim_in_the_future__reverts_for_the_round(
    votes, delegator, start_round
):
    with votes.chain.reverts("InvalidStartRound", checkpointRound=start_round, requiredRound=NEXT):
        votes.contract.checkpointBondingState.send(
            delegator, start_round, 1, delegator, 1, 2**256 - 1, 0, sender=votes.manager
        )


@pytest.mark.parametrize("claim", [NEXT, NEXT + 1, 2**256 - 1])
def test_checkpoint__claim_in_the_future_and_amount_too_large__reverts_for_the_claim(votes, delegator, claim):
    with votes.chain.reverts("FutureLastClaimRound", lastClaimRound=claim, maxAllowed=FIRST_ROUND):
        votes.checkpoint(delegator, bonded=2**112, delegate=delegator, claim=claim)


@pytest.mark.parametrize(
    ("field", "bits"), [("bonded", 112), ("delegated", 112), ("reward", 32)], ids=lambda value: str(value)
)
def test_checkpoint__value_does_not_fit__reverts_with_it(votes, delegator, field, bits):
    with votes.chain.reverts("SafeCastOverflowedUintDowncast", bits=bits, value=2**bits):
        votes.checkpoint(delegator, **{field: 2**bits})

    votes.checkpoint(delegator, **{field: 2**bits - 1})


def test_checkpoint__for_a_round_before_the_last_one__reverts_with_both(votes, delegator):
    votes.checkpoint(delegator, bonded=1, delegate=delegator, delegated=1)

    with votes.chain.reverts("DecreasingValues", newValue=NEXT - 1, lastValue=NEXT):
        votes.contract.checkpointStake.send(
            delegator, NEXT - 1, (delegator, 0, 0, 2, 2), sender=votes.manager
        )


# ---- events


def test_checkpoint__first_of_a_delegator__tells_delegate_and_bond(votes, delegator, orchestrator, write):
    receipt = write(delegator, NEXT, 50, orchestrator, 7, FIRST_ROUND, 0)

    # Stake pointed at somebody who is no orchestrator gives no votes.
    receipt.assert_events(
        [
            votes.delegate_changed(delegator, ZERO_ADDRESS, orchestrator),
            votes.bond_changed(delegator, (0, 0), (50, FIRST_ROUND)),
        ]
    )
    assert votes.contract.hasCheckpoint(delegator)
    assert votes.contract.delegates(delegator) == orchestrator


def test_checkpoint__first_of_an_orchestrator__tells_delegate_votes_and_bond(votes, orchestrator, write):
    receipt = write(orchestrator, NEXT, 50, orchestrator, 300, FIRST_ROUND, 0)

    receipt.assert_events(
        [
            votes.delegate_changed(orchestrator, ZERO_ADDRESS, orchestrator),
            votes.votes_changed(orchestrator, 0, 300),
            votes.bond_changed(orchestrator, (0, 0), (50, FIRST_ROUND)),
        ]
    )
    assert votes.contract.getVotes(orchestrator) == 300


CHANGES = {
    # (bonded, delegated, claim, reward) of an orchestrator that had (50, 300, 90, 80)
    "nothing": ((50, 300, 90, 80), []),
    "reward": ((50, 300, 90, 95), []),
    "delegated": ((50, 301, 90, 95), ["votes"]),
    "claim": ((50, 300, 91, 80), ["bond"]),
    "bonded": ((51, 300, 90, 80), ["bond"]),
    "all": ((55, 310, 99, 99), ["votes", "bond"]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rounds_later", [0, 3])
def test_checkpoint__orchestrator_changes__tells_what_has_changed(
    votes, orchestrator, write, change, rounds_later
):
    """V16: a claim round alone is told too."""
    (bonded, delegated, claim, reward), names = CHANGES[change]
    write(orchestrator, NEXT, 50, orchestrator, 300, 90, 80)
    votes.start(FIRST_ROUND + rounds_later)

    receipt = write(orchestrator, NEXT + rounds_later, bonded, orchestrator, delegated, claim, reward)

    events = {
        "votes": votes.votes_changed(orchestrator, 300, delegated),
        "bond": votes.bond_changed(orchestrator, (50, 90), (bonded, claim)),
    }
    receipt.assert_events([events[name] for name in names])
    assert votes.contract.stakeHistoryAt(orchestrator, NEXT + rounds_later)[:2] == (delegated, reward)


def test_checkpoint__delegator_moves__tells_both_delegates(votes, delegator, orchestrator, rival, write):
    write(delegator, NEXT, 50, orchestrator, 0, 90, 0)

    receipt = write(delegator, NEXT, 50, rival, 0, 90, 0)

    receipt.assert_events([votes.delegate_changed(delegator, orchestrator, rival)])


def test_checkpoint__orchestrator_unbonds_everything__loses_its_votes(votes, orchestrator, write):
    write(orchestrator, NEXT, 50, orchestrator, 300, 90, 0)

    receipt = write(orchestrator, NEXT, 0, ZERO_ADDRESS, 250, FIRST_ROUND, 0)

    receipt.assert_events(
        [
            votes.delegate_changed(orchestrator, orchestrator, ZERO_ADDRESS),
            votes.votes_changed(orchestrator, 300, 0),
            votes.bond_changed(orchestrator, (50, 90), (0, FIRST_ROUND)),
        ]
    )
    assert votes.contract.getVotes(orchestrator) == 0


def test_checkpoint__bond_of_nothing_to_oneself__has_no_votes(votes, orchestrator, write):
    receipt = write(orchestrator, NEXT, 0, orchestrator, 300, 0, 0)

    receipt.assert_events([votes.delegate_changed(orchestrator, ZERO_ADDRESS, orchestrator)])
    assert votes.at(orchestrator, NEXT) == (0, orchestrator)


# ---- effects


def test_checkpoint__holds_from_the_next_round_on(votes, orchestrator, write):
    write(orchestrator, NEXT, 50, orchestrator, 300, 90, 0)

    assert votes.at(orchestrator, FIRST_ROUND) == (0, ZERO_ADDRESS)
    assert votes.at(orchestrator, NEXT) == (300, orchestrator)
    votes.start(NEXT + 5)
    assert votes.at(orchestrator, NEXT + 6) == (300, orchestrator)


def test_checkpoint__again_in_the_round__replaces_it(votes, orchestrator, rival, write):
    write(orchestrator, NEXT, 50, orchestrator, 300, 90, 0)
    write(orchestrator, NEXT, 60, rival, 10, 95, 0)

    assert votes.at(orchestrator, NEXT)[1] == rival
    write(orchestrator, NEXT, 50, orchestrator, 400, 95, 0)
    assert votes.at(orchestrator, NEXT) == (400, orchestrator)
    assert votes.at(orchestrator, FIRST_ROUND) == (0, ZERO_ADDRESS)


def test_checkpoint__many_rounds__each_keeps_its_own(votes, orchestrator, write):
    rounds = range(FIRST_ROUND, FIRST_ROUND + 30, 3)
    for round_ in rounds:
        votes.start(round_)
        write(orchestrator, round_ + 1, 50, orchestrator, round_, 90, 0)

    expected = {n: FIRST_ROUND + 3 * ((n - NEXT) // 3) for n in range(NEXT, FIRST_ROUND + 29)}
    assert {n: votes.at(orchestrator, n)[0] for n in expected} == expected
    assert votes.at(orchestrator, FIRST_ROUND)[0] == 0


def test_checkpoint__of_all_zeros__is_one(votes, delegator, write):
    assert write(delegator, NEXT, 0, ZERO_ADDRESS, 0, 0, 0).events == []

    assert votes.contract.hasCheckpoint(delegator)


@pytest.mark.parametrize("delegates", [3])
def test_checkpoint__many_delegates__are_told_apart(votes, chain, write, delegates):
    """They go by numbers inside."""
    accounts = [chain.actor(f"account {n}") for n in range(delegates)]
    targets = [chain.actor(f"target {n}") for n in range(delegates)]
    for account, target in zip(accounts, targets, strict=True):
        write(account, NEXT, 5, target, 0, 0, 0)
    write(accounts[0], NEXT, 5, targets[2], 0, 0, 0)
    write(accounts[1], NEXT, 5, ZERO_ADDRESS, 0, 0, 0)

    assert [votes.contract.delegates(account) for account in accounts] == [
        targets[2],
        ZERO_ADDRESS,
        targets[2],
    ]
