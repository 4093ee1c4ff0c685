"""Coverage as it is shown: shares, the places that are not covered, and what would help."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases import map_queries
from app.blueprints.insight import coverage, coverage_queries
from app.blueprints.insight.coverage import DAY_H, Found, Reach, Wanted
from app.blueprints.insight.coverage_queries import Asked, Bounds, Named
from app.blueprints.organisations.areas import Place, locate_all
from app.blueprints.organisations.models import Organisation

MOST_GAPS, MOST_PROPOSALS, MOST_LATE = 500, 5, 5
LISTED_GAPS = 50
MARGIN_DEGREES = 0.02
"""Around the district and its stations: what lies further out is somebody else's."""
EARTH = Bounds(-90, -180, 90, 180)


@dataclass(frozen=True)
class Parts:
    """So many near an open station, near a shut one only, and near none."""

    near: int
    shut: int
    missing: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.near + self.shut + self.missing

    @property
    def share(self) -> float | None:
        """The share that is covered; None of nothing."""
        return self.near / self.count if self.count else None


@dataclass(frozen=True)
class Gap:
    """A cell of demand's that is not covered at all hours: its middle, what was not covered there,
    and the nearest station."""

    latitude: float
    longitude: float
    shut: int
    missing: int
    nearest: Named | None
    metres: float
    name: str = ""

    @property
    def count(self) -> int:
        """All that is not covered."""
        return self.shut + self.missing


@dataclass(frozen=True)
class Next:
    """A place for a station, and what it would reach that has none within reach now."""

    latitude: float
    longitude: float
    gain: int
    name: str = ""


@dataclass(frozen=True)
class Longer:
    """A station that was wanted when it was shut: how often, and mostly at which hour."""

    station: Named
    gain: int
    hour: int


@dataclass(frozen=True)
class Coverage:
    """All of it. Gaps come with the most that is not covered first."""

    reports: Parts
    check_ins: Parts
    by_hour: Sequence[Parts]
    """Reports and check-ins by hour of the day."""
    gaps: Sequence[Gap]
    next_ones: Sequence[Next]
    longer: Sequence[Longer]
    stations: Sequence[Named]

    @property
    def whole(self) -> Parts:
        """Reports and check-ins together."""
        return _sum(self.by_hour)


def _sum(parts: Sequence[Parts]) -> Parts:
    return Parts(
        sum(one.near for one in parts), sum(one.shut for one in parts),
        sum(one.missing for one in parts),
    )  # fmt: skip


def bounds_of(session: Session, stations: Sequence[Named]) -> Bounds:
    """The district with its stations and a margin; all the earth where there is neither."""
    area = map_queries.extent(session)
    corners = [(one.latitude, one.longitude) for one in stations]
    if area is not None:
        corners += [(area.south, area.west), (area.north, area.east)]
    if not corners:
        return EARTH
    latitudes, longitudes = zip(*corners, strict=True)
    return Bounds(
        min(latitudes) - MARGIN_DEGREES, min(longitudes) - MARGIN_DEGREES,
        max(latitudes) + MARGIN_DEGREES, max(longitudes) + MARGIN_DEGREES,
    )  # fmt: skip


def report(session: Session, asked: Asked, stations: Sequence[Named], locale: str) -> Coverage:
    """Compute it: one statement reads demand, two name places."""
    wanted = coverage_queries.wanted(session, asked)
    found = coverage.find(wanted, coverage_queries.offered(stations, asked.hours_of))
    both = wanted.reports + wanted.check_ins
    gaps, next_ones = _gaps(wanted, found, stations), _next(wanted, found)
    middles = [(one.latitude, one.longitude) for one in gaps]
    middles += [(one.latitude, one.longitude) for one in next_ones]
    names = _names(session, middles, locale)
    named = [replace(one, name=name) for one, name in zip(gaps, names, strict=False)]
    places = [
        replace(one, name=name) for one, name in zip(next_ones, names[len(gaps) :], strict=True)
    ]
    return Coverage(
        _sum(_by_hour(wanted.reports, found)), _sum(_by_hour(wanted.check_ins, found)),
        _by_hour(both, found), named, places, _longer(wanted, found, stations), stations,
    )  # fmt: skip


def _by_hour(counted: coverage.Numbers, found: Found) -> list[Parts]:
    return [Parts(*row) for row in coverage.split(counted, found.reach).tolist()]


def _not(wanted: Wanted, found: Found, reach: Reach) -> coverage.Numbers:
    """How much at each place would have found that."""
    both = wanted.reports + wanted.check_ins
    counted: coverage.Numbers = np.where(found.reach == reach, both, 0).sum(axis=1)
    return counted


def _gaps(wanted: Wanted, found: Found, stations: Sequence[Named]) -> list[Gap]:
    shut, missing = (_not(wanted, found, one) for one in (Reach.SHUT, Reach.MISSING))
    worst = np.argsort(-(shut + missing), kind="stable")[:MOST_GAPS].tolist()
    return [
        Gap(
            float(wanted.latitudes[one]), float(wanted.longitudes[one]), int(shut[one]),
            int(missing[one]), stations[found.nearest[one]] if stations else None,
            float(found.metres[one]),
        )
        for one in worst
        if shut[one] + missing[one]
    ]  # fmt: skip


def _next(wanted: Wanted, found: Found) -> list[Next]:
    best = coverage.proposals(wanted, _not(wanted, found, Reach.MISSING), MOST_PROPOSALS)
    return [
        Next(float(wanted.latitudes[one.place]), float(wanted.longitudes[one.place]), one.gain)
        for one in best
    ]


def _longer(wanted: Wanted, found: Found, stations: Sequence[Named]) -> list[Longer]:
    both = wanted.reports + wanted.check_ins
    return [
        Longer(stations[one.station], one.gain, max(range(DAY_H), key=one.by_hour.__getitem__))
        for one in coverage.late_ones(found, both, MOST_LATE)
    ]


def _names(session: Session, places: Sequence[tuple[float, float]], locale: str) -> list[str]:
    """The street and the grid in which places lie; "" outside of all."""
    located = locate_all(session, places)
    ids = {one for place in located if place for one in (place.street_id, place.grid_id) if one}
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    names = {one.id: one.name(locale) for one in found}
    return [_name(place, names) for place in located]


def _name(place: Place | None, names: dict[int, str]) -> str:
    parts = (place.street_id, place.grid_id) if place else ()
    return " · ".join(names[one] for one in parts if one)
