"""What an orchestrator decides: offers, admission of segments, payment, charge. HTTP is in `app.py`.

Order of a segment: schema, session and token, gateway's signature, source hash, earlier submission, pipeline and
capacity, payment, fee out of the balance, work, receipt. Everything up to the payment is refused free of charge, and a
failure of our own after it gives the fee back.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from eth_utils import is_same_address

from offchain_worker.chain.interface import ChainReader, require_running, require_selling
from offchain_worker.errors import NamedError
from offchain_worker.pipelines.base import Pipeline, PipelineResult, PipelineUnknown
from offchain_worker.pipelines.registry import get_pipeline
from offchain_worker.services import framing, protocol
from offchain_worker.services.orchestrator import errors
from offchain_worker.services.orchestrator.jobs import JobState, JobStore
from offchain_worker.services.orchestrator.metrics import OrchestratorMetrics
from offchain_worker.services.orchestrator.scheduler import Scheduler
from offchain_worker.tickets.balance import compute_fee_wei_up, compute_ticket_units
from offchain_worker.tickets.errors import SessionExpired
from offchain_worker.tickets.recipient import PaymentOutcome, TicketRecipient
from offchain_worker.tickets.recipient_store import RecipientStore, Session
from offchain_worker.tickets.signatures import Signer
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY

log = structlog.get_logger(service="orchestrator")


@dataclass(frozen=True)
class OrchestratorTerms:
    """What is sold, where and for how much."""

    service_url: str
    prices_wei_per_million_units: dict[str, int]
    ticket_expected_value_wei: int
    session_seconds: int = 1800
    max_clock_skew_seconds: int = 60


@dataclass(frozen=True)
class SegmentRequest:
    """A segment as it came in, opened but not yet believed."""

    session_id: str
    sequence: int
    token: bytes
    job: protocol.Job
    job_signature: bytes
    payment: protocol.PaymentMessage | None
    source: bytes


class OrchestratorService:
    def __init__(
        self,
        signer: Signer,
        terms: OrchestratorTerms,
        chain: ChainReader,
        recipient: TicketRecipient,
        store: RecipientStore,
        jobs: JobStore,
        scheduler: Scheduler,
        master_secret: bytes,
        metrics: OrchestratorMetrics,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.scheduler = scheduler
        self.metrics = metrics
        self.address = signer.address
        self._signer = signer
        self._terms = terms
        self._chain = chain
        self._recipient = recipient
        self._store = store
        self._jobs = jobs
        self._token_key = hmac.new(master_secret, b"session token", hashlib.sha256).digest()
        self._now = now
        self._answered: dict[bytes, float] = {}
        self._in_flight: dict[tuple[str, int], asyncio.Task] = {}
        # Balance units: offchain.md 8.1 asks a priced session for the value of one ticket at least.
        self._minimum_units = compute_ticket_units(terms.ticket_expected_value_wei, MAX_WIN_PROBABILITY)

    def make_offer(self, body: Any) -> dict[str, Any]:
        """A signed offer for a signed request; a new session, or fresh parameters for one that the sender has."""
        request, signature = protocol.open_signed(protocol.OfferRequest, body)
        self._require_addressed_here(request.orchestrator_url)
        self._require_fresh(request)
        protocol.require_signed_by(request.sender, request, signature)
        self._remember(request.nonce)
        pipeline = self._pipeline(request.pipeline)
        clock = self._chain.clock()
        require_selling(clock, self._chain.controller_address())
        if request.session_id:
            session = self._require_session(request.session_id)
            if not is_same_address(session.sender, request.sender):
                raise errors.SessionMismatch(message="session", found=session.sender, required=request.sender)
            return self._sign_offer(session, pipeline.name, clock)
        now = int(self._now())
        session = Session(
            id=secrets.token_hex(16),
            sender=request.sender,
            price_wei=self._terms.prices_wei_per_million_units[pipeline.name],
            balance_units=0,
            created_at=now,
            expires_at=now + self._terms.session_seconds,
            terms=json.dumps({"pipeline": pipeline.name}),
        )
        offer = self._sign_offer(session, pipeline.name, clock)
        self._store.create_session(session)
        return offer

    async def process_segment(self, request: SegmentRequest) -> bytes:
        """The finished answer for a segment. The same request again gets the same result and is charged once."""
        session, pipeline = await asyncio.to_thread(self._authenticate, request)
        key = (session.id, request.sequence)
        job = await asyncio.to_thread(
            self._jobs.find, session.id, request.sequence, request.job.source_sha256
        )
        if job is not None and job.state == JobState.DONE and job.result is not None:
            return await self._answer(session, pipeline, job.result, None)
        if (running := self._in_flight.get(key)) is None:
            self.scheduler.require_capacity(pipeline.name)
            running = asyncio.create_task(self._pay_and_work(session, pipeline, request))
            self._in_flight[key] = running
            running.add_done_callback(lambda _: self._in_flight.pop(key, None))
        result, outcome = await asyncio.shield(running)
        return await self._answer(session, pipeline, result, outcome)

    def _authenticate(self, request: SegmentRequest) -> tuple[Session, Pipeline]:
        session = self._require_session(request.session_id)
        token = protocol.compute_session_token(self._token_key, session.id, session.expires_at)
        if not hmac.compare_digest(token, request.token):
            raise errors.TokenRejected(session=session.id)
        for message in (request.job, request.payment):
            if message is not None and (message.session_id, message.sequence) != (
                session.id,
                request.sequence,
            ):
                raise errors.SessionMismatch(
                    message=type(message).__name__,
                    found=f"{message.session_id}/{message.sequence}",
                    required=f"{session.id}/{request.sequence}",
                )
        protocol.require_signed_by(session.sender, request.job, request.job_signature)
        found = hashlib.sha256(request.source).digest()
        if found != request.job.source_sha256:
            raise errors.SourceHashMismatch(found=found.hex(), required=request.job.source_sha256.hex())
        agreed = json.loads(session.terms)["pipeline"]
        if request.job.pipeline != agreed:
            raise errors.SessionMismatch(message="pipeline", found=request.job.pipeline, required=agreed)
        return session, get_pipeline(agreed)

    async def _pay_and_work(
        self, session: Session, pipeline: Pipeline, request: SegmentRequest
    ) -> tuple[bytes, PaymentOutcome | None]:
        parameters = parse_parameters(pipeline, request.job.parameters)
        units = pipeline.compute_units(parameters)
        outcome = await asyncio.to_thread(self._pay_and_reserve, session, request, units)
        structlog.contextvars.bind_contextvars(session=session.id, segment=request.sequence)
        try:
            result = await self.scheduler.run(
                pipeline.name, request.job.parameters, request.source, request.sequence
            )
            if result.units != units:
                raise errors.WorkFailed(
                    sequence=request.sequence, attempts=1, reason=f"{result.units} units instead of {units}"
                )
            stored = self._sign_result(session, request, result)
            await asyncio.to_thread(self._jobs.finish, session, request.sequence, stored)
        except BaseException as error:
            await asyncio.to_thread(self._jobs.fail, session.id, request.sequence)
            log.warning("segment failed", error=type(error).__name__, reason=str(error))
            raise
        fee_wei = compute_fee_wei_up(units, session.price_wei)
        self.metrics.segment_done(pipeline.name, units, fee_wei, result.seconds)
        log.info("segment done", units=units, fee_wei=str(fee_wei), seconds=round(result.seconds, 3))
        return stored, outcome

    def _pay_and_reserve(
        self, session: Session, request: SegmentRequest, units: int
    ) -> PaymentOutcome | None:
        clock = self._chain.clock()
        require_running(clock, self._chain.controller_address())
        outcome = None
        if request.payment is not None:
            outcome = self._recipient.receive(session, request.payment.payment(), clock)
            self.metrics.payment(outcome)
            if outcome.error is not None:
                log.warning(
                    "payment refused",
                    error=outcome.error.name,
                    reason=str(outcome.error),
                    accepted=outcome.accepted,
                )
                raise outcome.error
        self._jobs.start(session, request.sequence, request.job.source_sha256, units, self._minimum_units)
        return outcome

    def _sign_result(self, session: Session, request: SegmentRequest, result: PipelineResult) -> bytes:
        receipt = protocol.Receipt(
            orchestrator=self.address,
            sender=session.sender,
            session_id=session.id,
            sequence=request.sequence,
            source_sha256=request.job.source_sha256,
            result_digest=protocol.compute_result_digest([output.data for output in result.outputs]),
            units=result.units,
            price_wei_per_million_units=session.price_wei,
        )
        head = {
            "receipt": protocol.sign(receipt, self._signer),
            "outputs": [
                {"name": output.name, "units": output.units, "facts": output.facts}
                for output in result.outputs
            ],
            "facts": result.facts,
            "seconds": result.seconds,
        }
        return framing.pack(head, [output.data for output in result.outputs])

    async def _answer(
        self, session: Session, pipeline: Pipeline, stored: bytes, outcome: PaymentOutcome | None
    ) -> bytes:
        head, parts = framing.unpack(stored)
        return framing.pack(head | await asyncio.to_thread(self._account, session, pipeline, outcome), parts)

    def _account(
        self, session: Session, pipeline: Pipeline, outcome: PaymentOutcome | None
    ) -> dict[str, Any]:
        """Balance, what the payment did, and the next offer. A refused offer does not spoil the delivered result."""
        account: dict[str, Any] = {
            "balance_units": str(self._store.session(session.id).balance_units),
            "tickets_accepted": outcome.accepted if outcome else 0,
            "winners": outcome.winners if outcome else 0,
            "offer": None,
            "offer_refused": None,
        }
        try:
            clock = self._chain.clock()
            require_running(clock, self._chain.controller_address())
            account["offer"] = self._sign_offer(session, pipeline.name, clock)
        except NamedError as error:
            account["offer_refused"] = error.to_json()
        return account

    def _sign_offer(self, session: Session, pipeline: str, clock) -> dict[str, Any]:
        parameters = self._recipient.make_parameters(session.sender, session.price_wei, clock)
        offer = protocol.Offer(
            orchestrator=self.address,
            sender=session.sender,
            session_id=session.id,
            token=protocol.compute_session_token(self._token_key, session.id, session.expires_at),
            pipeline=pipeline,
            price_wei_per_million_units=session.price_wei,
            ticket_parameters=protocol.TicketParametersMessage.of(parameters),
            issued_at=int(self._now()),
            expires_at=session.expires_at,
        )
        return protocol.sign(offer, self._signer)

    def _require_session(self, session_id: str) -> Session:
        session = self._store.session(session_id)
        now = int(self._now())
        if session.expires_at <= now:
            raise SessionExpired(session=session_id, expiresAt=session.expires_at, now=now)
        return session

    def _require_addressed_here(self, url: str) -> None:
        if url.rstrip("/") != self._terms.service_url.rstrip("/"):
            raise errors.WrongOrchestrator(found=url, required=self._terms.service_url)

    def _require_fresh(self, request: protocol.OfferRequest) -> None:
        now, skew = int(self._now()), self._terms.max_clock_skew_seconds
        if abs(request.time - now) > skew:
            raise errors.OfferRequestStale(found=request.time, now=now, required=skew)
        self._answered = {nonce: until for nonce, until in self._answered.items() if until >= now}
        if request.nonce in self._answered:
            raise errors.OfferRequestReplayed(nonce=request.nonce.hex())

    def _remember(self, nonce: bytes) -> None:
        self._answered[nonce] = self._now() + 2 * self._terms.max_clock_skew_seconds

    def _pipeline(self, name: str) -> Pipeline:
        if name not in self._terms.prices_wei_per_million_units:
            raise PipelineUnknown(found=name, required=", ".join(self._terms.prices_wei_per_million_units))
        return get_pipeline(name)

    def health(self) -> dict[str, Any]:
        """What an operator wants to know at a glance."""
        pipelines = self._terms.prices_wei_per_million_units
        return {
            "status": "ok",
            "orchestrator": self.address,
            "workers": {name: self.scheduler.workers(name) for name in pipelines},
            "waiting": self.scheduler.waiting,
            "running": self.scheduler.running,
        }


def parse_parameters(pipeline: Pipeline, value: dict[str, Any]) -> Any:
    """A job's parameters by the pipeline's schema; raises `RequestInvalid`."""
    return protocol.parse(pipeline.Parameters, value)
