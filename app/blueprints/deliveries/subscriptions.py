"""Phones that take pushes: entering, confirming and ending their subscriptions."""

import binascii
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, User
from app.blueprints.deliveries.endpoints import NotAllowed, PushServices
from app.blueprints.deliveries.models import Subscription
from app.errors import Invalid

MOST = 10
"""Of one person: beyond, the one that was not confirmed for longest ends."""
AUTH_BYTES = 16
MAX_KEY_ID = 16


@dataclass(frozen=True)
class Offered:
    """What a browser sends of its PushSubscription; the keys base64url. `key_id` is of the VAPID
    key that it was made with, `site` the origin at which it knows us."""

    endpoint: str
    p256dh: str
    auth: str
    key_id: str
    site: str
    locale: str


def subscribe(
    session: Session, actor: User, offered: Offered, *, services: PushServices, now: datetime
) -> Subscription:
    """Enter a browser's subscription, or confirm it; one that was somebody else's, who used the
    browser before, is the actor's from now on. Raises Invalid."""
    origin = _check(offered, services)
    hashed = _hash(offered.endpoint)
    found = session.scalar(select(Subscription).where(Subscription.endpoint_hash == hashed))
    row = found or Subscription(endpoint=offered.endpoint, endpoint_hash=hashed, created_at=now)
    if actor.device_id is None:
        raise Invalid({"endpoint": [_("Sign in on this phone first.")]})
    row.user_id, row.device_id, row.origin = actor.id, actor.device_id, origin
    row.p256dh, row.auth, row.key_id = offered.p256dh, offered.auth, offered.key_id
    row.site, row.locale, row.confirmed_at = offered.site, offered.locale, now
    session.add(row)
    session.flush()
    _end_beyond(session, actor)
    return row


def unsubscribe(session: Session, actor: User, endpoint: str) -> None:
    """A browser wants no more; one that is not there, or not the actor's, is left alone."""
    session.execute(
        delete(Subscription).where(
            Subscription.endpoint_hash == _hash(endpoint), Subscription.user_id == actor.id
        )
    )


def any_of_device(session: Session, actor: User) -> bool:
    """Whether this device takes pushes for the actor."""
    wanted = select(Subscription.id).where(
        Subscription.device_id == actor.device_id, Subscription.user_id == actor.id
    )
    return session.scalar(wanted.limit(1)) is not None


def live_devices(now: datetime) -> tuple[object, ...]:
    """What of a device must hold so that something may be sent to it."""
    return Device.ended_at.is_(None), Device.expires_at > now


def _hash(endpoint: str) -> str:
    return sha256(endpoint.encode()).hexdigest()


def _check(offered: Offered, services: PushServices) -> str:
    """The origin of what is offered. Raises Invalid."""
    try:
        origin = services.origin_of(offered.endpoint)
    except NotAllowed as error:
        raise Invalid(
            {"endpoint": [_("This browser's push service is not one of those we use.")]}
        ) from error
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(offered.p256dh))
        fits = len(_bytes(offered.auth)) == AUTH_BYTES and len(offered.key_id) <= MAX_KEY_ID
    except ValueError:
        fits = False
    if not fits:
        raise Invalid({"keys": [_("That is no key.")]})
    return origin


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("no base64url") from error


def _end_beyond(session: Session, actor: User) -> None:
    newest = (
        select(Subscription.id)
        .where(Subscription.user_id == actor.id)
        .order_by(Subscription.confirmed_at.desc(), Subscription.id.desc())
        .offset(MOST)
    )
    for subscription_id in session.scalars(newest).all():
        session.execute(delete(Subscription).where(Subscription.id == subscription_id))
