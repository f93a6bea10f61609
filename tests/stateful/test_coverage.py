"""What runs reach: nothing that can be reached stays at zero.

every entry point succeeds, called from outside or by another contract; every error is raised, by a call or by a view;
what is listed as out of reach (simulation/out_of_reach.py) exists and is not reached; branches of the model that no
run takes are named
"""

from dataclasses import replace

import pytest

from simulation import out_of_reach
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import STEPS
from simulation.campaign.plan import Plan
from simulation.campaign.surface import POLL, Surface, surface_of
from simulation.campaign.tally import Tally
from simulation.campaign.work import Runner, Setting
from simulation.coverage import MODEL, Branch, Taken, measure
from simulation.staging import GOVERNANCE_ATTRIBUTES

pytestmark = pytest.mark.stateful

SEED, GOVERNING_SEED, MOST_RUNS = 5, 8, 150
# Contracts of governance, and errors of these alone: what is rare takes runs that do little else.
NOT_COUNTED = frozenset([*GOVERNANCE_ATTRIBUTES, POLL])


@pytest.fixture(scope="module")
def surface(artifacts) -> Surface:
    whole = surface_of(artifacts)
    return replace(
        whole,
        entry_points=tuple(name for name in whole.entry_points if name.partition(".")[0] not in NOT_COUNTED),
        errors={name: by for name, by in whole.errors.items() if not NOT_COUNTED.issuperset(by)},
    )


def test_out_of_reach__names_are_on_the_surface(artifacts):
    surface = surface_of(artifacts)
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


def test_runs_with_governance__reach_all_of_its_contracts(artifacts):
    whole = surface_of(artifacts)
    surface = replace(
        whole,
        entry_points=tuple(name for name in whole.entry_points if name.partition(".")[0] in NOT_COUNTED),
        errors={name: by for name, by in whole.errors.items() if NOT_COUNTED.issuperset(by)},
    )
    plan = Plan(seed=GOVERNING_SEED, areas=["governance"], steps=STEPS, runs=MOST_RUNS)
    make_run = Runner(Setting("pyrevm", artifacts, GOVERNING_SEED, watched_every=MOST_RUNS))
    tally = Tally(surface)

    while any(tally.missing().values()) and (run := plan.next()) is not None:
        outcome = make_run(run)
        assert outcome.failure is None
        tally.add(outcome)

    assert tally.missing() == {"entry point": [], "error": []}
    assert tally.unforeseen() == []


def test_out_of_reach__branches_are_in_the_model():
    for place, source, to in out_of_reach.BRANCHES:
        lines = [line.strip() for line in (MODEL / place.partition(":")[0]).read_text("utf-8").splitlines()]
        assert source in lines
        assert to in lines or not to


def test_branches__run_takes_some__the_others_are_named_by_file_and_line():
    taken = measure(steps=20, seed=1)

    missed = {(branch.function, branch.source) for branch in taken.missed}
    # Only damage to the registry brings a clock that can be set.
    assert ("AdjustableRoundsManager._require_adjustable", "def _require_adjustable(self) -> None:") in missed
    assert ("BondingManager.bond", "def bond(self, sender: str, amount: int, to: str) -> None:") not in missed
    for branch in taken.missed:
        assert (MODEL / branch.file).read_text("utf-8").splitlines()[branch.line - 1].strip() == branch.source


def test_branches__listed_but_taken_or_gone__is_reported(monkeypatch):
    branch = Branch("a.py", "f", 3, "if x:", 4, "return 1")
    monkeypatch.setattr("simulation.coverage.BRANCHES", {("a.py:g", "if x:", "return 1"): "never"})

    taken = Taken(steps=1, files={}, missed=[branch])

    assert taken.unexplained == [branch]
    assert taken.unforeseen == [("a.py:g", "if x:", "return 1")]
