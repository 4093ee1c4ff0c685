"""Counting where and when riders were, from reports and check-ins, each row once.

A source is read in the order of its ids, up to a cursor that is moved in the transaction that
counts: whoever is killed in between leaves both as they were. On PostgreSQL a row may become
visible after one with a greater id, so what is younger than `LAG` is left for later, and all behind
it too. What is taken back later stays counted: somebody was there all the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.blueprints.insight.models import Demand, DemandCursor
from app.blueprints.reports.models import Report
from app.blueprints.stations.models import Station
from app.blueprints.visits.models import CheckIn, Mark, Who
from app.lib.clock import to_local
from app.lib.database import alone, insert_of, table_of

LAG = timedelta(minutes=5)
BATCH = 2000
CELLS_A_DEGREE = 400
DAY_H = 24
Cell = tuple[date, int, int, int]
"""Month, row, column and hour of the week, as `Demand` has them."""


@dataclass(frozen=True)
class Source:
    """Rows of (id, received_at, moment, latitude, longitude), the last two None for what has no
    place or is nobody's demand; and the column in which they are counted."""

    name: str
    column: str
    rows: Select[Any]
    id: Any


def _reports() -> Source:
    moment = case((Report.clock_flag.is_(None), Report.captured_at), else_=Report.received_at)
    rows = select(Report.id, Report.received_at, moment, Report.latitude, Report.longitude)
    return Source("report", "reports", rows, Report.id)


def _check_ins() -> Source:
    """A check-in without a place of its own was at its station."""
    counts = (CheckIn.who == Who.RIDER) & CheckIn.undone_at.is_(None)
    moment = case((CheckIn.mark == Mark.CLOCK, CheckIn.received_at), else_=CheckIn.at)
    latitude = func.coalesce(CheckIn.latitude, Station.latitude)
    longitude = func.coalesce(CheckIn.longitude, Station.longitude)
    rows = select(
        CheckIn.id, CheckIn.received_at, moment,
        case((counts, latitude)), case((counts, longitude)),
    ).join(CheckIn.station)  # fmt: skip
    return Source("check_in", "check_ins", rows, CheckIn.id)


SOURCES = (_reports(), _check_ins())


def cell_of(moment: datetime, latitude: float, longitude: float) -> Cell:
    """Where and when that was, as demand is counted."""
    local = to_local(moment)
    row, column = floor(latitude * CELLS_A_DEGREE), floor(longitude * CELLS_A_DEGREE)
    return local.date().replace(day=1), row, column, local.weekday() * DAY_H + local.hour


def is_due(session: Session, source: Source, *, now: datetime) -> bool:
    """Whether there is something to count."""
    return bool(_old_enough(session, source, now, 1))


def count_some(session: Session, source: Source, *, now: datetime) -> bool:
    """Count the next rows of a source, inside a transaction; answers whether more may be left."""
    alone(session, f"demand of {source.name}")
    rows = _old_enough(session, source, now, BATCH)
    if not rows:
        return False
    counted = Counter(
        cell_of(moment, latitude, longitude)
        for _id, _received, moment, latitude, longitude in rows
        if latitude is not None and longitude is not None
    )
    _add(session, source, counted)
    _move(session, source, rows[-1][0])
    return len(rows) == BATCH


def _old_enough(session: Session, source: Source, now: datetime, limit: int) -> Sequence[Any]:
    """The next rows behind the cursor, up to the first that is too young."""
    last = session.scalar(select(DemandCursor.last_id).where(DemandCursor.source == source.name))
    next_ones = source.rows.where(source.id > (last or 0)).order_by(source.id).limit(limit)
    rows = session.execute(next_ones).all()
    young = (place for place, row in enumerate(rows) if row[1] > now - LAG)
    return rows[: next(young, len(rows))]


def _add(session: Session, source: Source, counted: Mapping[Cell, int]) -> None:
    if not counted:
        return
    table, insert = table_of(Demand), insert_of(session, Demand)
    more = table.c[source.column] + insert.excluded[source.column]
    session.execute(
        insert.on_conflict_do_update(
            index_elements=list(table.primary_key.columns), set_={source.column: more}
        ),
        [
            {
                "month": month, "row": row, "column": column, "hour": hour,
                "reports": 0, "check_ins": 0, source.column: count,
            }
            for (month, row, column, hour), count in sorted(counted.items())
        ],
    )  # fmt: skip


def _move(session: Session, source: Source, last_id: int) -> None:
    session.merge(DemandCursor(source=source.name, last_id=last_id))
    session.flush()
