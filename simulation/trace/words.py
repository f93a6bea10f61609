"""A recorded call in a line, for people."""

from typing import Any

from simulation.trace.format import Argument, CallStep
from simulation.trace.steps import TICKET, TICKETS


def show_call(record: CallStep) -> str:
    """staker 1: BondingManager.bond(amount=5e18, to=staker 1)"""
    arguments = ", ".join(f"{argument.name}={_show_argument(argument)}" for argument in record.arguments)
    value = f", value={_show_plain(record.value)} wei" if record.value else ""
    return f"{record.sender.label}: {record.contract}.{record.function}({arguments}){value}"


def _show_argument(argument: Argument) -> str:
    if argument.type == TICKET:
        return _show_ticket(argument.value)
    if argument.type == TICKETS:
        return "[" + ", ".join(_show_ticket(ticket) for ticket in argument.value["tickets"]) + "]"
    if argument.label:
        return argument.label
    return _show_typed(argument.type, argument.value)


def _show_typed(kind: str, value: Any) -> str:
    """A value by its type; a list by its items."""
    if kind == "list":
        return "[" + ", ".join(_show_typed(item["type"], item["value"]) for item in value) + "]"
    return _show_plain(int(value)) if kind == "integer" else str(value)


def _show_ticket(ticket: dict[str, Any]) -> str:
    return f"ticket {ticket['number']} of {_show_plain(int(ticket['face_value']))} wei"


def _show_plain(value: int) -> str:
    """An integer; one with many zeros at its end by its power of ten."""
    text = str(value)
    zeros = len(text) - len(text.rstrip("0"))
    zeros -= zeros % 3
    return f"{text[:-zeros]}e{zeros}" if value and zeros >= 9 else f"{value:,}"
