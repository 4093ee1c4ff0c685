"""Reading what somebody is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.notifications.models import Notification

PAGE = 30
MOST_COUNTED = 99
"""More unread ones than this are not counted."""


@dataclass(frozen=True)
class Page:
    """Notifications, the newest first; `after` is the id with which the next page begins."""

    items: Sequence[Notification]
    after: int | None


def page_of(session: Session, actor: User, *, after: int | None = None) -> Page:
    """Somebody's notifications, older than the one of an id."""
    wanted = select(Notification).where(Notification.user_id == actor.id)
    if after is not None:
        wanted = wanted.where(Notification.id < after)
    found = session.scalars(wanted.order_by(Notification.id.desc()).limit(PAGE + 1)).all()
    more = len(found) > PAGE
    return Page(found[:PAGE], found[PAGE - 1].id if more else None)


def count_unread(session: Session, actor: User) -> int:
    """How many somebody has not read; 100 when there are that many or more."""
    unread = (
        select(Notification.id)
        .where(Notification.user_id == actor.id, Notification.read_at.is_(None))
        .limit(MOST_COUNTED + 1)
    )
    return session.scalar(select(func.count()).select_from(unread.subquery())) or 0
