"""Appraisal 评价: how cases were handled, by department, category, area or month.

The figures bear the names that GB/T 30428 (digital city management), part 4, performance
evaluation, made usual: 立案数, 派遣数, 结案数, 按期处置率, 返工率. What each counts here stands in
`appraisal_words.FIGURES` and on the page. Two statements serve a whole grouping: one counts, one
brings when each closed case was filed and closed. Percentiles are exact, by the nearest rank: the
smallest time that at least half, or nine tenths, of the closed cases did not exceed. They are
found here and not in SQL, so that they are the same on both databases; numbering the rows of a year
by window functions took SQLite five times as long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.cases.sql_time import epoch_s, local_month
from app.blueprints.reports.models import Report
from app.lib.clock import to_local
from app.lib.periods import Period
from app.lib.worked import WorkedSeconds

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]
GROUPINGS = ("department", "category", "group", "street", "grid", "month")
_COLUMNS: Mapping[str, InstrumentedAttribute[Any]] = {
    "department": Report.department_id, "category": Report.category_code,
    "street": Report.street_id, "grid": Report.grid_id,
}  # fmt: skip


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
    """What is appraised: cases reported in a period, of some departments or, with None, of all."""

    period: Period
    by: str
    departments: Sequence[int] | None
    now: datetime


def appraise(session: Session, asked: Asked) -> list[Line]:
    """A line for each group that has cases, in the order of their keys, and at the end one of
    them all; nothing when there are none."""
    rows = session.execute(_counted(asked)).all()
    if not rows:
        return []
    times = _times(session, asked)
    lines = [_line(_text(row.key), row, times.pop(_text(row.key), Times())) for row in rows]
    return [*lines, _total(lines, times[_ALL])]


def _key(by: str) -> Expression:
    if by == "month":
        return local_month(Report.received_at)
    if by == "group":
        return func.substr(Report.category_code, 1, 2)
    return _COLUMNS[by]


_ALL = None
"""The key of all groups together."""


@dataclass
class Times:
    """How long closed cases took from filing to closing, each in seconds."""

    took: list[int] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)

    def percentiles(self) -> tuple[int | None, ...]:
        """Median and ninetieth percentile, round the clock and of working time."""
        took, worked = sorted(self.took), sorted(self.worked)
        return tuple(nearest(times, tenths) for times in (took, worked) for tenths in (5, 9))


def nearest(in_order: Sequence[int], tenths: int) -> int | None:
    """The number at the nearest rank, ceil(n * tenths / 10); None of none."""
    return in_order[(len(in_order) * tenths + 9) // 10 - 1] if in_order else None


def _times(session: Session, asked: Asked) -> dict[str | None, Times]:
    """The times of each group, and under `_ALL` of all."""
    last = max(asked.period.last, to_local(asked.now).date()) + timedelta(days=1)
    worked = WorkedSeconds(working_calendar(session), asked.period.first, last)
    found: dict[str | None, Times] = {_ALL: Times()}
    everything = found[_ALL]
    for key, filed_s, closed_s in session.execute(_closed(asked)):
        group = found.setdefault(_text(key), Times())
        working_s = worked.until(closed_s) - worked.until(filed_s)
        for times in (group, everything):
            times.took.append(closed_s - filed_s)
            times.worked.append(working_s)
    return found


def _text(key: object) -> str:
    return "" if key is None else str(key)


def _line(key: str, counts: Any, times: Times) -> Line:
    numbers = (int(getattr(counts, name) or 0) for name in COUNTS)
    return Line(key, *numbers, *times.percentiles())


def _total(lines: Sequence[Line], times: Times) -> Line:
    sums = (sum(getattr(line, name) for line in lines) for name in COUNTS)
    return Line("", *sums, *times.percentiles())


def _counted(asked: Asked) -> Select[Any]:
    key = _key(asked.by).label("key")
    counts = [func.count().label("received"), *_marks(asked.now)]
    return _of_period(select(key, *counts), asked).group_by(key).order_by(key)


def _closed(asked: Asked) -> Select[Any]:
    key = _key(asked.by).label("key")
    moments = epoch_s(Report.filed_at), epoch_s(Report.closed_at)
    found = select(key, *moments)
    both = Report.filed_at.is_not(None), Report.closed_at.is_not(None)
    closed: Any = found.where(*both)
    return _of_period(closed, asked)


def _of_period(found: Select[Any], asked: Asked) -> Select[Any]:
    found = found.where(
        Report.received_at >= asked.period.since, Report.received_at < asked.period.until
    )
    if asked.departments is None:
        return found
    return found.where(Report.department_id.in_(asked.departments))


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
    return [func.sum(case((mark, 1), else_=0)).label(name) for name, mark in marks.items()]
