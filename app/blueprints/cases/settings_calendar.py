"""Which days are worked: the arrangement of the year, and what the district says of single days."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.cases.models import CalendarDay
from app.blueprints.organisations.models import Role
from app.errors import Forbidden, NotFound
from app.lib.fields import FIRST_YEAR, LAST_YEAR
from app.lib.working_time import WorkingCalendar, arrangement_known


@dataclass(frozen=True)
class Day:
    """A day of the year's page. `exception`: the district says so; `moved`: the arrangement makes
    it other than the days of the week would."""

    day: date
    works: bool
    moved: bool
    exception: CalendarDay | None


@dataclass(frozen=True)
class Year:
    """A year: twelve months, each of weeks of seven days, None where another month is; the
    exceptions by day; how many days are worked; whether its arrangement is known."""

    year: int
    months: Sequence[Sequence[Sequence[Day | None]]]
    exceptions: Sequence[CalendarDay]
    working_days: int
    known: bool


def year_of(session: Session, year: int) -> Year:
    """The days of a year. Raises NotFound outside 2020 to 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    exceptions = session.scalars(
        select(CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    ).all()
    by_day = {one.day: one for one in exceptions}
    working = WorkingCalendar({one.day: one.works for one in exceptions})
    months = [_month(year, month, working, by_day) for month in range(1, 13)]
    count = sum(
        1 for month in months for week in month for one in week if one is not None and one.works
    )
    return Year(year, months, exceptions, count, arrangement_known(year))


def _month(
    year: int, month: int, working: WorkingCalendar, by_day: dict[date, CalendarDay]
) -> list[list[Day | None]]:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return [
        [_day(one, working, by_day.get(one)) if one.month == month else None for one in week]
        for week in weeks
    ]


def _day(day: date, working: WorkingCalendar, exception: CalendarDay | None) -> Day:
    works = working.works(day)
    moved = exception is None and works != (day.weekday() < 5)
    return Day(day, works, moved, exception)


def set_day(
    session: Session, actor: User, day: date, *, works: bool, reason: str, now: datetime
) -> CalendarDay:
    """Say of a day whether it is worked, in place of what was said before. Deadlines that stand
    keep their moment. Raises Forbidden for anybody but an administrator."""
    _administrators_only(actor)
    said = session.merge(CalendarDay(day=day, works=works, reason=reason))
    session.flush()
    _note(session, actor, day, f"{'+' if works else '−'} {reason}", now)
    return said


def forget_day(session: Session, actor: User, day: date, *, now: datetime) -> None:
    """What the arrangement says of a day counts again. Raises Forbidden and NotFound."""
    _administrators_only(actor)
    said = session.get(CalendarDay, day)
    if said is None:
        raise NotFound
    session.delete(said)
    session.flush()
    _note(session, actor, day, f"× {said.reason}", now)


def _administrators_only(actor: User) -> None:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden


def _note(session: Session, actor: User, day: date, said: str, now: datetime) -> None:
    note_look(
        session, actor, subject=f"calendar:{day.isoformat()}", what="calendar", reason=said,
        now=now,
    )  # fmt: skip
