"""To which department a case goes, and why.

Of the rules that fit, the most specific wins. They are compared by, in this order: the category
(one category, then a group, then any), the area (the smaller, then any), the hours (some, then
any), and at last the newer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.cases.absences import Substitution, substitute
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.models import RoutingRule
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import Category, Report, ReportEvent
from app.lib.clock import to_local

Specificity = tuple[int, int, int, int]
_WITH_NAMES = select(RoutingRule).options(
    joinedload(RoutingRule.category),
    joinedload(RoutingRule.area),
    joinedload(RoutingRule.department),
)


@dataclass(frozen=True)
class Proposal:
    """A department for a case. `rule` is None when it only follows from the category's kind of
    department; `substituted_for` is who should have it, while they are away."""

    department: Organisation
    rule: RoutingRule | None
    category: Category
    substitution: Substitution | None = None

    @property
    def automatic(self) -> bool:
        """Whether filing dispatches at once."""
        away = self.substitution is not None and self.substitution.nobody
        return self.rule is not None and self.rule.automatic and not away

    @property
    def substituted_for(self) -> Organisation | None:
        """Who would have it if they were not away."""
        if self.substitution is None or self.substitution.nobody:
            return None
        return self.substitution.away

    @property
    def why(self) -> str:
        """The reason in words, in the person's language."""
        if self.rule is None:
            first = _kind_words(self.category)
        else:
            said = conditions(self.rule, self.category.group(_locale()))
            first = _("Rule: %(conditions)s", conditions=" · ".join(said))
        return first if self.substitution is None else f"{first} · {self.substitution.words}"

    def kept(self) -> dict[str, int]:
        """What an event of dispatching keeps of the proposal."""
        kept = {} if self.rule is None else {"rule": self.rule.id}
        away = self.substituted_for
        return kept if away is None else kept | {"substituted_for": away.id}


def propose(
    session: Session, category_code: str, grid: Organisation | None, now: datetime
) -> Proposal | None:
    """The department for a case of a category in a grid at a moment; None when nothing says."""
    category = session.get(Category, category_code)
    if category is None:
        return None
    rule = winner(fitting(session, category_code, grid, now))
    meant = rule.department if rule else _by_kind(session, category)
    if meant is None:
        return None
    substitution = substitute(session, meant, now)
    if substitution is None or substitution.nobody:
        return Proposal(meant, rule, category, substitution)
    return Proposal(substitution.by, rule, category, substitution)


def fitting(
    session: Session, category_code: str, grid: Organisation | None, now: datetime
) -> list[RoutingRule]:
    """The rules in force that fit a category, a grid and the hour of a moment."""
    above = [int(part) for part in grid.path.strip("/").split("/")] if grid else []
    group = category_code[:2]
    found = _WITH_NAMES.where(
        RoutingRule.ended_at.is_(None),
        or_(RoutingRule.category_code.is_(None), RoutingRule.category_code == category_code),
        or_(RoutingRule.group.is_(None), RoutingRule.group == group),
        or_(RoutingRule.area_id.is_(None), RoutingRule.area_id.in_(above)),
    )
    hour = to_local(now).hour
    return [rule for rule in session.scalars(found) if covers(rule, hour)]


def covers(rule: RoutingRule, hour: int) -> bool:
    """Whether an hour of the local day is among a rule's: 22, 6 runs past midnight."""
    first, last = rule.hour_from, rule.hour_to
    if first is None or last is None:
        return True
    return first <= hour < last if first < last else hour >= first or hour < last


def winner(rules: Iterable[RoutingRule]) -> RoutingRule | None:
    """The most specific of some rules."""
    return max(rules, key=specificity, default=None)


def specificity(rule: RoutingRule) -> Specificity:
    """How narrowly a rule says what it is for; of two rules the greater wins."""
    category = 2 if rule.category_code else 1 if rule.group else 0
    depth = rule.area.path.count("/") if rule.area else 0
    return category, depth, int(rule.hour_from is not None), rule.id


def _by_kind(session: Session, category: Category) -> Organisation | None:
    """The department of the name that the category gives, if there is one."""
    named = select(Organisation).where(
        Organisation.kind == Kind.DEPARTMENT, Organisation.name_zh == category.department
    )
    return session.scalar(named.order_by(Organisation.id).limit(1))


def _kind_words(category: Category) -> str:
    name = category.name(_locale())
    return str(_("No rule: the usual department of “%(category)s”", category=name))


def conditions(rule: RoutingRule, group: str) -> list[str]:
    """What a rule is for, each in words: which category, where, when. `group` is the name of the
    rule's group, if it has one."""
    said = [_what(rule, group)]
    if rule.area is not None:
        said.append(rule.area.name(_locale()))
    if rule.hour_from is not None:
        said.append(f"{rule.hour_from:02}:00–{rule.hour_to or 0:02}:00")
    return said


def _what(rule: RoutingRule, group: str) -> str:
    if rule.category is not None:
        return f"{rule.category.code} {rule.category.name(_locale())}"
    return group if rule.group else str(_("any category"))


def _locale() -> str:
    return str(get_locale() or "zh_Hans")


def accept_and_route(
    session: Session, actor: User, case: Report, details: Details, now: datetime
) -> list[ReportEvent]:
    """File a case and, when a rule sends it by itself, dispatch it too; answers the events.

    Raises what `take_step` does.
    """
    events = [take_step(session, actor, case, "accept", details, now=now)]
    proposal = propose(session, case.category_code, case.grid, now)
    if proposal is not None and proposal.automatic:
        sent = Details(
            department_id=proposal.department.id, data={"automatic": True} | proposal.kept()
        )
        events.append(take_step(session, actor, case, "dispatch", sent, now=now))
    return events
