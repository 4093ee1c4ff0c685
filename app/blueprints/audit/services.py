"""Noting who looked at personal data."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.lib.text import clean

MAX_REASON = 200


def note_look(
    session: Session, actor: User, *, subject: str, what: str, reason: str, now: datetime
) -> None:
    """Note that the actor looked. `subject` is whose data it is ("rider:7", "compound:12"); `what`
    the kind of look and `reason` a word of names.py, or the actor's own words, which are cut to
    what fits."""
    session.add(
        AuditEntry(
            actor_id=actor.id,
            subject=subject,
            what=what,
            reason=clean(reason)[:MAX_REASON],
            at=now,
        )
    )
    session.flush()
