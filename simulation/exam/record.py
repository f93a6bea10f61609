"""What the last exam has found, as a file: `record.json` beside this module, written by `ape run exam --update`.

For each fault: the machines' first findings, and the shortest run that tells the faulty contracts from the sound ones.
tests/stateful/test_exam.py plays these runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulation.exam.sequences import Run

RECORD = Path(__file__).with_name("record.json")
# From this depth on a value is one line.
_COMPACT_DEPTH = 3


@dataclass(frozen=True)
class Caught:
    """How a machine caught a fault. `run`: which of its runs; `steps`: of all runs until then."""

    run: int
    steps: int
    seconds: float
    by: tuple[str, ...]
    """Names of the views, events, errors and results that differed."""


@dataclass(frozen=True)
class Result:
    """What the exam says of one fault. `caught`: by machine; None for those that did not catch it."""

    caught: Mapping[str, Caught | None]
    shortest: Run | None
    by: tuple[str, ...]
    """What differs at the end of the shortest run."""

    @property
    def catchers(self) -> dict[str, Caught]:
        """The machines that caught it."""
        return {machine: caught for machine, caught in self.caught.items() if caught is not None}

    def to_json(self) -> dict[str, Any]:
        caught = {machine: one and {**vars(one), "by": list(one.by)} for machine, one in self.caught.items()}
        if self.shortest is None:
            return {"caught": caught}
        parameters, steps = dict(self.shortest.parameters), list(self.shortest.steps)
        return {"caught": caught, "by": list(self.by), "parameters": parameters, "steps": steps}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Result":
        caught = {
            machine: one and Caught(**{**one, "by": tuple(one["by"])})
            for machine, one in document["caught"].items()
        }
        if "steps" not in document:
            return cls(caught, None, ())
        run = Run(document["parameters"], tuple(document["steps"]))
        return cls(caught, run, tuple(document["by"]))


def load(path: Path = RECORD) -> dict[str, Result]:
    """Results by fault; none where there is no record yet."""
    if not path.exists():
        return {}
    return {name: Result.from_json(one) for name, one in json.loads(path.read_text("utf-8")).items()}


def save(results: Mapping[str, Result], path: Path = RECORD) -> None:
    """Write the record, in the order of the alphabet."""
    document = {name: results[name].to_json() for name in sorted(results)}
    path.write_text(_lines(document, 0) + "\n", "utf-8")


def _lines(value: Any, depth: int) -> str:
    """JSON with a line for each step: differences of the file stay readable."""
    if depth >= _COMPACT_DEPTH or not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner, outer = " " * (depth + 1), " " * depth
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _lines(part, depth + 1) for part in value) + f"\n{outer}]"
    parts = [f"{inner}{json.dumps(key)}: {_lines(part, depth + 1)}" for key, part in value.items()]
    return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
