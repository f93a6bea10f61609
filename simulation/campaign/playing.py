"""One run as it goes: what it counts, so that a run that fails has its counts, too, and what it checks."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import COMPARE_EVERY, Weighted
from simulation.calls import Call, Step
from simulation.chain.facade import Chain
from simulation.choices import Choices, Exhausted
from simulation.invariants import Chronicle
from simulation.rounding import Follower
from simulation.rounding import Tally as Rounding
from simulation.world import World


class Counts:
    """What a run has reached; entry points are Contract.function."""

    def __init__(self) -> None:
        self.steps = 0
        self.succeeded: Counter[str] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()

    def add(self, world: World, step: Step) -> None:
        """Count a step on which both sides agree."""
        self.steps += 1
        if not isinstance(step, Call):
            return
        entry_point, error = f"{step.contract}.{step.function}", world.outcome.expected_error
        if error is None:
            self.succeeded[entry_point] += 1
        else:
            self.failed[entry_point, error.name] += 1


class Watch:
    """Checks every invariant, and follows the run without rounding. Raises InvariantBroken and BoundBroken."""

    def __init__(self, world: World, rounding: Rounding) -> None:
        self._world = world
        self._chronicle = Chronicle(world.model, world.cast.watched)
        self._follower = Follower(world.model, rounding)

    def act(self, step: Step) -> None:
        """Run a step and look at what it did."""
        self._chronicle.before(step)
        succeeded = self._world.act(step)
        self._chronicle.after(succeeded)
        self._follower.after(step, succeeded)

    def end(self) -> None:
        """What can be looked at only once."""
        self._follower.end()


def play(
    chain: Chain,
    parameters: Mapping[str, Any],
    choices: Choices,
    *,
    area: str,
    steps: int,
    counts: Counts,
    rounding: Rounding | None,
) -> None:
    """A run on a fresh deployment; with `rounding` it is watched. Raises what a failing run raises."""
    weighted = Weighted(ACTIONS_BY_AREA[area])
    with chain.isolate():
        world = World(chain, compare_every=COMPARE_EVERY, **parameters)
        watch = Watch(world, rounding) if rounding is not None else None
        act = world.act if watch is None else watch.act
        while counts.steps < steps:
            try:
                step = weighted.next_step(world, choices)
            except Exhausted:
                break
            if step is not None:
                act(step)
                counts.add(world, step)
        world.compare(all_rounds=True)
        if watch is not None:
            watch.end()
