"""HTTP to one orchestrator: requests that may be repeated safely, answers that are checked for shape and signature."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from offchain_worker.errors import NamedError
from offchain_worker.services import framing, protocol
from offchain_worker.services.gateway import errors
from offchain_worker.tickets.signatures import Signer

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before the first byte of a request left."""


@dataclass(frozen=True)
class OrchestratorAddress:
    """Where an orchestrator is and, if known beforehand, who it is."""

    url: str
    address: str | None = None

    @classmethod
    def parse(cls, text: str) -> OrchestratorAddress:
        """`URL` or `ADDRESS@URL`."""
        address, separator, url = text.partition("@")
        return (
            cls(url.rstrip("/"), address) if separator and address.startswith("0x") else cls(text.rstrip("/"))
        )


@dataclass(frozen=True)
class SegmentAnswer:
    """A delivered segment, not checked beyond its shape and the receipt's signature."""

    receipt: protocol.Receipt
    receipt_json: dict[str, Any]
    outputs: list[tuple[str, bytes]]
    balance_units: int
    tickets_accepted: int
    winners: int
    offer: protocol.Offer | None
    work_seconds: float
    facts: dict[str, Any]


class OrchestratorClient:
    """All calls raise `OrchestratorGone`, `OrchestratorRefused` or `AnswerMalformed`."""

    def __init__(
        self,
        orchestrator: OrchestratorAddress,
        signer: Signer,
        http: httpx.AsyncClient,
        attempts: int = 3,
        retry_seconds: float = 0.2,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.orchestrator = orchestrator
        self._signer = signer
        self._http = http
        self._attempts = attempts
        self._retry_seconds = retry_seconds
        self._now = now

    @property
    def url(self) -> str:
        return self.orchestrator.url

    async def request_offer(self, pipeline: str, session_id: str = "") -> protocol.Offer:
        """A fresh offer, signed by the orchestrator that it names."""

        def make_request() -> httpx.Request:
            request = protocol.OfferRequest(
                sender=self._signer.address,
                orchestrator_url=self.url,
                pipeline=pipeline,
                session_id=session_id,
                nonce=secrets.token_bytes(32),
                time=int(self._now()),
            )
            return self._http.build_request(
                "POST", f"{self.url}/v1/offer", json=protocol.sign(request, self._signer)
            )

        answer = await self._send(make_request)
        self._require_success(answer)
        try:
            return self._open_offer(answer.json())
        except (ValueError, NamedError) as error:
            raise errors.AnswerMalformed(url=self.url, reason=str(error)) from error

    async def submit(self, sequence: int, session_id: str, body: bytes) -> SegmentAnswer:
        """Submits a segment. The same bytes are sent again after a lost answer; the orchestrator charges once."""
        url = f"{self.url}/v1/sessions/{session_id}/segments/{sequence}"
        headers = {"Content-Type": framing.MEDIA_TYPE}
        answer = await self._send(
            lambda: self._http.build_request("POST", url, content=body, headers=headers)
        )
        self._require_success(answer)
        try:
            return self._open_answer(answer.content)
        except (ValueError, KeyError, TypeError, NamedError) as error:
            raise errors.AnswerMalformed(url=self.url, reason=str(error)) from error

    async def _send(self, make_request: Callable[[], httpx.Request]) -> httpx.Response:
        """The answer, after repeated attempts while there is none or it says "not now"."""
        was_sent = False
        for attempt in range(1, self._attempts + 1):
            try:
                answer = await self._http.send(make_request())
                if answer.status_code not in (429, 503) or attempt == self._attempts:
                    return answer
                was_sent = True
            except httpx.HTTPError as error:
                was_sent = was_sent or not isinstance(error, NEVER_SENT)
                if attempt == self._attempts:
                    raise errors.OrchestratorGone(
                        url=self.url, reason=type(error).__name__, attempts=attempt, was_sent=was_sent
                    ) from error
            await asyncio.sleep(self._retry_seconds * attempt)
        raise AssertionError("the last attempt returns or raises")

    def _require_success(self, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            return
        try:
            body = answer.json()
            refusal, reason, details = (
                str(body["error"])[:80],
                str(body["message"])[:500],
                body.get("details", {}),
            )
        except (ValueError, KeyError, TypeError):
            refusal, reason, details = "Unknown", "no readable reason was given", {}
        raise errors.OrchestratorRefused(
            url=self.url,
            httpStatus=answer.status_code,
            refusal=refusal,
            reason=reason,
            refusalDetails=details,
        )

    def _open_offer(self, body: Any) -> protocol.Offer:
        offer, signature = protocol.open_signed(protocol.Offer, body)
        protocol.require_signed_by(offer.orchestrator, offer, signature)
        return offer

    def _open_answer(self, content: bytes) -> SegmentAnswer:
        head, parts = framing.unpack(content)
        receipt, signature = protocol.open_signed(protocol.Receipt, head["receipt"])
        protocol.require_signed_by(receipt.orchestrator, receipt, signature)
        names = [str(output["name"]) for output in head["outputs"]]
        if len(names) != len(parts):
            raise ValueError(f"{len(names)} outputs are named, {len(parts)} are there")
        return SegmentAnswer(
            receipt=receipt,
            receipt_json=head["receipt"],
            outputs=list(zip(names, parts, strict=True)),
            balance_units=int(head["balance_units"]),
            tickets_accepted=int(head["tickets_accepted"]),
            winners=int(head["winners"]),
            offer=None if head["offer"] is None else self._open_offer(head["offer"]),
            work_seconds=float(head["seconds"]),
            facts=dict(head["facts"]),
        )
