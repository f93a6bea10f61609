"""BondingVotes over random histories of stake: bonds, moves, transfers, rewards, evictions, slashing, skipped
rounds.

given any account, the zero address and contracts included, and any round that has ended
    its votes, its delegate and the total should be what they were when the round ended, and never revert
given a round that has not ended
    each should revert with FutureLookup and the last round that has
given a delegate that delegates to itself
    it should have at least as many votes as those who delegate to it, in each round (governance.md D4)
"""

import pytest

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.facade import open_chain
from simulation.choices import ByteChoices
from simulation.world import World

pytestmark = pytest.mark.property

STEPS = 120
RARELY = 10**6


@pytest.fixture(params=range(6))
def world(request, artifacts):
    """A deployment with stake of its own seed, on a chain of its own; the model is looked at once, at the end."""
    chain = open_chain("pyrevm", artifacts)
    choices = ByteChoices.of_seed(request.param, STEPS * 24)
    yield World(chain, compare_every=RARELY, **draw_parameters(choices)), choices
    chain.close()


def test_votes__any_history__are_what_they_were_at_the_end_of_each_round(world):
    world, choices = world
    votes = world.contracts["BondingVotes"]
    contracts = (votes.address, world.contracts["BondingManager"].address)
    accounts = (*world.cast.accounts, world.cast.owner, ZERO_ADDRESS, *contracts)
    actions = Weighted(ACTIONS_BY_AREA["bonding"])
    ended: dict[int, tuple] = {}
    while len(world.trace) < STEPS:
        # The next transaction may be the first of another round: what is seen before it is how this one ended.
        ended[votes.clock()] = as_of_now(votes, accounts)
        step = actions.next_step(world, choices)
        if step is not None:
            world.act(step)
    world.compare(all_rounds=True)

    clock = votes.clock()
    past = [round_ for round_ in ended if round_ < clock]
    assert len(past) > 3
    for round_ in past:
        assert at_the_end(votes, accounts, round_) == ended[round_], round_
    for round_ in range(clock):
        assert_delegates_have_the_votes_of_their_delegators(votes, accounts, round_)
    for round_ in (clock, clock + 1, 2**256 - 1):
        assert_not_answered(world.chain, votes, accounts, round_, clock)


def as_of_now(votes, accounts) -> tuple:
    """Total, and votes and delegate of each account, at the end of the current round as things stand."""
    return votes.totalSupply(), [(votes.getVotes(account), votes.delegates(account)) for account in accounts]


def at_the_end(votes, accounts, round_: int) -> tuple:
    """The same of a round that has ended."""
    of_accounts = [
        (votes.getPastVotes(account, round_), votes.delegatedAt(account, round_)) for account in accounts
    ]
    return votes.getPastTotalSupply(round_), of_accounts


def assert_delegates_have_the_votes_of_their_delegators(votes, accounts, round_: int) -> None:
    _, of_accounts = at_the_end(votes, accounts, round_)
    by_account = dict(zip(accounts, of_accounts, strict=True))
    for delegate, (own, to) in by_account.items():
        if to == delegate:
            behind = [v for account, (v, d) in by_account.items() if d == delegate and account != delegate]
            assert sum(behind) <= own, (delegate, round_)


def assert_not_answered(chain, votes, accounts, round_: int, clock: int) -> None:
    future = {"queryRound": round_, "maxAllowed": clock - 1}
    with chain.reverts("FutureLookup", **future):
        votes.getPastTotalSupply(round_)
    for account in accounts:
        with chain.reverts("FutureLookup", **future):
            votes.getPastVotes(account, round_)
        with chain.reverts("FutureLookup", **future):
            votes.delegatedAt(account, round_)
