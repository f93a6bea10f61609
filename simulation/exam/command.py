"""What `ape run exam` does: compiles, examines, shows how far it is, and keeps what was found."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from simulation.exam import record, report
from simulation.exam.examiner import compile_all, examine, machines_of
from simulation.exam.fault import Fault
from simulation.exam.record import Result
from tools import build

SHOWN_NAMES = 3


@dataclass(frozen=True)
class Exam:
    """Which faults, which areas and drivers of the machines, and from which choices on."""

    faults: tuple[Fault, ...]
    areas: tuple[str, ...]
    drivers: tuple[str, ...]
    workers: int
    seed: int


def show_faults(faults: Iterable[Fault], as_json: bool) -> None:
    """Names, places and meanings on standard output."""
    rows = [{"name": one.name, "in": list(one.sources), "what": one.what} for one in faults]
    if as_json:
        print(json.dumps(rows))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        print(f"{row['name']:{width}}  {', '.join(row['in'])}: {row['what']}")


def run_exam(exam: Exam, *, update: bool) -> dict[str, Result]:
    """Results by fault; progress on standard error. `update` keeps each as it comes in."""
    console = Console(stderr=True, highlight=False)
    build.build()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results: dict[str, Result] = {}
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("compile", total=len(exam.faults))
        for ready in compile_all(exam.faults):
            progress.update(task, completed=ready)
        task = progress.add_task("examine", total=len(exam.faults))
        machines = machines_of(exam.areas, exam.drivers)
        options = {"seed": exam.seed, "workers": exam.workers, "known": record.load()}
        for name, result in examine(exam.faults, machines, **options):
            results[name] = result
            caught = sum(bool(one.catchers) for one in results.values())
            progress.update(task, advance=1, description=f"examine, {caught} of {len(results)} caught")
            progress.console.print(_line(name, result))
            if update:
                _keep(name, result)
    if missed := [name for name, result in results.items() if not result.catchers]:
        console.print(f"not caught: {', '.join(sorted(missed))}", style="red")
    return results


def _line(name: str, result: Result) -> str:
    if not result.catchers:
        return f"[red]{name}: not caught[/red]"
    machine, caught = min(result.catchers.items(), key=lambda item: item[1].steps)
    names = ", ".join(result.by[:SHOWN_NAMES])
    found = f"{len(result.catchers)} of {len(result.caught)} machines, soonest {machine} after {caught.steps}"
    return f"{name}: {found} steps; {len(result.shortest.steps)} are enough: {names}"


def _keep(name: str, result: Result) -> None:
    """Machines that took no part this time keep what they found before."""
    results = record.load()
    if name in results:
        caught = {**results[name].caught, **result.caught}
        shortest = result if result.shortest is not None else results[name]
        result = Result(caught, shortest.shortest, shortest.by)
    results[name] = result
    record.save(results)
    report.DOCUMENT.write_text(report.render(results), "utf-8")
