"""The replay behind `ape run replay`: runs the steps, shows them, and says what they come to."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from scripts._replay.showing import (
    detail_of,
    heading,
    make_console,
    print_ledger,
    print_line,
    print_step,
    to_document,
)
from simulation.campaign.faults import plant
from simulation.campaign.options import BadInput
from simulation.trace import Replay, TraceRefused, load
from simulation.trace.exports import export_foundry, export_regression
from simulation.trace.format import CallStep
from simulation.trace.ledger import ledger_of
from simulation.trace.replaying import Replayed
from tools.artifacts import Artifact, NotBuilt, load_artifacts

QUIT_KEYS = ("q", "Q", "\x03", "\x04")


@dataclass(frozen=True)
class Options:
    """What the command was given."""

    path: Path
    until: int | None = None
    by_key: bool = False
    explain: bool = False
    every_step: bool = False
    engine: str | None = None
    allow_other_build: bool = False
    faulty: str | None = None
    as_json: bool = False


def replay(options: Options) -> int:
    """Run the trace and show it; the exit code. Raises TraceRefused."""
    run = _open(options)
    if options.as_json:
        click.echo(json.dumps(_document(run, options), indent=2))
    else:
        _show(run, options)
    return run.verdict.value


def _open(options: Options) -> Replay:
    return Replay(
        load(options.path),
        _load_build(options),
        engine=options.engine,
        allow_other_build=options.allow_other_build,
    )


def _load_build(options: Options) -> Mapping[str, Artifact]:
    try:
        artifacts = load_artifacts()
        return artifacts if options.faulty is None else plant(options.faulty, artifacts)
    except (NotBuilt, BadInput) as error:
        raise TraceRefused(str(error)) from None


def _show(run: Replay, options: Options) -> None:
    console = make_console()
    print_line(console, heading(run.trace, run.engine))
    for line in run.other_build:
        print_line(console, f"another build: {line}")
    explains_all = options.every_step or options.by_key
    last: Replayed | None = None
    for last in _steps(run, options):
        print_step(console, last, run.player.accounts.show)
        if explains_all:
            _explain(run, last, console)
    if options.explain and last is not None and not explains_all:
        _explain(run, last, console)
    if run.failure:
        print_line(console, run.failure.message, style="red")
    print_line(console, run.summary, style="bold")


def _steps(run: Replay, options: Options) -> Iterator[Replayed]:
    """The steps; with --step each after a key."""
    steps = run.run(options.until)
    if not options.by_key:
        yield from steps
        return
    click.echo("any key: next step; q: stop")
    while not _stops():
        if (step := next(steps, None)) is None:
            return
        yield step
    steps.close()


def _stops() -> bool:
    try:
        return click.getchar() in QUIT_KEYS
    except (OSError, EOFError):
        raise TraceRefused("--step: needs a terminal to read keys from") from None
    except KeyboardInterrupt:
        return True


def _explain(run: Replay, step: Replayed, console) -> None:
    played = step.played
    if isinstance(played.record, CallStep):
        for line in detail_of(played.record, run.player.accounts.show):
            print_line(console, line)
    print_ledger(console, ledger_of(run.player, played.before, played.after))


def _document(run: Replay, options: Options) -> dict[str, Any]:
    """Everything as data; ledgers of all steps or of the last one where they are asked for."""
    steps, last = [], None
    for last in run.run(options.until):
        steps.append(last.played.record.model_dump(mode="json") | {"deviations": list(last.deviations)})
        if options.every_step:
            steps[-1]["ledger"] = _ledger(run, last)
    if options.explain and last is not None:
        steps[-1]["ledger"] = _ledger(run, last)
    return {
        "verdict": run.verdict.name.lower(),
        "exit_code": run.verdict.value,
        "summary": run.summary,
        "engine": run.engine,
        "other_build": run.other_build,
        "deviations": run.deviations,
        "failure": run.failure.model_dump(mode="json") if run.failure else None,
        "reproduces": run.reproduces,
        "steps": steps,
    }


def _ledger(run: Replay, step: Replayed) -> list[dict[str, Any]]:
    return [to_document(entry) for entry in ledger_of(run.player, step.played.before, step.played.after)]


def export(options: Options, kind: str, output: Path | None) -> int:
    """Write the trace as a test, which is as good for another build. Raises TraceRefused."""
    trace = load(options.path)
    text = export_regression(trace) if kind == "test" else export_foundry(trace, _load_build(options))
    if output is None:
        click.echo(text, nl=False)
    elif output.exists():
        raise TraceRefused(f"--output: {output} is there already")
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"written: {output}", err=True)
    return 0
