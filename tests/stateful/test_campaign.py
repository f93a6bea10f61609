"""Campaigns end to end, in this process: from options to report and exit code.

given sound contracts       it ends with 0, and the report has every entry point and error
given a planted fault       it is found, cut down, written as a trace, and the exit code is 1
given an interrupt          the report has what was done until then
given wrong options         they are refused by name, and nothing is written
"""

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from scripts.campaign import cli
from simulation.campaign.command import FAILURES, INCOMPLETE, INTERRUPTED, NO_FAILURE, Result, run_campaign
from simulation.campaign.options import Options
from simulation.campaign.outcomes import Outcome
from simulation.campaign.surface import surface_of
from simulation.trace import load

pytestmark = pytest.mark.stateful

FAULT = "RoundsManager__MutantOwnerInitializes"


class InlineWorker:
    """Does its work at once, in this process."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work

    def submit(self, item: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(self._work(item))
        except RuntimeError as error:
            future.set_exception(error)
        return future

    def kill(self) -> None:
        pass

    def obituary(self, error: BaseException) -> str:
        return str(error)


def start_inline(make: Callable[[], Callable], number: int) -> InlineWorker:
    return InlineWorker(make())


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(
        seconds=600,
        workers=1,
        seed=5,
        areas=("tickets",),
        steps=60,
        out=tmp_path / "out",
        runs=4,
        databases=(str(tmp_path / "database"),),
        command="ape run campaign --seed 5",
    )


def run(options: Options, start_worker: Callable = start_inline, console: Console | None = None) -> Result:
    return run_campaign(options, console or Console(quiet=True), start_worker=start_worker)


def parts_that_do_not_depend_on_time(result: Result) -> dict[str, Any]:
    document = result.document
    names = ("findings", "entryPoints", "errors", "invariants", "rounding", "growth")
    totals = {name: document["totals"][name] for name in ("steps", "runs", "runsByArea", "reachedFirstBy")}
    return {"totals": totals, **{name: document[name] for name in names}}


def test_campaign__sound_contracts__report_has_every_entry_point_and_error(options, artifacts):
    result = run(options)

    assert result.exit_code == NO_FAILURE
    document = json.loads((options.out / "report.json").read_text())
    page = (options.out / "report.html").read_text()
    surface = surface_of(artifacts)
    assert {row["name"] for row in document["entryPoints"]} >= set(surface.entry_points)
    assert {row["name"] for row in document["errors"]} >= set(surface.errors)
    for name in (*surface.entry_points, *surface.errors):
        assert f"<code>{name}</code>" in page
    for name in (*document["notReached"]["entryPoints"], *document["notReached"]["errors"]):
        assert page.index(name) < page.index("<h2>Coverage")
    assert "out of reach: a deployment sets the size of the pool" in page
    assert document["totals"]["steps"] == 4 * 60
    assert document["totals"]["runs"] == {"fresh": 4}
    assert "http" not in page.replace("http://www.w3.org", "")


def test_campaign__sound_contracts__unreached_rows_come_first(options):
    document = run(options).document

    reached = [row["succeeded"] + row["inside"] > 0 for row in document["entryPoints"]]
    raised = [row["raised"] > 0 for row in document["errors"]]
    assert False in reached and True in reached
    assert reached == sorted(reached)
    assert raised == sorted(raised)


def test_campaign__two_processes__what_one_worker_here_finds(options, tmp_path):
    here = run(options)
    there = run_campaign(
        replace(options, workers=2, out=tmp_path / "there", databases=(str(tmp_path / "other"),)),
        Console(quiet=True),
    )

    assert parts_that_do_not_depend_on_time(there) == parts_that_do_not_depend_on_time(here)
    assert sum(worker["runs"] for worker in there.document["workers"]) == 4


def test_campaign__once_more__begins_with_what_was_kept(options, tmp_path):
    first = run(options)

    again = run(replace(options, out=tmp_path / "again", seed=6))

    kept = again.document["totals"]["runs"]["kept"]
    assert kept == again.document["totals"]["keptBefore"] > 0
    reached = [{row["name"] for row in r.document["entryPoints"] if row["succeeded"]} for r in (first, again)]
    assert reached[1] >= reached[0]


def test_campaign__planted_fault__is_found_cut_down_and_written(options):
    console = Console(file=StringIO())

    result = run(replace(options, faulty=FAULT), console=console)

    assert result.exit_code == FAILURES
    (finding,) = [found for found in result.document["findings"] if not found["note"]]
    assert "RoundsManager.initializeRound" in finding["differs"]
    assert finding["failingRuns"] == 4
    assert finding["steps"] == 1
    assert finding["calls"][0].startswith("1. ")
    assert finding["replay"] == f"ape run replay {options.out / finding['trace']} --explain --faulty {FAULT}"
    trace = load(options.out / finding["trace"])
    assert trace.failure.kind == "outcome"
    assert [step.function for step in trace.steps] == ["initializeRound"]
    assert finding["replay"] in (options.out / "report.html").read_text()
    assert finding["replay"] in console.file.getvalue()


def test_campaign__after_a_planted_fault__its_runs_come_first_but_not_on_sound_contracts(options, tmp_path):
    run(replace(options, faulty=FAULT, runs=1))

    again = run(replace(options, faulty=FAULT, runs=1, seed=77, out=tmp_path / "again"))
    sound = run(replace(options, runs=1, out=tmp_path / "sound"))

    assert again.document["findings"][0]["runs"][0] == "kept run 1"
    assert sound.document["totals"]["keptBefore"] == 0


def test_campaign__interrupted__report_has_what_was_done(options):
    def start(make: Callable[[], Callable], number: int) -> InlineWorker:
        work, done = make(), []

        def interrupt_at_the_third(item: Any) -> Outcome:
            if len(done) == 2:
                raise KeyboardInterrupt
            done.append(item)
            return work(item)

        return InlineWorker(interrupt_at_the_third)

    result = run(options, start)

    assert result.exit_code == INTERRUPTED
    assert result.document["phase"] == "interrupted"
    assert json.loads((options.out / "report.json").read_text()) == result.document


def test_campaign__worker_lost__others_count_and_the_loss_is_reported(options):
    def start(make: Callable[[], Callable], number: int) -> InlineWorker:
        work = make()

        def lose_run_1(item: Any) -> Outcome:
            if item.number == 1:
                raise RuntimeError("out of memory")
            return work(item)

        return InlineWorker(lose_run_1)

    result = run(options, start)

    assert result.exit_code == INCOMPLETE
    assert result.document["totals"]["runs"] == {"fresh": 3}
    (lost,) = result.document["lost"]
    assert (lost["number"], lost["reason"]) == ("run 1", "out of memory")
    assert "out of memory" in (options.out / "report.html").read_text()


def test_campaign__error_in_a_run__is_a_failure_with_its_cause(options, monkeypatch):
    monkeypatch.setattr("simulation.world.World.finish", lambda world: 1 // 0)

    result = run(replace(options, runs=1))

    assert result.exit_code == FAILURES
    (finding,) = result.document["findings"]
    assert finding["kind"] == "error"
    assert finding["differs"][0] == "ZeroDivisionError"
    assert "1 // 0" in finding["message"]


# ---- the command


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--time", "10x"], "--time: found '10x', must be hours, minutes and seconds"),
        (["--areas", "bondin"], "--areas: found 'bondin', must be among"),
        (["--workers", "-2"], "'--workers': -2 is not in the range"),
        (["--seed", "-1"], "'--seed': -1 is not in the range"),
        (["--engine", "geth"], "'--engine': 'geth' is not one of 'pyrevm', 'anvil'"),
        (["--faulty", "Nothing"], "--faulty: found 'Nothing', must be one of"),
        (
            ["--database", "redis://127.0.0.1:1"],
            "--database: found 'redis://127.0.0.1:1', no Redis answers there",
        ),
        (["--out", "{used}"], "which holds a report; must be a new folder"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_command__wrong_option__is_refused_by_name_and_writes_nothing(arguments, complaint, tmp_path):
    used = tmp_path / "used"
    used.mkdir()
    (used / "report.json").touch()
    out = [] if "--out" in arguments else ["--out", str(tmp_path / "new")]
    given = [argument.format(used=used) for argument in arguments]

    result = CliRunner().invoke(cli, ["--database", str(tmp_path / "database"), *out, *given])

    assert result.exit_code == 2
    assert complaint in " ".join(result.output.split())
    assert not (tmp_path / "new").exists()


def test_command__ray_is_not_there__says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)

    result = CliRunner().invoke(
        cli, ["--ray", "local", "--out", str(tmp_path / "new"), "--database", str(tmp_path / "database")]
    )

    assert result.exit_code == 2
    assert "--ray: Ray is not installed" in result.output
    assert "[cluster]" in result.output
