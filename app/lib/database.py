"""How the database is spoken to: typed columns, SQLite's settings, and units of work.

A SQLite transaction that will write begins IMMEDIATE. A deferred one that reads first and then
writes fails at once when another writer came between, whatever the busy timeout.
https://www.sqlite.org/lang_transaction.html
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import DateTime, Engine, MetaData, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.lib.writers import queue_of_writers

BUSY_TIMEOUT_S = 15
MAX_ROW_ID = 2**31 - 1
"""What an INTEGER of PostgreSQL holds; either database breaks off on far larger ones."""


class Base(DeclarativeBase):
    """All models. Constraints have names, so that a migration can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def configure_engine(engine: Engine) -> None:
    """Set SQLite's pragmas and let transactions begin as they were asked to."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            # FULL, not NORMAL: the phone deletes an item once it is told "accepted",
            # so a power cut must not take back that commit.
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
            "cache_size=-65536",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def table_of(model: type[Base]) -> Table:
    """The table of a model. A statement of tables alone is run past the whole of the ORM, which
    tells where one is run for every pass at every gate."""
    return cast(Table, model.__table__)


def insert_of(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what becomes of a conflict, in the words of the session's database."""
    of_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if of_postgresql else sqlite.insert)(model)


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """One unit of work of the edge: begun as a writer, committed at the end or rolled back.

    Whatever was read before is read again inside. Writers of SQLite queue before its door.
    """
    session.rollback()
    engine = session.get_bind()
    if engine.dialect.name != "sqlite":
        with _committed(session):
            yield
        return
    with queue_of_writers(str(engine.engine.url.database)):
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        with _committed(session):
            yield


def alone(session: Session, *names: str) -> None:
    """Wait until no other transaction is here with one of these names, and keep them until this
    one ends, so that what is counted stays so. On SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in sorted(names):  # in one order, so that two never wait for each other
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


@contextmanager
def _committed(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
