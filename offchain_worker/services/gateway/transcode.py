"""A whole video: cut, buy, check, write; the next orchestrator takes over where one fails.

While a worker is busy with one segment the next is already cut and its reference made. Nothing is paid ahead: a segment
is paid only after the result before it has been checked.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import structlog
from sqlalchemy import Engine

from offchain_worker.chain.interface import ChainReader, require_running
from offchain_worker.errors import NamedError
from offchain_worker.media.profiles import DEFAULT_PROFILES, get_profile
from offchain_worker.media.quality import RenditionQuality, SegmentReference, check_rendition, make_reference
from offchain_worker.media.segmenter import Segment, cut_video
from offchain_worker.pipelines.registry import get_pipeline
from offchain_worker.pipelines.transcode import ProfileParameters, TranscodeParameters
from offchain_worker.services.gateway import errors
from offchain_worker.services.gateway.client import OrchestratorAddress, OrchestratorClient
from offchain_worker.services.gateway.payer import PaidSegment, PaymentSession, PurchaseLimits, Spending
from offchain_worker.services.gateway.report import (
    RefusedAttempt,
    RenditionReport,
    SegmentReport,
    SessionReport,
    VideoReport,
)
from offchain_worker.tickets.balance import units_to_wei_down
from offchain_worker.tickets.errors import BudgetExhausted, SenderNotFunded, SenderUnlocking
from offchain_worker.tickets.sender import SenderLimits, TicketSender
from offchain_worker.tickets.signatures import Signer

log = structlog.get_logger(service="gateway")

PIPELINE = "transcode"
OWN_FAULTS = (BudgetExhausted, SenderNotFunded, SenderUnlocking)
"""Errors that no other orchestrator can mend (offchain.md 7.2)."""


@dataclass(frozen=True)
class TranscodeOrder:
    """What to make of which file, from whom, and how good it has to be."""

    source: Path
    output_directory: Path
    orchestrators: tuple[OrchestratorAddress, ...]
    profiles: tuple[str, ...] = DEFAULT_PROFILES
    segment_seconds: int = 2
    min_psnr_db: float = 28.0
    sampled_frames: int = 6
    request_seconds: float = 120.0


@dataclass(frozen=True)
class _Prepared:
    """A segment with its reference and its job."""

    segment: Segment
    reference: SegmentReference
    parameters: TranscodeParameters
    sha256: bytes
    units: int


@dataclass
class Gateway:
    """Buys for one account. `on_segment` is called with each finished segment's report, for progress displays."""

    signer: Signer
    chain: ChainReader
    engine: Engine
    purchase_limits: PurchaseLimits
    sender_limits: SenderLimits = field(default_factory=SenderLimits)
    transport: httpx.AsyncBaseTransport | None = None
    now: Callable[[], float] = time.time
    on_segment: Callable[[SegmentReport], None] = lambda report: None

    async def transcode(self, order: TranscodeOrder) -> VideoReport:
        """Runs the order. A named error ends it early and is put into the report, beside all that was delivered."""
        report = VideoReport(source=str(order.source), gateway=self.signer.address)
        started = time.perf_counter()
        try:
            async with httpx.AsyncClient(
                timeout=httpx.Timeout(order.request_seconds, connect=2.0), transport=self.transport
            ) as http:
                await _Run(self, order, report, http).run()
        except NamedError as error:
            log.error("transcoding stopped", error=error.name, reason=str(error))
            report.error = error.to_json()
        report.seconds = round(time.perf_counter() - started, 3)
        return report


class _Run:
    """State of one order: the candidates left and the session in use."""

    def __init__(
        self, gateway: Gateway, order: TranscodeOrder, report: VideoReport, http: httpx.AsyncClient
    ) -> None:
        self._gateway = gateway
        self._order = order
        self._report = report
        self._http = http
        self._profiles = tuple(get_profile(name) for name in order.profiles)
        self._candidates = list(order.orchestrators)
        self._failures: dict[str, dict] = {}
        self._session: PaymentSession | None = None
        self._sessions: list[PaymentSession] = []
        self._spending = Spending(gateway.purchase_limits.budget_wei)
        self._sender = TicketSender(gateway.signer, gateway.engine, gateway.chain, gateway.sender_limits)

    async def run(self) -> None:
        chain = self._gateway.chain
        clock = await asyncio.to_thread(chain.clock)
        require_running(clock, chain.controller_address())
        self._order.output_directory.mkdir(parents=True, exist_ok=True)
        files = {
            profile.name: self._order.output_directory / f"{profile.name}.ts" for profile in self._profiles
        }
        for path in files.values():
            path.write_bytes(b"")
        self._report.files = {name: str(path) for name, path in files.items()}
        try:
            async for prepared in self._prepare_ahead():
                outputs, segment_report = await self._process(prepared)
                for name, data in outputs:
                    with files[name].open("ab") as file:
                        file.write(data)
                self._report.segments.append(segment_report)
                self._gateway.on_segment(segment_report)
        finally:
            self._report.sessions = [_session_report(session) for session in self._sessions]

    async def _prepare_ahead(self) -> AsyncIterator[_Prepared]:
        """Prepared segments in order, one ahead of the consumer."""
        segments = cut_video(self._order.source, self._order.segment_seconds)
        following = asyncio.create_task(asyncio.to_thread(self._prepare_next, segments))
        try:
            while (prepared := await following) is not None:
                following = asyncio.create_task(asyncio.to_thread(self._prepare_next, segments))
                yield prepared
        finally:
            await asyncio.gather(following, return_exceptions=True)

    def _prepare_next(self, segments: Iterator[Segment]) -> _Prepared | None:
        segment = next(segments, None)
        if segment is None:
            return None
        draw = random.Random(secrets.randbits(64))
        count = self._order.sampled_frames
        sampled = [(place + draw.random()) / count for place in range(count)]
        reference = make_reference(segment.data, self._profiles, sampled, name=f"segment {segment.sequence}")
        parameters = TranscodeParameters(
            source_width=reference.info.width,
            source_height=reference.info.height,
            source_frames=reference.frames,
            profiles=tuple(
                ProfileParameters.of(wanted.profile, len(wanted.pts)) for wanted in reference.renditions
            ),
        )
        units = get_pipeline(PIPELINE).compute_units(parameters)
        return _Prepared(segment, reference, parameters, hashlib.sha256(segment.data).digest(), units)

    async def _process(self, prepared: _Prepared) -> tuple[list[tuple[str, bytes]], SegmentReport]:
        """One segment from the orchestrator in use, or from the next ones in the list until one delivers."""
        while self._candidates:
            candidate = self._candidates[0]
            started = time.perf_counter()
            try:
                session = await self._open_session(candidate)
                paid = await session.buy(
                    prepared.segment.sequence,
                    prepared.parameters.model_dump(mode="json"),
                    prepared.segment.data,
                    prepared.sha256,
                    prepared.units,
                )
                qualities = await self._check(prepared, paid)
                session.accept(paid)
            except OWN_FAULTS:
                raise
            except NamedError as error:
                self._drop(candidate, prepared.segment.sequence, error)
                continue
            return paid.answer.outputs, self._segment_report(
                prepared, session, paid, qualities, time.perf_counter() - started
            )
        raise errors.NoOrchestratorLeft(prepared.segment.sequence, self._failures)

    async def _open_session(self, candidate: OrchestratorAddress) -> PaymentSession:
        if self._session is None:
            gateway = self._gateway
            session = PaymentSession(
                client=OrchestratorClient(candidate, gateway.signer, self._http, now=gateway.now),
                signer=gateway.signer,
                sender=self._sender,
                chain=gateway.chain,
                limits=gateway.purchase_limits,
                spending=self._spending,
                pipeline=PIPELINE,
                now=gateway.now,
            )
            await session.open()
            self._session = session
            self._sessions.append(session)
        return self._session

    def _drop(self, candidate: OrchestratorAddress, sequence: int, error: NamedError) -> None:
        log.warning(
            "orchestrator given up", url=candidate.url, segment=sequence, error=error.name, reason=str(error)
        )
        self._failures[candidate.url] = error.to_json()
        self._report.failovers.append(RefusedAttempt(sequence, candidate.url, _cause(error), str(error)))
        self._candidates.remove(candidate)
        self._session = None

    async def _check(self, prepared: _Prepared, paid: PaidSegment) -> list[RenditionQuality]:
        """Every rendition, decoded and compared; raises the `RenditionRejected` that applies."""
        names = [name for name, _ in paid.answer.outputs]
        required = [wanted.profile.name for wanted in prepared.reference.renditions]
        if names != required:
            raise errors.AnswerMalformed(
                url=self._candidates[0].url, reason=f"renditions are {names}, asked for were {required}"
            )
        checks = [
            asyncio.to_thread(check_rendition, data, wanted, self._order.min_psnr_db)
            for (_, data), wanted in zip(paid.answer.outputs, prepared.reference.renditions, strict=True)
        ]
        results = await asyncio.gather(*checks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return results

    def _segment_report(
        self,
        prepared: _Prepared,
        session: PaymentSession,
        paid: PaidSegment,
        qualities: list[RenditionQuality],
        seconds: float,
    ) -> SegmentReport:
        answer = paid.answer
        renditions = [
            RenditionReport(
                name,
                wanted.width,
                wanted.height,
                quality.frames,
                quality.pixels,
                len(data),
                quality.psnr_db,
                quality.worst_psnr_db,
            )
            for (name, data), wanted, quality in zip(
                answer.outputs, prepared.reference.renditions, qualities, strict=True
            )
        ]
        return SegmentReport(
            sequence=prepared.segment.sequence,
            orchestrator=session.orchestrator,
            url=session.client.url,
            session_id=answer.receipt.session_id,
            frames=prepared.reference.frames,
            pixels=prepared.units,
            fee_wei=paid.fee_wei,
            tickets_sent=paid.tickets_sent,
            face_value_sent_wei=paid.face_value_wei,
            winners=answer.winners,
            seconds=round(seconds, 3),
            encode_fps=round(prepared.reference.frames / answer.work_seconds, 1)
            if answer.work_seconds
            else 0.0,
            renditions=renditions,
        )


def _session_report(session: PaymentSession) -> SessionReport:
    ledger = session.ledger
    return SessionReport(
        url=session.client.url,
        orchestrator=session.orchestrator,
        session_id=session.session_id,
        tickets_sent=ledger.tickets_sent,
        face_value_sent_wei=ledger.face_value_sent_wei,
        expected_value_sent_wei=units_to_wei_down(ledger.sent_units),
        debited_wei=units_to_wei_down(ledger.debited_units),
        written_off_wei=units_to_wei_down(ledger.written_off_units),
        balance_left_wei=units_to_wei_down(ledger.balance_units),
    )


def _cause(error: NamedError) -> str:
    """The name to count by: the orchestrator's own name for a refusal, else ours."""
    return error.refusal if isinstance(error, errors.OrchestratorRefused) else error.name
