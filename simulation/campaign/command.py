"""From options to report: what `ape run campaign` does."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from simulation.campaign.campaign import Campaign, State
from simulation.campaign.crew import Crew, Worker
from simulation.campaign.database import Store, open_database
from simulation.campaign.environment import describe_environment
from simulation.campaign.faults import plant
from simulation.campaign.findings import Finding
from simulation.campaign.options import BadInput, Options
from simulation.campaign.plan import Plan
from simulation.campaign.processes import ProcessWorker
from simulation.campaign.progress import Progress
from simulation.campaign.report import build_document, write_report
from simulation.campaign.surface import surface_of
from simulation.campaign.work import Runner, Setting
from tools import build
from tools.artifacts import load_artifacts
from tools.solidity import CompileError

NO_FAILURE, FAILURES, INCOMPLETE, INTERRUPTED = 0, 1, 3, 130
REPORT = "report.json"

StartWorker = Callable[[Callable[[], Any], int], Worker]


@dataclass(frozen=True)
class Result:
    """How a campaign ended. `page`: the report."""

    exit_code: int
    page: Path
    document: Mapping[str, Any]


def run_campaign(options: Options, console: Console, *, start_worker: StartWorker | None = None) -> Result:
    """Run a campaign and write its report. Raises BadInput, before anything is started.

    `start_worker` makes a worker out of what makes its work and its number; by default a process, or an actor on Ray.
    """
    _require_new(options.out)
    store = Store(open_database(options.databases), options.faulty or "sound")
    artifacts = _load_build(console)
    surface = surface_of(artifacts)
    if options.faulty is not None:
        artifacts = plant(options.faulty, artifacts)
    options.out.mkdir(parents=True, exist_ok=True)
    kept = store.load(options.areas)
    plan = Plan(
        seed=options.seed,
        areas=options.areas,
        steps=options.steps,
        kept=kept,
        runs=options.runs,
    )
    make = partial(Runner, Setting(options.engine, artifacts, options.seed))
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with ExitStack() as stack:
        start = start_worker or _starter(options, stack)
        title = f"seed {options.seed}, {options.workers} workers, {', '.join(options.areas)}"
        progress = stack.enter_context(Progress(console, title=title))
        campaign = Campaign(
            plan=plan,
            crew=Crew(partial(start, make), options.workers),
            store=store,
            surface=surface,
            seconds=options.seconds,
            workers=options.workers,
            on_change=progress.update,
            on_finding=partial(_tell, progress, options),
        )
        state = campaign.run()
    document = build_document(
        options,
        state,
        environment=describe_environment(),
        started=started,
        kept_before=len(kept),
        database_failure=store.failure,
    )
    page = write_report(document, options.out)
    if store.failure is not None:
        console.print(f"the database was given up: {store.failure}", markup=False, soft_wrap=True)
    progress.conclude(state, page)
    return Result(exit_code_of(state), page, document)


def exit_code_of(state: State) -> int:
    """Failures weigh more than an interrupt, and that more than runs that were lost."""
    if len(state.findings):
        return FAILURES
    if state.phase == "interrupted":
        return INTERRUPTED
    return NO_FAILURE if state.phase == "done" and not state.lost else INCOMPLETE


def _require_new(folder: Path) -> None:
    if (folder / REPORT).exists():
        raise BadInput("--out", f"found {str(folder)!r}, which holds a report; must be a new folder")
    if folder.exists() and not folder.is_dir():
        raise BadInput("--out", f"found {str(folder)!r}, must be a folder")


def _load_build(console: Console):
    try:
        if not build.is_current():
            console.print("compiling the contracts")
            build.build()
    except CompileError as error:
        raise BadInput("contracts", f"they do not compile:\n{error}") from None
    return load_artifacts()


def _starter(options: Options, stack: ExitStack) -> StartWorker:
    if options.ray is None:
        return lambda make, number: ProcessWorker(make, options.out / f"worker-{number}.log")
    from simulation.campaign.ray_workers import RayWorker, connect

    stack.callback(connect(options.ray, options.workers))
    return lambda make, number: RayWorker(make)


def _tell(progress: Progress, options: Options, finding: Finding) -> None:
    if finding.minimised is not None:
        _write_trace(finding, options.out, options.faulty)
    progress.announce(finding)


def _write_trace(finding: Finding, folder: Path, faulty: str | None) -> None:
    number = 1 + len(list(folder.glob("divergence-*.json")))
    finding.trace = f"divergence-{number}.json"
    path = folder / finding.trace
    path.write_bytes(finding.minimised.trace)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    planted = f" --faulty {faulty}" if faulty else ""
    finding.replay = f"ape run replay {shown} --explain{planted}"
