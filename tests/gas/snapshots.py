"""The committed figures: one file per area, compared exactly.

snapshots/staking.json: {operation: {pool size: {"gas": ours, "baseline": deployed protocol's, "ratio": …}}}
snapshots/deployment.json: {contract: {measure: {"size" or "gas": …, "baseline": …, "ratio": …}}}
A figure that the baseline does not have stands without baseline and ratio.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import yaml

FOLDER = Path(__file__).resolve().parent
SNAPSHOTS = FOLDER / "snapshots"
BASELINE = FOLDER / "baseline"
AREAS = ("staking", "rounds", "payments", "governance", "registry_and_token")
DEPLOYMENT = "deployment"

# Record, as in a file: {name: {column: {"gas": …, "baseline": …, "ratio": …}}}
Record = dict[str, dict[str, dict[str, float]]]


class Figure(NamedTuple):
    """One operation at one pool size."""

    name: str
    size: int
    gas: int
    baseline: int

    @property
    def ratio(self) -> float:
        return self.gas / self.baseline

    @property
    def title(self) -> str:
        return f"{self.name} (n = {self.size})"


class Change(NamedTuple):
    """A figure that is not what was committed; None where there is none."""

    name: str
    column: str
    before: int | None
    after: int | None

    @property
    def is_higher(self) -> bool:
        return self.before is not None and self.after is not None and self.after > self.before


class Goals(NamedTuple):
    """snapshots/exceptions.yaml: what the figures are held to. Lists are of prefixes of names."""

    geometric_mean: float
    ratio: float
    tolerance: float
    search_a_full_pool: list[str]
    not_dearer: list[str]
    later: list[str]
    exceptions: dict[str, dict]


def load_goals() -> Goals:
    return Goals(**yaml.safe_load((SNAPSHOTS / "exceptions.yaml").read_text()))


def load(area: str) -> Record:
    """The committed record; empty where there is none yet."""
    path = SNAPSHOTS / f"{area}.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}


def write(area: str, record: Record) -> None:
    text = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    (SNAPSHOTS / f"{area}.json").write_bytes(text)


def baseline(kind: str) -> dict[str, dict[str, int]]:
    """What the deployed protocol costs: kind "operations" or "deployment"."""
    return orjson.loads((BASELINE / f"{kind}.json").read_bytes())


def record(figures: dict[str, dict], base: dict[str, dict[str, int]]) -> Record:
    """Figures by name and column beside the baseline's."""
    return {
        name: {
            str(column): _entry(gas, base.get(name, {}).get(str(column))) for column, gas in columns.items()
        }
        for name, columns in figures.items()
    }


def differences(committed: Record, measured: Record) -> list[Change]:
    """Every figure that was added, removed or changed; the largest rises first."""
    before, after = _flat(committed), _flat(measured)
    changes = [
        Change(*key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    return sorted(changes, key=lambda change: (change.before or 0) - (change.after or 0))


def figures(records: dict[str, Record]) -> Iterator[Figure]:
    """Every operation of the records that the baseline has, too."""
    for rows in records.values():
        for name, columns in rows.items():
            for size, entry in columns.items():
                if "baseline" in entry:
                    yield Figure(name, int(size), entry["gas"], entry["baseline"])


def at_largest_pool(all_figures: list[Figure]) -> list[Figure]:
    """One figure per operation: what a network with a full pool pays."""
    largest: dict[str, Figure] = {}
    for figure in all_figures:
        if figure.name not in largest or largest[figure.name].size < figure.size:
            largest[figure.name] = figure
    return list(largest.values())


def geometric_mean(all_figures: list[Figure]) -> float:
    """Of the ratios to the baseline."""
    return math.exp(sum(math.log(figure.ratio) for figure in all_figures) / len(all_figures))


def describe(changes: list[Change]) -> str:
    """The changes as a table for people."""
    width = max(len(change.name) for change in changes)
    lines = [f"{'':{width}}  {'n':>14}  {'before':>10}  {'after':>10}  {'change':>9}"]
    for change in changes:
        before, after = ("-" if value is None else f"{value:,}" for value in (change.before, change.after))
        moved = "" if change.before is None or change.after is None else f"{change.after - change.before:+,}"
        lines.append(f"{change.name:{width}}  {change.column:>14}  {before:>10}  {after:>10}  {moved:>9}")
    return "\n".join(lines)


def _entry(gas: int, base: int | None) -> dict[str, float]:
    if base is None:
        return {"gas": gas}
    return {"gas": gas, "baseline": base, "ratio": round(gas / base, 3)}


def _flat(rows: Record) -> dict[tuple[str, str], int]:
    return {
        (name, column): entry["gas"] for name, columns in rows.items() for column, entry in columns.items()
    }
