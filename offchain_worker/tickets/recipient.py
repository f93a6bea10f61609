"""The recipient's side: makes ticket parameters and accepts payments (offchain.md 6 and 8, design notes 4)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from eth_utils import is_same_address
from sqlalchemy import Connection

from offchain_worker.chain.interface import ChainClock, ChainReader, SenderState
from offchain_worker.tickets import errors
from offchain_worker.tickets.balance import compute_ticket_units
from offchain_worker.tickets.database import writing
from offchain_worker.tickets.floats import compute_max_float_wei
from offchain_worker.tickets.parameters import (
    PRICE_UNIT_PIXELS,
    TicketEconomics,
    TicketParameters,
    compute_face_value_wei,
    compute_recipient_rand,
    compute_win_probability,
    recipient_rand_of,
)
from offchain_worker.tickets.recipient_store import RecipientStore, Session, Winner
from offchain_worker.tickets.signatures import require_signature
from offchain_worker.tickets.ticket import ZERO_HASH, compute_recipient_rand_hash


@dataclass(frozen=True)
class SignedNonce:
    """One ticket of a payment: all else is in the shared parameters."""

    sender_nonce: int
    signature: bytes


@dataclass(frozen=True)
class Payment:
    """Tickets under one set of parameters. `digest` identifies the message, so that a retry of it is recognised."""

    digest: bytes
    sender: str
    price_wei: int
    parameters: TicketParameters
    tickets: tuple[SignedNonce, ...]


@dataclass(frozen=True)
class PaymentOutcome:
    """What a payment did. `error` is the first refusal; what was credited before it stays credited."""

    credited_units: int
    accepted: int
    winners: int
    balance_units: int
    error: errors.TicketError | None


class TicketRecipient:
    """Sells against tickets to `address`. Holds no money state of its own: everything is in the store."""

    def __init__(
        self,
        address: str,
        master_secret: bytes,
        store: RecipientStore,
        chain: ChainReader,
        economics: TicketEconomics,
        draw_seed: Callable[[], int] = lambda: secrets.randbits(256),
    ) -> None:
        self.address = address
        self._secret = hmac.new(master_secret, b"ticket parameters", hashlib.sha256).digest()
        self._store = store
        self._chain = chain
        self._economics = economics
        self._draw_seed = draw_seed

    def make_parameters(self, sender: str, price_wei: int, clock: ChainClock) -> TicketParameters:
        """Fresh parameters for `sender` at `price_wei` per million pixels (offchain.md 6.1).

        Raises `SenderUnlocking` or `SenderUnderfunded` if its escrow does not carry a ticket.
        """
        state = self._chain.sender_state(sender)
        _require_locked(sender, state, clock)
        economics = self._economics
        if price_wei == 0:
            face_value_wei = win_probability = 0
        else:
            face_value_wei = compute_face_value_wei(
                sender, economics, self._chain.gas_price_wei(), self._max_float_wei(sender, state)
            )
            win_probability = compute_win_probability(face_value_wei, economics.ticket_expected_value_wei)
        creation_round, block_hash = self._creation_round(clock)
        seed = self._draw_seed()
        expiration_block = clock.block + economics.parameters_lifetime_blocks
        recipient_rand = compute_recipient_rand(
            self._secret,
            sender=sender,
            seed=seed,
            face_value_wei=face_value_wei,
            win_probability=win_probability,
            expiration_block=expiration_block,
            price_wei=price_wei,
            price_unit_pixels=PRICE_UNIT_PIXELS,
            creation_round=creation_round,
            creation_round_block_hash=block_hash,
        )
        return TicketParameters(
            recipient=self.address,
            face_value_wei=face_value_wei,
            win_probability=win_probability,
            recipient_rand_hash=compute_recipient_rand_hash(recipient_rand),
            seed=seed,
            expiration_block=expiration_block,
            creation_round=creation_round,
            creation_round_block_hash=block_hash,
        )

    def receive(self, session: Session, payment: Payment, clock: ChainClock) -> PaymentOutcome:
        """Checks every ticket in the order of offchain.md 8.2; credits, nonces and winners become durable together.

        A fatal refusal ends the payment, any other one only ends its crediting: later winners are still stored. A
        payment message that was accepted before is accepted again without effect, so that requests can be retried.
        """
        state = self._chain.sender_state(session.sender)
        max_float_wei = self._max_float_wei(session.sender, state)
        ticket_units = compute_ticket_units(
            payment.parameters.face_value_wei, payment.parameters.win_probability
        )
        credited_units = accepted = won = 0
        error: errors.TicketError | None = None
        with writing(self._store.engine) as connection:
            if self._store.has_payment_in(connection, payment.digest):
                return PaymentOutcome(
                    0, 0, 0, self._store.session_in(connection, session.id).balance_units, None
                )
            for signed in payment.tickets:
                try:
                    winner = self._check_authorisation(session, payment, signed, state, clock)
                except errors.TicketError as refusal:
                    error = error or refusal
                    if refusal.is_fatal:
                        break
                    continue
                if winner.has_won:
                    won += self._store.add_winner_in(connection, winner)
                try:
                    self._check_freshness(connection, winner, clock, max_float_wei)
                except errors.TicketError as refusal:
                    error = error or refusal
                    continue
                if error is None:
                    accepted += 1
                    credited_units += ticket_units
            if error is None:
                self._store.add_payment_in(connection, payment.digest, session.id)
            balance_units = self._store.change_balance_in(connection, session.id, credited_units)
        return PaymentOutcome(credited_units, accepted, won, balance_units, error)

    def _check_authorisation(
        self, session: Session, payment: Payment, signed: SignedNonce, state: SenderState, clock: ChainClock
    ) -> Winner:
        """Rows 1 to 5: the ticket is one that this recipient asked for and that the sender signed."""
        parameters = payment.parameters
        _require_locked(session.sender, state, clock)
        self._require_terms(session, payment)
        recipient_rand = recipient_rand_of(self._secret, session.sender, session.price_wei, parameters)
        rand_hash = compute_recipient_rand_hash(recipient_rand)
        if rand_hash != parameters.recipient_rand_hash:
            raise errors.TicketParametersMismatch(found=parameters.recipient_rand_hash.hex())
        ticket = parameters.ticket(session.sender, signed.sender_nonce)
        try:
            require_signature(session.sender, ticket.hash, signed.signature)
        except errors.SignatureRejected as refusal:
            raise errors.TicketSignatureRejected(
                senderNonce=signed.sender_nonce, **refusal.details
            ) from refusal
        return Winner(ticket, signed.signature, recipient_rand, parameters.expiration_block)

    def _check_freshness(
        self, connection: Connection, winner: Winner, clock: ChainClock, max_float_wei: int
    ) -> None:
        """Rows 7 to 9, then our own: the sender can still be relied on for the face value."""
        ticket = winner.ticket
        rand_hash, limit = ticket.recipient_rand_hash, self._economics.max_nonces_per_parameters
        used = self._store.count_nonces_in(connection, rand_hash)
        if not self._store.add_nonce_in(connection, rand_hash, ticket.sender_nonce):
            raise errors.NonceReplayed(senderNonce=ticket.sender_nonce, recipientRandHash=rand_hash.hex())
        if used >= limit:
            raise errors.TooManyNonces(found=used + 1, required=limit, recipientRandHash=rand_hash.hex())
        if winner.parameters_expiration_block <= clock.block:
            raise errors.TicketParametersExpired(
                expirationBlock=winner.parameters_expiration_block, lastBlock=clock.block
            )
        if max_float_wei < ticket.face_value_wei:
            raise errors.SenderUnderfunded(
                sender=ticket.sender, maxFloatWei=max_float_wei, requiredWei=ticket.face_value_wei
            )

    def _require_terms(self, session: Session, payment: Payment) -> None:
        if not is_same_address(payment.parameters.recipient, self.address):
            raise errors.TicketRecipientMismatch(found=payment.parameters.recipient, required=self.address)
        if not is_same_address(payment.sender, session.sender):
            raise errors.TicketSenderMismatch(found=payment.sender, required=session.sender)
        if payment.price_wei != session.price_wei:
            raise errors.PriceMismatch(found=payment.price_wei, required=session.price_wei)

    def _max_float_wei(self, sender: str, state: SenderState) -> int:
        return compute_max_float_wei(
            self._chain.claimable_reserve_wei(sender, self.address),
            state.deposit_wei,
            self._store.pending_face_value_wei(sender),
        )

    def _creation_round(self, clock: ChainClock) -> tuple[int, bytes]:
        """The last initialized round and its block hash; the one before if that hash was recorded as zero."""
        block_hash = self._chain.block_hash_for_round(clock.last_initialized_round)
        if block_hash != ZERO_HASH:
            return clock.last_initialized_round, block_hash
        previous = clock.last_initialized_round - 1
        return previous, self._chain.block_hash_for_round(previous)


def _require_locked(sender: str, state: SenderState, clock: ChainClock) -> None:
    last_safe_round = clock.last_initialized_round + 1
    if 0 < state.withdraw_round <= last_safe_round:
        raise errors.SenderUnlocking(
            sender=sender, withdrawRound=state.withdraw_round, lastSafeRound=last_safe_round
        )
