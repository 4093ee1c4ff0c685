"""A rider without a code, looked up by the guard."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.issuing import label_of, portrait_prefix
from app.blueprints.badges.models import Badge, BadgeKind, Holder, Standing
from app.blueprints.badges.queries import standing_badges, starts_with
from app.blueprints.gates.bundle import names
from app.blueprints.gates.models import Scanner
from app.errors import Invalid
from app.lib.text import clean

LEAST, LAST_DIGITS, MOST, MAX_TEXT = 2, 4, 10, 60

Found = Mapping[str, Any]


def search(session: Session, _by: Scanner, text: str) -> Sequence[Found]:
    """At most ten riders of the district, for a gate's phone alone: their name begins so, or their
    number ends in these digits, four of them at least. Raises Invalid for less than two characters.
    """
    wanted = clean(text[:MAX_TEXT])
    if len(wanted) < LEAST:
        raise Invalid({"q": [_("At least two characters, or the last four digits.")]})
    matches = starts_with(session, wanted)
    if wanted.isdecimal() and len(wanted) >= LAST_DIGITS:
        matches = User.phone.endswith(wanted, autoescape=True)
    ids = select(User.id).where(matches, User.disabled_at.is_(None))
    found = select(Holder).where(Holder.user_id.in_(ids))
    holders = session.scalars(found.order_by(Holder.user_id).limit(MOST)).all()
    badges = standing_badges(session, [holder.user_id for holder in holders])
    return [_found(holder, badges.get(holder.user_id, ())) for holder in holders]


def _found(holder: Holder, badges: Sequence[Badge]) -> Found:
    shown = sorted(badges, key=lambda badge: badge.kind != BadgeKind.LIVE)
    return {
        "id": holder.user_id,
        "label": label_of(holder),
        "name": holder.user.name,
        "company": names(holder.company),
        "portrait": portrait_prefix(holder).hex() if holder.portrait else None,
        "state": _state(holder, badges),
        "badge": shown[0].badge_id if shown else None,
    }


def _state(holder: Holder, badges: Sequence[Badge]) -> str:
    """How the rider stands; active only with a badge that counts."""
    if holder.standing != Standing.ACTIVE:
        return holder.standing
    return "active" if any(one.standing == Standing.ACTIVE for one in badges) else "none"
