"""Random runs of the reference model, with every invariant of the catalogue checked after every step."""

from collections import Counter

import pytest

from reference_model.constants import ZERO_ADDRESS
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.calls import Mine
from simulation.choices import ByteChoices
from simulation.invariants import INVARIANTS, Chronicle, InvariantBroken
from simulation.model_stage import ModelWorld

AREA = "whole protocol"
RUNS = 40
STEPS = 300
BYTES = STEPS * 24


def run(seed: int, *, every: int = 1, is_thorough: bool = False) -> Counter[str]:
    """One run; raises InvariantBroken.  How often each invariant was checked."""
    choices = ByteChoices.of_seed(seed, BYTES)
    world = ModelWorld(**draw_parameters(choices, AREA))
    chronicle = Chronicle(world.model, world.cast.watched, every=every, is_thorough=is_thorough)
    weighted = Weighted(ACTIONS_BY_AREA[AREA])
    for _ in range(STEPS):
        step = weighted.next_step(world, choices)
        if step is not None:
            chronicle.before(step)
            chronicle.after(world.act(step))
    return chronicle.checked


@pytest.mark.property
def test_model__random_calls__all_invariants_hold() -> None:
    """About 10,000 steps, and each invariant was looked at in them."""
    checked = sum((run(seed) for seed in range(RUNS)), Counter())
    assert [number for number in INVARIANTS if checked[number] == 0] == []


@pytest.mark.property
@pytest.mark.parametrize("seed", range(100, 104))
def test_model__random_calls_looked_at_thoroughly__all_invariants_hold(seed: int) -> None:
    """Every account and every trial call after every step, instead of some in turn."""
    run(seed, is_thorough=True)


@pytest.mark.property
def test_chronicle__looks_after_one_step_in_seven__sums_include_the_others() -> None:
    checked = run(3, every=7)
    assert 0 < checked["BOND-1"] <= STEPS / 7 + 1


@pytest.mark.unit
def test_chronicle__every_nought__is_refused() -> None:
    world = ModelWorld()
    with pytest.raises(ValueError, match="every: found 0, must be at least 1"):
        Chronicle(world.model, world.cast.watched, every=0)


@pytest.mark.unit
def test_chronicle__broken__names_id_claim_and_step() -> None:
    world = ModelWorld()
    chronicle = Chronicle(world.model, (*world.cast.watched, ZERO_ADDRESS))
    chronicle.before(Mine(1))
    world.model.token.total_supply += 1
    with pytest.raises(InvariantBroken, match=r"^MINT-4 LPT supply = Σ balances.*\nafter Mine\(1\)"):
        chronicle.after(world.act(Mine(1)))
