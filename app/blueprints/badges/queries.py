"""Reading riders, portraits and badges. Who may see a rider is part of the query."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import (
    Badge,
    BadgeEvent,
    BadgeKind,
    Holder,
    Portrait,
    PortraitState,
    Standing,
)
from app.blueprints.organisations.models import Role
from app.errors import NotFound
from app.lib import phone
from app.lib.database import MAX_ROW_ID
from app.lib.text import clean

PAGE = 30
MAX_TEXT = 60
LAST_DIGITS = 4
MOST_EVENTS, MOST_BADGES = 50, 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LAST = "\U0010ffff"


class Which(StrEnum):
    """What the register can be narrowed to."""

    ALL = "all"
    WAITING = "waiting"
    """A portrait waits for a decision."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    NO_BADGE = "no_badge"
    """Nothing shows the rider at a gate: no phone enrolled, nothing printed."""


@dataclass(frozen=True)
class RiderPage:
    """Some riders, and after which id the next page begins if there is one."""

    riders: Sequence[Holder]
    after: int | None


def visible_riders(actor: User) -> Select[Holder]:
    """The riders that this person may see: administrators all, the manager of a company
    those of the company, anybody else none. A gate's phone has a search of its own."""
    if actor.has_role(Role.ADMINISTRATOR):
        return select(Holder).where(true())
    companies = companies_of(actor)
    return select(Holder).where(Holder.company_id.in_(companies) if companies else false())


def companies_of(actor: User) -> list[int]:
    """The companies whose manager the actor is."""
    return [one.organisation_id for one in actor.memberships if one.role == Role.COMPANY_MANAGER]


def rider(session: Session, actor: User, user_id: int) -> Holder:
    """One rider. Raises NotFound if there is none, or not for the actor."""
    found = session.scalar(visible_riders(actor).where(Holder.user_id == user_id))
    if found is None:
        raise NotFound
    return found


def riders(
    session: Session,
    actor: User,
    *,
    text: str = "",
    state: Which = Which.ALL,
    after: int | None = None,
) -> RiderPage:
    """The register, 30 riders at a time in the order of their ids. `text` is the beginning of a
    name or a whole number; for the manager of a company any part of a name, or the end of a number
    from four digits on."""
    found = visible_riders(actor).where(*_narrowed(state), *_matching(session, actor, text))
    if after is not None:
        found = found.where(Holder.user_id > min(max(after, 0), MAX_ROW_ID))
    rows = session.scalars(found.order_by(Holder.user_id).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    return RiderPage(rows[:PAGE], rows[PAGE - 1].user_id if more else None)


def _narrowed(state: Which) -> list[ColumnElement[bool]]:
    if state == Which.ALL:
        return []
    if state == Which.WAITING:
        waiting = select(Portrait.user_id).where(Portrait.state == PortraitState.PENDING)
        return [Holder.user_id.in_(waiting)]
    if state == Which.NO_BADGE:
        having = select(Badge).where(
            Badge.user_id == Holder.user_id, Badge.standing != Standing.REVOKED
        )
        return [Holder.standing != Standing.REVOKED, ~having.exists()]
    return [Holder.standing == Standing(state.value)]


def _matching(session: Session, actor: User, text: str) -> list[ColumnElement[bool]]:
    """A fragment is looked for only among the riders of the actor's own companies, because each
    of them must be read; among all riders, what an index finds."""
    wanted = clean(text[:MAX_TEXT])
    if not wanted:
        return []
    if actor.has_role(Role.ADMINISTRATOR):
        either = [starts_with(session, wanted), User.phone == phone.normalise(wanted)]
        return [Holder.user_id.in_(select(User.id).where(or_(*either)))]
    parts = [User.name.icontains(wanted, autoescape=True)]
    digits = "".join(wanted.removeprefix("+").split())
    if len(digits) >= LAST_DIGITS and digits.isdecimal():
        parts.append(User.phone.endswith(digits, autoescape=True))
    return [select(User).where(User.id == Holder.user_id, or_(*parts)).exists()]


def starts_with(session: Session, prefix: str) -> ColumnElement[bool]:
    """Whether a name begins so, in the way that the database's index on names finds."""
    if session.get_bind().dialect.name == "postgresql":
        return User.name.startswith(prefix, autoescape=True)
    return User.name.between(prefix, prefix + _LAST)


def portrait(session: Session, actor: User, portrait_id: int) -> Portrait:
    """A portrait of a rider whom the actor may see. Raises NotFound."""
    seen = visible_riders(actor).with_only_columns(Holder.user_id)
    found = session.scalar(
        select(Portrait).where(Portrait.id == portrait_id, Portrait.user_id.in_(seen))
    )
    if found is None:
        raise NotFound
    return found


def own_portrait(session: Session, actor: User, sha256: str) -> Portrait:
    """A portrait of the actor's own. Raises NotFound."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound
    found = session.scalar(
        select(Portrait)
        .where(Portrait.user_id == actor.id, Portrait.sha256 == sha256)
        .order_by(Portrait.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def newest_portrait(session: Session, user_id: int) -> Portrait | None:
    """What a rider sent last, decided or not."""
    return newest_portraits(session, [user_id]).get(user_id)


def newest_portraits(session: Session, user_ids: Iterable[int]) -> dict[int, Portrait]:
    """What each of these riders sent last, by rider."""
    newest = (
        select(func.max(Portrait.id))
        .where(Portrait.user_id.in_(list(user_ids)))
        .group_by(Portrait.user_id)
    )
    found = session.scalars(select(Portrait).where(Portrait.id.in_(newest)))
    return {one.user_id: one for one in found}


def waiting_count(session: Session, actor: User) -> int:
    """How many riders whom the actor may see wait for a decision on their portrait."""
    seen = visible_riders(actor).where(*_narrowed(Which.WAITING))
    return session.scalar(select(func.count()).select_from(seen.subquery())) or 0


def next_waiting(session: Session, actor: User, *, after: int) -> int | None:
    """The rider below this one in the list of those whose portrait waits; past its end the first
    of them. None when no portrait waits."""
    waiting = visible_riders(actor).where(*_narrowed(Which.WAITING), Holder.user_id != after)
    below_first = (Holder.user_id < after, Holder.user_id)
    return session.scalar(waiting.with_only_columns(Holder.user_id).order_by(*below_first).limit(1))


def standing_badge(session: Session, user_id: int, kind: BadgeKind) -> Badge | None:
    """The rider's badge of a kind that is not revoked: there is one at most."""
    return session.scalar(
        select(Badge).where(
            Badge.user_id == user_id, Badge.kind == kind, Badge.standing != Standing.REVOKED
        )
    )


def standing_badges(session: Session, user_ids: Iterable[int]) -> dict[int, list[Badge]]:
    """The badges of these riders that are not revoked, by rider."""
    found = session.scalars(
        select(Badge)
        .where(Badge.user_id.in_(list(user_ids)), Badge.standing != Standing.REVOKED)
        .options(selectinload(Badge.device))
        .order_by(Badge.id)
    )
    by_rider: dict[int, list[Badge]] = {}
    for badge in found:
        by_rider.setdefault(badge.user_id, []).append(badge)
    return by_rider


def badges_of(session: Session, holder: Holder) -> Sequence[Badge]:
    """A rider's badges, newest first."""
    return session.scalars(
        select(Badge)
        .where(Badge.user_id == holder.user_id)
        .options(selectinload(Badge.device))
        .order_by(Badge.id.desc())
        .limit(MOST_BADGES)
    ).all()


def events_of(session: Session, holder: Holder) -> Sequence[BadgeEvent]:
    """What was done to a rider's standing and badges, newest first."""
    return session.scalars(
        select(BadgeEvent)
        .where(BadgeEvent.user_id == holder.user_id)
        .options(selectinload(BadgeEvent.actor))
        .order_by(BadgeEvent.id.desc())
        .limit(MOST_EVENTS)
    ).all()


def by_badge_id(session: Session, user_id: int, badge_id: str) -> Badge | None:
    """One of a rider's badges, by what guards see of it (hex)."""
    return session.scalar(select(Badge).where(Badge.user_id == user_id, Badge.badge_id == badge_id))
