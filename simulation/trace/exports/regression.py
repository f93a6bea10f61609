"""A trace as a pytest file with explicit actions, to be kept under tests/regression."""

import textwrap
from dataclasses import fields
from typing import Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.protocol import PROXIED
from simulation.calls import POLLS
from simulation.cast import Cast
from simulation.chain.actors import actor
from simulation.protocol import Protocol
from simulation.staging import ATTRIBUTES, GOVERNANCE_ATTRIBUTES
from simulation.trace.exports.literals import python_bytes, python_integer, python_name, python_text
from simulation.trace.exports.ticket_code import TicketCode
from simulation.trace.format import Argument, CallStep, MineStep, Trace
from simulation.trace.recording import complete
from simulation.trace.steps import TICKET, TICKETS
from simulation.trace.tickets import BatchRecord, TicketRecord, read_record
from simulation.trace.values import from_typed, is_address

LINE_LENGTH = 110
INDENT = " " * 4
# Labels of the targets of a cast, in its order.
TARGETS = tuple(f"{name}Target{copy}" for name in PROXIED for copy in ("", " 2"))


def export_regression(trace: Trace) -> str:
    """The text of the file."""
    return _Writer(trace).text()


class Imports:
    """What the file imports, by module."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def use(self, module: str, name: str) -> str:
        """The name, which is imported then."""
        self._names.setdefault(module, set()).add(name)
        return name

    def lines(self) -> list[str]:
        return [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._names.items())
        ]


class _Writer:
    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._imports = Imports()
        self._labels = {account.address: account.label for account in trace.accounts}
        self._names: dict[str, str] = {}
        self._tickets = TicketCode(self._imports.use, self._address)
        self._watches_invariants = trace.failure is not None and trace.failure.invariant is not None
        self._act = "act" if self._watches_invariants else "world.act"

    def text(self) -> str:
        before = self._trace.start.round if self._trace.start else 0
        steps = []
        for step in self._trace.steps:
            steps += self._step(step, before)
            before = step.round
        chain, world = (
            self._imports.use(f"simulation.{m}", n)
            for m, n in (("chain.facade", "Chain"), ("world", "World"))
        )
        body = [
            *self._deployment(world),
            *(f"{name} = {expression}" for name, expression in sorted(self._names.items())),
            *self._tickets.preamble(),
            *self._watch(),
            "",
            *steps,
            "world.compare(all_rounds=True)",
        ]
        return "\n".join(
            [
                f'"""{self._title()}"""',
                "",
                *self._import_block(),
                "",
                "pytestmark = pytest.mark.stateful",
                "",
                "",
                f"def {self._test_name()}(fresh_chain: {chain}) -> None:",
                *(f"{INDENT}{line}" if line else "" for line in [*self._docstring(), *body]),
                "",
            ]
        )

    # ---- around the steps

    def _title(self) -> str:
        origin = self._trace.origin
        words = [origin.driver, origin.area, None if origin.seed is None else f"seed {origin.seed}"]
        return f"Kept from a trace: {', '.join(word for word in words if word)}."

    def _test_name(self) -> str:
        calls = [step for step in self._trace.steps if isinstance(step, CallStep)]
        last = python_name(calls[-1].function) if calls else "deployment"
        failure = self._trace.failure
        return f"test_regression_{last}_{python_name(failure.name) if failure else 'agrees'}"

    def _docstring(self) -> list[str]:
        failure = self._trace.failure
        found = failure.message.replace("\\", "\\\\").replace('"""', "'''").splitlines() if failure else []
        if not found:
            return ['"""Contracts and model agree after each step."""']
        return [
            '"""Contracts and model agree after each step.  When the trace was made they did not:',
            "",
            *(part for line in found for part in _wrap(line)),
            '"""',
        ]

    def _import_block(self) -> list[str]:
        standard = ["from dataclasses import replace", ""] if self._tickets.needs_replace else []
        return [*standard, "import pytest", "", *self._imports.lines()]

    def _deployment(self, world: str) -> list[str]:
        defaults = complete({})
        given = [
            f"{name}={_plain(value)}"
            for name, value in self._trace.deployment.items()
            if defaults.get(name) != value
        ]
        return _call_lines(f"world = {world}(", ["fresh_chain", *given], ")")

    def _watch(self) -> list[str]:
        """Invariants are checked too where one of them was broken."""
        if not self._watches_invariants:
            return []
        chronicle = self._imports.use("simulation.invariants", "Chronicle")
        call, mine = (self._imports.use("simulation.calls", name) for name in ("Call", "Mine"))
        return [
            f"chronicle = {chronicle}(world.model, world.cast.watched)",
            "",
            f"def act(step: {call} | {mine}) -> bool:",
            f"{INDENT}chronicle.before(step)",
            f"{INDENT}succeeded = world.act(step)",
            f"{INDENT}chronicle.after(succeeded)",
            f"{INDENT}return succeeded",
        ]

    # ---- steps

    def _step(self, step: CallStep | MineStep, round_before: int) -> list[str]:
        if isinstance(step, MineStep):
            return [f"{self._act}({self._imports.use('simulation.calls', 'Mine')}({step.blocks}))"]
        lines, arguments = [], []
        for argument in step.arguments:
            for ticket in _tickets_in(argument):
                lines += self._tickets.define(ticket, round_before)
            arguments.append(self._argument(argument))
        name = self._imports.use("simulation.calls", "Call")
        parts = [self._address(step.sender.address), f'"{step.contract}"', f'"{step.function}"']
        if arguments or step.value:
            parts.append(f"({', '.join(arguments)}{',' if len(arguments) == 1 else ''})")
        if step.value:
            parts.append(python_integer(step.value))
        error = step.expected.error
        assertion = f"assert {'not ' if error else ''}{self._act}("
        comment = f"  # {error.name}" if error else ""
        whole = f"{assertion}{name}({', '.join(parts)})){comment}"
        if _fits(whole, 1):
            return [*lines, whole]
        inner = _call_lines(f"{name}(", parts, ")", depth=2)
        return [*lines, assertion, *(f"{INDENT}{line}" for line in inner), f"){comment}"]

    def _argument(self, argument: Argument) -> str:
        tickets = [self._tickets.name(ticket) for ticket in _tickets_in(argument)]
        if argument.type == TICKET:
            return tickets[0]
        if argument.type == TICKETS:
            batch = self._imports.use("simulation.calls", "Batch")
            missing = argument.value["missing"]
            listed = f"({', '.join(tickets)}{',' if len(tickets) == 1 else ''})"
            return f"{batch}({listed}{f', {missing}' if missing else ''})"
        return self._literal(from_typed(argument.type, argument.value))

    def _literal(self, value: Any) -> str:
        if is_address(value):
            return self._address(value)
        if isinstance(value, bytes):
            return python_bytes(value)
        if isinstance(value, tuple):
            return f"({', '.join(map(self._literal, value))}{',' if len(value) == 1 else ''})"
        return python_text(value) if isinstance(value, str) else _plain(value)

    def _address(self, address: str) -> str:
        """A variable for an address that the world can name; else the address."""
        if address == ZERO_ADDRESS:
            return self._imports.use("reference_model.constants", "ZERO_ADDRESS")
        label = self._labels.get(address, "")
        expression = self._expression(label, address)
        if expression is None:
            return f'"{address}"'
        name = python_name(label)
        self._names[name] = expression
        return name

    def _expression(self, label: str, address: str) -> str | None:
        """How a world gives an account of that label."""
        if label and actor(label) == address:
            return f'fresh_chain.actor("{label}")'
        if label in ATTRIBUTES or label in (*GOVERNANCE_ATTRIBUTES, *POLLS):
            return f'world.contracts["{label}"].address'
        if label in {field.name for field in fields(Protocol)}:
            return f"world.protocol.{label}.address"
        if label in {field.name for field in fields(Cast)}:
            return f"world.cast.{label}"
        if label in TARGETS:
            return f"world.cast.targets[{TARGETS.index(label)}][1]"
        return None


def _plain(value: int | bool) -> str:
    return python_integer(value) if type(value) is int else repr(value)


def _tickets_in(argument: Argument) -> list[TicketRecord]:
    if argument.type == TICKET:
        return [read_record(TicketRecord, argument.value)]
    if argument.type == TICKETS:
        return read_record(BatchRecord, argument.value).tickets
    return []


def _wrap(line: str) -> list[str]:
    """A line of a message, broken where it is too long, further lines indented."""
    indent = " " * (len(line) - len(line.lstrip()))
    width = LINE_LENGTH - len(INDENT)
    wrapped = textwrap.wrap(line, width, subsequent_indent=indent + INDENT, break_on_hyphens=False)
    return wrapped or [""]


def _call_lines(start: str, parts: list[str], end: str, depth: int = 1) -> list[str]:
    """A call on one line if it fits, else with a line for each part, or several where that is too long itself."""
    line = f"{start}{', '.join(parts)}{end}"
    if _fits(line, depth):
        return [line]
    return [start, *(f"{INDENT}{line}" for part in parts for line in _part_lines(part, depth + 1)), end]


def _part_lines(part: str, depth: int) -> list[str]:
    """A part with its comma; its outermost brackets are opened if it does not fit."""
    if _fits(f"{part},", depth) or not part.endswith(")"):
        return [f"{part},"]
    start, _, rest = part.partition("(")
    return _call_lines(f"{start}(", _split(rest[:-1]), "),", depth)


def _split(text: str) -> list[str]:
    """Expressions between commas that are in no brackets and no string."""
    parts, level, is_quoted, begin = [], 0, False, 0
    for position, character in enumerate(text):
        if character == '"' and text[position - 1 : position] != "\\":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character in "([{":
            level += 1
        elif character in ")]}":
            level -= 1
        elif character == "," and level == 0:
            parts.append(text[begin:position].strip())
            begin = position + 1
    return [part for part in (*parts, text[begin:].strip()) if part]


def _fits(line: str, depth: int) -> bool:
    return len(line) + depth * len(INDENT) <= LINE_LENGTH
