"""The directory as it travels: columns, not rows, so that 5,000 stations compress well.

js/stations/directory.js reads it. `docs/protocols/directory.md` tells every field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from app.blueprints.stations.directory_texts import packed
from app.blueprints.stations.models import (
    COUNTED,
    RADIUS_M,
    Facility,
    StationKind,
    StationState,
)
from app.lib import clock
from app.lib.opening_hours import open_spans

VERSION = 1
DAYS = 28
"""So many days of opening hours are told from a Monday on: three weeks ahead at least."""
PER_DEGREE = 100_000
"""Places are told in steps of about a metre."""
_BIT = {facility: 1 << index for index, facility in enumerate(Facility)}


@dataclass(frozen=True)
class Offered:
    """A facility of a station."""

    facility: Facility
    works: bool
    count: int | None


def first_day(now: datetime) -> date:
    """The Monday from which opening hours are told."""
    today = clock.to_local(now).date()
    return today - timedelta(days=today.weekday())


def wire(
    rows: Sequence[Any], offered: Mapping[int, Sequence[Offered]], since: date
) -> dict[str, Any]:
    """The content of the file: columns of equal length, and {index: value} of what few have."""
    texts = list(dict.fromkeys(row.hours for row in rows))
    return {
        "version": VERSION,
        "from": clock.to_ms(datetime.combine(since, time(), clock.LOCAL)),
        "days": DAYS,
        "per_degree": PER_DEGREE,
        "facilities": list(Facility),
        "counted": [list(Facility).index(one) for one in COUNTED],
        "kinds": list(StationKind),
        "hours": [_spans(text, since) for text in texts],
        **_who(rows),
        **_where(rows),
        **_when(rows, texts),
        **_what([offered.get(row.id, ()) for row in rows]),
    }


def _who(rows: Sequence[Any]) -> dict[str, Any]:
    kinds = list(StationKind)
    return {
        "id": _steps([row.id for row in rows]),
        "number": packed([row.number for row in rows]),
        "name": packed([row.name_zh for row in rows], [row.name_en for row in rows]),
        "level": [row.level for row in rows],
        "kind": [kinds.index(row.kind) for row in rows],
        "contact": packed([row.contact for row in rows]),
        "poster": {at: row.poster for at, row in enumerate(rows) if row.poster != 1},
    }


def _where(rows: Sequence[Any]) -> dict[str, Any]:
    latitudes = [round(row.latitude * PER_DEGREE) for row in rows]
    longitudes = [round(row.longitude * PER_DEGREE) for row in rows]
    south, west = min(latitudes, default=0), min(longitudes, default=0)
    return {
        "south": south,
        "west": west,
        "latitude": [one - south for one in latitudes],
        "longitude": [one - west for one in longitudes],
        "radius": {at: row.radius_m for at, row in enumerate(rows) if row.radius_m != RADIUS_M},
        "address": packed([row.address_zh for row in rows], [row.address_en for row in rows]),
    }


def _when(rows: Sequence[Any], texts: Sequence[str]) -> dict[str, Any]:
    places = {text: index for index, text in enumerate(texts)}
    return {
        "hours_of": [places[row.hours] for row in rows],
        "said": {at: _said(row) for at, row in enumerate(rows) if _says_something(row)},
    }


def _says_something(row: Any) -> bool:
    return row.state != StationState.OPEN or bool(row.notice)


def _said(row: Any) -> list[Any]:
    return [
        row.state, row.state_reason, _ms(row.state_until), row.notice, _ms(row.notice_until)
    ]  # fmt: skip


def _ms(moment: datetime | None) -> int:
    """0: there is no end."""
    return clock.to_ms(moment) if moment else 0


def _what(offered: Sequence[Sequence[Offered]]) -> dict[str, Any]:
    order = list(Facility).index
    offered = [sorted(found, key=lambda one: order(one.facility)) for found in offered]
    masks = [sum(_BIT[one.facility] for one in found) for found in offered]
    broken = [sum(_BIT[one.facility] for one in found if not one.works) for found in offered]
    return {
        "has": masks,
        "broken": {at: mask for at, mask in enumerate(broken) if mask},
        "counts": [one.count or 0 for found in offered for one in found if one.facility in COUNTED],
    }


def _spans(text: str, since: date) -> list[int]:
    """Minutes since the first midnight: how long until it opens, how long it is open, and so on."""
    edges = [edge for span in open_spans(text, since, DAYS) for edge in span]
    return _steps(edges)


def _steps(numbers: Sequence[int]) -> list[int]:
    return [*numbers[:1], *(later - earlier for earlier, later in pairwise(numbers))]
