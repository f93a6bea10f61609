"""The shortest runs that tell faulty contracts from sound ones, with their steps in words (see `steps`)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from simulation.burst import Chains
from simulation.calls import Step
from simulation.exam.finding import FAILURES, Finding
from simulation.exam.rehearsal import AT_THE_END, Rehearsal
from simulation.exam.steps import StepUnreadable, Words, read, write
from simulation.invariants import check_world
from simulation.world import World

# Tried one by one in place of those of the run, so that what is left has a meaning.
PLAIN_PARAMETERS: tuple[tuple[str, Any], ...] = (
    ("endowment", 10_000 * 10**18),
    ("round_length", 30),
    ("unbonding_period", 1),
    ("inflation", 218_500),
    ("inflation_change", 500),
    ("target_bonding_rate", 500_000_000),
    ("treasury_reward_cut_rate", 0),
    ("treasury_balance_ceiling", 0),
    ("num_active_transcoders", 1),
    ("num_active_transcoders", 2),
    ("stakers", 3),
    # Only where there is governance.
    ("voting_delay", 0),
    ("voting_period", 1),
    ("proposal_threshold", 0),
    ("quorum", 333_300),
    ("quota", 500_000),
    ("min_delay", 0),
)
# Tried in place of odd amounts.
PLAIN_AMOUNTS = (10**18, 1_000)


@dataclass(frozen=True)
class Run:
    """A deployment's parameters, and steps in words."""

    parameters: Mapping[str, Any]
    steps: tuple[Words, ...]


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
    """Leave out what the finding does not need: halves first, single steps last, then odd parameters and amounts.

    Raises ValueError for a run without finding.
    """
    finding = play(chains, run)
    if finding is None:
        raise ValueError("contracts and model agree when the run is played again")
    kept = replace(run, steps=run.steps[: finding.steps])
    for shorten in (
        _without_needless_steps,
        _with_plain_parameters,
        _with_plain_amounts,
        _without_needless_steps,
    ):
        shorter = shorten(chains, kept)
        # What a rehearsal finds has to be found on a fresh deployment too.
        if found := play(chains, shorter):
            kept, finding = replace(shorter, steps=shorter.steps[: found.steps]), found
    return kept, finding


Steps = tuple[Words, ...]


def _without_needless_steps(chains: Chains, run: Run) -> Run:
    with _rehearsal(chains, run) as rehearsal:
        return replace(run, steps=_shorten(rehearsal, run.steps)) if rehearsal else replace(run, steps=())


def _shorten(rehearsal: Rehearsal, steps: Steps) -> Steps:
    size = max(1, len(steps) // 2)
    while size:
        start, before = 0, len(steps)
        while start < len(steps):
            shorter = steps[:start] + steps[start + size :]
            if found := rehearsal.play(shorter):
                steps = shorter[: found.steps]
            else:
                start += size
        # A step that was needed may not be, once a later one is gone.
        size = size if size == 1 and len(steps) < before else size // 2
    return steps


def _with_plain_parameters(chains: Chains, run: Run) -> Run:
    for name, value in PLAIN_PARAMETERS:
        if run.parameters.get(name, value) == value:
            continue
        plainer = replace(run, parameters={**run.parameters, name: value})
        with suppress(StepUnreadable):
            if found := play(chains, plainer, compare_every=AT_THE_END):
                run = replace(plainer, steps=run.steps[: found.steps])
    return run


def _with_plain_amounts(chains: Chains, run: Run) -> Run:
    with _rehearsal(chains, run) as rehearsal:
        steps = run.steps
        for position in range(len(steps) if rehearsal else 0):
            for plainer in _plainer(steps[position]) if position < len(steps) else ():
                changed = (*steps[:position], plainer, *steps[position + 1 :])
                if found := rehearsal.play(changed):
                    steps = changed[: found.steps]
                    break
        return replace(run, steps=steps)


@contextmanager
def _rehearsal(chains: Chains, run: Run) -> Iterator[Rehearsal | None]:
    """None where the deployment fails already."""
    try:
        rehearsal = Rehearsal(chains, run.parameters)
    except FAILURES:
        yield None
        return
    with rehearsal:
        yield rehearsal


def _plainer(words: Words) -> Iterator[Words]:
    """The step with one of its larger amounts replaced."""
    given = words.get("with", [])
    for place, value in enumerate(given):
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        for amount in PLAIN_AMOUNTS:
            if value > amount:
                yield {**words, "with": [*given[:place], amount, *given[place + 1 :]]}
