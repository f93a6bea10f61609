"""The faults of the exam, by area. Names are never reused: the record of past exams goes by them."""

from fnmatch import fnmatchcase
from types import ModuleType

from simulation.actions import ACTIONS_BY_AREA, Action
from simulation.actions.orchestrators import slash
from simulation.actions.owners import hand_over, set_parameter
from simulation.actions.payments import fund, redeem
from simulation.actions.registry import register
from simulation.exam.catalogue import bonds, control, earnings, payments, pool, rounds, slashing, votes
from simulation.exam.fault import Fault

AREAS = (bonds, slashing, earnings, pool, votes, rounds, payments, control)

# Machines that take none of these actions never run the code with such a fault, and are not sent after it.
NEEDED_ACTIONS: dict[ModuleType, tuple[Action, ...]] = {
    slashing: (slash,),
    payments: (fund, redeem),
    control: (hand_over, register, set_parameter),
}


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


def can_reach(area: str, one: Fault) -> bool:
    """Whether the actions of an area can run the code that the fault changes, as far as that can be told."""
    module = next(module for module in AREAS if one in module.FAULTS)
    needed = NEEDED_ACTIONS.get(module, ())
    return not needed or any(action in needed for _, action in ACTIONS_BY_AREA[area])
