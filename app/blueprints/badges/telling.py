"""What riders are told of their badge."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Badge, BadgeKind, Standing
from app.blueprints.notifications.services import Notice, notify_all

URL = "/badge"
RUNS_OUT_WITHIN = timedelta(hours=12)
"""Of the 72 hours that a live badge works without network: then one opening still saves it."""
WARNED_TOGETHER = 500
SUZHOU = ZoneInfo("Asia/Shanghai")


def tell(session: Session, rider_id: int, what: str, *, reason: str = "", now: datetime) -> None:
    """Tell a rider what was done: `badge_<what>` is a kind of message."""
    notify_all(session, [Notice(rider_id, f"badge_{what}", {"reason": reason}, URL)], now=now)


def warn_of_running_out(session: Session, *, now: datetime, limit: int = WARNED_TOGETHER) -> int:
    """Tell riders whose badge soon stops working without network, once each time; answers how
    many. The caller is inside a transaction."""
    running_out = (
        select(Badge)
        .where(
            Badge.standing == Standing.ACTIVE,
            Badge.expires_at > now,
            Badge.expires_at <= now + RUNS_OUT_WITHIN,
            Badge.kind == BadgeKind.LIVE,
            or_(Badge.warned_at.is_(None), Badge.warned_at < Badge.renewed_at),
        )
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = session.scalars(running_out).all()
    notify_all(session, [_warning(badge) for badge in found], now=now)
    _note_warned(session, found, now)
    return len(found)


def _warning(badge: Badge) -> Notice:
    until = badge.expires_at.astimezone(SUZHOU)
    return Notice(badge.user_id, "badge_running_out", {"until": f"{until:%m-%d %H:%M}"}, URL)


def _note_warned(session: Session, badges: Sequence[Badge], now: datetime) -> None:
    session.execute(
        update(Badge)
        .where(Badge.id.in_([badge.id for badge in badges]))
        .values(warned_at=now)
        .execution_options(synchronize_session=False)
    )
