"""Which runs a campaign makes: run k of a seed is the same, whoever takes it and whenever.

A run is decoded from bytes, and those of run k come from the seed and k alone.  Runs that were kept by earlier
campaigns come first, and have negative numbers.  (To start from changed bytes of kept runs was tried: a half or a
quarter of such runs reached fewer errors and branches of the model in as many steps, not more.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from simulation.burst import BYTES_PER_STEP


@dataclass(frozen=True)
class Run:
    """One run to make. `origin`: kept or fresh."""

    number: int
    origin: str
    area: str
    data: bytes
    steps: int


def name_of(number: int) -> str:
    """run 7, or kept run 7 for the seventh last of those from earlier campaigns."""
    return f"run {number}" if number >= 0 else f"kept run {-number}"


@dataclass(frozen=True)
class Kept:
    """A run worth coming back to."""

    area: str
    data: bytes


class Plan:
    """Hands out runs in the order of their numbers."""

    def __init__(
        self,
        *,
        seed: int,
        areas: Sequence[str],
        steps: int,
        kept: Sequence[Kept] = (),
        runs: int | None = None,
    ) -> None:
        self._seed, self._areas, self._steps, self._runs = seed, tuple(areas), steps, runs
        self._replays = list(kept)
        self._next = self.first = -len(self._replays)

    @property
    def is_exhausted(self) -> bool:
        """Whether all runs that were asked for are handed out."""
        return self._runs is not None and self._next >= self._runs

    def next(self) -> Run | None:
        """The next run; None where none is left."""
        if self.is_exhausted:
            return None
        number, self._next = self._next, self._next + 1
        if number < 0:
            kept = self._replays[number]
            return Run(number, "kept", kept.area, kept.data, steps=len(kept.data))
        return self.numbered(number)

    def numbered(self, number: int) -> Run:
        """Run `number`, from zero."""
        random = Random(f"campaign {self._seed} run {number}")
        area = random.choice(self._areas)
        return Run(number, "fresh", area, random.randbytes(self._steps * BYTES_PER_STEP), self._steps)
