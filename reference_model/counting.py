"""Counting votes where a delegator may override its orchestrator (governance.md D4).

With V(x) the votes and D(x) the delegate of x at the snapshot of the proposal:

    deductions(x) = Σ V(y) over the voters y ≠ x with D(y) = x, if D(x) = x; else 0
    counted(x)    = max(0, V(x) − deductions(x))
    votes[s]      = Σ counted(x) over those who voted s

whatever the order in which they vote.  The specification has no maximum with zero, since V(x) contains V(y): then a
source of votes that breaks this promise keeps x or y from voting (DEV-19).
"""

from reference_model.arithmetic import to_stored
from reference_model.exceptions import InvalidVoteType, VoteAlreadyCast
from reference_model.state import Journal, Ledger, Record, Table

AGAINST, FOR, ABSTAIN = range(3)
VOTE_BITS = 120


class Voter(Record):
    """One account's part in the vote on a proposal."""

    has_voted: bool = False
    support: int = AGAINST
    deductions: int = 0
    """LPT of delegators who voted themselves."""
    counted: int = 0
    """LPT that this account's vote adds to the tally now."""


class Tally:
    """All votes on one proposal."""

    def __init__(self, journal: Journal) -> None:
        self.votes = Ledger(journal)
        self.voters: Table = Table(lambda: Voter(journal))

    def check(self, account: str, support: int) -> None:
        """Raise InvalidVoteType or VoteAlreadyCast, in this order."""
        if support > ABSTAIN:
            raise InvalidVoteType(support)
        if self.voters[account].has_voted:
            raise VoteAlreadyCast()

    def count(self, account: str, support: int, weight: int) -> None:
        """The vote of an account that is its own delegate, less what its delegators have voted themselves."""
        self._record(account, support, max(0, weight - self.voters[account].deductions))

    def count_delegator(self, account: str, support: int, weight: int, delegate: str | None) -> None:
        """The vote of an account with a delegate, from whose vote it is taken, be it cast or to come.

        `delegate` is None where that is not its own delegate: its votes do not contain those of who points at it.
        """
        if delegate is not None:
            self._override(delegate, weight)
        self._record(account, support, weight)

    def _record(self, account: str, support: int, counted: int) -> None:
        voter = self.voters[account]
        voter.has_voted, voter.support = True, support
        voter.counted = to_stored(counted, VOTE_BITS)
        self.votes[support] += counted

    def _override(self, delegate: str, weight: int) -> None:
        voter = self.voters[delegate]
        voter.deductions += to_stored(weight, VOTE_BITS)
        if voter.has_voted:
            taken = min(weight, voter.counted)
            voter.counted -= taken
            self.votes[voter.support] -= taken
