"""How much the protocol's roundings take: random runs of the model, followed by its exact layer.

    python -m simulation.rounding --steps 50000 --seed 1
    python -m simulation.rounding --steps 50000 --seed 1 --update-docs     # the table of docs/invariants.md

For a report there is `measure`, and for runs that somebody else drives `Follower`:

    tally = Tally()
    follower = Follower(world.model, tally)                # before the first bond
    follower.after(step, world.act(step))                  # raises BoundBroken
    tally.histograms()                                     # {operation: Histogram}
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any

from rich.progress import Progress

from reference_model.exact import OPERATIONS, ExactLedger, Rounding
from reference_model.protocol import Protocol
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.calls import Call, Step
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants.scope import Scope
from simulation.model_stage import ModelWorld
from tools.marked_page import write_part

PAGE = Path(__file__).resolve().parents[1] / "docs" / "invariants.md"
STEPS_PER_RUN = 400
BYTES_PER_STEP = 24
BINS = 20


class BoundBroken(AssertionError):
    """An amount was credited above its exact value, or further below than its bound allows."""


@dataclass
class Histogram:
    """Errors of one operation as shares of their bounds: `counts[i]` lie between i / 20 and (i + 1) / 20."""

    exact: int = 0
    """Amounts that nothing was taken from."""
    counts: list[int] = field(default_factory=lambda: [0] * BINS)

    @property
    def edges(self) -> list[float]:
        """Borders of the bins."""
        return [position / BINS for position in range(BINS + 1)]

    @property
    def total(self) -> int:
        """Amounts that were credited."""
        return self.exact + sum(self.counts)


@dataclass
class Worst:
    """The largest error of an operation, in its unit, and the largest as a share of its bound."""

    error: Fraction = Fraction(0)
    bound: Fraction = Fraction(0)
    share: Fraction = Fraction(0)


@dataclass
class Tally:
    """What runs have shown; `add` counts one amount, `merge` another tally."""

    steps: int = 0
    seen: dict[str, Histogram] = field(default_factory=lambda: {name: Histogram() for name in OPERATIONS})
    worst: dict[str, Worst] = field(default_factory=lambda: {name: Worst() for name in OPERATIONS})

    def add(self, rounding: Rounding) -> None:
        """Count an amount that was credited."""
        histogram, worst, error = (
            self.seen[rounding.operation],
            self.worst[rounding.operation],
            rounding.error,
        )
        if error == 0:
            histogram.exact += 1
            return
        share = error / rounding.bound
        histogram.counts[min(BINS - 1, int(share * BINS))] += 1
        worst.share = max(worst.share, share)
        if error > worst.error:
            worst.error, worst.bound = error, rounding.bound

    def merge(self, other: "Tally") -> None:
        """Take in what another process has counted."""
        self.steps += other.steps
        for name, histogram in other.seen.items():
            own, worst, found = self.seen[name], self.worst[name], other.worst[name]
            own.exact += histogram.exact
            own.counts = [a + b for a, b in zip(own.counts, histogram.counts, strict=True)]
            worst.share = max(worst.share, found.share)
            if found.error > worst.error:
                worst.error, worst.bound = found.error, found.bound

    def histograms(self) -> dict[str, Histogram]:
        """The errors by operation, as shares of their bounds."""
        return self.seen

    def to_data(self) -> dict[str, Any]:
        """The tally as JSON."""
        operations = {}
        for name, histogram in self.seen.items():
            worst = self.worst[name]
            operations[name] = {
                "unit": OPERATIONS[name].unit,
                "amounts": histogram.total,
                "exact": histogram.exact,
                "edges": histogram.edges,
                "counts": histogram.counts,
                "worst": short(worst.error),
                "boundOfWorst": short(worst.bound),
                "largestShareOfBound": float(worst.share),
            }
        return {"steps": self.steps, "operations": operations}


class Follower:
    """Follows a model that somebody drives, and counts into a tally."""

    def __init__(self, model: Protocol, tally: Tally) -> None:
        self.model, self.tally, self._ledger = model, tally, ExactLedger(model)
        self._scope = Scope(model)

    def after(self, step: Step, succeeded: bool) -> None:
        """Take over a step; raises BoundBroken.  Runs that take something vital away are followed up to there."""
        self.tally.steps += 1
        if self._scope.after(step, succeeded) and succeeded and isinstance(step, Call):
            events = self._scope.events()
            self._take(self._ledger.follow(step.model_name, step.model_arguments, events), step)

    def end(self) -> None:
        """Look at what everybody could claim at the end of the run."""
        if self._scope.ended_by:
            return
        for account in list(self._ledger.bonds):
            self._take(self._ledger.pending(account), f"what {account} could claim")

    def _take(self, roundings: list[Rounding], where: object) -> None:
        for rounding in roundings:
            if not rounding.holds:
                raise BoundBroken(
                    f"{rounding.operation}: exact {short(rounding.exact)}, credited {rounding.credited}, "
                    f"difference {short(rounding.error)}, must lie in [0, {short(rounding.bound)}), at {where}"
                )
            self.tally.add(rounding)


def measure(
    steps: int, seed: int, on_run: Callable[[int], None] = lambda taken: None, area: str = "whole protocol"
) -> Tally:
    """Random runs of the model alone, counting up from a seed; `on_run` is told the steps of each.

    Raises BoundBroken with the run's seed and step.
    """
    tally = Tally()
    for run_seed in count(seed):
        if tally.steps >= steps:
            return tally
        before = tally.steps
        try:
            _run(run_seed, min(STEPS_PER_RUN, steps - before), area, tally)
        except BoundBroken as broken:
            raise BoundBroken(f"seed {run_seed}, step {tally.steps - before}: {broken}") from None
        on_run(tally.steps - before)
    raise AssertionError("seeds do not end")


def _run(seed: int, steps: int, area: str, tally: Tally) -> None:
    choices = ByteChoices.of_seed(seed, STEPS_PER_RUN * BYTES_PER_STEP)
    world = ModelWorld(**draw_parameters(choices, area))
    follower, weighted = Follower(world.model, tally), Weighted(ACTIONS_BY_AREA[area])
    for step in _steps(world, weighted, choices, steps):
        follower.after(step, world.act(step))
    follower.end()


def _steps(world: ModelWorld, weighted: Weighted, choices: ByteChoices, limit: int) -> Iterator[Step]:
    taken = 0
    while taken < limit:
        try:
            step = weighted.next_step(world, choices)
        except Exhausted:
            return
        if step is not None:
            taken += 1
            yield step


# ---- the table


def short(value: Fraction) -> str:
    """Four digits of a number of any size, rounded up: it stands for a worst case or a bound.

    >>> short(Fraction(1, 3)), short(Fraction(123456)), short(Fraction(0))
    ('0.3334', '1.235e5', '0')
    """
    if value >= 10**4:
        exponent = len(str(int(value))) - 1
        return f"{ceil(value * 1000 / 10**exponent) / 1000:g}e{exponent}"
    if 0 < value < Fraction(1, 1000):
        return "< 0.001"
    return f"{ceil(value * 10**4) / 10**4:g}" if value >= 0 else f"−{short(-value)}"


def table(tally: Tally) -> str:
    """The rounding bounds with what runs have shown, as rows of Markdown."""
    lines = [
        "| amount | operation | rounded for | bound | amounts | worst error | its bound | worst share of bound |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, operation in OPERATIONS.items():
        worst, unit = tally.worst[name], "" if operation.unit == "base unit" else " × 10⁻²⁷"
        lines.append(
            f"| {name} | {operation.formula} | {operation.gainer} | {operation.bound} "
            f"| {tally.seen[name].total:,} | {short(worst.error)}{unit} | {short(worst.bound)}{unit} "
            f"| {float(worst.share):.0%} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m simulation.rounding",
        description="Random runs of the reference model, followed without rounding: by how much each amount that "
        "is credited lies below its exact value, against the bound of docs/invariants.md.",
        epilog="Exit codes: 0 all errors lie within their bounds, 1 one does not, 2 wrong options.",
    )
    parser.add_argument("--steps", type=int, default=50_000, help="calls and waits in all (default: 50000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run; the next ones count up")
    parser.add_argument("--area", choices=sorted(ACTIONS_BY_AREA), default="whole protocol")
    parser.add_argument("--json", action="store_true", help="histograms as JSON on standard output")
    parser.add_argument("--update-docs", action="store_true", help="write the table into docs/invariants.md")
    given = parser.parse_args()
    if given.steps < 1:
        parser.error(f"--steps: found {given.steps}, must be at least 1")
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("steps", total=given.steps)
        try:
            tally = measure(
                given.steps, given.seed, lambda taken: progress.advance(task, taken), area=given.area
            )
        except BoundBroken as broken:
            print(f"bound broken: {broken}", file=sys.stderr)
            return 1
    print(json.dumps(tally.to_data(), indent=2) if given.json else table(tally))
    if given.update_docs:
        command = f"python -m simulation.rounding --steps {given.steps} --seed {given.seed} --update-docs"
        write_part(PAGE, "rounding", f"Made by `{command}`:\n\n{table(tally)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
