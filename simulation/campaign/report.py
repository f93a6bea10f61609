"""What is left of a campaign: `report.json`, and `report.html` with the same numbers and their plots."""

import itertools
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from simulation.campaign.campaign import State
from simulation.campaign.findings import Finding
from simulation.campaign.options import Options
from simulation.campaign.plan import name_of
from simulation.campaign.plots import BarPlot, LinePlot, bar_plot, line_plot, short_number
from simulation.campaign.surface import Surface
from simulation.campaign.tally import ENTRY_POINT, ERROR, Point, Tally

FORMAT = 1
# In a plot of speed: longer campaigns are averaged over more seconds; of more workers, only all together are shown.
MAX_POINTS, MAX_WORKERS = 240, 5
TEMPLATES = Path(__file__).parent


def build_document(
    options: Options,
    state: State,
    *,
    environment: Mapping[str, Any],
    started: str,
    kept_before: int,
    database_failure: str | None,
) -> dict[str, Any]:
    """Everything that is known, as JSON."""
    tally, now = state.tally, state.tally.now()
    surface, missing = tally.surface, tally.missing()
    return {
        "format": FORMAT,
        "command": options.command,
        "started": started,
        "phase": state.phase,
        "options": {
            "seconds": options.seconds,
            "runs": options.runs,
            "workers": options.workers,
            "seed": options.seed,
            "areas": list(options.areas),
            "steps": options.steps,
            "engine": options.engine,
            "ray": options.ray,
            "faulty": options.faulty,
        },
        "environment": dict(environment),
        "totals": {
            "seconds": round(state.seconds, 2),
            "steps": state.steps_done,
            "stepsPerSecond": round(state.steps_done / state.seconds, 1) if state.seconds else 0,
            "runs": dict(tally.runs),
            "runsByArea": dict(tally.runs_by_area),
            "reachedFirstBy": dict(tally.found_by),
            "entryPoints": {
                "reached": now.entry_points,
                "reachable": len(surface.reachable_entry_points),
                "known": len(surface.entry_points),
            },
            "errors": {
                "reached": now.errors,
                "reachable": len(surface.reachable_errors),
                "known": len(surface.errors),
            },
            "keptBefore": kept_before,
            "failures": len(state.findings),
            "failingRuns": sum(finding.count for finding in state.findings),
            "lost": len(state.lost),
        },
        "findings": [_finding(finding) for finding in state.findings],
        "databaseFailure": database_failure,
        "lost": [{**vars(lost), "number": name_of(lost.number)} for lost in state.lost],
        "notReached": {"entryPoints": missing[ENTRY_POINT], "errors": missing[ERROR]},
        "reachedAgainstExpectation": tally.unforeseen(),
        "outOfReach": dict(surface.out_of_reach),
        "entryPoints": _entry_points(surface, tally),
        "errors": _errors(surface, tally),
        "invariants": {name: tally.checked[name] for name in sorted(tally.checked, key=_by_area_and_number)},
        "rounding": tally.rounding.to_data(),
        "growth": [_point(point) for point in (*tally.growth, now)],
        "speed": [
            {
                "seconds": round(sample.seconds, 2),
                "steps": sample.steps,
                "byWorker": {str(worker): steps for worker, steps in sample.by_worker.items()},
            }
            for sample in state.samples
        ],
        "workers": [
            {"worker": number, "runs": line.runs, "steps": line.steps, "seconds": round(line.seconds, 2)}
            for number, line in state.workers.items()
        ],
    }


def write_report(document: Mapping[str, Any], folder: Path) -> Path:
    """Both files; the path of the HTML."""
    (folder / "report.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    page = folder / "report.html"
    page.write_text(render(document), encoding="utf-8")
    return page


def render(document: Mapping[str, Any]) -> str:
    """The page; it needs nothing else, and nobody's network."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = short_number
    environment.filters["thousands"] = lambda value: f"{value:,.0f}"
    return environment.get_template("report.html.j2").render(
        report=document,
        growth=_growth_plot(document),
        speed=_speed_plot(document),
        rounding=_rounding_plots(document),
    )


# ---- parts of the document


def _entry_points(surface: Surface, tally: Tally) -> list[dict[str, Any]]:
    """One row for each entry point, those that never succeeded first; `inside`: when other contracts called it."""
    failed = Counter()
    for (entry_point, _), number in tally.failed.items():
        failed[entry_point] += number
    names = dict.fromkeys((*surface.entry_points, *tally.succeeded, *failed))
    rows = [
        {
            "name": name,
            "succeeded": tally.succeeded[name],
            "inside": tally.inside[name],
            "failed": failed[name],
        }
        for name in names
    ]
    return sorted(rows, key=lambda row: (row["succeeded"] + row["inside"] > 0, row["name"]))


def _errors(surface: Surface, tally: Tally) -> list[dict[str, Any]]:
    """One row for each error, those that were never raised first; raised by entry points and by views."""
    by_name: dict[str, Counter] = {name: Counter() for name in surface.errors}
    for (function, error), number in (*tally.failed.items(), *tally.refused.items()):
        by_name.setdefault(error, Counter())[function] += number
    rows = [
        {
            "name": name,
            "declaredBy": list(surface.errors.get(name, ())),
            "raised": counts.total(),
            "by": dict(counts.most_common()),
        }
        for name, counts in by_name.items()
    ]
    return sorted(rows, key=lambda row: (row["raised"] > 0, row["name"]))


def _by_area_and_number(name: str) -> tuple[str, int]:
    """EARN-9 before EARN-10."""
    area, _, number = name.rpartition("-")
    return area, int(number)


def _point(point: Point) -> dict[str, int]:
    return {
        "steps": point.steps,
        "entryPoints": point.entry_points,
        "errors": point.errors,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    minimised = finding.minimised
    return {
        "kind": finding.failure.kind,
        "differs": list(finding.signature),
        "area": finding.area,
        "failingRuns": finding.count,
        "runs": [name_of(number) for number in finding.runs],
        "note": finding.note,
        "message": (minimised.failure if minimised else finding.failure).message,
        "steps": minimised.steps if minimised else None,
        "calls": list(minimised.calls) if minimised else [],
        "python": minimised.python if minimised else None,
        "trace": finding.trace or None,
        "replay": finding.replay or None,
    }


# ---- plots


def _growth_plot(document: Mapping[str, Any]) -> LinePlot:
    """Shares of what there is, so that lines of different height can be compared."""
    lines = {}
    for key, name in (("entryPoints", "entry points"), ("errors", "errors")):
        reachable = document["totals"][key]["reachable"]
        lines[name] = [
            (point["steps"], 100 * point[key] / reachable) for point in document["growth"] if point["steps"]
        ]
    return line_plot(lines, x_name="steps", y_name="% reached", y_most=100, is_log=True, is_stepped=True)


def _speed_plot(document: Mapping[str, Any]) -> LinePlot:
    """Steps per second between samples, in all and by worker."""
    stride = -(-len(document["speed"]) // MAX_POINTS) or 1
    samples = [{"seconds": 0, "steps": 0, "byWorker": {}}, *document["speed"][stride - 1 :: stride]]
    lines: dict[str, list[tuple[float, float]]] = {"all": []}
    for before, after in itertools.pairwise(samples):
        if (seconds := after["seconds"] - before["seconds"]) <= 0:
            continue
        lines["all"].append((after["seconds"], (after["steps"] - before["steps"]) / seconds))
        for worker, steps in after["byWorker"].items() if len(after["byWorker"]) <= MAX_WORKERS else ():
            line = lines.setdefault(f"worker {worker}", [])
            line.append((after["seconds"], (steps - before["byWorker"].get(worker, 0)) / seconds))
    return line_plot(lines, x_name="seconds", y_name="steps/s")


def _rounding_plots(document: Mapping[str, Any]) -> dict[str, BarPlot]:
    """By operation, of those that rounded something."""
    return {
        name: bar_plot(operation["edges"], operation["counts"], x_name="share of the bound", y_name="amounts")
        for name, operation in document["rounding"]["operations"].items()
        if any(operation["counts"])
    }
