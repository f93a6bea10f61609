"""docs/exam.md out of the record: what each fault is, which machine caught it, when, and by what."""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from simulation.exam.catalogue import AREAS
from simulation.exam.drivers import BUDGETS, BYTES, RULES
from simulation.exam.examiner import machines_of, name_of
from simulation.exam.fault import Fault
from simulation.exam.record import Caught, Result
from tools.solidity import ROOT

DOCUMENT = ROOT / "docs" / "exam.md"
SHOWN_NAMES = 2

INTRODUCTION = """\
# The exam of the state machines

Do the state machines find what they are there to find? Into the contracts are planted {faults} faults that a developer
could make: a rounding in the wrong direction, a checkpoint that is missing, a round too many. Machines are then sent
after each fault, with no more runs and steps than the profile `ci` gives them. **{caught} of {faults} are caught.**

    ape run exam                                 all of it, some hours on one core; exit code 1 if one is not caught
    ape run exam --driver bytes                  the faster half of it
    ape run exam --faults 'Slash*' --workers 2   some of it; also by contract: --faults BondingVotes
    ape run exam --update                        the same, and writes this page

A fault is a change of a few words, in `simulation/exam/catalogue`. It is compiled into every contract that has the
text, and the whole protocol is deployed with these contracts beside the reference model. A machine catches it when
contracts and model disagree in an event, an error, a returned value or a view, or when an invariant of the contracts
themselves does not hold at the end of a run. Invariants of the state cannot be first to fail: they are checked on the
model, which is sound, and hold for contracts that agree with it (tests/model shows that each of them can fail).

Each finding is then cut down to the fewest steps. These shortest runs are kept in `simulation/exam/record.json`;
`tests/stateful/test_exam.py` plays all of them in the profile `campaign`, and some in the others: with the fault they
must fail, and without it contracts and model must agree. `ape run exam --faults NAME --update` makes one anew that no
longer does.

## The machines

Both drivers take the same actions. Rules: Hypothesis chooses, at most {rules.runs} examples of {rules.steps} steps.
Bytes: {bytes.runs} runs of {bytes.steps} steps, decoded from numbers. What may happen in an area:
`simulation/actions/__init__.py`. A machine that has no action which runs the faulty code is not sent after the fault.
"""

MATRIX = "After how many steps, all runs together; – where the machine was not sent.\n"


def render(results: Mapping[str, Result]) -> str:
    """The page."""
    examined = [one for area in AREAS for one in area.FAULTS]
    known = {one.name: results[one.name] for one in examined if one.name in results}
    caught = sum(bool(result.catchers) for result in known.values())
    budgets = {"rules": BUDGETS[RULES], "bytes": BUDGETS[BYTES]}
    parts = [INTRODUCTION.format(faults=len(examined), caught=caught, **budgets), *_machines(known)]
    if missed := [one for one in examined if not _is_caught(known.get(one.name))]:
        rows = ((one.name, one.what) for one in missed)
        parts += ["## Not caught\n", *_table(("fault", "what is wrong"), rows), ""]
    parts.append(
        "## The faults\n\nSteps: all that the machine had taken by then. Shortest run: steps that are enough."
    )
    for area in AREAS:
        parts += [f"\n### {_title(area)}\n", *_faults(area.FAULTS, known)]
    parts += ["\n## Which machine catches which\n\n" + MATRIX, *_matrix(known)]
    return "\n".join(parts) + "\n"


def _machines(results: Mapping[str, Result]) -> list[str]:
    rows = []
    for machine in _names_of_machines(results):
        sent = sum(machine in result.caught for result in results.values())
        caught = [result for result in results.values() if machine in result.catchers]
        alone = sum(len(result.catchers) == 1 for result in caught)
        rows.append((machine, sent, len(caught), alone))
    return [*_table(("machine", "sent after", "catches", "no other does"), rows), ""]


def _faults(faults: Iterable[Fault], results: Mapping[str, Result]) -> list[str]:
    columns = ("fault", "what is wrong", "in", "soonest", "steps", "run", "what differs", "shortest run")
    rows = []
    for one in faults:
        result = results.get(one.name)
        if not _is_caught(result):
            continue
        machine, caught = _soonest(result)
        by = ", ".join(result.by[:SHOWN_NAMES]) + (" …" if len(result.by) > SHOWN_NAMES else "")
        shortest = len(result.shortest.steps)
        source = ", ".join(one.sources)
        rows.append((one.name, one.what, source, machine, caught.steps, caught.run, by, shortest))
    return _table(columns, rows)


def _matrix(results: Mapping[str, Result]) -> list[str]:
    machines = _names_of_machines(results)
    rows = []
    for name, result in results.items():
        rows.append((name, *(_cell(result, machine) for machine in machines)))
    return _table(("fault", *machines), rows)


def _cell(result: Result, machine: str) -> str:
    if machine not in result.caught:
        return "–"
    caught = result.caught[machine]
    return str(caught.steps) if caught else ""


def _soonest(result: Result) -> tuple[str, Caught]:
    return min(result.catchers.items(), key=lambda item: item[1].steps)


def _is_caught(result: Result | None) -> bool:
    return result is not None and bool(result.catchers)


def _names_of_machines(results: Mapping[str, Result]) -> list[str]:
    """Those that took part, by area."""
    took_part = {machine for result in results.values() for machine in result.caught}
    return [name for name in map(name_of, machines_of()) if name in took_part]


def _title(area: ModuleType) -> str:
    """The first sentence of the module."""
    return area.__doc__.partition(".")[0]


def _table(columns: tuple[str, ...], rows: Iterable[tuple]) -> list[str]:
    return list(_lines(columns, rows))


def _lines(columns: tuple[str, ...], rows: Iterable[tuple]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
