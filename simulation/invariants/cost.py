"""What looking costs: `python -m simulation.invariants --cost 10000`."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from time import process_time

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants.catalogue import INVARIANTS, Invariant
from simulation.invariants.chronicle import Chronicle, to_check
from simulation.invariants.moment import Moment
from simulation.model_stage import ModelWorld

AREA = "whole protocol"
STEPS_PER_RUN, BYTES_PER_STEP = 300, 24


class Cost:
    """Processor seconds by id, for all that a chronicle does, and for the model's own steps."""

    def __init__(self) -> None:
        self.by_number: Counter[str] = Counter()
        self.looking = self.acting = 0.0
        self.steps = 0

    def table(self, rows: int = 15) -> str:
        """Microseconds per step."""
        per_step = 1e6 / self.steps
        lines = [
            f"{self.steps} steps of the model alone, {len(INVARIANTS)} invariants",
            f"{self.looking * per_step:8.1f} µs per step for pictures, books and checks",
            f"{self.acting * per_step:8.1f} µs per step for the model itself",
            "of which, timing included:",
        ]
        dearest = self.by_number.most_common(rows)
        return "\n".join([*lines, *(f"{cost * per_step:8.1f} µs {number}" for number, cost in dearest)])


def measure(steps: int) -> Cost:
    """Random runs: once to time the whole, and once more to time each invariant."""
    cost = Cost()
    _run(steps, cost)
    untimed = dict(INVARIANTS)
    try:
        INVARIANTS.update({number: _timed(number, entry, cost) for number, entry in untimed.items()})
        to_check.cache_clear()
        _run(steps, Cost())
    finally:
        INVARIANTS.update(untimed)
        to_check.cache_clear()
    return cost


def _timed(number: str, entry: Invariant, cost: Cost) -> Invariant:
    check: Callable[[Moment], Iterator[str]] = entry.check

    def timed(moment: Moment) -> list[str]:
        started = process_time()
        found = list(check(moment))
        cost.by_number[number] += process_time() - started
        return found

    return entry._replace(check=timed)


def _run(steps: int, cost: Cost) -> None:
    for seed in count(1):
        choices = ByteChoices.of_seed(seed, STEPS_PER_RUN * BYTES_PER_STEP)
        world = ModelWorld(**draw_parameters(choices, AREA))
        chronicle = Chronicle(world.model, world.cast.watched)
        weighted = Weighted(ACTIONS_BY_AREA[AREA])
        try:
            for _ in range(STEPS_PER_RUN):
                if cost.steps >= steps:
                    return
                step = weighted.next_step(world, choices)
                if step is None:
                    continue
                started = process_time()
                chronicle.before(step)
                looked = process_time()
                succeeded = world.act(step)
                acted = process_time()
                chronicle.after(succeeded)
                cost.looking += looked - started + process_time() - acted
                cost.acting += acted - looked
                cost.steps += 1
        except Exhausted:
            continue
