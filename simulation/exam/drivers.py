"""The two drivers of the state machines, sent after a fault within what the profile `ci` gives them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from simulation import budgets
from simulation.actions import ACTIONS_BY_AREA
from simulation.burst import BYTES_PER_STEP, COMPARE_EVERY, Chains, Weighted, draw_parameters
from simulation.calls import Step
from simulation.choices import ByteChoices, Exhausted
from simulation.exam.finding import FAILURES, Finding
from simulation.invariants import check_world
from simulation.machine import ProtocolMachine
from simulation.world import World

DRIVERS = BYTES, RULES = "bytes", "rules"
BUDGETS = {BYTES: budgets.BYTES, RULES: budgets.RULES}


@dataclass(frozen=True)
class Catch:
    """A machine's first finding: in which of its runs, after how many steps of all runs so far."""

    run: int
    steps: int
    seconds: float
    finding: Finding
    parameters: Mapping[str, Any]
    trace: tuple[Step, ...]
    """The steps of that run; empty when the deployment failed."""


def hunt(driver: str, area: str, chains: Chains, first_seed: int) -> Catch | None:
    """Send a driver with the actions of an area after whatever is wrong with the contracts of `chains`."""
    return {BYTES: _hunt_by_bytes, RULES: _hunt_by_rules}[driver](area, chains, first_seed)


def machine_of(area: str) -> type[ProtocolMachine]:
    """The rule-based machine of an area."""
    return next(machine for machine in ProtocolMachine.__subclasses__() if machine.area == area)


# ---- bytes


def _hunt_by_bytes(area: str, chains: Chains, first_seed: int) -> Catch | None:
    start, budget, steps = time.monotonic(), BUDGETS[BYTES], 0
    for number in range(budget.runs):
        choices = ByteChoices.of_seed(first_seed + number, budget.steps * BYTES_PER_STEP)
        parameters = draw_parameters(choices, area)
        trace: list[Step] = []
        try:
            _run(chains, choices, parameters, area, budget.steps, trace)
        except FAILURES as failure:
            finding = Finding.of(failure, len(trace))
            seconds = time.monotonic() - start
            return Catch(number + 1, steps + len(trace), seconds, finding, parameters, tuple(trace))
        steps += len(trace)
    return None


def _run(
    chains: Chains,
    choices: ByteChoices,
    parameters: Mapping[str, Any],
    area: str,
    length: int,
    trace: list[Step],
) -> None:
    weighted, chain = Weighted(ACTIONS_BY_AREA[area]), chains.next()
    with chain.isolate():
        world = World(chain, compare_every=COMPARE_EVERY, **parameters)
        world.trace = trace
        try:
            while len(trace) < length:
                step = weighted.next_step(world, choices)
                if step is not None:
                    world.act(step)
        except Exhausted:
            pass
        world.finish()
        check_world(world)


# ---- rules


class _Hunt:
    """What a machine has done so far; nothing more after its first failure, which Hypothesis plays again."""

    def __init__(self) -> None:
        self.runs = self.steps = 0
        self.parameters: Mapping[str, Any] = {}
        self.trace: Sequence[Step] = ()
        self.failure: Exception | None = None

    def begin_run(self) -> None:
        if self.failure is None:
            self.runs += 1
            self.parameters, self.trace = {}, ()

    def begin_step(self, machine: ProtocolMachine) -> None:
        if self.failure is None:
            self.steps += 1
            self.parameters, self.trace = machine.parameters, machine.world.trace

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Keep the first failure inside."""
        try:
            yield
        except FAILURES as failure:
            if self.failure is None:
                self.failure = failure
            raise


def _watched(machine: type[ProtocolMachine], build_chains: Chains, hunt_: _Hunt) -> type[ProtocolMachine]:
    """The machine on another build, with every run and step counted."""

    class Watched(machine):
        chains = build_chains

        def __init__(self) -> None:
            hunt_.begin_run()
            super().__init__()

        def _take(self, step: Step | None) -> None:
            if step is not None:
                hunt_.begin_step(self)
            with hunt_.watching():
                super()._take(step)

        def teardown(self) -> None:
            with hunt_.watching():
                super().teardown()

    return Watched


def _hunt_by_rules(area: str, chains: Chains, first_seed: int) -> Catch | None:
    machine = machine_of(area)
    start, hunt_ = time.monotonic(), _Hunt()
    try:
        run_state_machine_as_test(seed(first_seed)(_watched(machine, chains, hunt_)), settings=_settings())
    except Exception as failure:  # what Hypothesis makes of it
        found = hunt_.failure or failure
        if not isinstance(found, FAILURES):
            raise
        finding = Finding.of(found, len(hunt_.trace))
        seconds = time.monotonic() - start
        return Catch(hunt_.runs, hunt_.steps, seconds, finding, hunt_.parameters, tuple(hunt_.trace))
    return None


def _settings() -> settings:
    """No shrinking: the exam has its own, which needs no second look at the choices."""
    budget = BUDGETS[RULES]
    return settings(
        max_examples=budget.runs,
        stateful_step_count=budget.steps,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        derandomize=False,
    )
