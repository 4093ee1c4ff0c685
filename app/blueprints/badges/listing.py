"""The status list as it is now, made once a version and process.

The version is the newest record (records.py): whatever revokes, suspends, resumes or enrols writes
one, so the next reader gets a new list at once. Without a change a list is made anew after
5 minutes, so that its `iat` tells readers how fresh their copy is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.blueprints.badges import status_list
from app.blueprints.badges.issuer_keys import IssuerKey
from app.blueprints.badges.models import Badge, BadgeEvent, Standing
from app.blueprints.badges.status_list import Status, StatusList

SUBJECT = "/.well-known/sk1/status-list"
RENEWED_EVERY_S = 300
LIFE = timedelta(hours=72)
LISTED_AFTER_EXPIRY = timedelta(days=1)
"""A reader whose clock is behind still finds a badge that has just expired."""
_STATUS = {Standing.SUSPENDED: Status.SUSPENDED, Standing.REVOKED: Status.REVOKED}


@dataclass(frozen=True)
class Listed:
    """A status list: as a signed token, and as this server reads it. Two processes sign
    the same version apart, so the tag is a weak one."""

    token: str
    tag: str
    opened: StatusList


_made: "WeakKeyDictionary[Engine, Listed]" = WeakKeyDictionary()


def current_list(session: Session, key: IssuerKey, *, now: datetime) -> Listed:
    """The list of all badges, signed by this key."""
    version = session.scalar(select(func.max(BadgeEvent.id))) or 0
    slot = int(now.timestamp()) // RENEWED_EVERY_S
    tag = f"{version}-{key.kid}-{slot}"
    engine = session.get_bind().engine
    held = _made.get(engine)
    if held is None or held.tag != tag:
        held = _made[engine] = _make(session, key, tag, now)
    return held


def _make(session: Session, key: IssuerKey, tag: str, now: datetime) -> Listed:
    opened = StatusList(
        iat=int(now.timestamp()),
        exp=int((now + LIFE).timestamp()),
        ttl=RENEWED_EVERY_S,
        packed=_packed(session, now),
    )
    token = status_list.make(opened, subject=SUBJECT, kid=key.kid, key=key.private_key)
    return Listed(token, tag, opened)


def _packed(session: Session, now: datetime) -> bytes:
    rows = session.execute(
        select(Badge.id, Badge.standing).where(
            Badge.standing.in_(list(_STATUS)), Badge.expires_at > now - LISTED_AFTER_EXPIRY
        )
    )
    statuses = {badge_id: _STATUS[Standing(standing)] for badge_id, standing in rows}
    newest = session.scalar(select(func.max(Badge.id))) or 0  # read last: none of those is newer
    return status_list.pack(statuses, newest + 1)
