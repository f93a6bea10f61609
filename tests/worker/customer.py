"""A gateway's requests made by hand, so that a test can get every part of them wrong."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, field, replace

import httpx

from offchain_worker.media.profiles import get_profile
from offchain_worker.media.segmenter import Segment
from offchain_worker.pipelines.transcode import ProfileParameters, TranscodeParameters
from offchain_worker.services import framing, protocol
from offchain_worker.tickets.signatures import LocalSigner
from tests.worker.network import PROFILES, Network


@dataclass
class Customer:
    """Talks to one orchestrator of a network."""

    network: Network
    url: str
    signer: LocalSigner
    offer: protocol.Offer | None = None
    next_nonce: int = 1
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(transport=self.network.transport, base_url=self.url, timeout=30)

    def offer_request(self, signer: LocalSigner | None = None, **changes) -> dict:
        request = protocol.OfferRequest(
            **{
                "sender": self.signer.address,
                "orchestrator_url": self.url,
                "pipeline": "transcode",
                "nonce": secrets.token_bytes(32),
                "time": int(time.time()),
            }
            | changes
        )
        return protocol.sign(request, signer or self.signer)

    async def ask(self, body: dict) -> httpx.Response:
        return await self.http.post("/v1/offer", json=body)

    async def open(self) -> protocol.Offer:
        response = await self.ask(self.offer_request())
        assert response.status_code == 200, response.text
        self.offer, _ = protocol.open_signed(protocol.Offer, response.json())
        return self.offer

    def tickets(self, count: int, signer: LocalSigner | None = None) -> tuple[protocol.TicketMessage, ...]:
        parameters = self.offer.ticket_parameters.parameters()
        nonces = range(self.next_nonce, self.next_nonce + count)
        self.next_nonce += count
        return tuple(
            protocol.TicketMessage(
                sender_nonce=nonce,
                signature=(signer or self.signer).sign(parameters.ticket(self.signer.address, nonce).hash),
            )
            for nonce in nonces
        )

    def payment(self, tickets, sequence: int = 0, **changes) -> protocol.PaymentMessage:
        return protocol.PaymentMessage(
            **{
                "session_id": self.offer.session_id,
                "sequence": sequence,
                "sender": self.signer.address,
                "price_wei_per_million_units": self.offer.price_wei_per_million_units,
                "ticket_parameters": self.offer.ticket_parameters,
                "tickets": tickets,
            }
            | changes
        )

    def job(self, segment: Segment, sequence: int = 0, **changes) -> protocol.Job:
        parameters = TranscodeParameters(
            source_width=segment.width,
            source_height=segment.height,
            source_frames=segment.frames,
            profiles=tuple(ProfileParameters.of(get_profile(name), segment.frames) for name in PROFILES),
        )
        return protocol.Job(
            **{
                "session_id": self.offer.session_id,
                "sequence": sequence,
                "pipeline": "transcode",
                "parameters": parameters.model_dump(mode="json"),
                "source_sha256": hashlib.sha256(segment.data).digest(),
                "time": int(time.time()),
            }
            | changes
        )

    def body(
        self,
        segment: Segment,
        payment: protocol.PaymentMessage | None,
        sequence: int = 0,
        signer: LocalSigner | None = None,
        **changes,
    ) -> bytes:
        head = {
            "token": "0x" + self.offer.token.hex(),
            "job": protocol.sign(self.job(segment, sequence), signer or self.signer),
        }
        if payment is not None:
            head["payment"] = payment.model_dump(mode="json")
        return framing.pack(head | changes, [segment.data])

    async def submit(self, body: bytes, sequence: int = 0) -> httpx.Response:
        return await self.http.post(f"/v1/sessions/{self.offer.session_id}/segments/{sequence}", content=body)


def damaged(segment: Segment) -> Segment:
    """The same declaration over other bytes."""
    return replace(segment, data=segment.data[: len(segment.data) // 3 // 188 * 188])
