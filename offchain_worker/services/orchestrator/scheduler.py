"""Hands jobs to workers that ask for them, and takes a job back from a worker that falls silent."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from offchain_worker.errors import NamedError
from offchain_worker.pipelines.base import PipelineOutput, PipelineResult
from offchain_worker.services.orchestrator import errors


class SourceRefused(NamedError):
    """The worker found the source at fault; its error's name and words are passed on."""

    status = 400
    template = "{reason}"

    @property
    def name(self) -> str:
        return self.details["workerError"]


@dataclass
class Task:
    """One job on its way through workers."""

    id: str
    pipeline: str
    parameters: dict[str, Any]
    data: bytes
    sequence: int
    done: asyncio.Future = field(repr=False)
    attempts: int = 0
    lease_ends: float = 0.0
    last_failure: str = ""


@dataclass(frozen=True)
class SchedulerLimits:
    max_waiting: int = 8
    max_attempts: int = 2
    lease_seconds: float = 10.0
    """A worker that sends no sign of life for so long has lost its task."""
    worker_seconds: float = 15.0
    """A worker that has not asked for work for so long counts as gone."""


class Scheduler:
    """In-memory queue of one event loop. Durable state is elsewhere: a restart fails and refunds what was running."""

    def __init__(self, limits: SchedulerLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._waiting: dict[str, deque[Task]] = {}
        self._assigned: dict[str, Task] = {}
        self._seen: dict[tuple[str, str], float] = {}
        self._wake = asyncio.Condition()

    @property
    def waiting(self) -> int:
        return sum(len(tasks) for tasks in self._waiting.values())

    @property
    def running(self) -> int:
        return len(self._assigned)

    def workers(self, pipeline: str) -> int:
        """Workers for `pipeline` that are alive."""
        oldest = self._clock() - self._limits.worker_seconds
        return sum(1 for (name, _), seen in self._seen.items() if name == pipeline and seen >= oldest)

    def require_capacity(self, pipeline: str) -> None:
        """Raises `NoWorkerAvailable` or `Busy`; asked before any payment is looked at."""
        if not self.workers(pipeline):
            raise errors.NoWorkerAvailable(pipeline=pipeline)
        if self.waiting >= self._limits.max_waiting:
            raise errors.Busy(found=self.waiting, required=self._limits.max_waiting)

    async def run(
        self, pipeline: str, parameters: dict[str, Any], data: bytes, sequence: int
    ) -> PipelineResult:
        """Queues the job and waits for its result. Raises `SourceRefused` or `WorkFailed`."""
        task = Task(
            secrets.token_hex(16),
            pipeline,
            parameters,
            data,
            sequence,
            asyncio.get_running_loop().create_future(),
        )
        await self._enqueue(task)
        try:
            return await task.done
        finally:
            self._forget(task)

    async def take(self, pipelines: list[str], worker: str, wait_seconds: float) -> Task | None:
        """The next task for `worker`, or None after `wait_seconds`."""
        ends = self._clock() + wait_seconds
        async with self._wake:
            while True:
                for pipeline in pipelines:
                    self._seen[(pipeline, worker)] = self._clock()
                    if queue := self._waiting.get(pipeline):
                        return self._assign(queue.popleft())
                left = ends - self._clock()
                if left <= 0:
                    return None
                try:
                    await asyncio.wait_for(self._wake.wait(), left)
                except TimeoutError:
                    return None

    def keep(self, task_id: str, pipelines: list[str], worker: str) -> None:
        """A sign of life; raises `TaskUnknown` if the task was taken away meanwhile."""
        self._task(task_id).lease_ends = self._clock() + self._limits.lease_seconds
        for pipeline in pipelines:
            self._seen[(pipeline, worker)] = self._clock()

    def complete(
        self, task_id: str, outputs: tuple[PipelineOutput, ...], seconds: float, facts: dict[str, Any]
    ) -> None:
        task = self._task(task_id)
        self._assigned.pop(task_id)
        if not task.done.done():
            task.done.set_result(PipelineResult(outputs, seconds, facts))

    async def reject(self, task_id: str, error: str, message: str, is_source_fault: bool) -> None:
        """A worker's failure: final if the source is at fault, else tried again elsewhere."""
        task = self._task(task_id)
        self._assigned.pop(task_id)
        if is_source_fault:
            if not task.done.done():
                task.done.set_exception(SourceRefused(workerError=error, reason=message))
            return
        await self._retry(task, error)

    async def give_back(self, task: Task) -> None:
        """For a task that was assigned to a worker which is not there to take it: not an attempt."""
        if self._assigned.pop(task.id, None) is not None:
            task.attempts -= 1
            await self._enqueue(task, first=True)

    async def reap(self) -> None:
        """Takes back tasks whose lease has ended, and gives up those that nobody is left to do; called regularly."""
        for pipeline, queue in self._waiting.items():
            while queue and not self.workers(pipeline):
                task = queue.popleft()
                if not task.done.done():
                    task.done.set_exception(errors.NoWorkerAvailable(pipeline=pipeline))
        now = self._clock()
        for task in [task for task in self._assigned.values() if task.lease_ends < now]:
            self._assigned.pop(task.id)
            await self._retry(task, "WorkerSilent")

    async def _retry(self, task: Task, reason: str) -> None:
        task.last_failure = reason
        if task.attempts < self._limits.max_attempts:
            await self._enqueue(task, first=True)
        elif not task.done.done():
            task.done.set_exception(
                errors.WorkFailed(sequence=task.sequence, attempts=task.attempts, reason=reason)
            )

    async def _enqueue(self, task: Task, first: bool = False) -> None:
        queue = self._waiting.setdefault(task.pipeline, deque())
        queue.appendleft(task) if first else queue.append(task)
        async with self._wake:
            self._wake.notify_all()

    def _assign(self, task: Task) -> Task:
        task.attempts += 1
        task.lease_ends = self._clock() + self._limits.lease_seconds
        self._assigned[task.id] = task
        return task

    def _task(self, task_id: str) -> Task:
        if (task := self._assigned.get(task_id)) is None:
            raise errors.TaskUnknown(task=task_id)
        return task

    def _forget(self, task: Task) -> None:
        self._assigned.pop(task.id, None)
        if task in (queue := self._waiting.get(task.pipeline, deque())):
            queue.remove(task)
