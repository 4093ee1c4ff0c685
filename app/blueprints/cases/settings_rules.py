"""Entering and ending the rules that route cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.cases.models import RoutingRule
from app.blueprints.cases.routing import conditions, specificity
from app.blueprints.organisations.finding import AREA_KINDS
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.reports.models import Category
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.database import alone

MOST_RULES = 500
ENDED_SHOWN = 20
_WITH_NAMES = select(RoutingRule).options(
    joinedload(RoutingRule.category),
    joinedload(RoutingRule.area),
    joinedload(RoutingRule.department),
)


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is entered; what is None fits anything."""

    group: str | None
    category_code: str | None
    area_id: int | None
    hour_from: int | None
    hour_to: int | None
    department_id: int
    automatic: bool


def make_rule(session: Session, actor: User, draft: RuleDraft, *, now: datetime) -> RoutingRule:
    """Add a rule. Raises Forbidden for anybody but an administrator, and Invalid at `what`, `area`,
    `hour_to` and `department_id`; of two rules for exactly the same only one may stand."""
    _administrators_only(actor)
    alone(session, "routing rules")
    if wrong := _wrong(session, draft):
        raise Invalid(wrong)
    rules = all_rules(session)
    if len(rules) >= MOST_RULES:
        raise Invalid({"what": [_("There are %(most)s rules; end some first.", most=MOST_RULES)]})
    if any(_same(rule, draft) for rule in rules):
        raise Invalid({"what": [_("There is a rule for exactly that already. End it first.")]})
    rule = RoutingRule(
        group=draft.group,
        category_code=draft.category_code,
        area_id=draft.area_id,
        hour_from=draft.hour_from,
        hour_to=draft.hour_to,
        department_id=draft.department_id,
        automatic=draft.automatic,
        created_at=now,
    )
    session.add(rule)
    session.flush()
    _note(session, actor, rule, _("Rule added"), now)
    return rule


def end_rule(session: Session, actor: User, rule_id: int, *, now: datetime) -> RoutingRule:
    """From now on a rule does not count. Raises Forbidden, NotFound, and Conflict when it has
    ended."""
    _administrators_only(actor)
    rule = session.get(RoutingRule, rule_id, with_for_update=True)
    if rule is None:
        raise NotFound
    if rule.ended_at is not None:
        raise Conflict(_("That rule has ended already."))
    rule.ended_at = now
    session.flush()
    _note(session, actor, rule, _("Rule ended"), now)
    return rule


def all_rules(session: Session) -> list[RoutingRule]:
    """The rules in force: those of all categories first, then by group, then by category; among
    them the more specific later."""
    found = session.scalars(_WITH_NAMES.where(RoutingRule.ended_at.is_(None)))

    def place(rule: RoutingRule) -> tuple[str, tuple[int, int, int, int]]:
        return rule.category_code or rule.group or "", specificity(rule)

    return sorted(found, key=place)


def ended_rules(session: Session) -> Sequence[RoutingRule]:
    """The rules that ended last."""
    found = _WITH_NAMES.where(RoutingRule.ended_at.is_not(None)).order_by(
        RoutingRule.ended_at.desc(), RoutingRule.id.desc()
    )
    return session.scalars(found.limit(ENDED_SHOWN)).all()


def _administrators_only(actor: User) -> None:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden


def _wrong(session: Session, draft: RuleDraft) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not _known_category(session, draft):
        wrong["what"] = [_("There is no such category.")]
    department = session.get(Organisation, draft.department_id)
    if department is None or department.kind != Kind.DEPARTMENT:
        wrong["department_id"] = [_("There is no such department.")]
    area = None if draft.area_id is None else session.get(Organisation, draft.area_id)
    if draft.area_id is not None and (area is None or area.kind not in AREA_KINDS):
        wrong["area"] = [_("There is no such area.")]
    if (draft.hour_from is None) != (draft.hour_to is None):
        wrong["hour_to"] = [_("Give both hours, or none.")]
    elif draft.hour_from is not None and draft.hour_from == draft.hour_to:
        wrong["hour_to"] = [_("Give two different hours, or none for the whole day.")]
    return wrong


def _known_category(session: Session, draft: RuleDraft) -> bool:
    if draft.category_code is not None:
        return session.get(Category, draft.category_code) is not None
    if draft.group is None:
        return True
    one = select(Category.code).where(Category.code.startswith(draft.group, autoescape=True))
    return session.scalar(one.limit(1)) is not None


def _same(rule: RoutingRule, draft: RuleDraft) -> bool:
    names = ("group", "category_code", "area_id", "hour_from", "hour_to")
    return all(getattr(rule, name) == getattr(draft, name) for name in names)


def _note(session: Session, actor: User, rule: RoutingRule, said: str, now: datetime) -> None:
    group = rule.group or ""
    words = [said, *conditions(rule, group)]
    note_look(
        session, actor, subject=f"{Kind.DEPARTMENT}:{rule.department_id}", what="routing",
        reason=" · ".join(words), now=now,
    )  # fmt: skip
