"""Where the actions take their choices from: bytes that are decoded one after the other, or Hypothesis."""

from collections.abc import Sequence
from random import Random
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")


class Exhausted(Exception):
    """No bytes are left."""


class Choices(Protocol):
    """A source of choices; lower values are the plainer ones, so that shrinking leads to the ordinary case."""

    def integer(self, low: int, high: int) -> int:
        """A number from `low` to `high`."""

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""


class ByteChoices:
    """Choices decoded from bytes; the same bytes give the same run.

    >>> ByteChoices(bytes([0, 7])).integer(1, 3)
    1
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._position = data, 0

    @classmethod
    def of_seed(cls, seed: int, length: int) -> "ByteChoices":
        """Choices of a numbered run."""
        return cls(Random(seed).randbytes(length))

    def integer(self, low: int, high: int) -> int:
        span = high - low + 1
        size = max(1, (span - 1).bit_length() + 7 >> 3)
        # A byte more than needed keeps the remainders even enough.
        taken = self._data[self._position : self._position + size + (span & (span - 1) > 0)]
        if not taken:
            raise Exhausted
        self._position += len(taken)
        return low + int.from_bytes(taken, "big") % span

    def pick(self, items: Sequence[Item]) -> Item:
        return items[self.integer(0, len(items) - 1)]


class DrawnChoices:
    """Choices drawn from a Hypothesis data object."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        from hypothesis import strategies as st

        return self._draw(st.integers(low, high))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[self.integer(0, len(items) - 1)]


def one_in(choices: Choices, chances: int) -> bool:
    """True about once in so many times; false is the plain case."""
    return choices.integer(0, chances - 1) == chances - 1
