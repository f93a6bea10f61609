"""One paid session with one orchestrator: checks offers, pays each segment, keeps the exact balance."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from eth_utils import is_same_address

from offchain_worker.chain.interface import ChainReader
from offchain_worker.services import framing, protocol
from offchain_worker.services.gateway import errors
from offchain_worker.services.gateway.client import OrchestratorClient, SegmentAnswer
from offchain_worker.tickets.balance import (
    compute_fee_units,
    compute_fee_wei_up,
    compute_ticket_units,
    compute_tickets_needed,
    units_to_wei_up,
)
from offchain_worker.tickets.errors import BudgetExhausted, TicketParametersExpired
from offchain_worker.tickets.sender import TicketSender
from offchain_worker.tickets.signatures import Signer

REFRESHABLE = ("TicketParametersExpired", "TooManyNonces", "TicketParametersMismatch")
"""Refusals that fresh parameters may mend."""


@dataclass(frozen=True)
class PurchaseLimits:
    """What a gateway pays at most. Prices are wei per million units."""

    max_price_wei: int
    budget_wei: int
    require_registered_url: bool = False


@dataclass
class Spending:
    """Expected value of all tickets sent, over all sessions of a run, held against the budget before signing."""

    limit_wei: int
    sent_units: int = 0

    def reserve(self, units: int) -> None:
        """Raises `BudgetExhausted` before the first wei too many."""
        if units_to_wei_up(self.sent_units + units) > self.limit_wei:
            raise BudgetExhausted(
                scope="budget of this run",
                requestedWei=units_to_wei_up(units),
                spentWei=units_to_wei_up(self.sent_units),
                limitWei=self.limit_wei,
            )
        self.sent_units += units


@dataclass
class Ledger:
    """What this session sent and was debited for. Balance = sent - debited - written off, exactly."""

    sent_units: int = 0
    debited_units: int = 0
    written_off_units: int = 0
    tickets_sent: int = 0
    face_value_sent_wei: int = 0

    @property
    def balance_units(self) -> int:
        return self.sent_units - self.debited_units - self.written_off_units


@dataclass(frozen=True)
class PaidSegment:
    """A delivered segment and what was sent for it. Nothing is debited until `PaymentSession.accept`."""

    answer: SegmentAnswer
    tickets_sent: int
    face_value_wei: int
    fee_wei: int
    fee_units: int


@dataclass
class PaymentSession:
    """Serves one pipeline at the price of its first offer."""

    client: OrchestratorClient
    signer: Signer
    sender: TicketSender
    chain: ChainReader
    limits: PurchaseLimits
    spending: Spending
    pipeline: str
    now: Callable[[], float]
    ledger: Ledger = field(default_factory=Ledger)
    _offer: protocol.Offer | None = None

    @property
    def orchestrator(self) -> str:
        return self._require_offer().orchestrator

    @property
    def session_id(self) -> str:
        return self._require_offer().session_id

    async def open(self) -> None:
        """Asks for the first offer and checks it against this gateway's rules."""
        offer = await self.client.request_offer(self.pipeline)
        await asyncio.to_thread(self._check_first_offer, offer)
        self._offer = offer

    async def buy(
        self, sequence: int, parameters: dict, source: bytes, source_sha256: bytes, units: int
    ) -> PaidSegment:
        """Pays for and submits one segment of `units` units; renews expired parameters once."""
        before = replace(self.ledger)
        try:
            return await self._buy(sequence, parameters, source, source_sha256, units)
        except TicketParametersExpired:
            pass
        except errors.OrchestratorGone as gone:
            if not gone.was_sent:
                # Nobody has seen these tickets: they do not count, only their nonces are used up.
                self.spending.sent_units -= self.ledger.sent_units - before.sent_units
                self.ledger = before
            raise
        except errors.OrchestratorRefused as refusal:
            if refusal.refusal not in REFRESHABLE:
                raise
            # Whether part of the refused payment was credited is the orchestrator's word only: it counts as spent.
            self.ledger.written_off_units += self.ledger.sent_units - before.sent_units
        await self._renew()
        return await self._buy(sequence, parameters, source, source_sha256, units)

    def accept(self, paid: PaidSegment) -> None:
        """Debits the fee of a checked result and takes over the offer that came with it."""
        self.ledger.debited_units += paid.fee_units
        if paid.answer.offer is not None:
            self._check_next_offer(paid.answer.offer)
            self._offer = paid.answer.offer

    async def _buy(
        self, sequence: int, parameters: dict, source: bytes, source_sha256: bytes, units: int
    ) -> PaidSegment:
        offer = self._require_offer()
        price_wei = offer.price_wei_per_million_units
        fee_units = compute_fee_units(units, price_wei)
        payment, count, face_value_wei = await asyncio.to_thread(
            self._make_payment, offer, sequence, fee_units
        )
        job = protocol.Job(
            session_id=offer.session_id,
            sequence=sequence,
            pipeline=self.pipeline,
            parameters=parameters,
            source_sha256=source_sha256,
            time=int(self.now()),
        )
        head = {"token": "0x" + offer.token.hex(), "job": protocol.sign(job, self.signer)}
        if payment is not None:
            head["payment"] = payment.model_dump(mode="json")
        answer = await self.client.submit(sequence, offer.session_id, framing.pack(head, [source]))
        self._check_receipt(answer, offer, sequence, source_sha256, units)
        return PaidSegment(answer, count, face_value_wei, compute_fee_wei_up(units, price_wei), fee_units)

    def _make_payment(
        self, offer: protocol.Offer, sequence: int, fee_units: int
    ) -> tuple[protocol.PaymentMessage | None, int, int]:
        """The tickets that lift the balance to the fee, or to one ticket's value if that is more (offchain.md 7.3)."""
        ticket_parameters = offer.ticket_parameters.parameters()
        ticket_units = compute_ticket_units(
            ticket_parameters.face_value_wei, ticket_parameters.win_probability
        )
        if fee_units == 0:
            return None, 0, 0
        count = compute_tickets_needed(self.ledger.balance_units, max(fee_units, ticket_units), ticket_units)
        if count == 0:
            return None, 0, 0
        self.sender.require_acceptable(ticket_parameters, count, self.chain.clock())
        self.spending.reserve(count * ticket_units)
        tickets = self.sender.sign_tickets(ticket_parameters, count)
        # Once signed, a ticket counts as sent: whoever has seen it may redeem it.
        self.ledger.sent_units += count * ticket_units
        self.ledger.tickets_sent += count
        self.ledger.face_value_sent_wei += count * ticket_parameters.face_value_wei
        message = protocol.PaymentMessage(
            session_id=offer.session_id,
            sequence=sequence,
            sender=self.signer.address,
            price_wei_per_million_units=offer.price_wei_per_million_units,
            ticket_parameters=offer.ticket_parameters,
            tickets=tuple(
                protocol.TicketMessage(sender_nonce=ticket.sender_nonce, signature=ticket.signature)
                for ticket in tickets
            ),
        )
        return message, count, count * ticket_parameters.face_value_wei

    async def _renew(self) -> None:
        offer = await self.client.request_offer(self.pipeline, self._require_offer().session_id)
        self._check_next_offer(offer)
        self._offer = offer

    def _check_first_offer(self, offer: protocol.Offer) -> None:
        known = self.client.orchestrator.address
        if known is not None and not is_same_address(offer.orchestrator, known):
            self._reject_offer("orchestrator", offer.orchestrator, known)
        if not self.chain.is_active_orchestrator(offer.orchestrator):
            self._reject_offer(
                "orchestrator", f"{offer.orchestrator}, not active in this round", "an active orchestrator"
            )
        if self.limits.require_registered_url:
            registered = self.chain.service_uri(offer.orchestrator)
            if registered.rstrip("/") != self.client.url:
                self._reject_offer("registered service URI", registered, self.client.url)
        if offer.price_wei_per_million_units > self.limits.max_price_wei:
            required = f"at most {self.limits.max_price_wei} wei per million {self.pipeline} units"
            self._reject_offer("price", offer.price_wei_per_million_units, required)
        self._check_common(offer)

    def _check_next_offer(self, offer: protocol.Offer) -> None:
        current = self._require_offer()
        for field_name in ("orchestrator", "session_id", "price_wei_per_million_units"):
            found, required = getattr(offer, field_name), getattr(current, field_name)
            if found != required:
                self._reject_offer(field_name, found, required)
        self._check_common(offer)

    def _check_common(self, offer: protocol.Offer) -> None:
        recipient = offer.ticket_parameters.recipient
        if not is_same_address(recipient, offer.orchestrator):
            self._reject_offer("ticket recipient", recipient, offer.orchestrator)
        if not is_same_address(offer.sender, self.signer.address):
            self._reject_offer("sender", offer.sender, self.signer.address)
        if offer.pipeline != self.pipeline:
            self._reject_offer("pipeline", offer.pipeline, self.pipeline)
        if offer.expires_at <= self.now():
            self._reject_offer("expires_at", offer.expires_at, f"later than {int(self.now())}")

    def _check_receipt(
        self, answer: SegmentAnswer, offer: protocol.Offer, sequence: int, source_sha256: bytes, units: int
    ) -> None:
        receipt = answer.receipt
        expected = {
            "orchestrator": offer.orchestrator,
            "sender": self.signer.address,
            "session_id": offer.session_id,
            "sequence": sequence,
            "source_sha256": source_sha256,
            "result_digest": protocol.compute_result_digest([data for _, data in answer.outputs]),
            "units": units,
            "price_wei_per_million_units": offer.price_wei_per_million_units,
        }
        for field_name, required in expected.items():
            found = getattr(receipt, field_name)
            if found != required:
                raise errors.ReceiptRejected(
                    url=self.client.url, field=field_name, found=found, required=required
                )

    def _reject_offer(self, field_name: str, found, required) -> None:
        raise errors.OfferRejected(url=self.client.url, field=field_name, found=found, required=required)

    def _require_offer(self) -> protocol.Offer:
        if self._offer is None:
            raise RuntimeError("the session was not opened")
        return self._offer
