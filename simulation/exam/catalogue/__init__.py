"""The faults of the exam, by area. Names are never reused: the record of past exams goes by them."""

from fnmatch import fnmatchcase

from simulation.exam.catalogue import (
    bonds,
    control,
    earnings,
    governance,
    payments,
    pool,
    rounds,
    slashing,
    votes,
)
from simulation.exam.fault import Fault

AREAS = (bonds, slashing, earnings, pool, votes, rounds, payments, control, governance)


def _by_name() -> dict[str, Fault]:
    faults: dict[str, Fault] = {}
    for area in AREAS:
        for one in area.FAULTS:
            if one.name in faults:
                raise ValueError(f"{one.name} is there twice")
            faults[one.name] = one
    return faults


CATALOGUE = _by_name()


def select(pattern: str) -> list[Fault]:
    """Faults whose name, or one of whose contracts or sources, fits the pattern; upper and lower case differ."""
    return [
        one
        for one in CATALOGUE.values()
        if any(fnmatchcase(text, pattern) for text in (one.name, *one.contracts, *one.sources))
    ]
