"""Running a trace again, on a fresh chain, and holding what comes against what was recorded.

replay = Replay(trace, load_artifacts(), engine="anvil")    # raises TraceRefused
for step in replay.run(until=12):
    step.deviations                           # what is not as recorded
replay.verdict, replay.summary                # what it comes to
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from simulation.chain.codecs import ArgumentError
from simulation.chain.engine import CHAIN_ID
from simulation.chain.facade import Chain, open_chain
from simulation.trace.build import SHORT, differences_of_build
from simulation.trace.format import CallStep, Failure, MineStep, Part, Start, Trace, TraceRefused
from simulation.trace.player import DeploymentFailed, Played, Player
from simulation.trace.recording import complete
from simulation.trace.steps import has_tickets
from tools.artifacts import Artifact

# What a step did; the rest of a record says what was to be done.
_EFFECTS = ("expected", "came", "block", "digest")


class Verdict(Enum):
    """What a replay comes to; the value is the exit code of `ape run replay`."""

    AGREE = 0
    """Contracts and model agree, and all is as recorded where the build is the recorded one."""
    DIVERGE = 1
    """Contracts and model diverge, or an invariant is broken."""
    NOT_AS_RECORDED = 3
    """They agree on the recorded build, but something is not what it was when the trace was made."""


@dataclass(frozen=True)
class Replayed:
    """A step that was run again; `deviations` from what was recorded, in words."""

    played: Played
    deviations: tuple[str, ...]


class Replay:
    """See the module. With `allow_other_build` neither project version nor code have to be those of the trace."""

    def __init__(
        self,
        trace: Trace,
        artifacts: Mapping[str, Artifact],
        *,
        engine: str | None = None,
        allow_other_build: bool = False,
    ) -> None:
        if trace.chain.chain_id != CHAIN_ID:
            raise TraceRefused(
                f"chain: the trace was made on chain id {trace.chain.chain_id}, the engines here have {CHAIN_ID}"
            )
        if unknown := sorted(set(trace.deployment) - set(complete({}))):
            raise TraceRefused(f"deployment: found {', '.join(unknown)}, which no deployment here takes")
        self.other_build = differences_of_build(trace, artifacts)
        if self.other_build and not allow_other_build:
            raise TraceRefused("\n".join(self.other_build))
        self.trace, self.engine = trace, engine or trace.chain.engine
        self.player: Player | None = None
        self.failure: Failure | None = None
        self.deviations: list[str] = []
        self.artifacts = artifacts
        self._allow_other_build = allow_other_build
        self._is_complete = False

    def run(self, until: int | None = None) -> Iterator[Replayed]:
        """The steps up to number `until`, all by default; no further than a failure. Raises TraceRefused."""
        steps = self.trace.steps
        if until is not None and not 1 <= until <= len(steps):
            raise TraceRefused(f"until: found {until}, the trace has the steps 1 to {len(steps)}")
        chain = open_chain(self.engine, self.artifacts)
        try:
            self._deploy(chain)
            for recorded in steps[:until]:
                if self.failure is not None:
                    return
                yield self._play(recorded)
            if until is None and self.failure is None:
                self._finish()
        finally:
            chain.close()

    # ---- what it comes to

    @property
    def reproduces(self) -> bool:
        """Whether the recorded failure came again: the same step, the same kind, invariants by id."""
        recorded, found = self.trace.failure, self.failure
        if recorded is None or found is None:
            return False
        return (recorded.step, recorded.name) == (found.step, found.name)

    @property
    def verdict(self) -> Verdict:
        if self.failure is not None:
            return Verdict.DIVERGE
        if not self.other_build and (self.deviations or self._misses_failure):
            return Verdict.NOT_AS_RECORDED
        return Verdict.AGREE

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        recorded, found = self.trace.failure, self.failure
        if found is not None:
            where = f"step {found.step}, {found.name}" if found.step else "the deployment"
            if self.reproduces:
                return f"reproduced: {where}, as recorded"
            other = (
                f"the trace has step {recorded.step}, {recorded.name}"
                if recorded
                else "the trace has no failure"
            )
            return f"diverges: {where}; {other}"
        if self._misses_failure:
            build = "with this build" if self.other_build else "though the build is the recorded one"
            return (
                f"contracts and model agree: the recorded failure (step {recorded.step}, {recorded.name}) "
                f"does not come {build}"
            )
        if self.deviations:
            build = ", with another build" if self.other_build else ""
            return f"contracts and model agree, but not everything is as recorded{build}"
        return "as recorded: contracts and model agree, and all digests are those of the trace"

    @property
    def _misses_failure(self) -> bool:
        """Whether the steps of the recorded failure were run, and it did not come."""
        return self._is_complete and self.trace.failure is not None and self.trace.reproduced

    # ---- running

    def _deploy(self, chain: Chain) -> None:
        try:
            self.player = Player(chain, self.trace.deployment, recorded=self.trace.accounts)
        except DeploymentFailed as error:
            self.failure = error.failure
            return
        except ArgumentError as error:
            raise TraceRefused(f"deployment: damaged: {error}") from None
        if self.trace.start not in (None, self.player.start):
            self._refuse_start(self.trace.start, self.player.start)

    def _refuse_start(self, recorded: Start, found: Start) -> None:
        """The code is the same: then what deploys it, or what is looked at, has changed with the project."""
        complaint = (
            f"start: the trace begins at block {recorded.block} with the state {recorded.digest[:SHORT]}…, here it is "
            f"block {found.block} with {found.digest[:SHORT]}…: the deployment is another, or other views are looked at"
        )
        if not self._allow_other_build:
            raise TraceRefused(complaint)
        self.other_build.append(complaint)

    def _play(self, recorded: CallStep | MineStep) -> Replayed:
        step = self.player.read(recorded)
        played = self.player.play(step)
        self._check_calldata(recorded, played.record)
        deviations = _deviations(f"step {recorded.number}", recorded, played.record, _EFFECTS)
        self.deviations += deviations
        self.failure = played.failure
        return Replayed(played, tuple(deviations))

    def _finish(self) -> None:
        digest, self.failure = self.player.finish()
        self._is_complete = True
        if self.trace.end not in (None, digest):
            self.deviations.append(f"after all steps: digest: recorded {self.trace.end}, found {digest}")

    def _check_calldata(self, recorded: CallStep | MineStep, found: CallStep | MineStep) -> None:
        """Arguments and raw calldata of the file say the same, unless an engine or a build come between."""
        if self.other_build or isinstance(recorded, MineStep):
            return
        is_portable = self.engine == self.trace.chain.engine or not has_tickets(recorded)
        if is_portable and recorded.calldata != found.calldata:
            raise TraceRefused(
                f"steps[{recorded.number - 1}].calldata: damaged: found 0x{recorded.calldata.hex()}, "
                f"but the arguments give 0x{found.calldata.hex()}"
            )


def _deviations(where: str, recorded: Part, found: Part, fields: tuple[str, ...]) -> list[str]:
    """Fields that differ, with both values."""
    pairs = [(name, getattr(recorded, name, None), getattr(found, name, None)) for name in fields]
    return [f"{where}: {name}: recorded {_show(a)}, found {_show(b)}" for name, a, b in pairs if a != b]


def _show(value: object) -> str:
    if isinstance(value, Part):
        return value.model_dump_json(exclude_defaults=True)
    return "as expected" if value is None else str(value)
