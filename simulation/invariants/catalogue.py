"""The register of invariants: an id, the claim, why it must hold, and the code that checks it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from simulation.invariants.moment import FAILURE, Moment

Check = Callable[[Moment], Iterator[str]]
WorldCheck = Callable[[Any], Iterator[str]]


class Invariant(NamedTuple):
    """One entry; the check yields what is wrong."""

    claim: str
    check: Callable[[Any], Iterator[str]]
    why: str
    tolerance: str = ""
    """Empty where the claim is exact."""
    on: frozenset[str] = frozenset()
    """Events after which it is checked, or FAILURE; empty for every step that does not fail."""


class InvariantBroken(AssertionError):
    """An invariant does not hold."""


INVARIANTS: dict[str, Invariant] = {}
"""Checked on the model after each step."""

WORLD_INVARIANTS: dict[str, Invariant] = {}
"""Checked on contracts beside the model: what the model has no words for."""


def invariant(
    number: str, claim: str, *, why: str, tolerance: str = "", on: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register a check of the model."""

    def register(check: Check) -> Check:
        _claim_number(number)
        INVARIANTS[number] = Invariant(claim, check, why, tolerance, frozenset(on))
        return check

    return register


def world_invariant(number: str, claim: str, *, why: str) -> Callable[[WorldCheck], WorldCheck]:
    """Register a check of a `World`."""

    def register(check: WorldCheck) -> WorldCheck:
        _claim_number(number)
        WORLD_INVARIANTS[number] = Invariant(claim, check, why)
        return check

    return register


def after(names: frozenset[str]) -> list[tuple[str, Invariant]]:
    """What to check after a step with these events, or after a failure."""
    return [
        (number, entry)
        for number, entry in INVARIANTS.items()
        if not entry.on.isdisjoint(names) or (not entry.on and FAILURE not in names)
    ]


def _claim_number(number: str) -> None:
    if number in INVARIANTS or number in WORLD_INVARIANTS:
        raise ValueError(f"{number} is taken")
