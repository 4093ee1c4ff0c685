"""Portraits: sent by riders, decided on by the manager of their company."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.holders import holder_of
from app.blueprints.badges.models import BadgeEvent, Holder, Portrait, PortraitState
from app.blueprints.badges.records import begin, record
from app.blueprints.badges.services import checked_reason, refuse_strangers
from app.blueprints.badges.telling import tell
from app.errors import Conflict, TooMany

A_DAY = timedelta(days=1)
PORTRAITS_A_DAY = 10


def portrait_name(sha256: str) -> str:
    """Where a portrait lies in the storage of photos."""
    return f"portraits/{sha256[:2]}/{sha256}.jpg"


def refuse_too_many(session: Session, actor: User, *, now: datetime) -> None:
    """Raises TooMany past ten portraits in a day. Asked before a picture is even decoded."""
    sent = select(func.count()).where(
        BadgeEvent.user_id == actor.id,
        BadgeEvent.what == "portrait_sent",
        BadgeEvent.at > now - A_DAY,
    )
    if (session.scalar(sent) or 0) >= PORTRAITS_A_DAY:
        raise TooMany(retry_after_s=3600)


def take_portrait(session: Session, actor: User, *, sha256: str, now: datetime) -> list[str]:
    """Record a rider's new portrait, to be decided on; one that still waits gives way to it.

    Answers the hashes whose files nothing needs any more. Raises TooMany, Forbidden.
    """
    begin(session)
    refuse_too_many(session, actor, now=now)
    holder_of(session, actor, now=now)
    waiting = session.scalars(
        select(Portrait).where(
            Portrait.user_id == actor.id, Portrait.state == PortraitState.PENDING
        )
    ).all()
    session.add(
        Portrait(user_id=actor.id, sha256=sha256, state=PortraitState.PENDING, created_at=now)
    )
    session.flush()  # first the new one: SQLite would give it the id that a manager looks at
    for old in waiting:
        session.delete(old)
    record(session, actor, "portrait_sent", user_id=actor.id, now=now)
    session.flush()
    return _unused(session, {old.sha256 for old in waiting})


def _unused(session: Session, hashes: set[str]) -> list[str]:
    used = set(session.scalars(select(Portrait.sha256).where(Portrait.sha256.in_(hashes))))
    return sorted(hashes - used)


def decide_portrait(
    session: Session,
    actor: User,
    holder: Holder,
    portrait: Portrait,
    *,
    approve: bool,
    reason: str = "",
    now: datetime,
) -> None:
    """Approve a portrait, so that the badge shows it, or reject it with a reason for the rider.

    Raises Forbidden, Invalid without a reason to reject, Conflict when it was decided before or
    another has come in its place.
    """
    refuse_strangers(actor, holder)
    reason = "" if approve else checked_reason(reason)
    begin(session)
    state = PortraitState.APPROVED if approve else PortraitState.REJECTED
    decided = session.execute(
        update(Portrait)
        .where(
            Portrait.id == portrait.id,
            Portrait.user_id == holder.user_id,
            Portrait.state == PortraitState.PENDING,
        )
        .values(state=state, reason=reason or None, decided_at=now, decided_by_id=actor.id)
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Somebody decided before you, or the rider sent another picture."))
    if approve:
        holder.portrait_id = portrait.id
    what = "portrait_approved" if approve else "portrait_rejected"
    record(session, actor, what, user_id=holder.user_id, reason=reason or None, now=now)
    told = "approved" if approve else "rejected"
    tell(session, holder.user_id, told, reason=reason, now=now)
    session.flush()
    session.expire_all()
