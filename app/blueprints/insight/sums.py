"""Reading the kept sums of a period: months from their totals, days that a period has more or
fewer from the days' sums.

Nothing here reads a check-in, so that years of them cost no more than their months.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from app.blueprints.visits.models import Dimension, VisitSum, VisitTotal
from app.lib.periods import Period, parts_of

Sum = type[VisitSum] | type[VisitTotal]
Key = tuple[Dimension, int]
"""By what is counted, and its value as `Dimension` explains it."""
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
    rows = _rows(session, period, lambda sums, sign: _of_all(sums, sight, sign))
    found: dict[Key, Counted] = {}
    for dimension, value, *numbers in rows:
        key = Dimension(dimension), int(value)
        found[key] = found.get(key, Counted()) + _counted(numbers)
    return found


def by_station(session: Session, period: Period, sight: Sight) -> dict[int, dict[Key, Counted]]:
    """Each station of a sight that was used: who came, and for what; with companies in the sight,
    how many came of these. One statement."""
    found: dict[int, dict[Key, Counted]] = {}
    for station, dimension, value, *numbers in _rows(
        session, period, lambda sums, sign: _of_each(sums, sight, sign)
    ):
        counted = found.setdefault(int(station), {})
        key = Dimension(dimension), int(value)
        counted[key] = counted.get(key, Counted()) + _counted(numbers)
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


def _counted(numbers: Sequence[Any]) -> Counted:
    check_ins, people, visits = (int(one) for one in numbers)
    return Counted(check_ins, people, visits)


def _rows(session: Session, period: Period, of: Callable[[Sum, int], Select[Any]]) -> Sequence[Any]:
    """The rows of every part of a period; `of` selects them from a table of sums, with a sign."""
    parts = parts_of(period)
    branches = [_within(of(VisitSum, 1), VisitSum, days) for days in parts.more]
    branches += [_within(of(VisitSum, -1), VisitSum, days) for days in parts.fewer]
    if parts.months:
        branches.append(_within(of(VisitTotal, 1), VisitTotal, parts.months))
    return session.execute(union_all(*branches)).all()


def _within(found: Select[Any], sums: Sum, days: Period) -> Select[Any]:
    return found.where(sums.day.between(days.first, days.last))


def _of_all(sums: Sum, sight: Sight, sign: int) -> Select[Any]:
    found = select(sums.dimension, sums.value, *_numbers(sums, sign)).group_by(
        sums.dimension, sums.value
    )
    return _of_stations(found.where(sums.dimension.in_(OF_ALL)), sums, sight)


def _of_each(sums: Sum, sight: Sight, sign: int) -> Select[Any]:
    groups = (sums.station_id, sums.dimension, sums.value)
    found = select(*groups, *_numbers(sums, sign)).group_by(*groups)
    if sight.companies is None:
        return _of_stations(found.where(sums.dimension.in_(OF_EACH)), sums, sight)
    own = sums.dimension == Dimension.COMPANY, sums.value.in_(sight.companies)
    return _of_stations(found.where(*own), sums, sight)


def _of_stations(found: Select[Any], sums: Sum, sight: Sight) -> Select[Any]:
    return found if sight.stations is None else found.where(sums.station_id.in_(sight.stations))


def _numbers(sums: Sum, sign: int) -> list[Any]:
    return [func.sum(one) * sign for one in (sums.check_ins, sums.people, sums.visits)]
