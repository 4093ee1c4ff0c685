"""Reading reports. Who may see one is part of the query."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Category, Report, ReportEvent, State
from app.errors import NotFound
from app.lib.database import MAX_ROW_ID

PAGE = 30


@dataclass(frozen=True)
class Page:
    """Some reports, newest first, and where the next page begins (an id) if there is one."""

    reports: Sequence[Report]
    before: int | None


def visible_to(actor: User) -> Select[Report]:
    """The reports that this person may see: the centre all, anybody else their own."""
    if actor.has_role(*INTAKE):
        return select(Report).where(true())
    return select(Report).where(Report.reporter_id == actor.id)


def one(session: Session, actor: User, report_id: int) -> Report:
    """A report with photos and events. Raises NotFound if there is none, or not for the actor."""
    report = session.scalar(
        visible_to(actor)
        .where(Report.id == report_id)
        .options(
            selectinload(Report.photos),
            selectinload(Report.events).selectinload(ReportEvent.actor),
            selectinload(Report.reporter),
        )
    )
    if report is None:
        raise NotFound
    return report


def mine(session: Session, actor: User, *, before: int | None = None, limit: int = PAGE) -> Page:
    """What the actor filed, newest first."""
    own = select(Report).where(Report.reporter_id == actor.id)
    return _page(session, own, before, limit)


def intake(
    session: Session, actor: User, *, state: State | None, before: int | None = None
) -> Page:
    """The centre's list, newest first, of one state or of all."""
    found = visible_to(actor).options(selectinload(Report.reporter))
    if state is not None:
        found = found.where(Report.state == state)
    return _page(session, found, before, PAGE)


def next_in_intake(session: Session, actor: User, *, state: State, after: int) -> int | None:
    """The id of the report that stands below this one in the centre's list of a state."""
    below = visible_to(actor).where(Report.state == state, Report.id < after)
    return session.scalar(below.with_only_columns(Report.id).order_by(Report.id.desc()).limit(1))


def _page(session: Session, found: Select[Report], before: int | None, limit: int) -> Page:
    if before is not None:
        found = found.where(Report.id < min(max(before, 0), MAX_ROW_ID))
    rows = session.scalars(
        found.options(selectinload(Report.photos)).order_by(Report.id.desc()).limit(limit + 1)
    ).all()
    more = len(rows) > limit
    return Page(rows[:limit], rows[limit - 1].id if more else None)


def counts(session: Session, actor: User) -> dict[State, int]:
    """How many reports stand in each state, of those the actor may see."""
    seen = visible_to(actor).subquery()
    rows = session.execute(select(seen.c.state, func.count()).group_by(seen.c.state))
    found = {State(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in State}


def categories(session: Session) -> Sequence[Category]:
    """All categories, in the order of their codes."""
    return session.scalars(select(Category).order_by(Category.code)).all()


def category_codes(session: Session) -> frozenset[str]:
    """The codes of all categories."""
    return frozenset(session.scalars(select(Category.code)))
