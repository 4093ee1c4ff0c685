"""Issuing badges: enrolling a phone, renewing, printing; and a rider's standing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import queries, signatures
from app.blueprints.badges.codec import ID_BYTES
from app.blueprints.badges.holders import companies_ridden_for, holder_of
from app.blueprints.badges.issuing import Printed, may_be_shown, printed_text
from app.blueprints.badges.models import Badge, BadgeKind, Holder, Standing
from app.blueprints.badges.records import begin, record
from app.blueprints.badges.telling import tell
from app.blueprints.badges.terms import Terms
from app.blueprints.organisations.models import Role
from app.errors import Conflict, Forbidden, Invalid
from app.lib.text import clean

ENROL_PREFIX = b"SK1-enrol\0"
ENROL_WITHIN_S = 86_400
"""How far the time that a phone signed may be off: it may not know the right time yet."""
RENEWED_EVERY = timedelta(hours=1)
MAX_REASON = 500


class BadgeElsewhere(Conflict):
    """Another phone holds the rider's badge, and nobody said to replace it."""

    code = "badge_elsewhere"
    message = _l("Your badge is on another phone.")


@dataclass(frozen=True)
class Enrolment:
    """What a phone sends to become the one that shows the badge: its key (a compressed point), a
    time in seconds since 1970, and its signature over both."""

    device_key: bytes
    time_s: int
    signature: bytes

    def message(self) -> bytes:
        """What the phone signs."""
        return ENROL_PREFIX + self.device_key + self.time_s.to_bytes(4, "big")


def enrol(
    session: Session, actor: User, asked: Enrolment, *, replace: bool, terms: Terms, now: datetime
) -> Badge:
    """Make the actor's phone the one that shows the badge; the one before is revoked.

    The same key again gives the same badge. Raises Invalid for a key or signature that does not
    fit, or a rider who is suspended or revoked; BadgeElsewhere unless told to replace; Forbidden
    for who is no rider.
    """
    _check(asked, now)
    begin(session)
    holder = holder_of(session, actor, now=now)
    if holder.standing != Standing.ACTIVE:
        raise Invalid({"holder": [_("You have no badge at present. Ask your company.")]})
    before = queries.standing_badge(session, actor.id, BadgeKind.LIVE)
    if before and before.device_key == asked.device_key:
        return before
    if before and not replace:
        raise BadgeElsewhere
    badge = _issue(session, actor, holder, BadgeKind.LIVE, before, terms.live, now)
    badge.device_key, badge.device_id = asked.device_key, actor.device_id
    record(session, actor, "enrolled", user_id=actor.id, badge_id=badge.id, now=now)
    session.flush()
    return badge


def _check(asked: Enrolment, now: datetime) -> None:
    if not signatures.is_point(asked.device_key):
        raise Invalid({"device_key": [_("That is no key.")]})
    if abs(asked.time_s - now.timestamp()) > ENROL_WITHIN_S:
        raise Invalid({"time": [_("The clock of this phone is wrong by more than a day.")]})
    if not signatures.verify(asked.device_key, asked.signature, asked.message()):
        raise Invalid({"signature": [_("The key's signature does not fit.")]})


def _issue(
    session: Session,
    actor: User,
    holder: Holder,
    kind: BadgeKind,
    before: Badge | None,
    life: timedelta,
    now: datetime,
) -> Badge:
    """A new badge in the place of the one before, if there was one."""
    if before:
        before.standing, before.ended_at = Standing.REVOKED, now
        session.flush()  # there is one at most that is not revoked: the index sees to it
    badge = Badge(
        user_id=holder.user_id,
        badge_id=secrets.token_hex(ID_BYTES),
        kind=kind,
        standing=Standing.ACTIVE,
        created_at=now,
        renewed_at=now,
        expires_at=now + life,
    )
    session.add(badge)
    session.flush()
    if before:
        before.replaced_by_id = badge.id
        record(session, actor, "replaced", user_id=holder.user_id, badge_id=before.id, now=now)
    return badge


def renewal_due(session: Session, actor: User, *, shown: str | None, now: datetime) -> bool:
    """Whether `renew` would write anything. Asked first, because nearly always it would not."""
    holder = session.get(Holder, actor.id)
    if holder is None or holder.company_id not in companies_ridden_for(actor):
        return True
    badge = queries.standing_badge(session, actor.id, BadgeKind.LIVE)
    return badge is not None and _is_due(holder, badge, shown, now)


def renew(session: Session, actor: User, *, shown: str | None, terms: Terms, now: datetime) -> None:
    """Let the actor's badge live on from now if the phone that asks is the one that shows it
    (`shown` is its badge id, hex); at most once an hour. Raises Forbidden for who is no rider."""
    holder = holder_of(session, actor, now=now)
    badge = queries.standing_badge(session, actor.id, BadgeKind.LIVE)
    if badge and _is_due(holder, badge, shown, now):
        badge.renewed_at, badge.expires_at = now, now + terms.live
    session.flush()


def _is_due(holder: Holder, badge: Badge, shown: str | None, now: datetime) -> bool:
    return (
        badge.badge_id == shown
        and may_be_shown(holder, badge)
        and now - badge.renewed_at >= RENEWED_EVERY
    )


def issue_printed(
    session: Session, actor: User, holder: Holder, *, terms: Terms, now: datetime
) -> Printed:
    """A badge on paper for a rider; the one printed before is revoked.

    Raises Forbidden for who may not act on the rider, Conflict unless the rider is in good
    standing and has a portrait that was approved.
    """
    refuse_strangers(actor, holder)
    begin(session)
    session.refresh(holder)
    if holder.standing != Standing.ACTIVE:
        raise Conflict(_("Only a rider in good standing gets a printed badge."))
    if holder.portrait is None:
        raise Conflict(_("A printed badge needs an approved portrait."))
    before = queries.standing_badge(session, holder.user_id, BadgeKind.PRINTED)
    badge = _issue(session, actor, holder, BadgeKind.PRINTED, before, terms.printed, now)
    record(session, actor, "printed", user_id=holder.user_id, badge_id=badge.id, now=now)
    session.flush()
    return Printed(badge, printed_text(holder, badge, terms=terms, now=now))


def suspend(session: Session, actor: User, holder: Holder, *, reason: str, now: datetime) -> None:
    """Suspend a rider with all badges, until resumed. Raises Forbidden, Invalid, Conflict."""
    _set_standing(session, actor, holder, SUSPEND, reason, now)


def resume(session: Session, actor: User, holder: Holder, *, reason: str, now: datetime) -> None:
    """Take a rider back. What was suspended counts again; what was revoked stays so: such a rider
    enrols a phone anew. Raises Forbidden, Invalid, Conflict."""
    _set_standing(session, actor, holder, RESUME, reason, now)


def revoke(session: Session, actor: User, holder: Holder, *, reason: str, now: datetime) -> None:
    """End a rider's badges for good. Raises Forbidden, Invalid, Conflict."""
    _set_standing(session, actor, holder, REVOKE, reason, now)


@dataclass(frozen=True)
class Step:
    """A step of a rider's standing, and what it does to badges: those in `badges_from` become
    what the rider becomes."""

    name: str
    sources: tuple[Standing, ...]
    target: Standing
    badges_from: tuple[Standing, ...]


SUSPEND = Step("suspended", (Standing.ACTIVE,), Standing.SUSPENDED, (Standing.ACTIVE,))
RESUME = Step(
    "resumed", (Standing.SUSPENDED, Standing.REVOKED), Standing.ACTIVE, (Standing.SUSPENDED,)
)
REVOKE = Step(
    "revoked",
    (Standing.ACTIVE, Standing.SUSPENDED),
    Standing.REVOKED,
    (Standing.ACTIVE, Standing.SUSPENDED),
)


def _set_standing(
    session: Session, actor: User, holder: Holder, step: Step, reason: str, now: datetime
) -> None:
    refuse_strangers(actor, holder)
    reason = checked_reason(reason)
    begin(session)
    moved = session.execute(
        update(Holder)
        .where(Holder.user_id == holder.user_id, Holder.standing.in_(step.sources))
        .values(standing=step.target, reason=None if step is RESUME else reason)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict
    values: dict[str, object] = {"standing": step.target}
    if step is REVOKE:
        values["ended_at"] = now
    session.execute(
        update(Badge)
        .where(Badge.user_id == holder.user_id, Badge.standing.in_(step.badges_from))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    record(session, actor, step.name, user_id=holder.user_id, reason=reason, now=now)
    tell(session, holder.user_id, step.name, reason=reason, now=now)
    session.flush()
    session.expire_all()


def change_scope(
    session: Session, actor: User, holder: Holder, *, scope: int, now: datetime
) -> None:
    """Say where a rider's badge opens: 0 for the whole district, else the number of a compound
    group. It is in the credential from the next contact on. Raises Forbidden, Invalid."""
    refuse_strangers(actor, holder)
    if not 0 <= scope < 2**16:
        raise Invalid({"scope": [_("There is no such group.")]})
    begin(session)
    holder.scope = scope
    record(session, actor, "scope_changed", user_id=holder.user_id, reason=str(scope), now=now)
    session.flush()


def refuse_strangers(actor: User, holder: Holder) -> None:
    """Managers act on riders of their own company, administrators on all; a gate sees, no more."""
    managed: Sequence[int] = queries.companies_of(actor)
    if not actor.has_role(Role.ADMINISTRATOR) and holder.company_id not in managed:
        raise Forbidden


def checked_reason(reason: str) -> str:
    """A reason as people mean it. Raises Invalid when it is empty or too long."""
    reason = clean(reason)
    if not reason:
        raise Invalid({"reason": [_("Say why, so that the rider understands.")]})
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": [_("At most 500 characters.")]})
    return reason
