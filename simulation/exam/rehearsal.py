"""Many runs on one deployment, each of them undone: contracts by a snapshot, the model by its journal.

    with Rehearsal(chains, parameters) as rehearsal:
        finding = rehearsal.play(steps)

Ten times as fast as a deployment for each; what is found this way is played once more on a fresh one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.burst import Chains
from simulation.exam.finding import FAILURES, Finding
from simulation.exam.steps import StepUnreadable, Words, read
from simulation.invariants import check_world
from simulation.world import World

# Compare no sooner: after more steps than there are.
AT_THE_END = 2**31


class _Undo(Exception):
    pass


class Rehearsal:
    """See the module. Raises what a faulty contract makes of the deployment."""

    def __init__(self, chains: Chains, parameters: Mapping[str, Any]) -> None:
        self._chain = chains.next()
        self._mark = self._chain.snapshot()
        try:
            self._world = World(self._chain, compare_every=AT_THE_END, **parameters)
        except FAILURES:
            self._chain.revert(self._mark)
            raise

    def __enter__(self) -> "Rehearsal":
        return self

    def __exit__(self, *_: object) -> None:
        self._chain.revert(self._mark)

    def play(self, steps: Sequence[Words]) -> Finding | None:
        """What the run finds; None also where a step names what the world does not have."""
        world, model = self._world, self._world.model
        clock = model.block_number, model.timestamp
        found = None
        with self._chain.isolate():
            try:
                with model.journal.transaction():
                    found = self._take(steps)
                    raise _Undo
            except _Undo:
                model.block_number, model.timestamp = clock
        world.trace.clear()
        return found

    def _take(self, steps: Sequence[Words]) -> Finding | None:
        world, taken = self._world, 0
        journal = world.model.journal
        try:
            for words in steps:
                taken += 1
                # All steps are parts of one transaction, which would otherwise keep the events of all of them.
                journal.events, journal.calls = [], []
                world.act(read(world, words))
            world.compare(all_rounds=True)
            check_world(world)
        except StepUnreadable:
            return None
        except FAILURES as failure:
            return Finding.of(failure, taken)
        return None
