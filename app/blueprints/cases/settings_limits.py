"""What an administrator says of a category: its limit, its conditions, its points."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import MAX_REASON, note_look
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Category, Report
from app.errors import Forbidden, Invalid, NotFound
from app.lib.working_time import Unit


@dataclass(frozen=True)
class CategorySettings:
    """The columns of Category that are set by hand; `limit` counts in `limit_unit`."""

    limit: int
    limit_unit: Unit
    filing_condition: str
    closing_condition: str
    points: int

    @classmethod
    def of(cls, category: Category) -> "CategorySettings":
        """What is set."""
        return cls(
            limit=category.limit,
            limit_unit=Unit(category.limit_unit),
            filing_condition=category.filing_condition,
            closing_condition=category.closing_condition,
            points=category.points,
        )


def set_category(
    session: Session, actor: User, code: str, to: CategorySettings, *, now: datetime
) -> Category:
    """Set what a category asks for. Clocks that run already keep the time they were given; so the
    unit cannot change while there are any: what is left of theirs is counted in it.

    Raises Forbidden for anybody but an administrator, NotFound, and Invalid at `limit_unit`.
    """
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden
    category = session.get(Category, code, with_for_update=True)
    if category is None:
        raise NotFound
    was, becomes = asdict(CategorySettings.of(category)), asdict(to)
    changed = {name: value for name, value in becomes.items() if value != was[name]}
    if not changed:
        return category
    if "limit_unit" in changed and _has_clocks(session, code):
        said = _(
            "Cases of this category have clocks that run in this unit. Change it when none has."
        )
        raise Invalid({"limit_unit": [said]})
    for name, value in changed.items():
        setattr(category, name, value)
    category.changed_at = now
    session.flush()
    note_look(
        session, actor, subject=f"category:{code}", what="category",
        reason=_difference(was, changed), now=now,
    )  # fmt: skip
    return category


def _has_clocks(session: Session, code: str) -> bool:
    """Whether a case of a category has a clock, running or stopped."""
    found = select(Report.id).where(Report.category_code == code, Report.limit_s.is_not(None))
    return session.scalar(found.limit(1)) is not None


def _difference(was: dict[str, Any], changed: dict[str, Any]) -> str:
    """What changed and from what to what, each cut so that all of them are named."""
    most = MAX_REASON // (2 * len(changed)) - 20
    return "; ".join(
        f"{name}: {str(was[name])[:most]} → {str(value)[:most]}" for name, value in changed.items()
    )
