"""The recipient's money state: sessions with balances, used nonces, winners."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from offchain_worker.tickets import database as db
from offchain_worker.tickets.errors import SessionUnknown
from offchain_worker.tickets.ticket import Ticket, is_winning


class WinnerState(enum.StrEnum):
    """Life of a winning ticket. Changes are compare-and-set, so two redeemers cannot send one ticket twice."""

    WON = "won"
    SENT = "sent"
    REDEEMED = "redeemed"
    LOST = "lost"
    EXPIRED = "expired"


PENDING_STATES = (WinnerState.WON, WinnerState.SENT)


@dataclass(frozen=True)
class Session:
    """What a sender and this orchestrator agreed on; the price is taken from here and never from the payer (W1)."""

    id: str
    sender: str
    price_wei: int
    balance_units: int
    created_at: int
    expires_at: int
    terms: str


@dataclass(frozen=True)
class Winner:
    """A ticket with all that its redemption needs; only those with `has_won` are stored."""

    ticket: Ticket
    signature: bytes
    recipient_rand: int
    parameters_expiration_block: int
    state: WinnerState = WinnerState.WON
    attempts: int = 0
    next_attempt_block: int = 0
    transaction_hash: bytes | None = None
    paid_wei: int | None = None
    reason: str | None = None

    @property
    def has_won(self) -> bool:
        return is_winning(self.signature, self.recipient_rand, self.ticket.win_probability)


class RecipientStore:
    """Reads and single-purpose transactions; the `*_in` methods take part in a transaction of the caller."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create_session(self, session: Session) -> None:
        with db.writing(self.engine) as connection:
            connection.execute(insert(db.sessions).values(**session.__dict__))

    def session(self, session_id: str) -> Session:
        with self.engine.connect() as connection:
            return self.session_in(connection, session_id)

    def session_in(self, connection: Connection, session_id: str) -> Session:
        row = connection.execute(select(db.sessions).where(db.sessions.c.id == session_id)).mappings().first()
        if row is None:
            raise SessionUnknown(session=session_id)
        return Session(**row)

    def change_balance_in(self, connection: Connection, session_id: str, change_units: int) -> int:
        """Adds `change_units` to the balance and returns the new one."""
        balance_units = self.session_in(connection, session_id).balance_units + change_units
        connection.execute(
            update(db.sessions).where(db.sessions.c.id == session_id).values(balance_units=balance_units)
        )
        return balance_units

    def has_payment_in(self, connection: Connection, digest: bytes) -> bool:
        """Whether this very payment message was accepted before."""
        return (
            connection.scalar(select(db.payments.c.digest).where(db.payments.c.digest == digest)) is not None
        )

    def add_payment_in(self, connection: Connection, digest: bytes, session_id: str) -> None:
        connection.execute(insert(db.payments).values(digest=digest, session_id=session_id))

    def add_nonce_in(self, connection: Connection, recipient_rand_hash: bytes, sender_nonce: int) -> bool:
        """Marks a nonce as used; false if it was already. The primary key is the replay protection."""
        return _insert_once(
            connection, db.used_nonces, recipient_rand_hash=recipient_rand_hash, sender_nonce=sender_nonce
        )

    def count_nonces_in(self, connection: Connection, recipient_rand_hash: bytes) -> int:
        table = db.used_nonces
        return (
            connection.scalar(
                select(func.count())
                .select_from(table)
                .where(table.c.recipient_rand_hash == recipient_rand_hash)
            )
            or 0
        )

    def add_winner_in(self, connection: Connection, winner: Winner) -> bool:
        """Stores a winner for redemption; false if this ticket is stored already."""
        return _insert_once(connection, db.winners, **_winner_row(winner))

    def pending_face_value_wei(self, sender: str) -> int:
        """Face values of `sender`'s winners that are not settled yet, waiting ones included (weakness W7)."""
        table = db.winners
        query = select(table.c.face_value_wei).where(
            table.c.sender == sender, table.c.state.in_(PENDING_STATES)
        )
        with self.engine.connect() as connection:
            return sum(connection.scalars(query))

    def winners(self, *states: WinnerState) -> list[Winner]:
        """Winners in the given states (all if none), the earliest deadline first, then the largest face value (W11)."""
        query = select(db.winners)
        if states:
            query = query.where(db.winners.c.state.in_(states))
        with self.engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return sorted(
            (_winner(row) for row in rows),
            key=lambda winner: (winner.ticket.creation_round, -winner.ticket.face_value_wei),
        )

    def advance_winner(
        self, ticket_hash: bytes, expected: WinnerState, state: WinnerState, **changes: Any
    ) -> bool:
        """Moves a winner from `expected` to `state`; false if somebody else moved it first."""
        table = db.winners
        with db.writing(self.engine) as connection:
            result = connection.execute(
                update(table)
                .where(table.c.ticket_hash == ticket_hash, table.c.state == expected)
                .values(state=state, **changes)
            )
            return result.rowcount == 1


def _insert_once(connection: Connection, table: Any, **values: Any) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(**values))
    except IntegrityError:
        return False
    return True


def _winner_row(winner: Winner) -> dict[str, Any]:
    ticket = winner.ticket
    return {
        "ticket_hash": ticket.hash,
        "recipient": ticket.recipient,
        "sender": ticket.sender,
        "face_value_wei": ticket.face_value_wei,
        "win_probability": ticket.win_probability,
        "sender_nonce": ticket.sender_nonce,
        "recipient_rand_hash": ticket.recipient_rand_hash,
        "creation_round": ticket.creation_round,
        "creation_round_block_hash": ticket.creation_round_block_hash,
        "signature": winner.signature,
        "recipient_rand": winner.recipient_rand,
        "parameters_expiration_block": winner.parameters_expiration_block,
        "state": winner.state,
        "attempts": winner.attempts,
        "next_attempt_block": winner.next_attempt_block,
        "transaction_hash": winner.transaction_hash,
        "paid_wei": winner.paid_wei,
        "reason": winner.reason,
    }


def _winner(row: Any) -> Winner:
    return Winner(
        ticket=Ticket(
            recipient=row["recipient"],
            sender=row["sender"],
            face_value_wei=row["face_value_wei"],
            win_probability=row["win_probability"],
            sender_nonce=row["sender_nonce"],
            recipient_rand_hash=bytes(row["recipient_rand_hash"]),
            creation_round=row["creation_round"],
            creation_round_block_hash=bytes(row["creation_round_block_hash"]),
        ),
        signature=bytes(row["signature"]),
        recipient_rand=row["recipient_rand"],
        parameters_expiration_block=row["parameters_expiration_block"],
        state=WinnerState(row["state"]),
        attempts=row["attempts"],
        next_attempt_block=row["next_attempt_block"],
        transaction_hash=None if row["transaction_hash"] is None else bytes(row["transaction_hash"]),
        paid_wei=row["paid_wei"],
        reason=row["reason"],
    )
