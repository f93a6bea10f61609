"""HTTP surface of an orchestrator (design notes, section 9). Routes only: decisions are in `service.py`."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from collections.abc import AsyncIterator

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from offchain_worker.errors import NamedError
from offchain_worker.pipelines.base import PipelineOutput
from offchain_worker.services import framing, protocol
from offchain_worker.services.orchestrator import errors
from offchain_worker.services.orchestrator.service import OrchestratorService, SegmentRequest
from offchain_worker.services.worker.messages import PollRequest, TaskFailure, TaskSuccess

REAP_SECONDS = 1.0
MAX_OFFER_BYTES = 64 * 1024
MAX_RESULT_BYTES = 512 * 2**20

log = structlog.get_logger(service="orchestrator")


class InternalFault(NamedError):
    template = "the orchestrator failed; nothing was charged for this request"


def create_app(service: OrchestratorService, worker_token: str, max_segment_bytes: int) -> FastAPI:
    """The application; `worker_token` is the secret that workers show."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        reaper = asyncio.create_task(_reap(service))
        yield
        reaper.cancel()

    app = FastAPI(title="orchestrator", openapi_url=None, lifespan=lifespan)

    @app.exception_handler(NamedError)
    async def refuse(_: Request, error: NamedError) -> JSONResponse:
        service.metrics.refusal(type(error).__name__)
        return JSONResponse(
            error.to_json(), error.status, {"Retry-After": "1"} if error.status in (429, 503) else None
        )

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> JSONResponse:
        log.error("internal fault", error=type(error).__name__, reason=str(error))
        return JSONResponse(InternalFault().to_json(), 500)

    @app.post("/v1/offer")
    async def offer(request: Request) -> JSONResponse:
        body = await _json(request, MAX_OFFER_BYTES)
        return JSONResponse(await asyncio.to_thread(service.make_offer, body))

    @app.post("/v1/sessions/{session_id}/segments/{sequence}")
    async def segment(session_id: str, sequence: int, request: Request) -> Response:
        data = await _read(request, max_segment_bytes + framing.MAX_HEAD_BYTES)
        answer = await service.process_segment(_segment_request(session_id, sequence, data))
        return Response(answer, media_type=framing.MEDIA_TYPE)

    @app.post("/v1/worker/poll")
    async def poll(request: Request) -> Response:
        _require_worker(request, worker_token)
        message = protocol.parse(PollRequest, await _json(request, MAX_OFFER_BYTES))
        task = await service.scheduler.take(list(message.pipelines), message.worker, message.wait_seconds)
        if task is not None and await request.is_disconnected():
            await service.scheduler.give_back(task)
            task = None
        if task is None:
            return Response(status_code=204)
        head = {
            "task": task.id,
            "pipeline": task.pipeline,
            "parameters": task.parameters,
            "sequence": task.sequence,
        }
        return Response(framing.pack(head, [task.data]), media_type=framing.MEDIA_TYPE)

    @app.post("/v1/worker/tasks/{task_id}/heartbeat")
    async def heartbeat(task_id: str, request: Request) -> Response:
        _require_worker(request, worker_token)
        message = protocol.parse(PollRequest, await _json(request, MAX_OFFER_BYTES))
        service.scheduler.keep(task_id, list(message.pipelines), message.worker)
        return Response(status_code=204)

    @app.post("/v1/worker/tasks/{task_id}/result")
    async def result(task_id: str, request: Request) -> Response:
        _require_worker(request, worker_token)
        head, parts = framing.unpack(await _read(request, MAX_RESULT_BYTES))
        if "error" in head:
            failure = protocol.parse(TaskFailure, head)
            await service.scheduler.reject(task_id, failure.error, failure.message, failure.is_source_fault)
            return Response(status_code=204)
        success = protocol.parse(TaskSuccess, head)
        if len(success.outputs) != len(parts):
            raise framing.EnvelopeMalformed(field="parts", found=len(parts), required=len(success.outputs))
        outputs = tuple(
            PipelineOutput(output.name, part, output.units, output.facts)
            for output, part in zip(success.outputs, parts, strict=True)
        )
        service.scheduler.complete(task_id, outputs, success.seconds, success.facts)
        return Response(status_code=204)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse(service.health())

    @app.get("/metrics")
    async def metrics() -> Response:
        text = service.metrics.text(service.scheduler.waiting, service.health()["workers"])
        return Response(text, media_type="text/plain; version=0.0.4")

    return app


def _segment_request(session_id: str, sequence: int, data: bytes) -> SegmentRequest:
    head, parts = framing.unpack(data)
    if len(parts) != 1:
        raise framing.EnvelopeMalformed(field="parts", found=len(parts), required=1)
    if unknown := set(head) - {"token", "job", "payment"}:
        raise protocol.RequestInvalid(
            message="segment", field=sorted(unknown)[0], found="present", required="token, job, payment"
        )
    job, signature = protocol.open_signed(protocol.Job, head.get("job"))
    payment = head.get("payment")
    return SegmentRequest(
        session_id=session_id,
        sequence=sequence,
        token=protocol.parse(_Token, {"token": head.get("token")}).token,
        job=job,
        job_signature=signature,
        payment=None if payment is None else protocol.parse(protocol.PaymentMessage, payment),
        source=parts[0],
    )


class _Token(protocol.Message):
    token: protocol.HexBytes


async def _read(request: Request, limit: int) -> bytes:
    """The body, read no further than `limit`."""
    chunks, length = [], 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > limit:
            raise errors.RequestTooLarge(required=limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def _json(request: Request, limit: int):
    body = await _read(request, limit)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise protocol.RequestInvalid(
            message="request", field="(whole)", found="not JSON", required="a JSON object"
        ) from None


def _require_worker(request: Request, worker_token: str) -> None:
    found = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(found, f"Bearer {worker_token}".encode()):
        raise errors.WorkerTokenRejected()


async def _reap(service: OrchestratorService) -> None:
    while True:
        await asyncio.sleep(REAP_SECONDS)
        await service.scheduler.reap()
