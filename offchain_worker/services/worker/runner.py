"""The worker's loop: poll, run, report. The work itself runs in a child process.

FFmpeg parses hostile input there, under limits; if the child dies, one attempt is lost and a new child is started.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from offchain_worker.errors import NamedError
from offchain_worker.pipelines.base import PipelineResult
from offchain_worker.pipelines.registry import get_pipeline
from offchain_worker.services import framing
from offchain_worker.services.protocol import parse

log = structlog.get_logger(service="worker")

HEARTBEAT_SECONDS = 2.0
RETRY_SECONDS = 0.5


class ChildDoesNotStart(NamedError):
    template = "the process for pipelines {pipelines} on {device} does not start; its own message is above"


@dataclass(frozen=True)
class WorkerConfig:
    orchestrator_url: str
    worker_token: str
    name: str
    pipelines: tuple[str, ...] = ("transcode",)
    device: str = "cpu"
    threads: int = 1
    job_seconds: float = 120.0
    memory_bytes: int = 16 * 2**30

    def __repr__(self) -> str:
        return f"WorkerConfig({self.name} for {self.orchestrator_url})"


@dataclass(frozen=True)
class Failure:
    """What went wrong in the child, in a form that survives the way back."""

    error: str
    message: str
    is_source_fault: bool


_prepared: dict[str, Any] = {}
"""Pipelines of this child process, ready to run."""


def prepare_child(pipelines: tuple[str, ...], device: str, threads: int, memory_bytes: int) -> None:
    """Runs once in a new child: limits first, then heavy imports."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for name in pipelines:
        pipeline = get_pipeline(name)
        pipeline.prepare(device, threads)
        _prepared[name] = pipeline


def run_job(name: str, parameters: dict[str, Any], data: bytes) -> PipelineResult | Failure:
    """One job in the child."""
    try:
        pipeline = _prepared[name]
        return pipeline.run(parse(pipeline.Parameters, parameters), data)
    except NamedError as error:
        return Failure(error.name, str(error), is_source_fault=400 <= error.status < 500)
    except Exception as error:
        return Failure(type(error).__name__, str(error)[:500], is_source_fault=False)


class Worker:
    """One job at a time; more jobs at a time are more workers."""

    def __init__(self, config: WorkerConfig, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._config = config
        self._client = httpx.AsyncClient(
            base_url=config.orchestrator_url,
            headers={"Authorization": f"Bearer {config.worker_token}"},
            timeout=httpx.Timeout(30.0, connect=2.0),
            transport=transport,
        )
        self._pool: ProcessPoolExecutor | None = None
        self._poll = {"worker": config.name, "pipelines": list(config.pipelines), "wait_seconds": 10.0}

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set. An orchestrator that is away is asked again."""
        await self._start_child()
        log.info("worker ready", orchestrator=self._config.orchestrator_url, device=self._config.device)
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                step = asyncio.create_task(self._step())
                await asyncio.wait((step, stopped), return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    step.cancel()
                await asyncio.gather(step, return_exceptions=True)
                if step.cancelled() or step.exception() is None:
                    continue
                if not isinstance(step.exception(), httpx.HTTPError):
                    raise step.exception()
                log.warning("orchestrator does not answer", error=type(step.exception()).__name__)
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            stopped.cancel()
            await self._client.aclose()
            self._stop_child()

    async def _step(self) -> None:
        answer = await self._client.post("/v1/worker/poll", json=self._poll)
        if answer.status_code == 204:
            return
        answer.raise_for_status()
        head, parts = framing.unpack(answer.content)
        result = await self._work(head, parts[0])
        await self._client.post(f"/v1/worker/tasks/{head['task']}/result", content=_pack_result(result))

    async def _work(self, head: dict[str, Any], data: bytes) -> PipelineResult | Failure:
        started = time.monotonic()
        beating = asyncio.create_task(self._beat(head["task"]))
        try:
            loop = asyncio.get_running_loop()
            running = loop.run_in_executor(self._pool, run_job, head["pipeline"], head["parameters"], data)
            result = await asyncio.wait_for(running, self._config.job_seconds)
        except BrokenProcessPool:
            await self._start_child()
            result = Failure("WorkerCrashed", "the process that did the work died", is_source_fault=False)
        except TimeoutError:
            await self._start_child()
            result = Failure(
                "WorkTooSlow", f"not finished after {self._config.job_seconds} s", is_source_fault=False
            )
        finally:
            beating.cancel()
        failed = result.error if isinstance(result, Failure) else None
        log.info(
            "job done", segment=head["sequence"], seconds=round(time.monotonic() - started, 3), error=failed
        )
        return result

    async def _beat(self, task: str) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self._client.post(f"/v1/worker/tasks/{task}/heartbeat", json=self._poll)
            except httpx.HTTPError as error:
                log.warning("heartbeat not delivered", error=type(error).__name__)

    async def _start_child(self) -> None:
        self._stop_child()
        config = self._config
        self._pool = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare_child,
            initargs=(config.pipelines, config.device, config.threads, config.memory_bytes),
        )
        # A first empty call, so that nobody waits for imports once the worker says that it is ready.
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, abs, 0)
        except BrokenProcessPool as error:
            raise ChildDoesNotStart(pipelines=", ".join(config.pipelines), device=config.device) from error

    def _stop_child(self) -> None:
        if self._pool is None:
            return
        # The pool has no public way to end a child that hangs in native code.
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _pack_result(result: PipelineResult | Failure) -> bytes:
    if isinstance(result, Failure):
        return framing.pack(
            {
                "error": result.error,
                "message": result.message[:2000],
                "is_source_fault": result.is_source_fault,
            }
        )
    outputs = [
        {"name": output.name, "units": output.units, "facts": output.facts} for output in result.outputs
    ]
    head = {"outputs": outputs, "seconds": result.seconds, "facts": result.facts}
    return framing.pack(head, [output.data for output in result.outputs])
