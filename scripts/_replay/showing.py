"""A replay for people: what was called, what came of it, and the ledger of a step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.trace.format import CallStep, Failed, MineStep, Result, Trace
from simulation.trace.ledger import Entry
from simulation.trace.quantities import show
from simulation.trace.replaying import Replayed
from simulation.trace.values import to_json
from simulation.trace.words import show_call

PIPE_WIDTH = 240
DONE, FAILED, WRONG, MINED = "✓", "✗", "≠", "·"


def make_console(*, stderr: bool = False) -> Console:
    """As wide as the terminal; where there is none, wide enough for a row of a ledger."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=PIPE_WIDTH)


def heading(trace: Trace, engine: str) -> str:
    """Where the trace comes from, and where it runs now."""
    origin = trace.origin
    words = [origin.driver, *([origin.area] if origin.area else [])]
    words += [f"seed {origin.seed}"] if origin.seed is not None else []
    recorded = "no failure"
    if trace.failure:
        recorded = f"failure recorded at step {trace.failure.step}: {trace.failure.name}"
    return (
        f"{', '.join(words)}; made with {trace.version} on {trace.chain.engine}\n"
        f"{len(trace.steps)} steps, {recorded}; running on {engine}"
    )


def line_of(record: CallStep | MineStep, label: Callable[[Any], str], *, is_wrong: bool = False) -> str:
    """One step in a line: number, sign, who calls what, and the error if it fails."""
    if isinstance(record, MineStep):
        return f"{record.number:4d} {WRONG if is_wrong else MINED} {record.blocks} blocks pass, up to {record.block}"
    came = record.came or record.expected
    sign = WRONG if is_wrong else FAILED if came.error else DONE
    failed = f"  fails: {show_error(came.error, label)}" if came.error else ""
    return f"{record.number:4d} {sign} {show_call(record)}{failed}"


def show_error(error: Failed, label: Callable[[Any], str] = str) -> str:
    return f"{error.name}({_list(error.arguments, label)})"


def detail_of(record: CallStep, label: Callable[[Any], str]) -> list[str]:
    """Events and return value; what was expected and what came, where they differ. `label` names addresses."""
    if record.came is None:
        return [f"       {line}" for line in _result(record.expected, label)]
    expected = [f"       expected  {line}" for line in _result(record.expected, label)]
    return expected + [f"       came      {line}" for line in _result(record.came, label)]


def print_ledger(console: Console, entries: Sequence[Entry], *, everything: bool = False) -> None:
    """What changed, wrong quantities first; views that restate others are only counted."""
    shown = [entry for entry in entries if everything or not entry.is_restatement]
    if not entries:
        console.print("       nothing that can be observed has changed")
        return
    has_wrong = any(entry.is_wrong for entry in shown)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("who", "quantity"):
        table.add_column(title, overflow="fold")
    for title in ("before", "after", "difference"):
        table.add_column(title, justify="right", overflow="fold")
    if has_wrong:
        table.add_column("the model expects", justify="right")
    for entry in shown:
        expected = [show(entry.expected, entry.unit) if entry.is_wrong else ""] if has_wrong else []
        row = [Text(text) for text in (*entry.texts(), *expected)]
        table.add_row(*row, style="bold red" if entry.is_wrong else None)
    console.print(table)
    if hidden := len(entries) - len(shown):
        console.print(f"       and {hidden} views that say the same in other words (--json has all)")


def print_step(console: Console, replayed: Replayed, label: Callable[[Any], str]) -> None:
    """The line of a step, and what is not as recorded."""
    played = replayed.played
    print_line(console, line_of(played.record, label, is_wrong=played.failure is not None))
    for deviation in replayed.deviations:
        print_line(console, f"       not as recorded: {deviation}")


def print_line(console: Console, text: str, style: str | None = None) -> None:
    """Text as it is; a long line is the terminal's to break."""
    console.print(Text(text, style=style or ""), soft_wrap=True)


def to_document(entry: Entry) -> dict[str, Any]:
    """An entry of a ledger for JSON."""
    values = {"before": to_json(entry.before), "after": to_json(entry.after)}
    values |= {"expected": to_json(entry.expected)} if entry.is_wrong else {}
    return {"who": entry.who, "quantity": entry.quantity, "unit": entry.unit.name.lower(), **values}


def _result(result: Result, label: Callable[[Any], str]) -> list[str]:
    if result.error:
        return [f"error {show_error(result.error, label)}"]
    lines = [
        f"event {event.contract}.{event.name}({_list(event.arguments, label)})" for event in result.events
    ]
    return lines + ([f"returns {result.returned}"] if result.returned is not None else [])


def _list(arguments: Mapping[str, Any], label: Callable[[Any], str]) -> str:
    return ", ".join(f"{name}={label(value)}" for name, value in arguments.items())
