"""What the runs of a campaign have reached; added up in the order of their numbers, it is the same each time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.campaign.outcomes import Outcome
from simulation.campaign.surface import Surface
from simulation.rounding import Tally as Rounding

ENTRY_POINT, ERROR = "entry point", "error"
Feature = tuple[str, ...]
"""An entry point that succeeded, or one with an error that it raised, after the kind."""


class InOrder:
    """Gives results back in the order of numbers, however they come in."""

    def __init__(self, first: int) -> None:
        self.next_number = first
        self._early: dict[int, Outcome | None] = {}

    def add(self, number: int, outcome: Outcome | None) -> Iterator[Outcome]:
        """The results that are in order now; None stands for a run that was lost."""
        self._early[number] = outcome
        while self.next_number in self._early:
            found = self._early.pop(self.next_number)
            self.next_number += 1
            if found is not None:
                yield found

    def rest(self) -> Iterator[Outcome]:
        """What is left behind a gap, when nothing more will come in."""
        for number in sorted(self._early):
            if (found := self._early.pop(number)) is not None:
                yield found


@dataclass(frozen=True)
class Point:
    """How much of the surface was reached after so many steps; errors by name, whoever raised them."""

    steps: int
    entry_points: int
    errors: int


@dataclass
class Tally:
    """`growth` has a point for every run that reached something new, and the first."""

    surface: Surface
    runs: Counter[str] = field(default_factory=Counter)
    """By origin: kept or fresh."""
    runs_by_area: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    succeeded: Counter[str] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    growth: list[Point] = field(default_factory=lambda: [Point(0, 0, 0)])
    found_by: Counter[str] = field(default_factory=Counter)
    """How many features runs of each origin reached first."""
    features: set[Feature] = field(default_factory=set)
    checked: Counter[str] = field(default_factory=Counter)
    """How often each invariant was checked."""
    rounding: Rounding = field(default_factory=Rounding)

    def add(self, outcome: Outcome) -> frozenset[Feature]:
        """Count a run; what it reached that none before it had."""
        self.runs[outcome.origin] += 1
        self.runs_by_area[outcome.area] += 1
        self.steps += outcome.steps
        self.succeeded.update(outcome.succeeded)
        self.failed.update(outcome.failed)
        self.checked.update(outcome.checked)
        if outcome.rounding is not None:
            self.rounding.merge(outcome.rounding)
        new = frozenset(_features_of(outcome) - self.features)
        if new:
            self.features |= new
            self.found_by[outcome.origin] += len(new)
            self.growth.append(self.now())
        return new

    def now(self) -> Point:
        """How much is reached so far."""
        names = {ENTRY_POINT: set(self.surface.entry_points), ERROR: set(self.surface.errors)}
        reached = {
            kind: names[kind] & {feature[-1] for feature in self.features if feature[0] == kind}
            for kind in names
        }
        return Point(self.steps, len(reached[ENTRY_POINT]), len(reached[ERROR]))


def _features_of(outcome: Outcome) -> set[Feature]:
    features: set[Feature] = {(ENTRY_POINT, name) for name in outcome.succeeded}
    features |= {(ERROR, *pair) for pair in outcome.failed}
    return features
