"""VOTE: voting power at past rounds, and its events (staking.md 5 and 7.35 to 7.37)."""

from collections.abc import Iterator

from reference_model.exceptions import ProtocolError
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment

# How far back rounds are looked at again, one in turn after each step.
ROUNDS_REMEMBERED = 8
CHECKPOINT_EVENTS = ("DelegateChanged", "DelegateVotesChanged", "DelegatorBondedAmountChanged")


def _past_round(moment: Moment, last: int) -> int:
    """One of the last rounds up to `last`, in turn."""
    return max(0, last - moment.turn_of(range(ROUNDS_REMEMBERED)))


def _stake_of(moment: Moment, account: str) -> int:
    """What should vote: all stake of an orchestrator, pending stake of a delegator of one."""
    bond = moment.now.bonds[account]
    if moment.now.is_registered(account):
        return bond.delegated
    if bond.bonded > 0 and bond.delegate in moment.now.bonds and moment.now.is_registered(bond.delegate):
        return moment.now.pending_stake[account]
    return 0


@invariant(
    "VOTE-1",
    "when a round begins: votes = all stake of an orchestrator, pending stake of its delegators",
    why="the equivalence of staking.md 5.3; behind somebody who is no orchestrator there are no votes (V16)",
)
def votes_are_stake(moment: Moment) -> Iterator[str]:
    if not moment.is_mine or moment.now.round == moment.before.round:
        return
    votes = moment.model.bonding_votes
    for account, bond in moment.now.bonds.items():
        found, delegate = votes.get_votes_and_delegate_at_round_start(account, moment.now.round)
        expected = _stake_of(moment, account)
        if found != expected or delegate != bond.delegate:
            yield f"{account}: {found} votes, {expected} expected"


@invariant(
    "VOTE-2",
    "votes of the start of a round that has begun never change",
    why="a governor counts them later; they come from closed checkpoints and past factors",
)
def past_votes_stand(moment: Moment) -> Iterator[str]:
    votes = moment.model.bonding_votes
    for n in {moment.now.round, _past_round(moment, moment.now.round)}:
        for account in moment.sample:
            found = votes.get_votes_and_delegate_at_round_start(account, n)
            if moment.seen.setdefault(("votes", account, n), found) != found:
                yield f"{account} in {n}: {moment.seen['votes', account, n]} → {found}"


@invariant(
    "VOTE-3",
    "the total at the start of a round never changes once it or a later one is initialized",
    why="quorums are shares of it",
)
def past_totals_stand(moment: Moment) -> Iterator[str]:
    votes, last = moment.model.bonding_votes, moment.now.clock.last_initialized
    if not moment.has_turn(0, 2):
        return
    for n in {last, _past_round(moment, last)}:
        found = votes.get_total_active_stake_at(n)
        if moment.seen.setdefault(("total", n), found) != found:
            yield f"{n}: {moment.seen['total', n]} → {found}"


@invariant(
    "VOTE-4",
    "the total of an initialized round is the stake that counts in it",
    why="both are fixed by the same call",
)
def totals_are_those_of_the_rounds(moment: Moment) -> Iterator[str]:
    if moment.now.is_initialized:
        found = moment.model.bonding_votes.get_total_active_stake_at(moment.now.round)
        if found != moment.now.total_active_stake:
            yield f"{found}, {moment.now.total_active_stake} counts"


@invariant(
    "VOTE-5",
    "the total of the next round, as things stand, is that of the pool; one skipped has that of the next initialized",
    why="stake stands still while rounds are skipped (5.2)",
)
def totals_of_other_rounds_follow(moment: Moment) -> Iterator[str]:
    votes, manager, last = moment.model.bonding_votes, moment.manager, moment.now.clock.last_initialized
    next_total = manager.next_round_total_active_stake
    if moment.clock.block_hashes and votes.get_total_active_stake_at(moment.now.round + 1) != next_total:
        yield f"next round: {votes.get_total_active_stake_at(moment.now.round + 1)}, pool has {next_total}"
    initialized, n = moment.client.block_hashes, _past_round(moment, last)
    if n not in initialized and any(one < n for one in initialized):
        following = next(one for one in range(n, last + 1) if one in initialized)
        found, expected = (votes.get_total_active_stake_at(one) for one in (n, following))
        if found != expected:
            yield f"skipped {n}: {found}, {following} has {expected}"


@invariant(
    "VOTE-6",
    "checkpoints of rounds that have begun stand, and none is later than the next round",
    why="past votes are read from them",
)
def past_checkpoints_stand(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        checkpoints = moment.model.bonding_votes.checkpoints[account]
        for n in sorted(checkpoints)[-3:]:
            if n > moment.now.round + 1:
                yield f"{account}: one of round {n}"
            elif n <= moment.now.round:
                found = checkpoints[n]
                if moment.seen.setdefault(("checkpoint", account, n), found) != found:
                    yield f"{account} in {n}: {moment.seen['checkpoint', account, n]} → {found}"


@invariant(
    "VOTE-7",
    "delegates are what DelegateChanged says",
    why="governance front ends keep this book (5.4)",
)
def delegates_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        found = moment.model.bonding_votes.delegates(account)
        if moment.client.delegates[account] != found:
            yield f"{account}: {found}, {moment.client.delegates[account]} by events"


@invariant(
    "VOTE-8",
    "votes of an orchestrator are what DelegateVotesChanged says; of others it says 0",
    why="as VOTE-7",
)
def votes_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        expected = moment.now.bonds[account].delegated if moment.now.is_registered(account) else 0
        if moment.client.votes[account] != expected:
            yield f"{account}: {expected}, {moment.client.votes[account]} by events"


@invariant(
    "VOTE-9",
    "bonded amount and claim round of a voter are what DelegatorBondedAmountChanged says",
    why="with the factors they give everybody's votes; V16: a change of the claim round alone was silent",
)
def voting_bonds_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account in moment.sample:
        bond = moment.now.bonds[account]
        if moment.client.voting_bonds[account] != (bond.bonded, bond.claim_round):
            yield f"{account}: {bond}, {moment.client.voting_bonds[account]} by events"


@invariant(
    "VOTE-10",
    "votes as things stand = stake as VOTE-1 has it, at any time",
    why="getVotes is what a proposer's threshold is compared with",
)
def votes_follow_stake_at_once(moment: Moment) -> Iterator[str]:
    votes = moment.model.bonding_votes
    for account in moment.sample:
        found = votes.get_votes(account)
        if found != _stake_of(moment, account):
            yield f"{account}: {found} votes, {_stake_of(moment, account)} expected"


@invariant(
    "VOTE-11",
    "what ERC-5805 asks for the end of a round is what stands at the start of the next",
    why="the governor asks in this form, with the round as clock",
)
def the_end_of_a_round_is_the_start_of_the_next(moment: Moment) -> Iterator[str]:
    votes, last = moment.model.bonding_votes, moment.now.round - 1
    if last < 0 or not moment.has_turn(1, 4):
        return
    if votes.get_past_total_supply(last) != votes.get_total_active_stake_at(last + 1):
        yield f"total of {last}"
    if votes.total_supply() != votes.get_total_active_stake_at(last + 2):
        yield "total of now"
    account = moment.turn_of(moment.accounts)
    at_start = votes.get_votes_and_delegate_at_round_start(account, last + 1)
    if (votes.get_past_votes(account, last), votes.delegated_at(account, last)) != at_start:
        yield f"{account} in {last}"


@invariant(
    "VOTE-12",
    "a call reports an account's bond at most once, a transfer those that it visits twice (7.37)",
    why="each report is a checkpoint, of which the last would be enough",
    on=CHECKPOINT_EVENTS,
)
def accounts_are_reported_once(moment: Moment) -> Iterator[str]:
    allowed = 2 if moment.events_named("TransferBond") else 1
    for name, field in zip(CHECKPOINT_EVENTS, ("delegator", "delegate", "delegate"), strict=True):
        reported = [given[field] for given in moment.events_named(name)]
        for account in set(reported):
            if reported.count(account) > allowed:
                yield f"{name} of {account}: {reported.count(account)} times"


@invariant(
    "VOTE-13",
    "votes of anybody can be read for any round up to the next (7.36)",
    why="V17: a view that fails blocks a vote",
)
def votes_can_always_be_read(moment: Moment) -> Iterator[str]:
    votes = moment.model.bonding_votes
    n = moment.turn_of(range(max(0, moment.now.round - ROUNDS_REMEMBERED), moment.now.round + 2))
    for account in moment.sample if moment.has_turn(2, 4) else ():
        try:
            votes.get_votes_and_delegate_at_round_start(account, n)
        except ProtocolError as error:
            yield f"{account} in {n}: {error.name}({error})"
