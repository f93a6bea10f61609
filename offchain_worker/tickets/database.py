"""Engine and tables of the money state. SQLite by default, any SQLAlchemy URL by configuration.

Every write goes through `writing(engine)`: one transaction, begun as a writer, durable when it returns. Whoever acts on
money does so after that, so that a killed process forgets nothing that it acted on.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class BigInteger(TypeDecorator):
    """Integers of any size, kept as decimal text: balances and amounts exceed every database integer."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else str(int(value))

    def process_result_value(self, value, dialect):
        return None if value is None else int(value)


secrets_table = Table(
    "secrets",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("sender", String, nullable=False),
    Column("price_wei", BigInteger, nullable=False),
    Column("balance_units", BigInteger, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
    Column("terms", Text, nullable=False),
)

used_nonces = Table(
    "used_nonces",
    metadata,
    Column("recipient_rand_hash", LargeBinary, primary_key=True),
    Column("sender_nonce", BigInteger, primary_key=True),
)

payments = Table(
    "payments",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("session_id", String, nullable=False),
)

winners = Table(
    "winners",
    metadata,
    Column("ticket_hash", LargeBinary, primary_key=True),
    Column("recipient", String, nullable=False),
    Column("sender", String, nullable=False, index=True),
    Column("face_value_wei", BigInteger, nullable=False),
    Column("win_probability", BigInteger, nullable=False),
    Column("sender_nonce", BigInteger, nullable=False),
    Column("recipient_rand_hash", LargeBinary, nullable=False),
    Column("creation_round", Integer, nullable=False),
    Column("creation_round_block_hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("recipient_rand", BigInteger, nullable=False),
    Column("parameters_expiration_block", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_block", Integer, nullable=False, default=0),
    Column("transaction_hash", LargeBinary),
    Column("paid_wei", BigInteger),
    Column("reason", Text),
)

sender_nonces = Table(
    "sender_nonces",
    metadata,
    Column("recipient_rand_hash", LargeBinary, primary_key=True),
    Column("last_nonce", Integer, nullable=False),
)


def open_database(url: str) -> Engine:
    """Opens the database at a SQLAlchemy URL and creates missing tables."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_immediately)
    metadata.create_all(engine)
    return engine


def _configure_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately(connection: Connection) -> None:
    # A deferred transaction that turns writer half-way can lose to another writer after it has read.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One durable transaction: all of the block's writes or none."""
    with engine.begin() as connection:
        yield connection


def master_secret(engine: Engine) -> bytes:
    """The service's root secret, drawn once and kept, so that a restart keeps outstanding offers valid."""
    with writing(engine) as connection:
        stored = connection.scalar(select(secrets_table.c.value).where(secrets_table.c.name == "master"))
        if stored is not None:
            return bytes(stored)
        drawn = secrets.token_bytes(32)
        connection.execute(insert(secrets_table).values(name="master", value=drawn))
        return drawn
