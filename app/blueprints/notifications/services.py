"""Telling people something: a row each, written in the transaction of its cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.notifications.models import Notification
from app.errors import NotFound
from app.lib import jobs

JOB = "spread"
"""The job that finds the ways to those who are told."""


@dataclass(frozen=True)
class Notice:
    """What one person is told; see `Notification`."""

    user_id: int
    kind: str
    data: Mapping[str, Any]
    url: str


def notify_all(session: Session, notices: Iterable[Notice], *, now: datetime) -> None:
    """Write notifications, in one statement."""
    rows = [
        {
            "user_id": one.user_id, "kind": one.kind, "data": dict(one.data), "url": one.url,
            "created_at": now,
        }
        for one in notices
    ]  # fmt: skip
    if rows:
        session.execute(insert(Notification), rows)
        jobs.wake(session, JOB)


def notify(
    session: Session,
    people: Iterable[int],
    *,
    kind: str,
    data: Mapping[str, Any],
    url: str,
    now: datetime,
) -> None:
    """Tell these people, by their ids, the same; one row each, in one statement."""
    notices = [Notice(person, kind, data, url) for person in sorted(set(people))]
    notify_all(session, notices, now=now)


def shown(session: Session, actor: User, notification_id: int, *, now: datetime) -> None:
    """A phone of the actor's has shown one of theirs. Raises NotFound."""
    found = _own(session, actor, notification_id)
    found.shown_at = found.shown_at or now
    session.flush()


def read(session: Session, actor: User, notification_id: int, *, now: datetime) -> str:
    """Somebody opens a notification of theirs; answers where it leads. Raises NotFound."""
    found = _own(session, actor, notification_id)
    found.read_at = found.read_at or now
    session.flush()
    return found.url


def read_all(session: Session, actor: User, *, up_to: int, now: datetime) -> None:
    """Somebody has read all of theirs up to an id, which is the newest that they saw."""
    session.execute(
        update(Notification)
        .where(
            Notification.user_id == actor.id,
            Notification.id <= up_to,
            Notification.read_at.is_(None),
        )
        .values(read_at=now)
    )


def _own(session: Session, actor: User, notification_id: int) -> Notification:
    wanted = select(Notification).where(
        Notification.id == notification_id, Notification.user_id == actor.id
    )
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found
