"""How fast is Foundry's invariant runner on these contracts? Times foundry/WholeProtocol.t.sol on one core.

    python -m foundry.benchmark                 prints the table; about five minutes
    python -m foundry.benchmark --write         and puts it into docs/benchmarks.md
    python -m foundry.benchmark --json          for other programs

Both ways of checking are timed: all invariants after every action, and at the end of a run only. Each is repeated and
the median reported, per second of the clock and per second of processor time: the latter hardly depends on what else
the machine does.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from foundry.runner import (
    AT_THE_END,
    EVERY_CALL,
    CallCounts,
    Campaign,
    ForgeFailed,
    Result,
    build,
    count_calls,
    forge_version,
    run_campaign,
)
from tools.solidity import ROOT, compiler

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- python -m foundry.benchmark --write: from here -->"
END = "<!-- to here -->"
PROFILE = "invariants"
RUNS, DEPTH, REPEAT, SEED = 60, 200, 3, 1
# A run without checks is several times shorter; it is made longer so that starting forge does not count.
LONGER_WITHOUT_CHECKS = 3
MODES = {"after every action": EVERY_CALL, "at the end of a run": AT_THE_END}


@dataclass(frozen=True)
class Row:
    """One way of checking; rates per second."""

    checked: str
    actions: int
    per_second: float
    per_cpu_second: float
    protocol_calls_per_action: float
    """Calls to the protocol by action and checks together."""

    @property
    def calls_per_second(self) -> float:
        return self.per_second * self.protocol_calls_per_action

    @property
    def calls_per_cpu_second(self) -> float:
        return self.per_cpu_second * self.protocol_calls_per_action


@dataclass(frozen=True)
class Conditions:
    """Where and with what it was measured."""

    command: str
    machine: str
    load: str
    forge: str
    solc: str
    runs: int
    depth: int
    repeat: int
    transactions_per_action: float
    calls_per_action: float
    calls_per_check: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=positive, default=RUNS, help="runs (default: %(default)s)")
    parser.add_argument(
        "--depth", type=positive, default=DEPTH, help="actions per run (default: %(default)s)"
    )
    parser.add_argument(
        "--repeat", type=positive, default=REPEAT, help="measurements of each (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of the fuzzer (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args(arguments)
    try:
        rows, conditions = measure(given.runs, given.depth, given.repeat, given.seed)
        text = section(rows, conditions)
        if given.write:
            PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    except (ForgeFailed, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.json:
        data = {"conditions": asdict(conditions), "rows": [asdict(row) for row in rows]}
        print(json.dumps(data, indent=2))
    else:
        print(text)
    return 0


def positive(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def measure(runs: int, depth: int, repeat: int, seed: int) -> tuple[list[Row], Conditions]:
    """Build, count, and time each way of checking. Raises ForgeFailed."""
    _say("building with the compiler settings of the project; minutes if anything changed")
    build(PROFILE)
    _say("counting calls to the protocol")
    counts = count_calls(PROFILE)
    core = min(os.sched_getaffinity(0))
    load_before = os.getloadavg()[0]
    rows = []
    for checked, check_interval in MODES.items():
        results = []
        many = runs if check_interval else runs * LONGER_WITHOUT_CHECKS
        for number in range(1, repeat + 1):
            campaign = Campaign(many, depth, seed + number - 1, check_interval, PROFILE, core=core)
            result = run_campaign(campaign)
            if result.failure:
                raise ForgeFailed(f"the contracts fail: {result.failure}")
            _say(
                f"checked {checked}, {number}/{repeat}: {result.calls / result.seconds:.0f}/s,"
                f" {result.calls / result.cpu_seconds:.0f} per second of processor time"
            )
            results.append(result)
        rows.append(row_of(checked, check_interval, results, depth, counts))
    return rows, Conditions(
        command=f"python -m foundry.benchmark --runs {runs} --depth {depth} --repeat {repeat} --seed {seed}",
        machine=_machine(),
        load=f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after (forge itself is 1)",
        forge=forge_version(),
        solc=compiler().name.removeprefix("solc-v"),
        runs=runs,
        depth=depth,
        repeat=repeat,
        **asdict(counts),
    )


def row_of(
    checked: str, check_interval: int, results: Sequence[Result], depth: int, counts: CallCounts
) -> Row:
    """Medians of several measurements."""
    checks_per_action = 1 if check_interval == EVERY_CALL else 1 / depth
    return Row(
        checked=checked,
        actions=results[0].calls,
        per_second=statistics.median(r.calls / r.seconds for r in results),
        per_cpu_second=statistics.median(r.calls / r.cpu_seconds for r in results),
        protocol_calls_per_action=counts.calls_per_action + counts.calls_per_check * checks_per_action,
    )


def section(rows: Sequence[Row], conditions: Conditions) -> str:
    """The table with its conditions, as Markdown."""
    lines = [
        "| invariants checked | actions/s | actions per CPU-second | calls to the protocol per action"
        " | calls/s | calls per CPU-second |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            f"| {row.checked} | {row.per_second:,.0f} | {row.per_cpu_second:,.0f}"
            f" | {row.protocol_calls_per_action:.0f} | {row.calls_per_second:,.0f}"
            f" | {row.calls_per_cpu_second:,.0f} |"
        )
    lines += [
        "",
        f"`{conditions.command}`; medians of {conditions.repeat}, one thread on one core, each a run of"
        f" {' and '.join(f'{row.actions:,}' for row in rows)} actions; forge {conditions.forge},"
        f" solc {conditions.solc} (via-IR, 200 runs); {conditions.machine}; load {conditions.load}."
        f" An action sends {conditions.transactions_per_action:.2f} transactions on average and makes"
        f" {conditions.calls_per_action:.0f} calls in all, views to choose and to check the operation included;"
        f" a check of the catalogue makes {conditions.calls_per_check:.0f}.",
    ]
    return "\n".join(lines)


def with_section(page: str, text: str) -> str:
    """The page with `text` between the two marks. Raises ValueError if they are not there once each."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"{PAGE.relative_to(ROOT)} needs one line '{BEGIN}' and after it one '{END}'")
    return f"{page[: page.index(BEGIN)]}{BEGIN}\n{text}\n{page[page.index(END) :]}"


def _machine() -> str:
    names = {
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    }
    return f"{os.cpu_count()} cores, {', '.join(sorted(names)) or platform.machine()}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
