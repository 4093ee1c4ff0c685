"""What the map shows of some bounds: single cases while they are few, else clusters by cells.

Cells are squares of the screen's size at a zoom: with each zoom their sides halve. The database
counts them from the index on places; nothing but counts leaves it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.leading import NARROWEST, unindexed
from app.blueprints.cases.queues import Sight
from app.blueprints.cases.standing import visible_cases
from app.blueprints.cases.words import state_look
from app.blueprints.organisations.models import Area
from app.blueprints.reports.models import ENDED, Report

MOST = 500
"""Features in one answer at most."""
SINGLES = 150
"""So many cases are shown one by one."""
WIDE_DEGREES = 0.04
"""About four kilometres."""
RECENT_DAYS = 30
"""Of what has ended, a wide map shows cases received in so many days."""
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
    def wide(self) -> bool:
        """Whether this is more than a neighbourhood."""
        return max(self.north - self.south, self.east - self.west) > WIDE_DEGREES

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
    """A GeoJSON collection (RFC 7946): two statements at most. `days` says that only cases of so
    many days are in it."""
    days = RECENT_DAYS if _too_many(wanted, bounds) else None
    inside = _inside(visible_cases(actor), wanted, sight, bounds)
    if days is not None:
        inside = inside.where(Report.received_at >= sight.now - timedelta(days=days))
    found = [_cluster(row) for row in session.execute(_clusters(inside, bounds, sight.now))]
    if _total(found) <= SINGLES:
        cases = session.scalars(inside.order_by(unindexed(Report.id).desc())).all()
        found = [_case(one, sight, locale) for one in cases]
    return {
        "type": "FeatureCollection", "features": found, "total": _total(found), "days": days,
    }  # fmt: skip


def _too_many(wanted: CaseFilter, bounds: Bounds) -> bool:
    """Whether cases of many years would have to be counted, over much of the district."""
    return bounds.wide and not _few_lead(wanted) and wanted.since is None


def _few_lead(wanted: CaseFilter) -> bool:
    """Whether the filter by itself leaves few cases: open ones, or those of a narrow part."""
    return not set(wanted.states) & set(ENDED) or bool(wanted.leads & {*NARROWEST, "grid_id"})


def _inside(seen: Select[Any], wanted: CaseFilter, sight: Sight, bounds: Bounds) -> Select[Any]:
    """Cases within the bounds, found by their place where nothing else leaves fewer."""
    within = [
        Report.latitude.between(bounds.south, bounds.north),
        Report.longitude.between(bounds.west, bounds.east),
    ]
    if bounds.wide or _few_lead(wanted):
        return wanted.apply(seen, sight, leads=_leads(wanted)).where(
            *(unindexed(one) for one in within)
        )
    return wanted.apply(seen, sight, leads=frozenset()).where(*within)


def _leads(wanted: CaseFilter) -> frozenset[str]:
    """What leads over much of the district: days, where cases of many years would be read."""
    return wanted.leads if _few_lead(wanted) else frozenset({"since", "until"})


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
