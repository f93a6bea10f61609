"""The history of stake in BondingVotes, as far as it is carried, worked backwards from how things stand.

What an account has now is what its checkpoint says of the next round. The events of a round tell what it was before;
so round by round back to the first that is carried. Of earlier rounds only what votes still need is kept: of each
delegate, that it had stake and when it was last rewarded when one of its delegators last claimed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scripts._migration.history import ZERO_ADDRESS, History, Undo
from scripts._migration.state import Checkpoint
from scripts._migration.views import View, Views


@dataclass(frozen=True)
class _Stake:
    """An account at the start of a round, without what BondingManager's rows say of it."""

    delegate: str
    bonded: int
    last_claim_round: int
    votes: int

    def before(self, undo: Undo) -> "_Stake":
        """The same without what happened in a round."""
        return replace(
            self,
            delegate=self.delegate if undo.delegate is None else undo.delegate,
            bonded=self.bonded if undo.bonded is None else undo.bonded,
            last_claim_round=self.last_claim_round if undo.bonded is None else undo.last_claim_round,
            votes=self.votes if undo.votes is None else undo.votes,
        )


class Stakes:
    """Stakes of all accounts from `since` to the round after `current_round`."""

    def __init__(
        self,
        views: Views,
        history: History,
        current_round: int,
        since: int,
        bonds: Mapping[str, tuple],
        checkpointed: Collection[str],
    ) -> None:
        self._history, self._round, self._since = history, current_round, since
        self._bonds, self._checkpointed = bonds, checkpointed
        self._states = {a: self._backwards(a, bonds[a]) for a in bonds if a in checkpointed}
        # (delegate, last claim round) of every bond of every carried round.
        self.claims = {
            (stake.delegate, stake.last_claim_round)
            for states in self._states.values()
            for stake in states.values()
            if stake.bonded
        } | {(found[2], found[5]) for found in bonds.values() if found[0]}
        self._claim_rounds: defaultdict[str, set[int]] = defaultdict(set)
        for delegate, claim in self.claims:
            if claim + 1 < since:
                self._claim_rounds[delegate].add(claim + 1)
        self._delegated = self._read_delegated(views)

    def checkpoints_of(self, account: str) -> list[Checkpoint]:
        """What has to be written, each from the start of its round on."""
        if account not in self._checkpointed:
            return []
        everything = list(self._all_checkpoints(account))
        found: list[Checkpoint] = []
        for checkpoint in everything:
            last = found[-1] if found else _NOTHING
            if checkpoint.model_copy(update={"start_round": last.start_round}) != last:
                found.append(checkpoint)
        # One that says nothing still says that there is one.
        return found or everything[-1:]

    def _all_checkpoints(self, account: str) -> Iterator[Checkpoint]:
        for n in sorted(self._claim_rounds.get(account, ())):
            delegated = self._delegated[account, n] or self._bonds[account][3]
            yield _checkpoint(n, ZERO_ADDRESS, 0, delegated, 0, self._rewarded_before(account, n))
        for n, stake in sorted(self._states[account].items()):
            if n > self._round:
                delegated = self._bonds[account][3]
            else:
                is_orchestrator = stake.delegate == account and stake.bonded > 0
                delegated = self._delegated.get((account, n), 0) or (stake.votes if is_orchestrator else 0)
            rewarded = self._rewarded_before(account, n)
            yield _checkpoint(n, stake.delegate, stake.bonded, delegated, stake.last_claim_round, rewarded)

    def _backwards(self, account: str, found: tuple) -> dict[int, _Stake]:
        """Stake at the start of rounds, as far as it changed, by round."""
        bonded, _, delegate, delegated, _, claim, _ = found
        stake = _Stake(delegate, bonded, claim, delegated if delegate == account and bonded else 0)
        states = {self._round + 1: stake}
        undo = self._history.undo.get(account, {})
        changes = {n for n in undo if n >= self._since}.union(self._changes_of_delegated(account))
        for n in sorted(changes, reverse=True):
            # What happened in round n holds from the start of the next one on.
            states[n + 1] = stake
            stake = stake.before(undo[n]) if n in undo else stake
            states[n] = stake
        states[self._since] = stake
        return states

    def _changes_of_delegated(self, account: str) -> Iterable[int]:
        """Carried rounds in which the delegated amount may have changed although no event of votes says so."""
        return range(self._since, self._round + 1) if account in self._history.delegates else ()

    def _read_delegated(self, views: Views) -> dict[tuple[str, int], int]:
        """Delegated amounts at the start of past rounds."""
        keys = [(a, n) for a in sorted(self._claim_rounds) for n in sorted(self._claim_rounds[a])]
        keys += [
            (a, n)
            for a in sorted(self._history.delegates.intersection(self._states))
            for n in sorted(self._states[a])
            if n <= self._round
        ]
        rows = views.many([View("BondingManager", "getTranscoderEarningsPoolForRound", k) for k in keys])
        return {key: row[0] for key, row in zip(keys, rows, strict=True)}

    def _rewarded_before(self, account: str, n: int) -> int:
        rounds = self._history.reward_rounds.get(account, [])
        return rounds[position - 1] if (position := bisect_right(rounds, n - 1)) else 0


def _checkpoint(
    start_round: int,
    delegate: str,
    bonded: int,
    delegated: int,
    last_claim_round: int,
    last_reward_round: int,
) -> Checkpoint:
    return Checkpoint(
        start_round=start_round,
        delegate=delegate,
        bonded=bonded,
        delegated=delegated,
        last_claim_round=last_claim_round,
        last_reward_round=last_reward_round,
    )


_NOTHING = _checkpoint(0, ZERO_ADDRESS, 0, 0, 0, 0)
