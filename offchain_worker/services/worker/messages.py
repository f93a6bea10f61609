"""Messages between worker and orchestrator, which belong to one operator and share a secret."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from offchain_worker.services.protocol import Count, Message, Text


class PollRequest(Message):
    worker: Text
    pipelines: Annotated[tuple[Text, ...], Field(min_length=1, max_length=16)]
    wait_seconds: Annotated[float, Field(ge=0, le=20)] = 10.0


class TaskOutput(Message):
    name: Text
    units: Count
    facts: dict[str, Any]


class TaskSuccess(Message):
    outputs: tuple[TaskOutput, ...]
    seconds: Annotated[float, Field(ge=0)]
    facts: dict[str, Any]


class TaskFailure(Message):
    error: Text
    message: Annotated[str, Field(max_length=2000)]
    is_source_fault: bool
