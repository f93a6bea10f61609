"""What the runs of a campaign have reached; added up in the order of their numbers, it is the same each time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.campaign.outcomes import Outcome
from simulation.campaign.surface import Surface
from simulation.rounding import Tally as Rounding

ENTRY_POINT, ERROR = "entry point", "error"
Feature = tuple[str, ...]
"""An entry point that succeeded, or one with an error that it raised, or a view with its error, after the kind."""


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
    """How much of what can be reached was, after so many steps; errors by name, whoever raised them."""

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
    inside: Counter[str] = field(default_factory=Counter)
    """How often other contracts called an entry point with success."""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By view and error."""
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
        self.inside.update(self._inside(outcome))
        self.refused.update(outcome.refused)
        self.checked.update(outcome.checked)
        if outcome.rounding is not None:
            self.rounding.merge(outcome.rounding)
        new = frozenset(self._features_of(outcome) - self.features)
        if new:
            self.features |= new
            self.found_by[outcome.origin] += len(new)
            self.growth.append(self.now())
        return new

    def now(self) -> Point:
        """How much is reached so far."""
        missing = self.missing()
        return Point(
            self.steps,
            len(self.surface.reachable_entry_points) - len(missing[ENTRY_POINT]),
            len(self.surface.reachable_errors) - len(missing[ERROR]),
        )

    def missing(self) -> dict[str, list[str]]:
        """What could be reached and was not, by kind."""
        names = {ENTRY_POINT: self.surface.reachable_entry_points, ERROR: self.surface.reachable_errors}
        return {kind: sorted(names[kind] - self._reached(kind)) for kind in names}

    def unforeseen(self) -> list[str]:
        """What was reached although it is said to be out of reach."""
        return sorted(self.surface.out_of_reach.keys() & (self._reached(ENTRY_POINT) | self._reached(ERROR)))

    def _reached(self, kind: str) -> set[str]:
        return {feature[-1] for feature in self.features if feature[0] == kind}

    def _inside(self, outcome: Outcome) -> Counter[str]:
        counts: Counter[str] = Counter()
        for called, number in outcome.inside.items():
            if (entry_point := self.surface.inside.get(called)) is not None:
                counts[entry_point] += number
        return counts

    def _features_of(self, outcome: Outcome) -> set[Feature]:
        features: set[Feature] = {
            (ENTRY_POINT, name) for name in (*outcome.succeeded, *self._inside(outcome))
        }
        features |= {(ERROR, *pair) for pair in (*outcome.failed, *outcome.refused)}
        return features
