"""One worker: makes runs, and cuts those that fail down to what their failure needs."""

import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.burst import Chains, draw_parameters, minimise, shorten, uncollected
from simulation.calls import Step
from simulation.campaign.divergences import signature_of
from simulation.campaign.outcomes import Failure, Minimise, Minimised, Outcome
from simulation.campaign.plan import Run, name_of
from simulation.campaign.playing import Play, Source, drawn
from simulation.choices import ByteChoices, Exhausted
from simulation.invariants import InvariantBroken
from simulation.rounding import BoundBroken
from simulation.rounding import Tally as Rounding
from simulation.trace import Origin, Trace, record
from simulation.trace.words import show_call
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
    watched_every: int = WATCHED_EVERY


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
        choices = CountedChoices(item.data)
        play, error = self._play(choices, item.number, item.area, item.steps)
        return Outcome(
            number=item.number,
            origin=item.origin,
            area=item.area,
            data=choices.taken,
            steps=len(play.trace),
            seconds=time.perf_counter() - started,
            succeeded=dict(play.succeeded),
            failed=dict(play.failed),
            inside=dict(play.inside),
            refused=dict(play.refused),
            checked=dict(play.checked),
            rounding=play.rounding,
            failure=None if error is None else failure_of(error),
        )

    def _minimise(self, item: Minimise) -> Minimised:
        started = time.perf_counter()
        play, error = self._play(ByteChoices(item.data), item.number, item.area, len(item.data))
        if error is None:
            raise ValueError(f"{name_of(item.number)} failed once, and does not when it is made again")
        parameters = play.parameters
        if isinstance(error, Divergence):
            steps, shortest = minimise(self._chains, parameters, play.trace)
        else:
            is_watched = play.rounding is not None
            steps = self._shorten(parameters, play.trace, is_watched)
            shortest = self._replay(parameters, steps, is_watched)[1] or error
        origin = Origin(
            driver="campaign",
            area=item.area,
            note=f"{name_of(item.number)} of seed {self._setting.seed}, cut down",
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
            calls=tuple(calls_of(trace)),
            python=repr(steps),
            trace=trace.to_bytes(),
            seconds=time.perf_counter() - started,
        )

    # ---- runs that may fail

    def _play(
        self, choices: ByteChoices, number: int, area: str, steps: int
    ) -> tuple[Play, BaseException | None]:
        try:
            parameters = draw_parameters(choices, area)
        except Exhausted:  # not even enough for a deployment
            return Play({}), None
        play = Play(parameters, rounding=Rounding() if number % self._setting.watched_every == 0 else None)
        return play, self._error_of(play, drawn(choices, area, steps))

    def _replay(
        self, parameters: Mapping[str, Any], steps: list[Step], is_watched: bool
    ) -> tuple[Play, BaseException | None]:
        play = Play(parameters, rounding=Rounding() if is_watched else None)
        return play, self._error_of(play, lambda world: steps)

    def _error_of(self, play: Play, source: Source) -> BaseException | None:
        try:
            with uncollected():
                play.run(self._chains.next(), source)
        except BaseException as error:  # a panic of pyrevm is no Exception
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            if not isinstance(error, AssertionError):
                self._chains.drop()  # what it went through is in doubt
            return error
        return None

    def _shorten(self, parameters: Mapping[str, Any], steps: list[Step], is_watched: bool) -> list[Step]:
        def cut(candidate: list[Step]) -> list[Step] | None:
            play, error = self._replay(parameters, candidate, is_watched)
            return None if error is None else play.trace

        return [] if cut([]) is not None else shorten(steps, cut)


def calls_of(trace: Trace) -> Iterator[str]:
    """The steps of a trace, for people."""
    for step in trace.steps:
        what = f"{step.blocks} blocks pass" if step.action == "mine" else show_call(step)
        yield f"{step.number}. {what}"


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
