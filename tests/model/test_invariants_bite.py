"""Each invariant can fail on its own: a fault planted for it makes that id report, and no other."""

import pytest

from simulation.invariants import INVARIANTS
from tests.model.perturbations import bonds, control, council, earnings, money, pool, rounds, sharing, votes
from tests.model.perturbations.stage import PERTURBATIONS, Entry, LiveStage

pytestmark = pytest.mark.property

AREAS = (bonds, control, council, earnings, money, pool, rounds, sharing, votes)


@pytest.mark.parametrize(
    "entry", PERTURBATIONS, ids=[f"{entry.number} {entry.perturbation.__name__}" for entry in PERTURBATIONS]
)
def test_invariant__fault_planted_for_it__is_the_only_one_to_report(entry: Entry) -> None:
    with LiveStage().patched() as stage:
        entry.perturbation(stage)
    assert set(stage.found) == {entry.number} | entry.also, stage.found


def test_invariants__all__have_a_fault_planted() -> None:
    assert AREAS
    assert set(INVARIANTS) == {entry.number for entry in PERTURBATIONS}


def test_faults__that_trip_others_as_well__say_why() -> None:
    assert [entry.number for entry in PERTURBATIONS if entry.also and not entry.because] == []
