"""Which runs a campaign makes: run k of a seed is the same, whoever takes it and whenever.

A run is decoded from bytes.  Those of run k come from the seed and k alone, or, in some of the runs, from one that is
kept because it reached something new.  What is kept grows as the campaign goes on, so run k uses only what came of the
runs up to k - `window`, and is not handed out before those are in.

Runs that were kept by earlier campaigns come first, and have negative numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from simulation.burst import BYTES_PER_STEP
from simulation.campaign.mutation import mutate

MUTANT_SHARE = 0.25
MIN_WINDOW = 64


@dataclass(frozen=True)
class Run:
    """One run to make. `origin`: kept, fresh or mutant."""

    number: int
    origin: str
    area: str
    data: bytes
    steps: int

    @property
    def name(self) -> str:
        """Its number, for people."""
        return name_of(self.number)


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
        workers: int = 1,
        runs: int | None = None,
        mutant_share: float = MUTANT_SHARE,
    ) -> None:
        self._seed, self._areas, self._steps, self._runs = seed, tuple(areas), steps, runs
        self._mutant_share = mutant_share
        self._replays = list(kept)
        self._next = self.first = -len(self._replays)
        self._parents: list[tuple[int, Kept]] = []
        # With so many workers that a smaller window would let some stand idle, mutants depend on their number.
        self.window = max(MIN_WINDOW, 4 * workers)

    def keep(self, number: int, kept: Kept) -> None:
        """Run `number` reached something new; to be called in the order of numbers."""
        self._parents.append((number, kept))

    @property
    def is_exhausted(self) -> bool:
        """Whether all runs that were asked for are handed out."""
        return self._runs is not None and self._next >= self._runs

    def next(self, merged: int) -> Run | None:
        """The next run, where all below number `merged` are in; None where it has to wait, or none is left."""
        number = self._next
        if self.is_exhausted or merged <= number - self.window:
            return None
        self._next += 1
        if number < 0:
            kept = self._replays[number]
            return Run(number, "kept", kept.area, kept.data, steps=len(kept.data))
        return self.numbered(number)

    def numbered(self, number: int) -> Run:
        """Run `number`, from zero."""
        random = Random(f"campaign {self._seed} run {number}")
        area = random.choice(self._areas)
        length = self._steps * BYTES_PER_STEP
        if random.random() < self._mutant_share:
            last = number - self.window
            parents = [kept.data for since, kept in self._parents if since <= last and kept.area == area]
            if parents:
                return Run(number, "mutant", area, mutate(parents, length, random), self._steps)
        return Run(number, "fresh", area, random.randbytes(length), self._steps)
