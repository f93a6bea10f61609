"""What runs reach: nothing that can be reached stays at zero.

every entry point succeeds, called from outside or by another contract; every error is raised, by a call or by a view;
what is listed as out of reach (simulation/out_of_reach.py) exists and is not reached
"""

import pytest

from simulation import out_of_reach
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import STEPS
from simulation.campaign.plan import Plan
from simulation.campaign.surface import Surface, surface_of
from simulation.campaign.tally import Tally
from simulation.campaign.work import Runner, Setting

pytestmark = pytest.mark.stateful

SEED, MOST_RUNS = 5, 150


@pytest.fixture(scope="module")
def surface(artifacts) -> Surface:
    return surface_of(artifacts)


def test_out_of_reach__names_are_on_the_surface(surface):
    assert set(out_of_reach.ENTRY_POINTS) <= set(surface.entry_points)
    assert set(out_of_reach.ERRORS) <= set(surface.errors)


def test_runs__as_in_a_campaign__reach_all_but_what_is_out_of_reach(surface, artifacts):
    plan = Plan(seed=SEED, areas=list(ACTIONS_BY_AREA), steps=STEPS, runs=MOST_RUNS)
    make_run = Runner(Setting("pyrevm", artifacts, SEED, watched_every=MOST_RUNS))
    tally = Tally(surface)

    while any(tally.missing().values()) and (run := plan.next()) is not None:
        outcome = make_run(run)
        assert outcome.failure is None
        tally.add(outcome)

    assert tally.missing() == {"entry point": [], "error": []}
    assert tally.unforeseen() == []
