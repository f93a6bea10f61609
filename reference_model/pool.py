"""The orchestrator pool: the active set of the next round, in the making.

Members rank by stake; among equals the one who joined earlier ranks first (DEV-10).  Hints of callers have no
influence.  Only a newcomer with more stake than the last member takes that member's place.
"""

from collections.abc import Callable

from reference_model.constants import ZERO_ADDRESS
from reference_model.state import Journal, Ledger, Record


class OrchestratorPool(Record):
    """Members with the order in which they joined; their keys are what `stake_of` says."""

    max_size: int = 0
    joined: int = 0
    """Number of entries ever made."""

    def __init__(self, journal: Journal, stake_of: Callable[[str], int]) -> None:
        super().__init__(journal)
        self.stake_of = stake_of
        self.entries = Ledger(journal, None)

    def __contains__(self, account: str) -> bool:
        return self.entries[account] is not None

    @property
    def members(self) -> list[str]:
        """Members in the order in which they joined."""
        joined = [account for account, entry in self.entries.items() if entry is not None]
        return sorted(joined, key=self.entries.__getitem__)

    @property
    def size(self) -> int:
        """Number of members."""
        return sum(entry is not None for entry in self.entries.values())

    @property
    def is_full(self) -> bool:
        """Whether a newcomer has to replace somebody."""
        return self.size >= self.max_size

    def insert(self, account: str) -> None:
        """Add a member, last among equals."""
        self.joined += 1
        self.entries[account] = self.joined

    def remove(self, account: str) -> None:
        """Take a member out."""
        self.entries[account] = None

    def ranking(self) -> list[str]:
        """Members from the first to the last."""
        return sorted(self.members, key=lambda account: -self.stake_of(account))

    def last(self) -> str:
        """The member that a newcomer would replace."""
        return self.ranking()[-1]

    def first(self) -> str:
        """The member with the most stake; zero when the pool is empty."""
        return self.ranking()[0] if self.size else ZERO_ADDRESS

    def next_after(self, account: str) -> str:
        """The member ranked after another; zero after the last, and for somebody who is no member."""
        if account not in self:
            return ZERO_ADDRESS
        ranking = self.ranking()
        position = ranking.index(account) + 1
        return ranking[position] if position < len(ranking) else ZERO_ADDRESS
