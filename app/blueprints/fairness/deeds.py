"""Deeds as patterns see them: read behind a cursor, with where and when they really were."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.blueprints.fairness.limits import HOUR
from app.blueprints.fairness.models import FairnessCursor
from app.blueprints.points.models import Occasion, Occurrence, Outcome
from app.blueprints.reports.models import Report
from app.blueprints.stations.models import Station
from app.blueprints.tasks.models import Claim
from app.blueprints.visits.models import CheckIn
from app.lib.clock import start_of_day
from app.lib.database import insert_of
from app.lib.geo import MOST_ACCURACY_M, Spot

LAG = timedelta(minutes=5)
"""On PostgreSQL a row may become visible after one with a greater id; what is younger waits."""
BATCH = 200
MOST_AROUND = 20_000
COUNTING = (Outcome.WAITING, Outcome.PAID, Outcome.NOTHING)
"""What was undone asks no question any more."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Done:
    """A deed. `at` is by a clock that is believed, or else the deed has no place; `spot` is where
    the rider said to be, not where a pin was put by hand."""

    id: int
    occasion: Occasion
    source_id: int
    rider_id: int
    at: datetime
    received_at: datetime
    spot: Spot | None = None


_COLUMNS = (
    Occurrence.id, Occurrence.occasion, Occurrence.source_id, Occurrence.rider_id, Occurrence.at,
    Occurrence.received_at,
)  # fmt: skip


def last_read(session: Session, source: str) -> int:
    """The id up to which something was read."""
    found = select(FairnessCursor.last_id).where(FairnessCursor.source == source)
    return session.scalar(found) or 0


def move_cursor(session: Session, source: str, last_id: int) -> None:
    """Read up to there."""
    made = insert_of(session, FairnessCursor).values(source=source, last_id=last_id)
    session.execute(
        made.on_conflict_do_update(index_elements=["source"], set_={"last_id": last_id})
    )


def new_deeds(session: Session, *, now: datetime) -> Sequence[Done]:
    """The next deeds that were told, up to the first that is too young."""
    behind = Occurrence.id > last_read(session, "occurrence")
    found = select(*_COLUMNS).where(behind).order_by(Occurrence.id).limit(BATCH)
    rows = [Done(*row) for row in session.execute(found)]
    young = (place for place, row in enumerate(rows) if row.received_at > now - LAG)
    return rows[: next(young, len(rows))]


def of_those_days(session: Session, deeds: Iterable[Done]) -> list[Done]:
    """All deeds of the riders on the days of these deeds and in the hour before, in the order of
    riders and time, with places: one statement, and one for each kind of place."""
    days = {(deed.rider_id, start_of_day(deed.at)) for deed in deeds}
    found = _counting().where(or_(*(_day(rider, start) for rider, start in sorted(days))))
    rows = session.execute(found.order_by(Occurrence.id.desc()).limit(MOST_AROUND))
    return sorted(with_places(session, [Done(*row) for row in rows]), key=_by_time)


def _by_time(deed: Done) -> tuple[int, datetime, int]:
    return deed.rider_id, deed.at, deed.id


def _counting() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(Occurrence.outcome.in_(COUNTING))


def _day(rider_id: int, start: datetime) -> ColumnElement[bool]:
    """Occasions are named so that the index by rider, occasion and time is used."""
    return and_(
        Occurrence.rider_id == rider_id, Occurrence.occasion.in_(tuple(Occasion)),
        Occurrence.at >= start - HOUR, Occurrence.at < start + A_DAY,
    )  # fmt: skip


def with_places(session: Session, deeds: Sequence[Done]) -> list[Done]:
    """The same deeds, with where and when they were as far as that is known and believed."""
    known: dict[tuple[Occasion, int], tuple[datetime, Spot]] = {}
    for occasion, read in _PLACES.items():
        ids = [deed.source_id for deed in deeds if deed.occasion == occasion]
        if ids:
            found = read(session, ids)
            known |= {(occasion, source_id): place for source_id, place in found.items()}
    return [_at(deed, known.get((deed.occasion, deed.source_id))) for deed in deeds]


def _at(deed: Done, place: tuple[datetime, Spot] | None) -> Done:
    return deed if place is None else replace(deed, at=place[0], spot=place[1])


Places = Mapping[int, tuple[datetime, Spot]]


def _cases(session: Session, ids: Collection[int]) -> Places:
    """Where reports were made. A pin that was put by hand has no accuracy: it says where the
    problem is, not where the rider was."""
    found = session.execute(
        select(
            Report.id, Report.captured_at, Report.server_offset_ms, Report.latitude,
            Report.longitude, Report.accuracy_m,
        ).where(
            Report.id.in_(ids), Report.clock_flag.is_(None), Report.latitude.is_not(None),
            Report.accuracy_m.is_not(None),
        )
    )  # fmt: skip
    return {
        row.id: (
            row.captured_at + timedelta(milliseconds=row.server_offset_ms or 0),
            _spot(row.latitude, row.longitude, row.accuracy_m),
        )
        for row in found
    }


def _visits(session: Session, ids: Collection[int]) -> Places:
    """Visits are at their stations: what is too far away is marked, and no deed."""
    found = session.execute(
        select(CheckIn.id, CheckIn.at, Station.latitude, Station.longitude, Station.radius_m)
        .join(CheckIn.station)
        .where(CheckIn.id.in_(ids))
    )
    return {
        row.id: (row.at, _spot(row.latitude, row.longitude, float(row.radius_m))) for row in found
    }


def _tasks(session: Session, ids: Collection[int]) -> Places:
    """Where what was accepted was done."""
    found = session.execute(
        select(
            Claim.id, Claim.captured_at, Claim.latitude, Claim.longitude, Claim.accuracy_m
        ).where(
            Claim.id.in_(ids), Claim.captured_at.is_not(None), Claim.latitude.is_not(None),
            Claim.accuracy_m.is_not(None),
        )
    )  # fmt: skip
    return {
        row.id: (row.captured_at, _spot(row.latitude, row.longitude, row.accuracy_m))
        for row in found
    }


def _spot(latitude: float, longitude: float, accuracy_m: float) -> Spot:
    return Spot(latitude, longitude, max(accuracy_m, MOST_ACCURACY_M))


_PLACES = {Occasion.CASE: _cases, Occasion.VISIT: _visits, Occasion.TASK: _tasks}
