"""State that a failing call leaves untouched.

A contract call happens completely or not at all.  The model says this once, here: every record and table notes
what it is about to overwrite, and a transaction that fails puts it back, its events included.  Everything else
in the model can then be written as if nothing could fail halfway.

>>> journal = Journal()
>>> class Purse(Record):
...     coins: int = 0
>>> purse = Purse(journal)
>>> with journal.transaction():
...     purse.coins += 5
>>> try:
...     with journal.transaction():
...         purse.coins = 0
...         raise ValueError
... except ValueError:
...     purse.coins
5
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple

_ABSENT = object()


class Event(NamedTuple):
    """One event: the contract that emitted it, its own name, its arguments by name in declared order."""

    contract: str
    name: str
    arguments: dict[str, Any]
    address: str = ""
    """Of the contract: there may be several of a kind."""


class Journal:
    """What the running transaction has overwritten, the events it has emitted, the calls it has made.

    `events` and `calls` are those of the last outermost transaction; a call is a contract's and a function's name.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.calls: list[tuple[str, str]] = []
        self.writes = 0
        """How often anything was written."""
        self._undo: list[tuple[Any, Any, Any]] = []
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo everything inside if it raises; transactions may be nested."""
        if self._depth == 0:
            self.events, self.calls = [], []
            self._undo.clear()
        mark, emitted, called = len(self._undo), len(self.events), len(self.calls)
        self._depth += 1
        try:
            yield
        except BaseException:
            self.writes += 1
            while len(self._undo) > mark:
                target, key, previous = self._undo.pop()
                target.restore(key, previous)
            del self.events[emitted:], self.calls[called:]
            raise
        finally:
            self._depth -= 1

    def note(self, target: Any, key: Any, previous: Any) -> None:
        """Remember that `target[key]` was `previous`."""
        self.writes += 1
        if self._depth:
            self._undo.append((target, key, previous))


def remembered(view: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a view of a contract remember its answer until anything is written, or the block changes.

    No rule of the protocol: whoever looks at the state asks for the round a hundred times.
    """
    place = f"_remembered_{view.__name__}"

    @wraps(view)
    def answer(contract: Any) -> Any:
        moment = (contract.journal.writes, contract.protocol.block_number)
        known = contract.__dict__.get(place)
        if known is not None and known[0] == moment:
            return known[1]
        found = view(contract)
        contract.__dict__[place] = (moment, found)
        return found

    return answer


class Record:
    """Named fields; each starts with the value that its class gives it."""

    def __init__(self, journal: Journal) -> None:
        object.__setattr__(self, "_journal", journal)

    def __setattr__(self, name: str, value: Any) -> None:
        self._journal.note(self, name, self.__dict__.get(name, _ABSENT))
        object.__setattr__(self, name, value)

    def restore(self, name: str, previous: Any) -> None:
        """Take back the last write of a field."""
        if previous is _ABSENT:
            object.__delattr__(self, name)
        else:
            object.__setattr__(self, name, previous)


class Table(dict):
    """A mapping in which every key exists: one that was never written reads as a fresh record."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        record = self._make()
        self[key] = record
        return record


class Ledger(dict):
    """A mapping to plain values with a default, written under the journal."""

    def __init__(self, journal: Journal, default: Any = 0) -> None:
        super().__init__()
        self._journal, self._default = journal, default

    def __missing__(self, key: Any) -> Any:
        return self._default

    def __setitem__(self, key: Any, value: Any) -> None:
        self._journal.note(self, key, self.get(key, _ABSENT))
        super().__setitem__(key, value)

    def restore(self, key: Any, previous: Any) -> None:
        """Take back the last write of a key."""
        if previous is _ABSENT:
            super().__delitem__(key)
        else:
            super().__setitem__(key, previous)
