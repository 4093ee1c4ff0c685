"""What coverage is computed from: demand and stations as they stand in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.blueprints.insight.coverage import WEEK_H, Offered, Wanted, opened
from app.blueprints.insight.demand import CELLS_A_DEGREE
from app.blueprints.insight.models import Demand
from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.models import Station
from app.lib.periods import Period

LEAST_DAYS = 28


@dataclass(frozen=True)
class Bounds:
    """A part of the earth, degrees of WGS-84."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Asked:
    """Of which months (by their first days), within which bounds, with which day as today."""

    first: date
    last: date
    within: Bounds
    today: date

    @property
    def hours_of(self) -> Period:
        """The days whose opening hours count: those of the months that have been, four weeks at
        least."""
        return Period(min(self.first, self.today - timedelta(days=LEAST_DAYS - 1)), self.today)


@dataclass(frozen=True)
class Named:
    """A station on the map."""

    id: int
    number: str
    name_zh: str
    name_en: str
    latitude: float
    longitude: float
    hours: str

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_en if locale == "en" else self.name_zh


def stations(session: Session) -> list[Named]:
    """All that were not given up, in the order of their numbers."""
    found = (
        select(
            Station.organisation_id, Station.number, Organisation.name_zh, Organisation.name_en,
            Station.latitude, Station.longitude, Station.hours,
        )
        .join(Organisation, Organisation.id == Station.organisation_id)
        .where(Station.ended_at.is_(None))
        .order_by(Station.number)
    )  # fmt: skip
    return [Named(*row) for row in session.execute(found)]


def offered(named: Sequence[Named], period: Period) -> Offered:
    """What stations offer in the period."""
    hours = [opened(one.hours, period.first, period.days) for one in named]
    return Offered(
        np.array([one.latitude for one in named], dtype=np.float64),
        np.array([one.longitude for one in named], dtype=np.float64),
        np.array(hours, dtype=np.bool_).reshape(-1, WEEK_H),
    )


def wanted(session: Session, asked: Asked) -> Wanted:
    """Demand within bounds; places are the middles of its cells."""
    rows = session.execute(_demand(asked)).all()
    read = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 5)
    cells, place = np.unique(read[:, :2], axis=0, return_inverse=True)
    counted = np.zeros((2, len(cells), WEEK_H), dtype=np.int64)
    for number in range(2):
        counted[number, place.ravel(), read[:, 2]] = read[:, 3 + number]
    middles = (cells + 0.5) / CELLS_A_DEGREE
    return Wanted(middles[:, 0], middles[:, 1], counted[0], counted[1])


def _demand(asked: Asked) -> Select[Any]:
    within = asked.within
    south, west, north, east = (
        floor(one * CELLS_A_DEGREE)
        for one in (within.south, within.west, within.north, within.east)
    )
    groups: list[Any] = [Demand.row, Demand.column, Demand.hour]
    return (
        select(*groups, func.sum(Demand.reports), func.sum(Demand.check_ins))
        .where(
            Demand.month.between(asked.first, asked.last),
            Demand.row.between(south, north),
            Demand.column.between(west, east),
        )
        .group_by(*groups)
    )
