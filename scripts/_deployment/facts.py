"""What can be said of a deployment: each fact with what the chain shows and what was planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from scripts._deployment.reader import UNREADABLE

Verdict = Literal["ok", "differs", "unknown"]


@dataclass(frozen=True)
class Fact:
    """One line of the comparison. `cannot_tell` says why the chain did not answer a question that it may refuse."""

    name: str
    found: Any
    planned: Any
    cannot_tell: str = ""

    @property
    def verdict(self) -> Verdict:
        """`unknown` is for what this node does not tell, such as old logs; a contract that reverts `differs`."""
        if self.cannot_tell:
            return "unknown"
        return "ok" if self.found == self.planned else "differs"

    def __str__(self) -> str:
        if self.cannot_tell:
            return f"{self.name}: unknown, {self.cannot_tell}; planned {self.planned}"
        found = self.found if self.found != UNREADABLE else f"a contract that {UNREADABLE}"
        return f"{self.name}: found {found}, planned {self.planned}"


def differing(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that are not as planned."""
    return [fact for fact in facts if fact.verdict == "differs"]
