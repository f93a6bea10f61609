"""VOTE: voting power at past rounds (staking.md 7.35)."""

from collections.abc import Iterator

from simulation.calls import Mine
from simulation.invariants.bonding import DELEGATE, DELEGATED
from simulation.invariants.chronicle import Moment, invariant

# How far back votes are looked at again after each step.
ROUNDS_REMEMBERED = 4


@invariant(
    "VOTE-1", "when a round begins: votes = all stake of an orchestrator, pending stake of its delegators"
)
def votes_are_stake(moment: Moment) -> Iterator[str]:
    if not isinstance(moment.step, Mine) or moment.now.round == moment.before.round:
        return
    votes, manager = moment.model.bonding_votes, moment.manager
    for account, record in moment.now.delegator.items():
        found, delegate = votes.get_votes_and_delegate_at_round_start(account, moment.now.round)
        expected = 0
        if manager.is_registered_transcoder(account):
            expected = record[DELEGATED]
        elif record[0] > 0 and manager.is_registered_transcoder(record[DELEGATE]):
            expected = moment.now.pending_stake[account]
        if found != expected or delegate != record[DELEGATE]:
            yield f"{account}: {found} votes, {expected} expected"


@invariant("VOTE-2", "votes of the start of a round that has begun never change")
def past_votes_stand(moment: Moment) -> Iterator[str]:
    votes = moment.model.bonding_votes
    for n in range(max(0, moment.now.round - ROUNDS_REMEMBERED), moment.now.round + 1):
        for account in moment.accounts:
            found = votes.get_votes_and_delegate_at_round_start(account, n)
            if moment.seen.setdefault(("votes", account, n), found) != found:
                yield f"{account} in {n}: {moment.seen['votes', account, n]} → {found}"


@invariant("VOTE-3", "the total at the start of a round never changes once it or a later one is initialized")
def past_totals_stand(moment: Moment) -> Iterator[str]:
    votes, clock = moment.model.bonding_votes, moment.model.rounds_manager
    last = clock.last_initialized_round
    for n in range(max(0, last - ROUNDS_REMEMBERED), last + 1):
        found = votes.get_total_active_stake_at(n)
        if moment.seen.setdefault(("total", n), found) != found:
            yield f"{n}: {moment.seen['total', n]} → {found}"


@invariant("VOTE-4", "the total of an initialized round is the stake that counts in it")
def totals_are_those_of_the_rounds(moment: Moment) -> Iterator[str]:
    if moment.now.is_initialized:
        found = moment.model.bonding_votes.get_total_active_stake_at(moment.now.round)
        if found != moment.now.total_active_stake:
            yield f"{found}, {moment.now.total_active_stake} counts"
