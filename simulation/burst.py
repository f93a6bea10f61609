"""The long-run driver: one run is a number, or some bytes, decoded into calls.

    python -m simulation.burst --seconds 600 --seed 1

A divergence prints the seed, the parameters and the calls, cut down to those that are needed.
"""

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from simulation.actions import ACTIONS_BY_AREA, GOVERNED, Action
from simulation.actions.orchestrators import initialize_round, lacks_round
from simulation.actions.probes import propose
from simulation.calls import Call, Mine, Step
from simulation.cast import Stage
from simulation.chain.facade import Chain, open_chain
from simulation.choices import ByteChoices, Choices, Exhausted, one_in
from simulation.trace import Origin, write
from simulation.world import Divergence, World
from tools.artifacts import Artifact, load_artifacts

BYTES_PER_STEP = 24
# A deployment takes as long as some thirty steps, and so does a look at everything: long runs have fewer of both.
STEPS = 300
COMPARE_EVERY = 300


@dataclass
class Report:
    """What runs have reached."""

    runs: int = 0
    steps: int = 0
    succeeded: Counter = field(default_factory=Counter)
    failed: Counter = field(default_factory=Counter)

    def add(self, world: World) -> None:
        """Count a run."""
        self.runs += 1
        self.steps += len(world.trace)
        self.succeeded.update(world.succeeded)
        self.failed.update(world.failed)

    def __str__(self) -> str:
        lines = [f"{self.runs} runs, {self.steps} steps; succeeded:"]
        lines += [f"  {number:7d}  {name}" for name, number in sorted(self.succeeded.items())]
        lines.append("failed:")
        lines += [f"  {number:7d}  {f}: {error}" for (f, error), number in sorted(self.failed.items())]
        return "\n".join(lines)


class Weighted:
    """Actions by weight."""

    def __init__(self, actions: Sequence[tuple[int, Action]]) -> None:
        self._actions = [action for _, action in actions]
        self._limits = list(accumulate(weight for weight, _ in actions))

    def next_step(self, world: Stage, choices: Choices) -> Step | None:
        """The next step of a run; None where an action has nothing to do.

        Little can happen before a round is initialized, so that comes first mostly.
        """
        if lacks_round(world) and not one_in(choices, 6):
            return initialize_round(world, choices)
        drawn = choices.integer(1, self._limits[-1])
        action = next(a for a, limit in zip(self._actions, self._limits, strict=True) if drawn <= limit)
        return propose(action, world, choices)


def draw_parameters(choices: Choices, area: str = "") -> dict[str, Any]:
    """A deployment: small pools mostly, short rounds, and all scales of stake and issuance; governance if it has."""
    is_large = one_in(choices, 8)
    of_protocol = {
        "stakers": choices.integer(11, 14) if is_large else choices.integer(3, 9),
        "round_length": choices.pick((40, 30, 60)),
        "num_active_transcoders": choices.integer(8, 10) if is_large else choices.integer(1, 4),
        "unbonding_period": choices.integer(1, 3),
        "inflation": choices.pick((218_500, 100_000_000, 0)),
        "inflation_change": choices.pick((500, 10**7)),
        "target_bonding_rate": choices.pick((500_000_000, 0)),
        "treasury_reward_cut_rate": choices.pick((0, 10**26, 63_100_000_000_000_000_000_000_000)),
        "treasury_balance_ceiling": choices.pick((0, 50_000 * 10**18)),
        "endowment": choices.pick((10_000 * 10**18, 2**96, 10**6)),
    }
    if area not in GOVERNED:
        return of_protocol
    return {
        **of_protocol,
        "governance": True,
        "voting_delay": choices.pick((1, 0, 2)),
        "voting_period": choices.pick((1, 2, 3)),
        "proposal_threshold": choices.pick((10**6, 0, 100 * 10**18)),
        "quorum": choices.pick((333_300, 333_300, 0, 1_000_000)),
        "quota": choices.pick((500_000, 0, 999_999)),
        "min_delay": choices.pick((0, 60, 600)),
    }


def run(
    chain: Chain,
    choices: Choices,
    *,
    steps: int,
    area: str = "whole protocol",
    compare_every: int = COMPARE_EVERY,
    report: Report | None = None,
) -> None:
    """One run on a fresh deployment; raises Divergence."""
    weighted = Weighted(ACTIONS_BY_AREA[area])
    with chain.isolate():
        world = World(chain, compare_every=compare_every, **draw_parameters(choices, area))
        try:
            while len(world.trace) < steps:
                step = weighted.next_step(world, choices)
                if step is not None:
                    world.act(step)
        except Exhausted:
            pass
        world.finish()
        if report is not None:
            report.add(world)


class Chains:
    """Fresh engines for a build, by default the last: the journal of one grows with each run, until calls fail."""

    def __init__(
        self,
        artifacts: Mapping[str, Artifact] | None = None,
        runs_per_engine: int = 15,
        engine: str = "pyrevm",
    ) -> None:
        self._artifacts, self._engine = load_artifacts() if artifacts is None else artifacts, engine
        self._runs_per_engine, self._left = runs_per_engine, 0
        self._chain: Chain | None = None

    @property
    def artifacts(self) -> Mapping[str, Artifact]:
        """The build that runs."""
        return self._artifacts

    def next(self) -> Chain:
        """An engine for one more run."""
        if self._chain is None or self._left == 0:
            self.drop()
            self._chain, self._left = open_chain(self._engine, self._artifacts), self._runs_per_engine
        # The last run is garbage by now, and cyclic: here nothing else is young, so that little has to be looked at.
        gc.collect(0)
        self._left -= 1
        return self._chain

    def drop(self) -> None:
        """Stop the engine; the next run has a fresh one."""
        if self._chain is not None:
            self._chain.close()
            self._chain = None


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for cyclic garbage, a tenth of the time, as long as a run goes on.

    Best around the call of what makes the run: then all of it is garbage at the end, and found at once.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def replay(
    chain: Chain, parameters: Mapping[str, Any], steps: Sequence[Step], *, compare_every: int = 1
) -> Divergence | None:
    """Run fixed steps, and look at everything at the end; the divergence, if there is one."""
    with chain.isolate():
        try:
            world = World(chain, compare_every=compare_every, **parameters)
            world.play(steps)
            world.compare(all_rounds=True)
        except Divergence as divergence:
            return divergence
    return None


def minimise(
    chains: Chains, parameters: Mapping[str, Any], steps: Sequence[Step]
) -> tuple[list[Step], Divergence]:
    """Leave out what the divergence does not need, and let blocks pass where only a call's block is needed.

    At the end everything is looked at after every step, so that the last one is the culprit.
    """
    if (divergence := replay(chains.next(), parameters, ())) is not None:
        return [], divergence  # the deployment alone
    divergence = replay(chains.next(), parameters, steps)
    if divergence is None:
        raise ValueError("the steps do not diverge when they are replayed")

    def cut(candidate: list[Step]) -> list[Step] | None:
        """The candidate up to its divergence; None if it has none."""
        found = replay(chains.next(), parameters, candidate, compare_every=len(steps))
        return None if found is None else found.steps

    kept = shorten(divergence.steps, cut)
    divergence = replay(chains.next(), parameters, kept) or divergence
    return divergence.steps, divergence


Cut = Callable[[list[Step]], list[Step] | None]


def shorten(kept: list[Step], cut: Cut) -> list[Step]:
    """A failing run without what its failure does not need; `cut` gives a candidate up to its failure, if it fails."""
    length = None
    while len(kept) != length:
        length = len(kept)
        kept = _merge_blocks(_idle(_leave_out(kept, cut), cut), cut)
    return kept


def _leave_out(kept: list[Step], cut: Cut) -> list[Step]:
    """Without what is not needed: halves first, single steps last."""
    size = max(1, len(kept) // 2)
    while size:
        start = 0
        while start < len(kept):
            shorter = cut(kept[:start] + kept[start + size :])
            if shorter is not None:
                kept = shorter
            else:
                start += size
        size //= 2
    return kept


def _idle(kept: list[Step], cut: Cut) -> list[Step]:
    """With a block in place of each call that is needed only for the block it takes."""
    for position in range(len(kept) - 1):
        if isinstance(kept[position], Call):
            idle = cut([*kept[:position], Mine(1), *kept[position + 1 :]])
            if idle is not None and len(idle) == len(kept):
                kept = idle
    return kept


def _merge_blocks(kept: list[Step], cut: Cut) -> list[Step]:
    """With one step for blocks that pass one after the other."""
    merged: list[Step] = []
    for step in kept:
        if merged and isinstance(step, Mine) and isinstance(merged[-1], Mine):
            merged[-1] = Mine(merged[-1].blocks + step.blocks)
        else:
            merged.append(step)
    return cut(merged) or kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1, help="first run; the next ones count up")
    parser.add_argument("--runs", type=int, default=0, help="stop after so many runs")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"calls per run (default {STEPS})")
    parser.add_argument("--area", choices=sorted(ACTIONS_BY_AREA), default="whole protocol")
    parser.add_argument(
        "--traces", type=Path, default=Path("traces"), help="folder for the trace of a failure"
    )
    given = parser.parse_args()
    report, end = Report(), time.monotonic() + given.seconds
    chains = Chains()
    for seed in count(given.seed):
        if time.monotonic() > end or (given.runs and report.runs >= given.runs):
            break
        length = given.steps * BYTES_PER_STEP
        try:
            with uncollected():
                run(
                    chains.next(),
                    ByteChoices.of_seed(seed, length),
                    steps=given.steps,
                    area=given.area,
                    report=report,
                )
        except Divergence as divergence:
            parameters = draw_parameters(ByteChoices.of_seed(seed, length), given.area)
            print(f"seed {seed}, parameters {parameters}, diverged at step {len(divergence.steps)}")
            steps, shortest = minimise(chains, parameters, divergence.steps)
            print(f"{len(steps)} steps are enough: {shortest}\n{steps!r}")
            origin = Origin(driver="burst", area=given.area, seed=seed)
            path = write(given.traces, steps, parameters, origin, failure=shortest)
            print(f"trace: {path}\n  ape run replay {path} --explain\n{report}")
            return 1
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
