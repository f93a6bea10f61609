#!/usr/bin/env python3
"""Measure how fast contracts and reference model are run side by side, and where the time goes.

    python -m tools.benchmark_simulation                         all rows, 20 seconds each
    python -m tools.benchmark_simulation --rows bytes rules      some of them
    python -m tools.benchmark_simulation --write                 write the table into docs/benchmarks.md, too

One process on one core; the node, where there is one, shares it.  Rates are per second of processor time, which
hardly depends on what else the machine does, and per second of the clock.  A step is a call that is made on the
contracts and on the model, or blocks that pass.  Columns with per cent say what takes the time: deployments, choosing
what to do, the calls on the contracts, the same on the model, the comparison of outcomes and events, that of state,
invariants, and the driver itself.
"""

import argparse
import functools
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from simulation import machine
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import (
    BYTES_PER_STEP,
    COMPARE_EVERY,
    STEPS,
    Chains,
    Weighted,
    draw_parameters,
    uncollected,
)
from simulation.chain.facade import Chain
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants import Chronicle
from simulation.machine import ProtocolMachine, WholeProtocolMachine
from simulation.observation.requests import Reader
from simulation.world import World

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- python -m tools.benchmark_simulation --write: from here -->"
END = "<!-- tools.benchmark_simulation: to here -->"
AREA = "whole protocol"
EXAMPLES = 8
STEPS_PER_EXAMPLE = 40

# What a share of the time is spent on, by the methods that spend it; inside of one the others do not count.
SHARES: dict[str, tuple[tuple[type, str], ...]] = {
    "deployment": ((World, "__init__"),),
    "choices": ((Weighted, "next_step"),),
    "calls": ((World, "_call_chain"),),
    "model": ((World, "_call_model"),),
    "outcome": ((World, "_compare_outcome"),),
    "state": ((World, "_compare_after"), (World, "finish")),
    "invariants": ((Chronicle, "before"), (Chronicle, "after")),
}


@dataclass
class Row:
    """What was measured of one driver."""

    driver: str
    comparison: str
    steps: int
    seconds: float
    cpu_seconds: float | None
    """Of this process; not known for a node."""
    calls: int
    """Transactions on the contracts, those of deployments included."""
    views: int
    shares: dict[str, float]
    """Of the time; the rest is the driver itself."""

    def __str__(self) -> str:
        spent = self.cpu_seconds or self.seconds
        cells = [
            self.driver,
            self.comparison,
            f"{self.steps / self.cpu_seconds:,.0f}" if self.cpu_seconds else "",
            f"{self.steps / self.seconds:,.0f}",
            f"{self.calls / spent:,.0f}",
            f"{self.views / spent:,.0f}",
            *(f"{100 * self.shares.get(share, 0):.0f} %" for share in SHARES),
            f"{100 * (1 - sum(self.shares.values())):.0f} %",
        ]
        return f"| {' | '.join(cells)} |"


HEADINGS = ("driver", "state compared", "steps/CPU-s", "steps/s", "calls/s", "views/s", *SHARES, "rest")


class Meter:
    """Counts and times what happens while it is `running`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.seconds: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self._is_inside = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch the methods of SHARES, and count steps, calls and views."""
        watched = [
            (owner, name, self._timed(share)) for share, some in SHARES.items() for owner, name in some
        ]
        watched += [
            (World, "act", self._counted("steps")),
            (Chain, "_transact", self._counted("calls")),
            (Reader, "is_as_expected", self._counted("views", lambda reader, requests: len(requests))),
        ]
        originals = [(owner, name, getattr(owner, name)) for owner, name, _ in watched]
        try:
            for (owner, name, wrap), (_, _, original) in zip(watched, originals, strict=True):
                setattr(owner, name, functools.wraps(original)(wrap(original)))
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)

    def _timed(self, share: str) -> Callable[[Callable], Callable]:
        def wrap(method: Callable) -> Callable:
            def timed(*arguments: Any, **options: Any) -> Any:
                if self._is_inside:
                    return method(*arguments, **options)
                self._is_inside, started = True, self._clock()
                try:
                    return method(*arguments, **options)
                finally:
                    self._is_inside = False
                    self.seconds[share] += self._clock() - started

            return timed

        return wrap

    def _counted(
        self, name: str, number_of: Callable[..., int] = lambda *arguments: 1
    ) -> Callable[[Callable], Callable]:
        def wrap(method: Callable) -> Callable:
            def counted(*arguments: Any, **options: Any) -> Any:
                self.counts[name] += number_of(*arguments)
                return method(*arguments, **options)

            return counted

        return wrap


def measure(
    driver: str, comparison: str, runs: Iterator[Callable[[], None]], seconds: float, *, on_node: bool
) -> Row:
    """Make runs until the time is over, one for warming up not counted."""
    print(f"{driver}, {comparison} …", file=sys.stderr)
    next(runs)()
    clock = time.perf_counter if on_node else time.process_time
    meter = Meter(clock)
    with meter.running():
        started, begun = time.perf_counter(), clock()
        while time.perf_counter() - started < seconds:
            next(runs)()
        passed, spent = time.perf_counter() - started, clock() - begun
    return Row(
        driver,
        comparison,
        meter.counts["steps"],
        passed,
        None if on_node else spent,
        meter.counts["calls"],
        meter.counts["views"],
        {share: seconds / spent for share, seconds in meter.seconds.items()},
    )


def byte_runs(first_seed: int, *, engine: str = "pyrevm", **looks: Any) -> Iterator[Callable[[], None]]:
    """Runs of the byte-decoded driver."""
    chains = Chains(engine=engine)
    try:
        for number in count(first_seed):
            yield functools.partial(uncollected()(_run), chains.next(), number, looks)
    finally:
        chains.drop()


def _run(chain: Chain, number: int, looks: dict[str, Any]) -> None:
    choices = ByteChoices.of_seed(number, STEPS * BYTES_PER_STEP)
    weighted = Weighted(ACTIONS_BY_AREA[AREA])
    with chain.isolate():
        world = World(chain, **looks, **draw_parameters(choices, AREA))
        try:
            while len(world.trace) < STEPS:
                step = weighted.next_step(world, choices)
                if step is not None:
                    world.act(step)
        except Exhausted:
            pass
        world.finish()


def rule_runs(first_seed: int) -> Iterator[Callable[[], None]]:
    """Examples of the rule-based machine as the profile `ci` makes them: new ones each time, not shrunk."""
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS_PER_EXAMPLE,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        deadline=None,
        database=None,
    )
    for number in count(first_seed):
        measured: type[ProtocolMachine] = type("Measured", (WholeProtocolMachine,), {})
        yield functools.partial(run_state_machine_as_test, seed(number)(measured), settings=profile)


ROWS: dict[str, tuple[str, str, Callable[[int], Iterator[Callable[[], None]]]]] = {
    "bytes": (
        "byte-decoded (campaign)",
        f"what a step has changed; everything every {COMPARE_EVERY} steps",
        functools.partial(byte_runs, compare_every=COMPARE_EVERY),
    ),
    "bytes-everything": ("byte-decoded", "everything after every step", byte_runs),
    "rules": (
        "rule-based (ci), with all invariants",
        f"all that is stored after every step; everything every {machine.COMPARE_EVERY} steps",
        rule_runs,
    ),
    "anvil": (
        "byte-decoded, on Anvil",
        f"what a step has changed; everything every {COMPARE_EVERY} steps",
        functools.partial(byte_runs, engine="anvil", compare_every=COMPARE_EVERY),
    ),
}


def describe_computer() -> str:
    """Processor, load and versions."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    return (
        f"{processor}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; "
        f"Python {platform.python_version()}, pyrevm {version('pyrevm')}, hypothesis {version('hypothesis')}"
    )


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    rule = " | ".join("---" if column < 2 else "--:" for column in range(len(HEADINGS)))
    return "\n".join([f"| {' | '.join(HEADINGS)} |", f"| {rule} |", *map(str, rows)])


def write_page(text: str) -> None:
    """Replace what is between the markers of docs/benchmarks.md."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE.relative_to(ROOT)}: {BEGIN} and {END} are not there")
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20, help="per row (default 20)")
    parser.add_argument("--seed", type=int, default=1, help="first run; the next ones count up (default 1)")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), help="which (default all)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    given = parser.parse_args()
    if given.seconds <= 0:
        parser.error(f"--seconds: found {given.seconds}, must be more than 0")

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    computer, rows = describe_computer(), []
    for name in given.rows:
        driver, comparison, make_runs = ROWS[name]
        runs = make_runs(given.seed)
        rows.append(measure(driver, comparison, runs, given.seconds, on_node=name == "anvil"))
        runs.close()
    if given.write:
        write_page(f"{table(rows)}\n\n{computer}.")
    if given.json:
        print(json.dumps({"machine": computer, "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        print(f"{table(rows)}\n\n{computer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
