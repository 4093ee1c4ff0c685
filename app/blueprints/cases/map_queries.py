"""What the map shows of some bounds: single cases while they are few, else clusters by cells.

Cells are squares of the screen's size at a zoom: with each zoom their sides halve. The database
counts them from the index on places; nothing but counts leaves it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.queues import Sight
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.words import state_look
from app.blueprints.organisations.models import Area
from app.blueprints.reports.models import Report

MOST = 500
"""Features in one answer at most."""
SINGLES = 150
"""So many cases are shown one by one."""
ZOOMS = range(3, 20)
CELL_PIXELS, TILE_PIXELS = 64, 256


@dataclass(frozen=True)
class Bounds:
    """What a map shows, degrees of WGS-84, and its zoom as tiles count it."""

    south: float
    west: float
    north: float
    east: float
    zoom: int

    @property
    def cell_degrees(self) -> float:
        """The side of a cell, in degrees of longitude; made larger until they are few enough."""
        side: float = 360 / 2**self.zoom * CELL_PIXELS / TILE_PIXELS
        while self._cells(side) > MOST:
            side *= 2
        return side

    def _cells(self, side: float) -> float:
        return ((self.north - self.south) / side + 1) * ((self.east - self.west) / side + 1)


def read_bounds(args: Mapping[str, str]) -> Bounds | None:
    """The bounds of an address; None for what are none."""
    try:
        south, west, north, east = (float(args.get(one, "")) for one in "swne")
        zoom = int(args.get("zoom", "")[:3])
    except ValueError:
        return None
    if not all(isfinite(one) for one in (south, west, north, east)) or zoom not in ZOOMS:
        return None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        return None
    return Bounds(south, west, north, east, zoom)


def features(
    session: Session, actor: User, wanted: CaseFilter, sight: Sight, bounds: Bounds, locale: str
) -> dict[str, Any]:
    """A GeoJSON collection (RFC 7946): two statements at most."""
    inside = _inside(wanted.apply(visible_cases(actor), sight), bounds)
    few = session.scalars(inside.order_by(Report.id.desc()).limit(SINGLES + 1)).all()
    if len(few) <= SINGLES:
        found = [_case(one, sight, locale) for one in few]
    else:
        found = [_cluster(row) for row in session.execute(_clusters(inside, bounds, sight.now))]
    return {"type": "FeatureCollection", "features": found, "total": _total(found)}


def _inside(found: Select[Any], bounds: Bounds) -> Select[Any]:
    return found.where(
        Report.latitude.between(bounds.south, bounds.north),
        Report.longitude.between(bounds.west, bounds.east),
    )


def _clusters(inside: Select[Any], bounds: Bounds, now: datetime) -> Select[Any]:
    side = bounds.cell_degrees
    row = func.floor((Report.latitude - bounds.south) / side)
    column = func.floor((Report.longitude - bounds.west) / side)
    late = func.sum(case((Report.due_at <= now, 1), else_=0))
    cells = inside.with_only_columns(
        row.label("row"), column.label("column"), func.count().label("count"),
        func.avg(Report.latitude).label("latitude"), func.avg(Report.longitude).label("longitude"),
        func.min(Report.latitude).label("south"), func.max(Report.latitude).label("north"),
        func.min(Report.longitude).label("west"), func.max(Report.longitude).label("east"),
        late.label("late"),
    )  # fmt: skip
    return cells.group_by(row, column).order_by(func.count().desc()).limit(MOST)


def _point(longitude: float, latitude: float, properties: dict[str, Any]) -> dict[str, Any]:
    at = {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]}
    return {"type": "Feature", "geometry": at, "properties": properties}


def _cluster(row: Any) -> dict[str, Any]:
    bounds = [round(float(one), 6) for one in (row.south, row.west, row.north, row.east)]
    said = {"count": row.count, "late": int(row.late or 0), "bounds": bounds}
    return _point(float(row.longitude), float(row.latitude), said)


def _case(one: Report, sight: Sight, locale: str) -> dict[str, Any]:
    said = {
        "id": one.id, "number": one.number, "category": one.category.name(locale),
        "place": one.place, "state": one.state, "look": state_look(one.state),
        "late": one.due_at is not None and one.due_at <= sight.now,
    }  # fmt: skip
    return _point(one.longitude or 0, one.latitude or 0, said)


def _total(found: list[dict[str, Any]]) -> int:
    return sum(one["properties"].get("count", 1) for one in found)


def areas_within(session: Session, bounds: Bounds, locale: str) -> list[dict[str, Any]]:
    """Grids whose bounds touch the map's, as GeoJSON features; at most `MOST`."""
    found = session.scalars(
        select(Area)
        .where(
            Area.south <= bounds.north, Area.north >= bounds.south,
            Area.west <= bounds.east, Area.east >= bounds.west,
        )
        .order_by(Area.organisation_id)
        .limit(MOST)
    )  # fmt: skip
    return [
        {
            "type": "Feature", "geometry": json.loads(one.polygon),
            "properties": {"name": one.organisation.name(locale)},
        }
        for one in found
    ]  # fmt: skip


def extent(session: Session) -> Bounds | None:
    """The bounds of all grids together; None when there are none."""
    row = session.execute(
        select(func.min(Area.south), func.min(Area.west), func.max(Area.north), func.max(Area.east))
    ).one()
    return None if row[0] is None else Bounds(row[0], row[1], row[2], row[3], 11)
