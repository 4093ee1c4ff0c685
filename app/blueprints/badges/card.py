"""The card: all that a rider's phone keeps of the badge, to show it with no network."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import queries, short_codes
from app.blueprints.badges.issuing import credential, label_of, may_be_shown
from app.blueprints.badges.models import Badge, BadgeKind, Holder, Portrait
from app.blueprints.badges.terms import Terms
from app.lib import clock

Card = dict[str, Any]


def base64url(content: bytes) -> str:
    """Without padding (RFC 4648, 5)."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def card_of(
    session: Session, actor: User, *, shown: str | None, terms: Terms, now: datetime
) -> Card:
    """The card of the actor, for a phone that shows the badge with the id `shown` (hex), or none.

    The actor is known as a rider: `renew` or `enrol` came before.

    Only the phone that holds the badge's key gets a credential. Times in milliseconds.
    """
    holder = session.get_one(Holder, actor.id)
    badge = queries.standing_badge(session, actor.id, BadgeKind.LIVE)
    return {
        "now": clock.to_ms(now),
        "rider": _rider(holder, queries.newest_portrait(session, actor.id)),
        "holder": {"state": holder.standing, "reason": holder.reason},
        "badge": _badge(holder, badge, shown, terms, now) if badge else None,
        "moved": _moved(session, actor, shown),
    }


def _rider(holder: Holder, newest: Portrait | None) -> Card:
    return {
        "id": holder.user_id,
        "name": holder.user.name,
        "company": {"zh": holder.company.name_zh, "en": holder.company.name_en},
        "stars": holder.stars,
        "label": label_of(holder),
        "portrait": _portrait(holder, newest),
    }


def _portrait(holder: Holder, newest: Portrait | None) -> Card:
    """How it stands with the picture sent last; the picture itself is the approved one, if any."""
    shown = holder.portrait or newest
    return {
        "state": newest.state if newest else "none",
        "reason": newest.reason if newest else None,
        "sha256": shown.sha256 if shown else None,
    }


def _badge(holder: Holder, badge: Badge, shown: str | None, terms: Terms, now: datetime) -> Card:
    here = badge.badge_id == shown
    given = here and may_be_shown(holder, badge)
    return {
        "badge": badge.badge_id,
        "here": here,
        "device": _device(badge),
        "since": clock.to_ms(badge.created_at),
        "state": badge.standing,
        "status_index": badge.status_index,
        "credential": base64url(credential(holder, badge, terms=terms, now=now)) if given else None,
        "expires_at": clock.to_ms(badge.expires_at) if given else None,
        "short_keys": _short_keys(badge, terms, now) if given else {},
    }


def _short_keys(badge: Badge, terms: Terms, now: datetime) -> Mapping[str, str]:
    keys = short_codes.badge_keys(terms.short_secret, badge.status_index, now)
    return {day: base64url(key) for day, key in keys.items()}


def _device(badge: Badge) -> str:
    return badge.device.label if badge.device else ""


def _moved(session: Session, actor: User, shown: str | None) -> Card | None:
    """Where the badge went that this phone showed."""
    gone = queries.by_badge_id(session, actor.id, shown) if shown else None
    if gone is None or gone.replaced_by_id is None or gone.ended_at is None:
        return None
    heir = session.get_one(Badge, gone.replaced_by_id)
    return {"device": _device(heir), "at": clock.to_ms(gone.ended_at)}
