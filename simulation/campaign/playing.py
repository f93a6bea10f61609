"""One run as it goes: what it counts, so that a run that fails has its counts, too, and what it checks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reference_model.exceptions import ProtocolError
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import COMPARE_EVERY, Weighted
from simulation.calls import Call, Step
from simulation.campaign.surface import entry_point_of
from simulation.chain.facade import Chain
from simulation.choices import Choices, Exhausted
from simulation.invariants import Chronicle, check_world
from simulation.rounding import Follower
from simulation.rounding import Tally as Rounding
from simulation.world import World

Source = Callable[[World], Iterable[Step]]


def drawn(choices: Choices, area: str, most: int) -> Source:
    """Steps of an area out of choices, until these are exhausted, and not more than `most`."""

    def steps(world: World) -> Iterator[Step]:
        weighted, taken = Weighted(ACTIONS_BY_AREA[area]), 0
        try:
            while taken < most:
                if (step := weighted.next_step(world, choices)) is not None:
                    taken += 1
                    yield step
        except Exhausted:
            return

    return steps


class Watch:
    """Checks every invariant, and follows the run without rounding. Raises InvariantBroken and BoundBroken.

    Where the registry is so damaged that the state cannot be read, no books can be kept: the watch ends, the run goes
    on.
    """

    def __init__(self, world: World, rounding: Rounding) -> None:
        self._world = world
        self._chronicle = Chronicle(world.model, world.cast.watched)
        self._follower = Follower(world.model, rounding)
        self._is_over = False

    def act(self, step: Step) -> None:
        """Run a step and look at what it did."""
        self._look(lambda: self._chronicle.before(step))
        succeeded = self._world.act(step)
        self._look(lambda: self._chronicle.after(succeeded))
        self._look(lambda: self._follower.after(step, succeeded))

    def finish(self) -> None:
        """What is looked at once, at the end."""
        self._look(lambda: check_world(self._world))
        self._look(self._follower.end)

    @property
    def checked(self) -> Counter[str]:
        """How often each invariant was."""
        return self._chronicle.checked

    def _look(self, look: Callable[[], None]) -> None:
        if self._is_over:
            return
        try:
            look()
        except ProtocolError:
            self._is_over = True


class Play:
    """A run on a deployment with these parameters; with `rounding` it is watched.

    Entry points are Contract.function.  All counts are of steps on which both sides agree.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        *,
        rounding: Rounding | None = None,
        compare_every: int = COMPARE_EVERY,
    ) -> None:
        self.parameters, self._compare_every = parameters, compare_every
        self.rounding = rounding
        self.trace: list[Step] = []
        self.succeeded: Counter[str] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.inside: Counter[tuple[str, str]] = Counter()
        """Calls that contracts made, by contract and function in the model's words."""
        self.refused: Counter[tuple[str, str]] = Counter()
        """Views that failed, with their error."""
        self.checked: Counter[str] = Counter()

    def run(self, chain: Chain, source: Source) -> None:
        """Take all steps. Raises what a failing run raises."""
        with chain.isolate():
            world = World(chain, compare_every=self._compare_every, **self.parameters)
            watch = Watch(world, self.rounding) if self.rounding is not None else None
            for step in source(world):
                self.trace.append(step)
                (watch or world).act(step)
                self._count(world, step)
            world.finish()
            self.refused = world.observer.refused
            if watch is not None:
                watch.finish()
                self.checked = watch.checked

    def _count(self, world: World, step: Step) -> None:
        if not isinstance(step, Call):
            return
        entry_point, error = entry_point_of(step), world.outcome.expected_error
        if error is None:
            self.succeeded[entry_point] += 1
            self.inside.update(world.model.journal.calls[:-1])
        else:
            self.failed[entry_point, error.name] += 1
