"""Entering and ending rules, and giving budgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.points.models import Occasion, Rule
from app.errors import Conflict, Forbidden, Invalid, NotFound

PAYING = (Kind.COMPANY, Kind.STREET, Kind.COMMUNITY, Kind.DEPARTMENT)
"""Organisations that can have a budget."""
SHOWN = 200


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is entered; `Terms` of rules.py."""

    occasion: Occasion
    name_zh: str
    name_en: str
    since: datetime
    amount: int | None = None
    percent: int = 100
    role_percents: Mapping[str, int] = field(default_factory=dict)
    first_bonus: int = 0
    daily_times: int | None = None
    daily_points: int | None = None
    place_daily_times: int | None = None
    payer_id: int | None = None


def make_rule(session: Session, actor: User, draft: RuleDraft, *, now: datetime) -> Rule:
    """Enter a rule; the one in force ends where it begins. Raises Forbidden for anybody but an
    administrator, Invalid at `since` for the past, where points are paid already, and `payer`."""
    _administrators_only(actor)
    if draft.since < now:
        raise Invalid({"since": [_("A rule begins from now on: the past has been paid.")]})
    _check_payer(session, draft.payer_id)
    for before in session.scalars(_in_force(draft.occasion, draft.since).with_for_update()):
        before.until, before.ended_by_id = draft.since, actor.id
    rule = Rule(
        occasion=draft.occasion, name_zh=draft.name_zh, name_en=draft.name_en, since=draft.since,
        amount=draft.amount, percent=draft.percent, role_percents=dict(draft.role_percents),
        first_bonus=draft.first_bonus, daily_times=draft.daily_times,
        daily_points=draft.daily_points, place_daily_times=draft.place_daily_times,
        payer_id=draft.payer_id, created_by_id=actor.id, created_at=now,
    )  # fmt: skip
    session.add(rule)
    session.flush()
    return rule


def end_rule(session: Session, actor: User, rule_id: int, *, now: datetime) -> Rule:
    """From now on, or from its beginning if that is still to come, a rule pays nothing. Raises
    Forbidden, NotFound, Conflict when it has ended."""
    _administrators_only(actor)
    rule = session.get(Rule, rule_id, with_for_update=True)
    if rule is None:
        raise NotFound
    if rule.until is not None and rule.until <= now:
        raise Conflict(_("That rule has ended already."))
    rule.until, rule.ended_by_id = max(now, rule.since), actor.id
    session.flush()
    return rule


def rules(session: Session) -> Sequence[Rule]:
    """Rules, by occasion, the newest first."""
    found = select(Rule).options(joinedload(Rule.payer))
    return session.scalars(
        found.order_by(Rule.occasion, Rule.since.desc(), Rule.id.desc()).limit(SHOWN)
    ).all()


def payers(session: Session) -> Sequence[Organisation]:
    """Who can have a budget."""
    found = select(Organisation).where(Organisation.kind.in_(PAYING))
    return session.scalars(found.order_by(Organisation.path)).all()


def _in_force(occasion: Occasion, at: datetime) -> Select[Rule]:
    return select(Rule).where(
        Rule.occasion == occasion, Rule.since <= at, (Rule.until.is_(None)) | (Rule.until > at)
    )


def _check_payer(session: Session, payer_id: int | None) -> None:
    payer = None if payer_id is None else session.get(Organisation, payer_id)
    if payer_id is not None and (payer is None or payer.kind not in PAYING):
        raise Invalid({"payer": [_("There is no such budget.")]})


def _administrators_only(actor: User) -> None:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden
