"""Which grid a place lies in.

Each process holds the polygons in an STRtree. One statement for a batch, answered from an index,
says whether the database has others by now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import shapely
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Area, Kind, Organisation

Degrees = tuple[float, float]
"""Latitude and longitude, WGS-84."""
SEAM_DEGREES = 1e-7
"""About a centimetre: so far from a polygon a place still counts as on its border, so that
neighbours whose corners do not meet exactly leave no gap between them."""


@dataclass(frozen=True)
class Place:
    """Where a place lies: the grid's id, and that of the street above it if there is one."""

    grid_id: int
    street_id: int | None


@dataclass(frozen=True)
class _Version:
    """Which areas there are: any change of them changes this."""

    count: int
    loaded_at: datetime | None


@dataclass(frozen=True)
class _Map:
    """The areas as one process holds them, in the order of the grids' ids."""

    version: _Version
    places: tuple[Place, ...]
    tree: shapely.STRtree

    def at(self, points: Sequence[Degrees]) -> list[Place | None]:
        """Where each point lies: in the polygon nearest to it, on a border in the first grid."""
        shapes = shapely.points([(longitude, latitude) for latitude, longitude in points])
        found = self.tree.query(shapes, predicate="dwithin", distance=SEAM_DEGREES)
        best: dict[int, tuple[float, int]] = {}
        for point, area in zip(*found.tolist(), strict=True):
            distance = float(shapely.distance(shapes[point], self.tree.geometries[area]))
            best[point] = min(best.get(point, (distance, area)), (distance, area))
        return [self.places[best[n][1]] if n in best else None for n in range(len(points))]


_maps: WeakKeyDictionary[Engine, _Map] = WeakKeyDictionary()


def locate(session: Session, latitude: float, longitude: float) -> Place | None:
    """The grid in which a place lies, or None outside all of them; degrees of WGS-84."""
    return locate_all(session, [(latitude, longitude)])[0]


def locate_all(session: Session, points: Sequence[Degrees | None]) -> list[Place | None]:
    """For each point the grid in which it lies; None for what is outside of all, or no point.

    A point on a border, or in several polygons, lies in the grid with the lowest id.
    """
    known = [(index, point) for index, point in enumerate(points) if point is not None]
    found: list[Place | None] = [None] * len(points)
    if not known:
        return found
    places = _map(session).at([point for _index, point in known])
    for (index, _point), place in zip(known, places, strict=True):
        found[index] = place
    return found


def _map(session: Session) -> _Map:
    """The areas of the session's database. Two threads may both renew them; either is right."""
    engine = session.get_bind().engine
    version = _version(session)
    held = _maps.get(engine)
    if held is None or held.version != version:
        held = _maps[engine] = _read(session, version)
    return held


def _version(session: Session) -> _Version:
    row = session.execute(select(func.count(), func.max(Area.loaded_at)).select_from(Area)).one()
    return _Version(row[0], row[1])


def _read(session: Session, version: _Version) -> _Map:
    areas = session.execute(
        select(Area.organisation_id, Area.polygon, Organisation.path)
        .join(Organisation, Organisation.id == Area.organisation_id)
        .order_by(Area.organisation_id)
    ).all()
    streets = set(session.scalars(select(Organisation.id).where(Organisation.kind == Kind.STREET)))
    shapes: Any = shapely.from_geojson([area.polygon for area in areas])
    shapely.prepare(shapes)
    places = tuple(Place(area.organisation_id, _street(area.path, streets)) for area in areas)
    return _Map(version, places, shapely.STRtree(shapes))


def _street(path: str, streets: set[int]) -> int | None:
    """The street in a path of ids."""
    return next((one for one in map(int, path.strip("/").split("/")) if one in streets), None)
