"""Random runs of the reference model, with every invariant of the catalogue checked after every step."""

import pytest

from reference_model.constants import ZERO_ADDRESS
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import Weighted, draw_parameters
from simulation.choices import ByteChoices
from simulation.invariants import INVARIANTS, Chronicle
from simulation.model_stage import ModelWorld

STEPS = 250
BYTES = STEPS * 24


def run(seed: int) -> ModelWorld:
    """One run; raises InvariantBroken."""
    choices = ByteChoices.of_seed(seed, BYTES)
    world = ModelWorld(**draw_parameters(choices))
    chronicle = Chronicle(
        world.model, (*world.cast.accounts, world.cast.owner, world.cast.verifier, ZERO_ADDRESS)
    )
    weighted = Weighted(ACTIONS_BY_AREA["whole protocol"])
    for _ in range(STEPS):
        step = weighted.next_step(world, choices)
        if step is not None:
            chronicle.before(step)
            chronicle.after(world.act(step))
    assert set(chronicle.checked) == set(INVARIANTS)
    return world


@pytest.mark.property
@pytest.mark.parametrize("seed", range(12))
def test_model__random_calls__all_invariants_hold(seed: int) -> None:
    run(seed)
