"""The directory of stations: one file for everybody, made once for each state of the stations.

Each process holds the file of its database. One statement says whether the stations are others
by now.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.directory_wire import VERSION, Offered, first_day, wire
from app.blueprints.stations.models import Station, StationFacility

_COLUMNS = (
    Station.organisation_id.label("id"), Station.number, Organisation.name_zh,
    Organisation.name_en, Station.level, Station.kind, Station.latitude, Station.longitude,
    Station.radius_m, Station.address_zh, Station.address_en, Station.hours, Station.contact,
    Station.state, Station.state_reason, Station.state_until, Station.notice,
    Station.notice_until, Station.poster,
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """The directory as JSON; `tag` changes when it does."""

    tag: str
    content: bytes


_files: WeakKeyDictionary[Engine, File] = WeakKeyDictionary()
_making = Lock()


def directory_file(session: Session, *, now: datetime) -> File:
    """The file as it is now."""
    since = first_day(now)
    tag = _tag(session, since)
    engine = session.get_bind().engine
    with _making:  # whoever asks meanwhile has it made for them
        held = _files.get(engine)
        if held is None or held.tag != tag:
            held = _files[engine] = _made(session, tag, since)
        return held


def _tag(session: Session, since: date) -> str:
    """Every change of a station counts its version up, so that none can hide behind another."""
    found = session.execute(
        select(func.count(), func.sum(Station.version), func.max(Station.changed_at))
    ).one()
    return hashlib.sha256(repr((VERSION, since, *found)).encode()).hexdigest()[:20]


def _made(session: Session, tag: str, since: date) -> File:
    rows = session.execute(
        select(*_COLUMNS)
        .join(Organisation, Organisation.id == Station.organisation_id)
        .where(Station.ended_at.is_(None))
        .order_by(Station.organisation_id)
    ).all()
    content = wire(rows, _offered(session), since)
    return File(tag, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _offered(session: Session) -> dict[int, list[Offered]]:
    found = session.execute(
        select(
            StationFacility.station_id, StationFacility.facility, StationFacility.works,
            StationFacility.count,
        ).order_by(StationFacility.station_id)
    )  # fmt: skip
    return {
        station: [Offered(facility, works, number) for _id, facility, works, number in rows]
        for station, rows in groupby(found, key=lambda row: row[0])
    }
