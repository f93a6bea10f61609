"""Which branches of the reference model random runs take.

    python -m simulation.coverage --steps 120000 --seed 1
    python -m simulation.coverage --steps 120000 --seed 1 --json
    python -m simulation.coverage --steps 120000 --seed 1 --update-docs     # the section of docs/coverage.md

The runs are those of a campaign, contracts beside the model, of all areas.  A branch is a way out of a line that
has several, such as a condition, or a line that never ran.  It exits with 1 where one was not taken of which
simulation/out_of_reach.py does not say why, or where one was taken that is said to be out of reach.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coverage import Coverage
from rich.console import Console
from rich.progress import Progress

from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import STEPS
from simulation.campaign.plan import Plan
from simulation.campaign.work import Runner, Setting
from simulation.out_of_reach import BRANCHES
from tools.artifacts import load_artifacts
from tools.marked_page import write_part

ROOT = Path(__file__).resolve().parents[1]
MODEL, PAGE = ROOT / "reference_model", ROOT / "docs" / "coverage.md"


@dataclass(frozen=True)
class Branch:
    """A way from a line to another; `to` is what would run then, nothing at the end of the function.

    A function that never ran is the way from its `def` into it.
    """

    file: str
    function: str
    line: int
    source: str
    to_line: int
    to: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The branch without line numbers, as `out_of_reach.BRANCHES` names it."""
        return f"{self.file}:{self.function}", self.source, self.to

    def __str__(self) -> str:
        where = f"line {self.to_line}: {self.to}" if self.to else "the end of the function"
        return f"{self.file}:{self.line}: {self.source} → {where}"


@dataclass
class Taken:
    """What runs took. `files`: branches taken and in all, by file; `missed`: those that none took."""

    steps: int
    files: dict[str, tuple[int, int]]
    missed: list[Branch]

    @property
    def unexplained(self) -> list[Branch]:
        """Missed without a reason."""
        return [branch for branch in self.missed if branch.key not in BRANCHES]

    @property
    def unforeseen(self) -> list[tuple[str, str, str]]:
        """Said to be out of reach, and taken, or not there any more."""
        return sorted(BRANCHES.keys() - {branch.key for branch in self.missed})


def measure(steps: int, seed: int, on_run: Callable[[int], None] = lambda taken: None) -> Taken:
    """Run so many steps and look at the model; `on_run` is told the steps of each run."""
    watch = Coverage(
        data_file=None,
        branch=True,
        source=[str(MODEL)],
        messages=False,
    )
    # The model is imported already: that it was is of no interest.
    watch.set_option("run:disable_warnings", ["module-not-measured", "already-imported", "no-data-collected"])
    make_run, taken = Runner(Setting("pyrevm", load_artifacts(), seed)), 0
    # More of the governor's runs than of others: a proposal that gives roles away is rare elsewhere.
    areas = [*ACTIONS_BY_AREA, *["governance"] * 3]
    plan = Plan(seed=seed, areas=areas, steps=STEPS)
    with watch.collect():
        while taken < steps:
            outcome = make_run(plan.next())
            if outcome.failure is not None:
                raise AssertionError(f"run {outcome.number} of seed {seed}: {outcome.failure.message}")
            taken += outcome.steps
            on_run(outcome.steps)
    return _read(watch, taken)


def _read(watch: Coverage, steps: int) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        watch.json_report(outfile=str(path))
        files: dict[str, Any] = json.loads(path.read_text("utf-8"))["files"]
    counts, missed = {}, []
    for name, found in sorted(files.items()):
        file = Path(name).resolve()
        # What is outside of functions ran when the module was imported.
        functions = {name: region for name, region in found["functions"].items() if name}
        short = str(file.relative_to(MODEL))
        lost = [one for name, region in functions.items() for one in _missed(file, short, name, region)]
        taken = sum(len(region["executed_branches"]) for region in functions.values())
        counts[short] = (taken, taken + len(lost))
        missed += lost
    return Taken(steps, {name: count for name, count in counts.items() if count[1]}, missed)


def _missed(file: Path, short: str, function: str, region: dict[str, Any]) -> Iterator[Branch]:
    """The branches of a function that nobody took, but for those behind another one."""
    lines = ["", *(line.strip() for line in file.read_text("utf-8").splitlines())]
    if not region["executed_lines"]:
        if region["missing_lines"]:
            start, first = region["start_line"], region["missing_lines"][0]
            yield Branch(short, function, start, lines[start], first, lines[first])
        return
    ran = set(region["executed_lines"])
    for line, to_line in region["missing_branches"]:
        if line in ran:
            yield Branch(short, function, line, lines[line], max(to_line, 0), lines[max(to_line, 0)])


# ---- what people see


def to_data(taken: Taken) -> dict[str, Any]:
    """All of it as JSON."""
    return {
        "steps": taken.steps,
        "files": {name: {"taken": some, "all": whole} for name, (some, whole) in taken.files.items()},
        "missed": [{**asdict(b), "reason": BRANCHES.get(b.key)} for b in taken.missed],
        "unforeseen": [list(key) for key in taken.unforeseen],
    }


def table(taken: Taken) -> str:
    """Branches by file, and those that were not taken with their reasons, as Markdown."""
    rows = [f"| `{name}` | {some} | {whole - some} |" for name, (some, whole) in taken.files.items()]
    some, whole = (sum(count[position] for count in taken.files.values()) for position in (0, 1))
    reasons = [
        f"| `{b.file}` | `{b.source}` → `{b.to or 'end'}` | {BRANCHES.get(b.key, 'not known')} |"
        for b in taken.missed
    ]
    return "\n".join(
        [
            f"{taken.steps:,} steps took {some:,} of {whole:,} branches.",
            "",
            "| file | taken | not taken |",
            "|---|--:|--:|",
            *rows,
            "",
            "| file | branch that is never taken | why |",
            "|---|---|---|",
            *reasons,
        ]
    )


def show(taken: Taken, console: Console) -> None:
    """What was missed, for people."""
    some, whole = (sum(count[position] for count in taken.files.values()) for position in (0, 1))
    lines = [f"{taken.steps:,} steps took {some:,} of {whole:,} branches of reference_model/"]
    lines += _titled("not taken", map(str, taken.unexplained))
    explained = (f"{b}\n    {BRANCHES[b.key]}" for b in taken.missed if b.key in BRANCHES)
    lines += _titled("out of reach", explained)
    lines += _titled(
        "taken, or gone, though listed as out of reach",
        (f"{place}: {source} → {to}" for place, source, to in taken.unforeseen),
    )
    console.print("\n".join(lines), markup=False, soft_wrap=True)


def _titled(title: str, entries: Iterable[str]) -> list[str]:
    listed = [f"  {entry}" for entry in entries]
    return [f"{title}:", *listed] if listed else []


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--steps", type=int, default=120_000, help="calls of all runs together (default 120000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the runs (default 1)")
    parser.add_argument("--json", action="store_true", help="everything as JSON on standard output")
    parser.add_argument("--update-docs", action="store_true", help="write the tables of docs/coverage.md")
    given = parser.parse_args()
    if given.steps <= 0:
        parser.error(f"--steps: found {given.steps}, must be positive")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("steps", total=given.steps)
        taken = measure(given.steps, given.seed, lambda steps: progress.update(task, advance=steps))
    if given.update_docs:
        command = f"python -m simulation.coverage --steps {given.steps} --seed {given.seed}"
        write_part(PAGE, "branches", f"`{command}`: {table(taken)}")
    if given.json:
        print(json.dumps(to_data(taken), indent=1, ensure_ascii=False))
    else:
        show(taken, Console(highlight=False, emoji=False))
    return 1 if taken.unexplained or taken.unforeseen else 0


if __name__ == "__main__":
    sys.exit(main())
