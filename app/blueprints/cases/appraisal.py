"""Appraisal 评价: how cases were handled, by department, category, area or month.

The figures bear the names that GB/T 30428 (digital city management), part 4, performance
evaluation, made usual: 立案数, 派遣数, 结案数, 按期处置率, 返工率. What each counts here stands in
`FIGURES` and on the page. One statement counts a whole grouping; percentiles are exact, by the
nearest rank: the smallest time that at least half, or nine tenths, of the closed cases did not
exceed. SQLite and PostgreSQL both number the closed cases of each group by a window function, and
take the row of that rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.cases.sql_time import (
    calendar_rows,
    calendar_table,
    epoch_s,
    local_day,
    local_month,
    worked_by,
)
from app.blueprints.reports.models import Report
from app.lib.clock import LOCAL, to_local

LONGEST_DAYS = 366
Expression = ColumnElement[Any] | InstrumentedAttribute[Any]
GROUPINGS = ("department", "category", "group", "street", "grid", "month")
_COLUMNS: Mapping[str, InstrumentedAttribute[Any]] = {
    "department": Report.department_id, "category": Report.category_code,
    "street": Report.street_id, "grid": Report.grid_id,
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Local days on which cases were reported, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Where it begins."""
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def until(self) -> datetime:
        """Where it has ended."""
        return datetime.combine(self.last + timedelta(days=1), time(), LOCAL)


@dataclass(frozen=True)
class Line:
    """The figures of one group. Times are from filing to closing, in seconds."""

    key: str
    """A row's id, a category's code, the first digits of one, or a month; "" for none."""
    received: int = 0
    filed: int = 0
    dispatched: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    returned: int = 0
    reworked: int = 0
    reopened: int = 0
    satisfied: int = 0
    unsatisfied: int = 0
    median_s: int | None = None
    ninetieth_s: int | None = None
    working_median_s: int | None = None
    working_ninetieth_s: int | None = None

    @property
    def closed_share(self) -> float | None:
        """结案率."""
        return share(self.closed, self.filed)

    @property
    def on_time_share(self) -> float | None:
        """按期处置率."""
        return share(self.on_time, self.on_time + self.late)

    @property
    def rework_share(self) -> float | None:
        """返工率."""
        return share(self.reworked, self.dispatched)

    @property
    def satisfied_share(self) -> float | None:
        """满意率."""
        return share(self.satisfied, self.satisfied + self.unsatisfied)


COUNTS = (
    "received", "filed", "dispatched", "closed", "on_time", "late", "overdue", "returned",
    "reworked", "reopened", "satisfied", "unsatisfied",
)  # fmt: skip


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None of nothing."""
    return part / whole if whole else None


@dataclass(frozen=True)
class Asked:
    """What is appraised: cases of a period, and of some departments or, with None, of all."""

    period: Period
    by: str
    departments: Sequence[int] | None
    now: datetime


def appraise(session: Session, asked: Asked) -> list[Line]:
    """A line for each group that has cases, and at the end one of them all; two statements, and
    one for the calendar."""
    calendar = working_calendar(session)
    last = max(asked.period.last, to_local(asked.now).date()) + timedelta(days=1)
    days = calendar_rows(calendar, asked.period.first, last)
    lines = session.execute(_figures(asked, _key(asked.by), days)).all()
    total = session.execute(_figures(asked, literal(""), days)).all()
    return [_line(row) for row in (*lines, *total)]


def _key(by: str) -> Expression:
    if by == "month":
        return local_month(Report.received_at)
    if by == "group":
        return func.substr(Report.category_code, 1, 2)
    return _COLUMNS[by]


def _line(row: Any) -> Line:
    named = row._asdict()
    counts = {name: int(named[name] or 0) for name in COUNTS}
    times: dict[str, Any] = {name: None if named[name] is None else int(named[name]) for name in _RANKED}
    return Line("" if row.key is None else str(row.key), **counts, **times)


def _figures(
    asked: Asked, key: Expression, days: Sequence[tuple[int, int, int]]
) -> Select[Any]:
    ranked = _ranked(asked, key, days)
    counts = [
        func.count().label("received") if name == "received"
        else func.sum(ranked.c[name]).label(name)
        for name in COUNTS
    ]  # fmt: skip
    times = [_at_rank(ranked, *where).label(name) for name, where in _RANKED.items()]
    return select(ranked.c.key, *counts, *times).group_by(ranked.c.key).order_by(ranked.c.key)


_RANKED: Mapping[str, tuple[str, str, int]] = {
    "median_s": ("took_s", "place", 5), "ninetieth_s": ("took_s", "place", 9),
    "working_median_s": ("worked_s", "working_place", 5),
    "working_ninetieth_s": ("worked_s", "working_place", 9),
}  # fmt: skip
"""The time, the place of a case among those of its group by it, and tenths."""


def _at_rank(ranked: Subquery, time_s: str, place: str, tenths: int) -> ColumnElement[Any]:
    """The time of the case at the nearest rank, ceil(n * tenths / 10)."""
    rank = (ranked.c.timed * tenths + 9) // 10
    return func.max(case((ranked.c[place] == rank, ranked.c[time_s])))


def _ranked(
    asked: Asked, key: Expression, days: Sequence[tuple[int, int, int]]
) -> Subquery:
    cases = _cases(asked, key, days)

    def place(time_s: str) -> ColumnElement[Any]:
        order = (cases.c[time_s].is_(None), cases.c[time_s])
        return func.row_number().over(partition_by=cases.c.key, order_by=order)

    return select(
        cases,
        place("took_s").label("place"),
        place("worked_s").label("working_place"),
        func.count(cases.c.took_s).over(partition_by=cases.c.key).label("timed"),
    ).subquery()


def _cases(asked: Asked, key: Expression, days: Sequence[tuple[int, int, int]]) -> Subquery:
    """A row for each case: its group, what it counts for, and its times."""
    calendar = calendar_table(days)
    filed_on, closed_on = calendar.alias("filed_on"), calendar.alias("closed_on")
    took_s = epoch_s(Report.closed_at) - epoch_s(Report.filed_at)
    worked_s = worked_by(Report.closed_at, closed_on) - worked_by(Report.filed_at, filed_on)
    found = select(
        key.label("key"), *_marks(asked.now), took_s.label("took_s"), worked_s.label("worked_s")
    ).select_from(_with_days(filed_on, closed_on))
    found = found.where(
        Report.received_at >= asked.period.since, Report.received_at < asked.period.until
    )
    if asked.departments is not None:
        found = found.where(Report.department_id.in_(asked.departments))
    return found.subquery()


def _with_days(filed_on: FromClause, closed_on: FromClause) -> FromClause:
    reports: FromClause = Report.__table__
    return reports.outerjoin(
        closed_on,
        (closed_on.c.day == local_day(Report.closed_at)),
    ).outerjoin(filed_on, filed_on.c.day == local_day(Report.filed_at))


def _marks(now: datetime) -> list[ColumnElement[Any]]:
    marks = {
        "filed": Report.filed_at.is_not(None),
        "dispatched": Report.dispatched_at.is_not(None),
        "closed": Report.closed_at.is_not(None),
        "on_time": Report.late.is_(False),
        "late": Report.late.is_(True),
        "overdue": Report.due_at <= now,
        "returned": Report.returns > 0,
        "reworked": Report.reworks > 0,
        "reopened": Report.reopenings > 0,
        "satisfied": Report.satisfied.is_(True),
        "unsatisfied": Report.satisfied.is_(False),
    }
    return [case((mark, 1), else_=0).label(name) for name, mark in marks.items()]
