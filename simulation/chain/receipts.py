"""Receipts, and the exact comparison of a transaction's events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulation.chain.addresses import to_address
from simulation.chain.engine import Log

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True


@dataclass(frozen=True)
class Event:
    """One decoded log.

    `args` are the arguments by their ABI names, in declared order; also readable as `event["amount"]`.  A log
    that no ABI of the build explains is named `0x` + topic, with its raw topics and data as arguments.
    """

    name: str
    args: dict[str, Any]
    address: str
    contract: str = field(default="", compare=False)

    def __getitem__(self, name: str) -> Any:
        return self.args[name]


@dataclass(frozen=True)
class Receipt:
    """A mined transaction.

    `events` are all of its events in order, whichever contract emitted them; `logs` the same undecoded.
    """

    events: list[Event]
    gas_used: int
    return_value: Any
    logs: list[Log]
    block_number: int
    timestamp: int
    _describe: Callable[[Any], str] = field(repr=False, compare=False)

    def events_named(self, name: str) -> list[Event]:
        """The events of that name, in order."""
        return [event for event in self.events if event.name == name]

    def event(self, name: str) -> Event:
        """The only event of that name."""
        found = self.events_named(name)
        if len(found) != 1:
            raise AssertionError(f"expected one {name}, found {len(found)} in:\n{self._list(self.events)}")
        return found[0]

    def assert_events(self, expected: Sequence[Event], *, of: Any = None) -> None:
        """The events are exactly `expected`: same order, emitters, names and arguments.

        Expected events are made with `contract.Events.Name(argument=value, …)`.  With `of` only the events
        of that contract or address are looked at.
        """
        emitter = None if of is None else to_address(of)
        found = [event for event in self.events if emitter in (None, event.address)]
        if found == list(expected):
            return
        position = next(
            (i for i, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]),
            min(len(found), len(expected)),
        )
        raise AssertionError(
            f"events differ from number {position + 1} on\n"
            f"found:\n{self._list(found)}\nexpected:\n{self._list(expected)}"
        )

    def _list(self, events: Sequence[Event]) -> str:
        lines = []
        for number, event in enumerate(events, 1):
            arguments = ", ".join(f"{k}={self._describe(v)}" for k, v in event.args.items())
            lines.append(f"  {number}. {self._describe(event.address)}: {event.name}({arguments})")
        return "\n".join(lines) or "  none"
