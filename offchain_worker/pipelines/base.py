"""What a pipeline is: parameters with a schema, a unit count both sides agree on, and the work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel

from offchain_worker.errors import NamedError


class PipelineUnknown(NamedError):
    status = 404
    template = "pipeline {found} is not offered; offered are {required}"


@dataclass(frozen=True)
class PipelineOutput:
    """One output file and the units that it costs. `facts` are plain values for reports."""

    name: str
    data: bytes
    units: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PipelineResult:
    outputs: tuple[PipelineOutput, ...]
    seconds: float
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def units(self) -> int:
        return sum(output.units for output in self.outputs)


class Pipeline(ABC):
    """One kind of work. Instances are cheap; `prepare` loads what the work needs."""

    name: ClassVar[str]
    unit: ClassVar[str]
    """What is priced, in the singular, for people."""
    Parameters: ClassVar[type[BaseModel]]

    @abstractmethod
    def compute_units(self, parameters: Any) -> int:
        """Units that a job with these parameters costs, without looking at its input. Needs no heavy library."""

    @abstractmethod
    def prepare(self, device: str, threads: int) -> None:
        """Loads libraries and models; called once in the process that runs the work."""

    @abstractmethod
    def run(self, parameters: Any, data: bytes) -> PipelineResult:
        """Does the work. Raises a `MediaError` (status 4xx) if the input is at fault."""
