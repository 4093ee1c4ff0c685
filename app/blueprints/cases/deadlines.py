"""When a case must be handled, and how much of that time is left."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import CalendarDay
from app.blueprints.reports.models import Category, Report
from app.lib.working_time import SECONDS, Unit, WorkingCalendar

WARN_AT_SHARE = 0.25
"""The warning comes when this share of the limit is left."""


def working_calendar(session: Session) -> WorkingCalendar:
    """The calendar, with what the district says of single days."""
    days = session.execute(select(CalendarDay.day, CalendarDay.works))
    return WorkingCalendar({row.day: row.works for row in days})


def limit_s(category: Category) -> int:
    """A category's limit in seconds of its unit's time."""
    return category.limit * SECONDS[Unit(category.limit_unit)]


@dataclass(frozen=True)
class Running:
    """A clock that runs: when it ends, and when to warn."""

    due_at: datetime
    warn_at: datetime


def start(
    calendar: WorkingCalendar, category: Category, *, left: int, whole: int, now: datetime
) -> Running:
    """Let a clock run with `left` of `whole` seconds from now on."""
    unit = Unit(category.limit_unit)
    before_warning = max(0, left - int(whole * WARN_AT_SHARE))
    return Running(calendar.add(now, left, unit), calendar.add(now, before_warning, unit))


def run_until(
    calendar: WorkingCalendar, category: Category, due_at: datetime, *, whole: int, now: datetime
) -> Running:
    """Let a clock of `whole` seconds run from now until a moment."""
    left = calendar.between(now, due_at, Unit(category.limit_unit))
    return Running(due_at, start(calendar, category, left=left, whole=whole, now=now).warn_at)


def left_s(calendar: WorkingCalendar, case: Report, now: datetime) -> int | None:
    """Seconds of the limit that are left, 0 when it is over; None when there is no clock."""
    if case.due_at is None:
        return case.left_s
    return calendar.between(now, case.due_at, Unit(case.category.limit_unit))


def overdue(case: Report, now: datetime) -> bool:
    """Whether the clock of a case has run out."""
    return case.due_at is not None and case.due_at <= now
