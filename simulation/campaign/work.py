"""One worker: makes runs, and cuts those that fail down to what their failure needs."""

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from simulation.burst import Chains, draw_parameters, minimise
from simulation.campaign.divergences import signature_of
from simulation.campaign.outcomes import Failure, Minimise, Minimised, Outcome
from simulation.campaign.plan import Run, name_of
from simulation.campaign.playing import Counts, play
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants import InvariantBroken
from simulation.rounding import BoundBroken
from simulation.rounding import Tally as Rounding
from simulation.trace.format import Origin
from simulation.trace.recording import record
from simulation.world import Divergence
from tools.artifacts import Artifact

# To check all invariants after each step, and to follow the run without rounding, takes as long as the run itself.
WATCHED_EVERY = 10
TRACEBACK_ENTRIES = 4


@dataclass(frozen=True)
class Setting:
    """What all runs of a campaign have in common."""

    engine: str
    artifacts: Mapping[str, Artifact]
    seed: int


class CountedChoices(ByteChoices):
    """Choices from bytes that know how many they took."""

    @property
    def taken(self) -> bytes:
        """The bytes that decide the run so far."""
        return self._data[: self._position]


class Runner:
    """Does the items of work of a campaign."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._chains = Chains(setting.artifacts, engine=setting.engine)

    def __call__(self, item: Run | Minimise) -> Outcome | Minimised:
        return self._run(item) if isinstance(item, Run) else self._minimise(item)

    def _run(self, item: Run) -> Outcome:
        started = time.perf_counter()
        choices, counts, failure = CountedChoices(item.data), Counts(), None
        rounding = Rounding() if item.number % WATCHED_EVERY == 0 else None
        try:
            parameters = draw_parameters(choices)
            options = {"area": item.area, "steps": item.steps, "counts": counts, "rounding": rounding}
            play(self._chains.next(), parameters, choices, **options)
        except Exhausted:  # not even a deployment
            pass
        except BaseException as error:  # a panic of pyrevm is no Exception
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            failure = failure_of(error)
            self._chains.drop()
        return Outcome(
            number=item.number,
            origin=item.origin,
            area=item.area,
            data=choices.taken,
            steps=counts.steps,
            seconds=time.perf_counter() - started,
            succeeded=dict(counts.succeeded),
            failed=dict(counts.failed),
            rounding=rounding,
            failure=failure,
        )

    def _minimise(self, item: Minimise) -> Minimised:
        started = time.perf_counter()
        choices = ByteChoices(item.data)
        parameters = draw_parameters(choices)
        options = {"area": item.area, "steps": len(item.data), "counts": Counts(), "rounding": None}
        try:
            play(self._chains.next(), parameters, choices, **options)
        except Divergence as divergence:
            steps, shortest = minimise(self._chains, parameters, divergence.steps)
        else:
            raise ValueError(f"{name_of(item.number)} failed once, and does not when it is made again")
        origin = Origin(
            driver="campaign",
            area=item.area,
            note=f"run {item.number} of seed {self._setting.seed}, cut down",
        )
        trace = record(
            steps,
            parameters,
            origin,
            artifacts=self._setting.artifacts,
            engine=self._setting.engine,
            failure=shortest,
        )
        return Minimised(
            number=item.number,
            failure=failure_of(shortest),
            steps=len(steps),
            calls=tuple(str(shortest).partition("\nafter:\n")[2].splitlines()),
            python=repr(steps),
            trace=trace.to_bytes(),
            seconds=time.perf_counter() - started,
        )


def failure_of(error: BaseException) -> Failure:
    """What a run that raised `error` failed of."""
    message = str(error).partition("\nafter:")[0]
    if isinstance(error, Divergence):
        return Failure("divergence", signature_of(message), message)
    if isinstance(error, InvariantBroken):
        return Failure("invariant", (message.split()[0],), message)
    if isinstance(error, BoundBroken):
        return Failure("rounding", (f"rounding of {message.partition(':')[0]}",), message)
    entries = "".join(traceback.format_exception(error)[-TRACEBACK_ENTRIES:])
    return Failure("error", (type(error).__name__, str(error).partition("\n")[0]), entries)
