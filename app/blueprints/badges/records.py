"""What was done to a rider's standing or badge, written down with who did it.

The newest record is the status list's version (listing.py), so records must become visible in the
order of their ids: whoever is about to write one waits for those who are writing.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import BadgeEvent
from app.lib.database import alone


def begin(session: Session) -> None:
    """To be called before anything that ends in a record, and before any row is locked."""
    alone(session, "badge records")


def record(
    session: Session,
    actor: User,
    what: str,
    *,
    user_id: int,
    badge_id: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Add a record: what the actor did to the badge or the standing of a rider."""
    session.add(
        BadgeEvent(
            user_id=user_id,
            badge_id=badge_id,
            actor_id=actor.id,
            what=what,
            reason=reason,
            at=now,
        )
    )
