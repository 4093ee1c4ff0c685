"""Reading accounts."""

import hmac
from collections.abc import Sequence
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
