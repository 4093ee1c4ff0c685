"""Reading the kept sums of a period: months from their totals, days that a period has more or
fewer from the days' sums.

Nothing here reads a check-in, so that years of them cost no more than their months.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.blueprints.visits.models import Dimension, VisitSum, VisitTotal
from app.lib.periods import Period, parts_of

Sum = type[VisitSum] | type[VisitTotal]
Span = tuple[Sum, Period, int]
"""A table of sums, days in it, and whether they are added (1) or taken away (-1)."""
Key = tuple[Dimension, int]
"""By what is counted, and its value as `Dimension` explains it."""
NUMBERS = ("check_ins", "people", "visits")
OF_ALL, OF_EACH = (Dimension.HOUR, Dimension.COMPANY), (Dimension.WHO, Dimension.PURPOSE)


@dataclass(frozen=True)
class Counted:
    """Check-ins, the people in them, and the visits that they make."""

    check_ins: int = 0
    people: int = 0
    visits: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.check_ins + other.check_ins, self.people + other.people,
            self.visits + other.visits,
        )  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """Whose numbers: those of some stations (a SELECT of ids), of some companies; None of all."""

    stations: Select[int] | None = None
    companies: Sequence[int] | None = None


def by_value(session: Session, period: Period, sight: Sight) -> dict[Key, Counted]:
    """All stations of a sight together, by hour and by company: one statement."""
    rows = _rows(session, period, sight, OF_ALL, by_station=False)
    return {(Dimension(dimension), value): _counted(*of) for dimension, value, *of in rows}


def by_station(session: Session, period: Period, sight: Sight) -> dict[int, dict[Key, Counted]]:
    """Each station of a sight that was used: who came, and for what; with companies in the sight,
    how many came of these. One statement."""
    dimensions = OF_EACH if sight.companies is None else (Dimension.COMPANY,)
    found: dict[int, dict[Key, Counted]] = defaultdict(dict)
    rows = _rows(session, period, sight, dimensions, by_station=True)
    for dimension, value, station, *of in rows:
        found[station][Dimension(dimension), value] = _counted(*of)
    return found


def last_months(session: Session, stations: Sequence[int]) -> dict[int, date]:
    """The first day of the last month in which anybody came, for each of some stations where
    anybody ever did."""
    found = (
        select(VisitTotal.station_id, func.max(VisitTotal.day))
        .where(
            VisitTotal.station_id.in_(stations),
            VisitTotal.dimension == Dimension.WHO,
            VisitTotal.check_ins > 0,
        )
        .group_by(VisitTotal.station_id)
    )
    rows = session.execute(found).all()
    return {row.station_id: row[1] for row in rows}


def _counted(check_ins: Any, people: Any, visits: Any) -> Counted:
    """PostgreSQL's sums of sums are decimals."""
    return Counted(int(check_ins), int(people), int(visits))


def _rows(
    session: Session, period: Period, sight: Sight, dimensions: Sequence[Dimension], *,
    by_station: bool,
) -> Sequence[Any]:  # fmt: skip
    """Dimension, value, the station if asked for, and what is counted of these in a period."""
    branches = [
        _branch(span, dimension, sight, by_station=by_station)
        for span in _spans(period)
        for dimension in dimensions
    ]
    together = union_all(*branches).subquery()
    groups = [one for one in together.c if one.name not in NUMBERS]
    numbers = [func.sum(together.c[name]) for name in NUMBERS]
    return session.execute(select(*groups, *numbers).group_by(*groups)).all()


def _spans(period: Period) -> list[Span]:
    parts = parts_of(period)
    found: list[Span] = [(VisitSum, days, 1) for days in parts.more]
    found += [(VisitSum, days, -1) for days in parts.fewer]
    return [*found, (VisitTotal, parts.months, 1)] if parts.months else found


def _branch(span: Span, dimension: Dimension, sight: Sight, *, by_station: bool) -> Select[Any]:
    """One dimension at a time: SQLite groups by numbers alone in little more than half the time."""
    sums, days, sign = span
    groups: list[Any] = [sums.value, sums.station_id] if by_station else [sums.value]
    numbers = [(func.sum(getattr(sums, name)) * sign).label(name) for name in NUMBERS]
    found = (
        select(literal(dimension.value).label("dimension"), *groups, *numbers)
        .where(sums.dimension == dimension, sums.day.between(days.first, days.last))
        .group_by(*groups)
    )
    if sight.companies is not None:
        found = found.where(sums.value.in_(sight.companies))
    return found if sight.stations is None else found.where(sums.station_id.in_(sight.stations))
