"""Taking a step: the new state and its event, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements.models import Announcement, AnnouncementEvent
from app.blueprints.announcements.transitions import STEPS, possible
from app.errors import Conflict


def take(
    session: Session, actor: User | None, announcement: Announcement, step: str, *, now: datetime
) -> None:
    """Let an announcement go on; without an actor it is the worker. Raises Conflict."""
    if not possible(announcement.state, step):
        raise Conflict
    announcement.state = STEPS[step].target or announcement.state
    note(session, actor, announcement, step, now=now)


def note(
    session: Session, actor: User | None, announcement: Announcement, step: str, *, now: datetime
) -> None:
    """Keep that a step was taken."""
    session.add(
        AnnouncementEvent(
            announcement_id=announcement.id, actor_id=actor.id if actor else None, step=step, at=now
        )
    )
    session.flush()
