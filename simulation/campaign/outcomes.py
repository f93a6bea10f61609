"""What comes back from a worker: plain data, so that it travels between processes and machines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulation.rounding import Tally as Rounding


@dataclass(frozen=True)
class Failure:
    """Why a run stopped.

    `kind`: divergence of contracts and model, invariant, rounding beyond its bound, or error for an exception that no
    run should raise.
    """

    kind: str
    signature: tuple[str, ...]
    """What differs, without accounts and amounts: failures with the same one look the same."""
    message: str


@dataclass(frozen=True)
class Outcome:
    """What a run did. `data`: the bytes that it took."""

    number: int
    origin: str
    area: str
    data: bytes
    steps: int
    seconds: float
    succeeded: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By entry point and error."""
    inside: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Calls that contracts made, by contract and function in the model's words."""
    refused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By view and error."""
    checked: Mapping[str, int] = field(default_factory=dict)
    """How often each invariant was checked."""
    rounding: Rounding | None = None
    """Of runs that were followed without rounding."""
    failure: Failure | None = None


@dataclass(frozen=True)
class Minimise:
    """Work: leave out of a run that failed what its failure does not need."""

    number: int
    area: str
    data: bytes


@dataclass(frozen=True)
class Minimised:
    """The shortest run found. `calls` for people, `python` to be kept as a regression, `trace` for replay."""

    number: int
    failure: Failure
    steps: int
    calls: tuple[str, ...]
    python: str
    trace: bytes
    seconds: float
