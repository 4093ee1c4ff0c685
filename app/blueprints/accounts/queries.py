"""Reading accounts."""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, User
from app.blueprints.accounts.services import hash_secret


def device_of_session(
    session: Session, *, device_id: int, secret: str, now: datetime
) -> Device | None:
    """The device that a session cookie names, if it is still signed in."""
    device = session.get(Device, device_id)
    if device is None or device.ended_at or device.expires_at <= now or device.user.disabled_at:
        return None
    right = hmac.compare_digest(device.secret_hash, hash_secret(secret))
    return device if right else None


def devices(session: Session, actor: User, *, now: datetime) -> Sequence[Device]:
    """Where the actor is signed in, last used first."""
    return session.scalars(
        select(Device)
        .where(Device.user_id == actor.id, Device.ended_at.is_(None), Device.expires_at > now)
        .order_by(Device.last_seen_at.desc(), Device.id.desc())
        .limit(50)
    ).all()


def hold(session: Session, user_ids: Collection[int]) -> None:
    """Wait until no other transaction holds these people, and hold them until this one ends, so
    that what is compared with their other rows stays so. SQLite has one writer anyway."""
    if user_ids and session.get_bind().dialect.name == "postgresql":
        # In one order, so that two never wait for each other; others may still refer to the rows.
        held = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
        session.execute(held.with_for_update(key_share=True))
