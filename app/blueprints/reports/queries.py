"""Reading reports. Who may see one is part of the query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.reports.models import Category, Report, State
from app.lib.database import MAX_ROW_ID

PAGE = 30
RATED_FOR = timedelta(days=7)
"""So long after closing the reporter is asked whether it is solved, and can reopen it."""


@dataclass(frozen=True)
class Page:
    """Some reports, newest first, and where the next page begins (an id) if there is one."""

    reports: Sequence[Report]
    before: int | None


def mine(
    session: Session,
    actor: User,
    *,
    states: Collection[State] = tuple(State),
    past: Collection[int] = (),
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """What the actor filed and is in one of these states, newest first, but not those with the
    ids in `past`."""
    own = _own(actor).where(Report.state.in_(states), Report.id.not_in(past))
    if before is not None:
        own = own.where(Report.id < min(max(before, 0), MAX_ROW_ID))
    rows = session.scalars(
        own.options(selectinload(Report.photos)).order_by(Report.id.desc()).limit(limit + 1)
    ).all()
    more = len(rows) > limit
    return Page(rows[:limit], rows[limit - 1].id if more else None)


def needing(session: Session, actor: User, *, now: datetime) -> Sequence[Report]:
    """The actor's reports that wait for the actor, at most 30: questions first, then what was
    closed within the last days and has not been rated."""
    unrated = and_(
        Report.state == State.CLOSED, Report.satisfied.is_(None), Report.closed_at > now - RATED_FOR
    )
    found = (
        _own(actor)
        .where(or_(Report.state == State.WAITING, unrated))
        .options(selectinload(Report.photos))
        .order_by(Report.state != State.WAITING, Report.id.desc())
    )
    return session.scalars(found.limit(PAGE)).all()


def _own(actor: User) -> Select[Report]:
    return select(Report).where(Report.reporter_id == actor.id)


def categories(session: Session) -> Sequence[Category]:
    """All categories, in the order of their codes."""
    return session.scalars(select(Category).order_by(Category.code)).all()


def category_codes(session: Session) -> frozenset[str]:
    """The codes of all categories."""
    return frozenset(session.scalars(select(Category.code)))
