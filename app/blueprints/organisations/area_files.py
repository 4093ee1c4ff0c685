"""The areas of grids as a file: GeoJSON (RFC 7946), a FeatureCollection in degrees of WGS-84.

A feature names its grid in its properties: `organisation` is the id, or `path` the Chinese names
from some organisation above it down to it, "娄葑街道/星湖1社区/星湖第1网格".
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

import shapely
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Area, Kind, Organisation
from app.lib.database import alone

MAX_BYTES = 64 * 2**20
MAX_FEATURES = 10_000
MAX_POINTS = 5_000
"""Of one feature. The border of a street in steps of two metres has about as many."""
SHAPES = ("Polygon", "MultiPolygon")
OVERLAP_SHARE = 0.01
"""Two grids overlap when they share more than this of the smaller; less is drawing by hand."""
BATCH = 500


class BadFile(ValueError):
    """The file cannot be loaded: what is wrong, one line for each feature."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class _BadFeature(ValueError):
    """What is wrong with one feature."""


@dataclass(frozen=True)
class Drawn:
    """A grid and its shape, checked."""

    organisation_id: int
    name: str
    shape: Any
    """A Polygon or MultiPolygon of shapely, x the longitude and y the latitude."""


def read(session: Session, text: bytes) -> list[Drawn]:
    """The grids of a file. Raises BadFile, which names every feature that is wrong."""
    features = _features(text)
    grids = _Grids(session)
    drawn: dict[int, Drawn] = {}
    problems = []
    for number, feature in enumerate(features, start=1):
        try:
            one = _drawn(feature, grids)
            if one.organisation_id in drawn:
                raise _BadFeature(f"{one.name} is in the file twice")
            drawn[one.organisation_id] = one
        except _BadFeature as error:
            problems.append(f"feature {number}: {error}")
    if problems:
        raise BadFile(problems)
    return list(drawn.values())


def load(session: Session, drawn: Sequence[Drawn], *, only: bool, now: datetime) -> None:
    """Write the areas of these grids, in place of those they had. `only`: no grid but these
    keeps an area."""
    alone(session, "areas")
    newest = session.scalar(select(func.max(Area.loaded_at)))
    loaded_at = now if newest is None else max(now, newest + timedelta(microseconds=1))
    if only:
        session.execute(delete(Area))
    for batch in _batches(drawn):
        ids = [one.organisation_id for one in batch]
        session.execute(delete(Area).where(Area.organisation_id.in_(ids)))
        session.execute(insert(Area), [_row(one, loaded_at) for one in batch])
    session.flush()


def overlaps(drawn: Sequence[Drawn]) -> list[tuple[str, str]]:
    """The names of grids that share more than a little of their areas, pair by pair."""
    shapes = [one.shape for one in drawn]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return [
        (drawn[first].name, drawn[second].name)
        for first, second in pairs.T.tolist()
        if first < second and _share(shapes[first], shapes[second]) > OVERLAP_SHARE
    ]


def export(session: Session) -> Iterator[str]:
    """All areas as a file that `read` takes, piece by piece; exterior rings run anticlockwise
    (RFC 7946, 3.1.6)."""
    yield '{"type": "FeatureCollection", "features": ['
    areas = session.scalars(
        select(Area).order_by(Area.organisation_id).execution_options(yield_per=BATCH)
    )
    for number, area in enumerate(areas):
        yield ("," if number else "") + "\n" + json.dumps(_feature(area), ensure_ascii=False)
    yield "\n]}\n"


def _features(text: bytes) -> list[Any]:
    if len(text) > MAX_BYTES:
        raise BadFile([f"the file is larger than {MAX_BYTES // 2**20} MB"])
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadFile([f"the file is not JSON: {error}"]) from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise BadFile(["the file is no GeoJSON FeatureCollection"])
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise BadFile(["the file has no features"])
    if len(features) > MAX_FEATURES:
        raise BadFile([f"the file has more than {MAX_FEATURES} features"])
    return features


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _drawn(feature: Any, grids: "_Grids") -> Drawn:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _BadFeature("it is no Feature")
    properties = feature.get("properties")
    grid = grids.named(properties if isinstance(properties, dict) else {})
    try:
        return Drawn(grid.id, grid.name_zh, _shape(feature.get("geometry")))
    except _BadFeature as error:
        raise _BadFeature(f"{grid.name_zh}: {error}") from error


def _shape(geometry: Any) -> Any:
    """The geometry of a feature, if it is one that an area may have."""
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        raise _BadFeature("the geometry is neither a Polygon nor a MultiPolygon")
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.GEOSException, RecursionError) as error:
        raise _BadFeature(f"the geometry cannot be read: {error}") from error
    _check_places(shapely.get_coordinates(shape).tolist())
    if not shapely.is_valid(shape):
        raise _BadFeature(f"the polygon is not valid: {shapely.is_valid_reason(shape)}")
    if any(len(part.interiors) for part in shapely.get_parts(shape)):
        raise _BadFeature("the polygon has a hole; draw around it, or give the hole to a grid")
    return shape


def _check_places(places: Sequence[Sequence[float]]) -> None:
    if not places:
        raise _BadFeature("the polygon is empty")
    if len(places) > MAX_POINTS:
        raise _BadFeature(f"the polygon has {len(places)} points, more than {MAX_POINTS}")
    for longitude, latitude in places:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise _BadFeature(
                f"{longitude}, {latitude} is not on the earth (longitude first, then latitude)"
            )


class _Grids:
    """The organisations, to find a grid by id or by the names above it."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            select(Organisation.id, Organisation.kind, Organisation.path, Organisation.name_zh)
        )
        self._by_id = {row.id: row for row in rows}
        self._by_name: dict[str, list[Any]] = defaultdict(list)
        for row in self._by_id.values():
            self._by_name[row.name_zh].append(row)

    def named(self, properties: Mapping[str, Any]) -> Any:
        """The grid that properties name."""
        number, path = properties.get("organisation"), properties.get("path")
        if isinstance(number, int) and not isinstance(number, bool):
            return self._a_grid(self._by_id.get(number), str(number))
        if isinstance(path, str) and path.strip("/ "):
            return self._by_path(path)
        raise _BadFeature("its properties name neither an organisation nor a path")

    def _by_path(self, path: str) -> Any:
        names = [part.strip() for part in path.strip("/ ").split("/")]
        found = [one for one in self._by_name.get(names[-1], ()) if self._runs(one, names)]
        if len(found) > 1:
            raise _BadFeature(f"{path} names {len(found)} organisations; begin further above")
        return self._a_grid(found[0] if found else None, path)

    def _runs(self, one: Any, names: Sequence[str]) -> bool:
        """Whether the names lead down to an organisation; some above may be left out."""
        above = [
            self._by_id[number].name_zh
            for number in map(int, one.path.strip("/").split("/"))
            if number in self._by_id
        ]
        left = iter(above)
        return all(name in left for name in names)

    def _a_grid(self, one: Any, called: str) -> Any:
        if one is None:
            raise _BadFeature(f"there is no organisation {called}")
        if one.kind != Kind.GRID:
            raise _BadFeature(f"{one.name_zh} ({called}) is no grid but a {one.kind}")
        return one


def _row(one: Drawn, loaded_at: datetime) -> dict[str, Any]:
    west, south, east, north = one.shape.bounds
    return {
        "organisation_id": one.organisation_id,
        "polygon": shapely.to_geojson(one.shape),
        "south": south, "west": west, "north": north, "east": east,
        "loaded_at": loaded_at,
    }  # fmt: skip


def _feature(area: Area) -> dict[str, Any]:
    shape = shapely.orient_polygons(shapely.from_geojson(area.polygon))
    return {
        "type": "Feature",
        "properties": {
            "organisation": area.organisation_id,
            "name": area.organisation.name_zh,
        },
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def _share(one: Any, other: Any) -> float:
    smaller = min(one.area, other.area)
    return float(one.intersection(other).area / smaller) if smaller else 0.0


def _batches(drawn: Sequence[Drawn]) -> Iterable[Sequence[Drawn]]:
    return (drawn[start : start + BATCH] for start in range(0, len(drawn), BATCH))
