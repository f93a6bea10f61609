"""The shortest runs that tell faulty contracts from sound ones, with their steps in words (see `steps`)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from simulation.burst import Chains
from simulation.calls import Step
from simulation.campaign.divergences import signature_of
from simulation.chain.reverts import Reverted
from simulation.exam.steps import StepUnreadable, read, write
from simulation.invariants import InvariantBroken, check_world
from simulation.world import Divergence, World

Words = dict[str, Any]

# What a run with faulty contracts ends in; the last, when the deployment or a view fails.
FAILURES = (Divergence, InvariantBroken, Reverted)

# Compare no sooner: after more steps than there are.
AT_THE_END = 2**31

# Tried one by one in place of those of the run, so that what is left has a meaning.
PLAIN_PARAMETERS: tuple[tuple[str, Any], ...] = (
    ("round_length", 30),
    ("unbonding_period", 1),
    ("inflation", 218_500),
    ("inflation_change", 500),
    ("treasury_reward_cut_rate", 0),
    ("treasury_balance_ceiling", 0),
    ("endowment", 10_000 * 10**18),
    ("num_active_transcoders", 1),
    ("num_active_transcoders", 2),
    ("stakers", 3),
)


@dataclass(frozen=True)
class Run:
    """A deployment's parameters, and steps in words."""

    parameters: Mapping[str, Any]
    steps: tuple[Words, ...]


@dataclass(frozen=True)
class Finding:
    """What told the contracts from the model. `steps`: how many had been taken, the last one included."""

    steps: int
    signature: tuple[str, ...]
    """Names of the views, events, errors and results that differ, or the invariant that does not hold."""
    message: str

    @classmethod
    def of(cls, failure: Exception, steps: int) -> "Finding":
        """What a failure of a run says."""
        if isinstance(failure, Divergence):
            return cls(steps, signature_of(str(failure)), str(failure))
        if isinstance(failure, InvariantBroken):
            return cls(steps, (str(failure).partition(" ")[0],), str(failure))
        name = f"{type(failure).__name__} in the deployment" if steps == 0 else type(failure).__name__
        return cls(steps, (name,), str(failure))


def play(chains: Chains, run: Run, *, compare_every: int = 1) -> Finding | None:
    """Take the steps of a run on contracts and model, and look at everything at the end.

    Raises StepUnreadable if a step names what the world does not have.
    """
    chain, taken = chains.next(), 0
    with chain.isolate():
        try:
            world = World(chain, compare_every=compare_every, **run.parameters)
            for words in run.steps:
                taken += 1
                world.act(read(world, words))
            world.compare(all_rounds=True)
            check_world(world)
        except FAILURES as failure:
            return Finding.of(failure, taken)
    return None


def in_words(chains: Chains, parameters: Mapping[str, Any], steps: Iterable[Step]) -> Run:
    """A run of fixed steps, of which contracts and model agree on all but the last."""
    chain, words = chains.next(), []
    with chain.isolate(), suppress(*FAILURES):
        world = World(chain, compare_every=AT_THE_END, **parameters)
        for step in steps:
            words.append(write(world, step))
            world.act(step)
    return Run(dict(parameters), tuple(words))


def minimise(chains: Chains, run: Run) -> tuple[Run, Finding]:
    """Leave out what the finding does not need: halves first, single steps last, then odd parameters.

    Raises ValueError for a run without finding.
    """
    finding = play(chains, run)
    if finding is None:
        raise ValueError("contracts and model agree when the run is played again")
    kept = replace(run, steps=run.steps[: finding.steps])
    kept = _without_needless_steps(chains, kept)
    for name, value in PLAIN_PARAMETERS:
        plainer = replace(kept, parameters={**kept.parameters, name: value})
        if kept.parameters[name] != value and (found := _finds(chains, plainer)):
            kept = replace(plainer, steps=plainer.steps[: found.steps])
    kept = _without_needless_steps(chains, kept)
    return kept, play(chains, kept)


def _without_needless_steps(chains: Chains, run: Run) -> Run:
    size = max(1, len(run.steps) // 2)
    while size:
        start, before = 0, len(run.steps)
        while start < len(run.steps):
            shorter = replace(run, steps=run.steps[:start] + run.steps[start + size :])
            if found := _finds(chains, shorter):
                run = replace(shorter, steps=shorter.steps[: found.steps])
            else:
                start += size
        # A step that was needed may not be, once a later one is gone.
        size = size if size == 1 and len(run.steps) < before else size // 2
    return run


def _finds(chains: Chains, run: Run) -> Finding | None:
    try:
        return play(chains, run, compare_every=AT_THE_END)
    except StepUnreadable:
        return None
