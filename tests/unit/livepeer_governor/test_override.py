"""How votes count where a delegator votes itself, with V(x) the votes and D(x) the delegate of x at the snapshot.

given D(x) = x                              it should count V(x) less the V(y) of those who voted with D(y) = x
given D(x) = d with D(d) = d                it should count V(x), and take as much from the vote of d, before or after
given D(x) = d with D(d) ≠ d                it should count V(x), and take nothing from anybody (G1)
given delegators with more votes than d     d's vote should count nothing, and nobody be kept from voting (G2, DEV-19)
given any order of the same votes           the tally should be the same (invariants 12 to 15 of governance.md)
"""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from simulation.governance import ABSTAIN, AGAINST, FOR

UNKNOWN = None
CHOICES = (AGAINST, FOR, ABSTAIN)


def test_override__delegator_before_its_orchestrator__is_taken_from_it(council, orchestrator, delegator):
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()

    receipt = council.vote(delegator, proposal, AGAINST)
    receipt.assert_events([council.vote_cast(delegator, proposal, AGAINST, 100)])
    assert council.tally(proposal) == (100, 0, 0)

    receipt = council.vote(orchestrator, proposal, FOR)
    receipt.assert_events([council.vote_cast(orchestrator, proposal, FOR, 300)])
    assert receipt.return_value == 300
    assert council.tally(proposal) == (100, 200, 0)


def test_override__delegator_after_its_orchestrator__is_taken_from_it(council, orchestrator, delegator):
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)
    assert council.tally(proposal) == (0, 300, 0)

    receipt = council.vote(delegator, proposal, ABSTAIN)

    receipt.assert_events([council.vote_cast(delegator, proposal, ABSTAIN, 100)])
    assert council.tally(proposal) == (0, 200, 100)


def test_override__same_choice_as_the_orchestrator__changes_nothing(council, orchestrator, delegator):
    council.power(orchestrator, 300)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.vote(orchestrator, proposal, FOR)

    council.vote(delegator, proposal, FOR)

    assert council.tally(proposal) == (0, 300, 0)
    assert council.governor.hasVoted(proposal.id, delegator) is True


def test_override__delegate_that_delegates_on__loses_nothing(council, orchestrator, rival, delegator):
    """G1: its votes never contained those of who points at it."""
    council.power(orchestrator, 300, rival)
    council.power(rival, 500)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()

    council.vote(delegator, proposal, AGAINST)
    assert council.tally(proposal) == (100, 0, 0)
    council.vote(orchestrator, proposal, FOR)
    assert council.tally(proposal) == (100, 300, 0)
    council.vote(rival, proposal, ABSTAIN)
    assert council.tally(proposal) == (100, 300, 200)


def test_override__delegate_without_votes__loses_nothing_below_zero(council, orchestrator, delegator):
    council.power(orchestrator, 0)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()

    council.vote(delegator, proposal, FOR)
    receipt = council.vote(orchestrator, proposal, AGAINST)

    assert receipt.return_value == 0
    assert council.tally(proposal) == (0, 100, 0)


def test_override__delegators_with_more_than_their_delegate__take_all_it_has(
    council, orchestrator, rival, delegator, partner
):
    """G2, DEV-19: upstream panics; then the delegate cannot vote, or a delegator cannot, or others lose votes."""
    for order in permutations((orchestrator, delegator, partner)):
        with council.chain.isolate():
            council.power(orchestrator, 150)
            council.power(delegator, 100, orchestrator)
            council.power(partner, 90, orchestrator)
            council.power(rival, 1_000)
            proposal = council.propose_and_open()
            council.vote(rival, proposal, FOR)
            for account in order:
                council.vote(account, proposal, FOR if account == orchestrator else AGAINST)

            assert council.tally(proposal) == (190, 1_000, 0), [account.label for account in order]


def test_override__account_without_delegate__is_its_own_affair(council, stranger, delegator):
    """An address that was never seen has no votes and the zero delegate, which has no votes to take."""
    zero = "0x" + "00" * 20
    council.power(delegator, 100, zero)
    proposal = council.propose_and_open()

    council.vote(stranger, proposal, FOR)
    council.vote(delegator, proposal, AGAINST)

    assert council.tally(proposal) == (100, 0, 0)


def test_override__delegation_of_the_snapshot__counts_and_no_other(council, orchestrator, rival, delegator):
    council.power(orchestrator, 300)
    council.power(rival, 500)
    council.power(delegator, 100, orchestrator)
    proposal = council.propose_and_open()
    council.power(delegator, 100, rival, since=council.governor.proposalSnapshot(proposal.id) + 1)
    council.vote(orchestrator, proposal, FOR)
    council.vote(rival, proposal, FOR)

    council.vote(delegator, proposal, AGAINST)

    assert council.tally(proposal) == (100, 700, 0)


# ---- any electorate in any order

ACCOUNTS = 5
ELECTORATES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 50), st.integers(0, 2**112 - 1)),
        st.integers(0, ACCOUNTS - 1),
        st.sampled_from((*CHOICES, UNKNOWN)),
    ),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)


def expected_tally(electorate: list[tuple[int, int, int | None]]) -> list[int]:
    """What counts of (votes, delegate, choice) per account, by the formula of the module, without an order."""
    tally = [0, 0, 0]
    for account, (votes, delegate, choice) in enumerate(electorate):
        if choice is UNKNOWN:
            continue
        overriding = 0
        if delegate == account:
            overriding = sum(
                theirs
                for other, (theirs, to, vote) in enumerate(electorate)
                if other != account and to == account and vote is not UNKNOWN
            )
        tally[choice] += max(0, votes - overriding)
    return tally


@given(electorate=ELECTORATES, order=st.permutations(range(ACCOUNTS)))
def test_override__any_electorate_in_any_order__has_one_tally(
    deployed_council, session_chain, electorate, order
):
    council = deployed_council
    accounts = [session_chain.actor(f"voter {number}") for number in range(ACCOUNTS)]
    with session_chain.isolate():
        for account, (votes, delegate, _) in zip(accounts, electorate, strict=True):
            council.power(account, votes, accounts[delegate])
        proposal = council.propose_and_open()

        for number in order:
            votes, _, choice = electorate[number]
            if choice is not UNKNOWN:
                assert council.vote(accounts[number], proposal, choice).return_value == votes

        tally = council.tally(proposal)
    assert list(tally) == expected_tally(electorate)
    # Each unit of stake counts once at most: all that self-delegated accounts have, and what lies behind others.
    behind_nobody = {n for n, (_, to, _) in enumerate(electorate) if electorate[to][1] != to}
    most = sum(
        max(votes, sum(theirs for other, (theirs, to, _) in enumerate(electorate) if to == n != other))
        if delegate == n
        else (votes if n in behind_nobody else 0)
        for n, (votes, delegate, _) in enumerate(electorate)
    )
    assert sum(tally) <= most
