"""Telling an audience: a notification each, written a chunk at a time.

A chunk, where it ended and how many it was are one short transaction: a worker that is killed
leaves the chunk unwritten, and whoever comes next goes on behind the last one that was written.
"""

from datetime import datetime

from sqlalchemy import JSON, String, insert, literal, literal_column, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import queries, steps
from app.blueprints.announcements.audience import Audience, people, sender_of
from app.blueprints.announcements.models import Announcement, State
from app.blueprints.notifications.models import Notification
from app.blueprints.notifications.services import JOB as SPREAD
from app.lib import jobs
from app.lib.database import UtcDateTime, table_of

CHUNK = 10_000
KIND = "announcement"
_DUE = Announcement.state.in_([literal_column("'scheduled'"), literal_column("'sending'")])
"""Word by word as in the condition of its index."""


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether something is to be sent by now."""
    due = select(Announcement.id).where(_DUE, Announcement.send_at <= now).limit(1)
    return session.scalar(due) is not None


def send_some(session: Session, *, now: datetime, limit: int = CHUNK) -> bool:
    """Tell the next people of the announcement that is due longest; answers whether there was one.
    What another worker is at is left to it. The caller is inside a transaction."""
    announcement = _next(session, now)
    if announcement is None:
        return False
    if announcement.state == State.SCHEDULED:
        _begin(session, announcement, now)
    written = _write(session, announcement, now=now, limit=limit)
    announcement.written += written
    if written:
        announcement.cursor = _last_told(session, announcement)
        jobs.wake(session, SPREAD)
    if written < limit:
        announcement.sent_at = now
        steps.take(session, None, announcement, "finish", now=now)
    session.flush()
    return True


def _next(session: Session, now: datetime) -> Announcement | None:
    due = (
        select(Announcement)
        .where(_DUE, Announcement.send_at <= now)
        .order_by(Announcement.send_at, Announcement.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True, of=Announcement)
        .execution_options(populate_existing=True)
    )
    return session.scalar(due)


def _begin(session: Session, announcement: Announcement, now: datetime) -> None:
    audience = Audience.of(announcement.audience)
    announcement.total = queries.count(session, sender_of(announcement), audience, now=now)
    steps.take(session, None, announcement, "begin", now=now)


def _write(session: Session, announcement: Announcement, *, now: datetime, limit: int) -> int:
    """Write to the next people in the order of their ids; answers how many those were."""
    chosen = people(sender_of(announcement), Audience.of(announcement.audience), now=now)
    chunk = chosen.where(User.id > announcement.cursor).order_by(User.id).limit(limit).subquery()
    row = {
        "user_id": chunk.c.id,
        "kind": literal(KIND, String),
        "data": literal({}, JSON),
        "url": literal(f"/announcements/{announcement.id}/read", String),
        "wording_id": literal(announcement.wording_id),
        "created_at": literal(now, UtcDateTime),
    }
    rows = insert(table_of(Notification)).from_select(list(row), select(*row.values()))
    done = session.execute(rows, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)  # type: ignore[attr-defined]


def _last_told(session: Session, announcement: Announcement) -> int:
    last = (
        select(Notification.user_id)
        .where(Notification.wording_id == announcement.wording_id)
        .order_by(Notification.user_id.desc())
        .limit(1)
    )
    return session.scalars(last).one()
