"""The loop of a campaign: hands out work, takes in what comes back, until the time is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from simulation.campaign.crew import Crew, Done, Lost
from simulation.campaign.database import Store
from simulation.campaign.findings import Finding, Findings
from simulation.campaign.outcomes import Minimise, Minimised, Outcome
from simulation.campaign.plan import Kept, Plan
from simulation.campaign.surface import Surface
from simulation.campaign.tally import InOrder, Tally

POLL_SECONDS = 0.2
# After the time is over, what has begun is finished; cutting down may take so much longer.
GRACE_SECONDS = 120.0
SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class LostRun:
    """A run, or the cutting down of one, that took its worker with it."""

    number: int
    worker: int
    what: str
    reason: str


@dataclass(frozen=True)
class Sample:
    """Steps done up to a moment, in all and by worker."""

    seconds: float
    steps: int
    by_worker: dict[int, int]


@dataclass
class WorkerLine:
    """What one worker has done."""

    runs: int = 0
    steps: int = 0
    seconds: float = 0.0
    losses: int = 0


@dataclass
class State:
    """All that is known of a campaign, for those who show it."""

    seconds_given: float
    workers: dict[int, WorkerLine]
    tally: Tally
    findings: Findings = field(default_factory=Findings)
    lost: list[LostRun] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    steps_done: int = 0
    seconds: float = 0.0
    phase: str = "running"
    """running, finishing, done, interrupted, or no workers left."""

    @property
    def is_complete(self) -> bool:
        """Whether it ran as long as it was asked to."""
        return self.phase == "done"


class Campaign:
    """One campaign; `run` returns what is known at its end, however it ends."""

    def __init__(
        self,
        *,
        plan: Plan,
        crew: Crew,
        store: Store,
        surface: Surface,
        seconds: float,
        workers: int,
        on_change: Callable[[State], None] = lambda state: None,
        on_finding: Callable[[Finding], None] = lambda finding: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._crew, self._store = plan, crew, store
        self._on_change, self._on_finding, self._clock = on_change, on_finding, clock
        self._in_order = InOrder(plan.first)
        self._minimising = 0
        self._most_minimising = max(1, workers // 4)
        lines = {number: WorkerLine() for number in range(1, workers + 1)}
        self.state = State(seconds, lines, Tally(surface))

    def run(self) -> State:
        """Work until the time is over, all runs are made, nobody is left to work, or an interrupt comes."""
        state, started = self.state, self._clock()
        try:
            while state.phase in ("running", "finishing"):
                self._hand_out()
                for event in self._crew.collect(POLL_SECONDS):
                    self._take(event)
                state.seconds = self._clock() - started
                self._sample()
                self._advance()
                self._on_change(state)
        except KeyboardInterrupt:
            state.phase = "interrupted"
        finally:
            self._crew.close()
        for outcome in self._in_order.rest():
            self._merge(outcome)
        self._sample(at_once=True)
        self._on_change(state)
        return state

    # ---- work out

    def _hand_out(self) -> None:
        findings = self.state.findings
        while self._crew.has_room():
            if findings.has_jobs and self._minimising < self._most_minimising:
                self._minimising += 1
                self._crew.submit(findings.take_job(), is_long=True)
                continue
            run = self._plan.next() if self.state.phase == "running" else None
            if run is None:
                return
            self._crew.submit(run)

    def _advance(self) -> None:
        state = self.state
        if not self._crew.alive:
            state.phase = "no workers left"
        elif state.phase == "running":
            if state.seconds >= state.seconds_given or self._plan.is_exhausted:
                state.phase = "finishing"
        else:
            is_idle = not self._crew.pending and not state.findings.has_jobs
            if is_idle or state.seconds >= state.seconds_given + GRACE_SECONDS:
                state.phase = "done"

    # ---- results in

    def _take(self, event: Done | Lost) -> None:
        line = self.state.workers[event.worker]
        if isinstance(event.item, Minimise):
            self._minimising -= 1
        if isinstance(event, Lost):
            line.losses += 1
            self._lose(event)
        elif isinstance(event.result, Minimised):
            if (finding := self.state.findings.settle(event.result)) is not None:
                self._on_finding(finding)
        else:
            line.runs += 1
            line.steps += event.result.steps
            line.seconds += event.result.seconds
            self.state.steps_done += event.result.steps
            self._merge_in_order(event.item.number, event.result)

    def _lose(self, event: Lost) -> None:
        item = event.item
        if isinstance(item, Minimise):
            self.state.findings.give_up(item.number, event.reason)
            self.state.lost.append(LostRun(item.number, event.worker, "cutting down", event.reason))
            return
        self.state.lost.append(LostRun(item.number, event.worker, f"{item.origin} run", event.reason))
        self._store.keep_failure(Kept(item.area, item.data))
        self._merge_in_order(item.number, None)

    def _merge_in_order(self, number: int, outcome: Outcome | None) -> None:
        for ready in self._in_order.add(number, outcome):
            self._merge(ready)

    def _merge(self, outcome: Outcome) -> None:
        new = self.state.tally.add(outcome)
        kept = Kept(outcome.area, outcome.data)
        if outcome.failure is not None:
            if (finding := self.state.findings.add(outcome)) is not None:
                self._store.keep_failure(kept)
                self._on_finding(finding)
            return
        if outcome.origin == "kept":
            self._store.release(kept)
        elif new:
            self._store.keep(kept)

    def _sample(self, *, at_once: bool = False) -> None:
        state = self.state
        last = state.samples[-1].seconds if state.samples else 0.0
        if at_once or state.seconds - last >= SAMPLE_SECONDS:
            by_worker = {number: line.steps for number, line in state.workers.items()}
            state.samples.append(Sample(state.seconds, state.steps_done, by_worker))
