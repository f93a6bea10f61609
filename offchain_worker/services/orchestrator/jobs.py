"""Jobs: reservation of the fee, idempotent retries, results. One row per (session, sequence)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Integer, LargeBinary, String, Table, delete, insert, select, update

from offchain_worker.services.orchestrator.errors import SegmentConflict
from offchain_worker.tickets import database as db
from offchain_worker.tickets.balance import compute_fee_units, units_to_wei_down, units_to_wei_up
from offchain_worker.tickets.errors import InsufficientBalance
from offchain_worker.tickets.recipient_store import RecipientStore, Session

jobs = Table(
    "jobs",
    db.metadata,
    Column("session_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("source_sha256", LargeBinary, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("reserved_units", db.BigInteger, nullable=False),
    Column("result", LargeBinary),
)


class JobState(enum.StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class StoredJob:
    source_sha256: bytes
    state: JobState
    result: bytes | None


class JobStore:
    """A job's fee leaves the balance when it starts and comes back if it fails, each in one transaction."""

    def __init__(self, engine: Engine, recipient_store: RecipientStore, kept_results: int = 4) -> None:
        self._engine = engine
        self._recipient_store = recipient_store
        self._kept_results = kept_results

    def find(self, session_id: str, sequence: int, source_sha256: bytes) -> StoredJob | None:
        """The job, if it was submitted before; raises `SegmentConflict` if that was with another source."""
        query = select(jobs.c.source_sha256, jobs.c.state, jobs.c.result)
        with self._engine.connect() as connection:
            row = connection.execute(
                query.where(jobs.c.session_id == session_id, jobs.c.sequence == sequence)
            ).first()
        if row is None:
            return None
        if bytes(row.source_sha256) != source_sha256:
            raise SegmentConflict(
                sequence=sequence,
                session=session_id,
                required=bytes(row.source_sha256).hex(),
                found=source_sha256.hex(),
            )
        return StoredJob(bytes(row.source_sha256), JobState(row.state), row.result)

    def start(
        self, session: Session, sequence: int, source_sha256: bytes, units: int, minimum_units: int
    ) -> None:
        """Takes the fee for `units` out of the balance; raises `InsufficientBalance` and changes nothing if short.

        `minimum_units` is the least balance a priced session must have, whatever the segment costs (offchain.md 8.1).
        """
        fee_units = compute_fee_units(units, session.price_wei)
        required = max(fee_units, minimum_units) if session.price_wei else 0
        with db.writing(self._engine) as connection:
            balance_units = self._recipient_store.session_in(connection, session.id).balance_units
            if balance_units < required:
                raise InsufficientBalance(
                    balanceWei=units_to_wei_down(balance_units), requiredWei=units_to_wei_up(required)
                )
            self._recipient_store.change_balance_in(connection, session.id, -fee_units)
            connection.execute(
                delete(jobs).where(jobs.c.session_id == session.id, jobs.c.sequence == sequence)
            )
            connection.execute(
                insert(jobs).values(
                    session_id=session.id,
                    sequence=sequence,
                    source_sha256=source_sha256,
                    state=JobState.RUNNING,
                    reserved_units=fee_units,
                )
            )

    def finish(self, session: Session, sequence: int, result: bytes) -> None:
        """Keeps the fee and the result; older results of the session are dropped."""
        with db.writing(self._engine) as connection:
            _require_running(connection, session.id, sequence)
            connection.execute(
                update(jobs)
                .where(jobs.c.session_id == session.id, jobs.c.sequence == sequence)
                .values(state=JobState.DONE, result=result, reserved_units=0)
            )
            old = jobs.c.sequence <= sequence - self._kept_results
            connection.execute(update(jobs).where(jobs.c.session_id == session.id, old).values(result=None))

    def fail(self, session_id: str, sequence: int) -> None:
        """Gives the fee back."""
        with db.writing(self._engine) as connection:
            reserved_units = _require_running(connection, session_id, sequence)
            self._recipient_store.change_balance_in(connection, session_id, reserved_units)
            connection.execute(
                update(jobs)
                .where(jobs.c.session_id == session_id, jobs.c.sequence == sequence)
                .values(state=JobState.FAILED, reserved_units=0)
            )

    def fail_interrupted(self) -> int:
        """At start: jobs that a killed process left running are failed and refunded. Returns their number."""
        with self._engine.connect() as connection:
            running = connection.execute(
                select(jobs.c.session_id, jobs.c.sequence).where(jobs.c.state == JobState.RUNNING)
            ).all()
        for session_id, sequence in running:
            self.fail(session_id, sequence)
        return len(running)


def _require_running(connection, session_id: str, sequence: int) -> int:
    """Fee reserved for a running job. Anything else is a fault of this program, since only it moves jobs."""
    query = select(jobs.c.reserved_units).where(
        jobs.c.session_id == session_id, jobs.c.sequence == sequence, jobs.c.state == JobState.RUNNING
    )
    return connection.execute(query).scalar_one()
