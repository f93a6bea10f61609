"""Failures by what they look like: each kind is cut down and written once, however many runs show it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.campaign.outcomes import Failure, Minimise, Minimised, Outcome

# Failures that look different at first come down to the same mostly; more of them would only take time.
MAX_MINIMISED = 12
SHOWN_RUNS = 20


@dataclass
class Finding:
    """Runs that fail alike; `minimised` is the shortest, None before and where cutting down did not work."""

    failure: Failure
    area: str
    runs: list[int] = field(default_factory=list)
    """Numbers of the first of them."""
    count: int = 0
    minimised: Minimised | None = None
    note: str = ""
    """Why the run is not cut down, where it is not."""
    trace: str = ""
    """The file, relative to the report."""
    replay: str = ""
    """The command that runs it again."""

    @property
    def signature(self) -> tuple[str, ...]:
        """What differs."""
        return (self.minimised.failure if self.minimised else self.failure).signature

    def add(self, number: int) -> None:
        """One more run."""
        self.count += 1
        if len(self.runs) < SHOWN_RUNS:
            self.runs.append(number)


class Findings:
    """All failures of a campaign."""

    def __init__(self) -> None:
        self._by_first_look: dict[tuple[str, ...], Finding] = {}
        self._jobs: deque[Minimise] = deque()
        self._finding_of_job: dict[int, Finding] = {}

    def __iter__(self) -> Iterator[Finding]:
        """One after the other, as they came."""
        return iter({id(finding): finding for finding in self._by_first_look.values()}.values())

    def __len__(self) -> int:
        return len({id(finding) for finding in self._by_first_look.values()})

    @property
    def has_jobs(self) -> bool:
        """Whether a run waits to be cut down."""
        return bool(self._jobs)

    def take_job(self) -> Minimise:
        """The next run to cut down."""
        return self._jobs.popleft()

    def add(self, outcome: Outcome) -> Finding | None:
        """Count a run that failed; the finding, if nothing like it was seen before."""
        look = outcome.failure.signature
        if look in self._by_first_look:
            self._by_first_look[look].add(outcome.number)
            return None
        finding = self._by_first_look[look] = Finding(outcome.failure, outcome.area)
        finding.add(outcome.number)
        if len(self._finding_of_job) == MAX_MINIMISED:
            finding.note = f"not cut down: {MAX_MINIMISED} others were"
        else:
            finding.note = "not cut down yet"
            self._finding_of_job[outcome.number] = finding
            self._jobs.append(Minimise(outcome.number, outcome.area, outcome.data))
        return finding

    def settle(self, minimised: Minimised) -> Finding | None:
        """Take over a shortest run; the finding, unless it comes down to one that is there already."""
        finding = self._finding_of_job[minimised.number]
        signature = minimised.failure.signature
        for other in self:
            if other.minimised is not None and other.signature == signature:
                self._join(finding, other)
                return None
        finding.minimised, finding.note = minimised, ""
        return finding

    def give_up(self, number: int, reason: str) -> None:
        """The run was not cut down."""
        self._finding_of_job[number].note = f"not cut down: {reason}"

    def _join(self, finding: Finding, other: Finding) -> None:
        other.count += finding.count
        other.runs = sorted({*other.runs, *finding.runs})[:SHOWN_RUNS]
        for look, known in self._by_first_look.items():
            if known is finding:
                self._by_first_look[look] = other
