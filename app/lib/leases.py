"""Rows that are work: taken by lease, tried again later, given up at last.

The row is the truth; the queue only wakes a worker. A worker that dies leaves a lease that runs
out, and a sweep finds the row again.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.lib.database import UtcDateTime

LEASE_S = 120
BACKOFF_FIRST_S = 5
BACKOFF_MAX_S = 3600


class Leased:
    """Columns of a row that a worker must see to."""

    work_state: Mapped[str] = mapped_column(String(12), default="pending")
    """pending, done or failed"""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))


Row = TypeVar("Row", bound=Leased)


def is_pending(model: type[Leased]) -> ColumnElement[bool]:
    """Whether a row still waits: word by word as in the condition of an index, which a parameter
    would not be."""
    pending: ColumnElement[bool] = model.work_state == literal_column("'pending'")
    return pending


def take(
    session: Session,
    model: type[Row],
    *,
    now: datetime,
    limit: int = 10,
    also: ColumnElement[bool] = true(),
) -> Sequence[Row]:
    """Lease up to `limit` due rows, of those that `also` holds for, to the caller, who must be
    inside a transaction."""
    due = and_(
        is_pending(model),
        or_(model.next_try_at.is_(None), model.next_try_at <= now),
        or_(
            model.lease_until.is_(None),
            model.lease_until <= now,
            model.lease_until > now + timedelta(seconds=LEASE_S),  # the clock was set back
        ),
        also,
    )
    key = model.__mapper__.primary_key[0]  # type: ignore[attr-defined]
    # SKIP LOCKED lets two workers on PostgreSQL take different rows; SQLite has one writer anyway.
    # NO KEY (key_share), or a row that somebody's new row points at would be skipped as well, and
    # its wake-up be lost.
    chosen = (
        select(key)
        .where(due)
        .order_by(model.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    keys = list(session.scalars(chosen))
    if not keys:
        return []
    session.execute(
        update(model)
        .where(key.in_(keys))
        .values(lease_until=now + timedelta(seconds=LEASE_S), attempts=model.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    rows = session.scalars(
        select(model).where(key.in_(keys)).execution_options(populate_existing=True)
    )
    return rows.all()


def succeed(row: Leased) -> None:
    """The work is done."""
    row.work_state, row.lease_until, row.last_error = "done", None, None


def fail(row: Leased, error: str, *, now: datetime, final: bool = False) -> None:
    """Note the error; try again after a growing, jittered pause unless it is final."""
    row.lease_until = None
    row.last_error = error[:200]
    if final:
        row.work_state = "failed"
        return
    pause = min(BACKOFF_FIRST_S * 2 ** (row.attempts - 1), BACKOFF_MAX_S)
    row.next_try_at = now + timedelta(seconds=pause * random.uniform(0.5, 1))
