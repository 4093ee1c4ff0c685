"""Time in SQL, for both databases: seconds, local months, and the working time between moments.

Suzhou is eight hours ahead of UTC the whole year, since 1991.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    String,
    case,
    column,
    values,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from app.lib.working_time import CLOSES, OPENS, WORKING_DAY_S, WorkingCalendar

Moment = ColumnElement[Any] | InstrumentedAttribute[Any]
AHEAD_S, DAY_S = 8 * 3600, 86_400
_OPENS_S, _CLOSES_S = OPENS.hour * 3600, CLOSES.hour * 3600


class epoch_s(FunctionElement[int]):
    """Whole seconds since 1970 of a moment."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_s, "sqlite")
def _epoch_sqlite(element: epoch_s, compiler: Any, **kwargs: Any) -> str:
    return f"unixepoch({compiler.process(element.clauses, **kwargs)})"


@compiles(epoch_s)
def _epoch(element: epoch_s, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"CAST(floor(extract(epoch FROM {moment})) AS BIGINT)"


class local_month(FunctionElement[str]):
    """The month in Suzhou of a moment, "2026-11"."""

    type = String()
    inherit_cache = True


@compiles(local_month, "sqlite")
def _month_sqlite(element: local_month, compiler: Any, **kwargs: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(local_month)
def _month(element: local_month, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"to_char({moment} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"


def local_day(moment: Moment) -> ColumnElement[int]:
    """The number of a moment's local day, since 1970."""
    return (epoch_s(moment) + AHEAD_S) // DAY_S


def calendar_rows(calendar: WorkingCalendar, first: date, last: date) -> list[tuple[int, int, int]]:
    """For each day, both included: its number, whether it is worked, and the seconds that were
    worked since the first."""
    rows, worked, day = [], 0, first
    while day <= last:
        works = int(calendar.works(day))
        rows.append(((day - date(1970, 1, 1)).days, works, worked))
        worked += works * WORKING_DAY_S
        day += timedelta(days=1)
    return rows


def calendar_table(rows: Iterable[tuple[int, int, int]]) -> CTE:
    """A calendar as a table of the statement: day, works, before."""
    columns = (column("day", Integer), column("works", Integer), column("before", Integer))
    return values(*columns, name="calendar").data(list(rows)).cte("calendar")


def worked_by(moment: Moment, days: FromClause) -> ColumnElement[int]:
    """Seconds worked from a calendar's first day until a moment, on whose day `days` is joined."""
    clock_s = (epoch_s(moment) + AHEAD_S) % DAY_S
    today = case(
        (clock_s <= _OPENS_S, 0), (clock_s >= _CLOSES_S, WORKING_DAY_S), else_=clock_s - _OPENS_S
    )
    worked: ColumnElement[int] = days.c.before + days.c.works * today
    return worked
