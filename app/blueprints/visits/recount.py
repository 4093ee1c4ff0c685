"""Visits and sums reckoned anew from the check-ins, to mend what is kept or to compare it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.blueprints.stations.models import Station
from app.blueprints.visits import earning, sums
from app.blueprints.visits.grouping import GAP, order
from app.blueprints.visits.models import CheckIn, VisitSum, VisitTotal
from app.blueprints.visits.sums import Counts, Place, Sums
from app.lib.database import table_of

AT_A_TIME = 1000
T = TypeVar("T")
_TABLES: tuple[Any, ...] = (VisitSum, VisitTotal)
_C = table_of(CheckIn).c
_FACTS = (
    _C.key, _C.station_id, _C.rider_id, _C.company_id, _C.who, _C.people, _C.purpose, _C.at,
    _C.mark, _C.leads, _C.undone_at,
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Something that is kept otherwise than the check-ins say."""

    station_id: int
    what: str

    def __str__(self) -> str:
        return f"station {self.station_id}: {self.what}"


@dataclass(frozen=True)
class Recounted:
    """A station as its check-ins say: its sums, and whose `leads` is wrong, by key."""

    days: dict[Place, Counts]
    months: dict[Place, Counts]
    wrong: dict[str, bool]


def stations(session: Session) -> Sequence[int]:
    """Every station, those given up too."""
    return session.scalars(select(Station.organisation_id).order_by(Station.organisation_id)).all()


def rebuild(session: Session, station_id: int, *, now: datetime) -> None:
    """Write a station's visits and sums anew, with no check-in in between; the ledger hears of
    what leads a visit only now, or no longer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE check_ins IN SHARE ROW EXCLUSIVE MODE"))
    found = recounted(session, station_id)
    for leads in (True, False):
        keys = [key for key, right in found.wrong.items() if right == leads]
        for some in _some(keys):
            lead = update(CheckIn).where(CheckIn.key.in_(some)).values(leads=leads)
            session.execute(lead.execution_options(synchronize_session=False))
    _tell(session, found.wrong, now)
    for table, places in zip(_TABLES, (found.days, found.months), strict=True):
        session.execute(delete(table).where(table.station_id == station_id))
        for some_places in _some(sums.in_order(places)):
            names = (*sums.KEY, *sums.NAMES)
            rows = [dict(zip(names, (*one, *counts), strict=True)) for one, counts in some_places]
            session.execute(insert(table), rows)


def _tell(session: Session, wrong: dict[str, bool], now: datetime) -> None:
    for keys in _some(list(wrong)):
        riders = select(CheckIn).where(CheckIn.key.in_(keys), CheckIn.rider_id.is_not(None))
        leads = {row.id: row if wrong[row.key] else None for row in session.scalars(riders)}
        earning.tell_moved(session, leads, now=now)


def _some(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(all_of_them), AT_A_TIME):
        yield all_of_them[start : start + AT_A_TIME]


def differences(session: Session, station_id: int) -> Iterator[Difference]:
    """What of a station is kept otherwise than its check-ins say; the caller's transaction must
    see one moment."""
    found = recounted(session, station_id)
    for key in found.wrong:
        yield Difference(station_id, f"check-in {key} should{_not(found.wrong[key])} lead a visit")
    for table, places in zip(_TABLES, (found.days, found.months), strict=True):
        kept = _kept(session, table, station_id)
        for place in sorted(kept.keys() | places.keys()):
            here, right = (one.get(place, sums.NOTHING) for one in (kept, places))
            if here != right:
                what = " ".join(map(str, place[1:]))
                yield Difference(station_id, f"{table.__tablename__} {what}: {here}, not {right}")


def _not(right: bool) -> str:
    return "" if right else " not"


def _kept(session: Session, table: Any, station_id: int) -> dict[Place, Counts]:
    return sums.kept(session.scalars(select(table).where(table.station_id == station_id)))


def recounted(session: Session, station_id: int) -> Recounted:
    """Read all check-ins of a station, and count."""
    rows = session.execute(
        select(*_FACTS)
        .where(_C.station_id == station_id)
        .order_by(_C.at)
        .execution_options(yield_per=AT_A_TIME)
    )
    counted, wrong = Sums(), {}
    for row, leads in _leading(rows):
        if row.leads != leads:
            wrong[row.key] = leads
        if row.undone_at is None:
            counted.add(row, visits=int(leads))
    days = {place: counts for place, counts in counted.places.items() if counts != sums.NOTHING}
    return Recounted(days, dict(sums.by_month(days)), wrong)


def _leading(rows: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """Each check-in, in the order of their times, and whether it leads."""
    last: dict[int, datetime] = {}
    for _at, together in groupby(rows, key=attrgetter("at")):
        for row in sorted(together, key=order):
            if row.mark is not None or row.undone_at is not None:
                yield row, False
                continue
            before = last.get(row.rider_id) if row.rider_id is not None else None
            yield row, before is None or row.at - before >= GAP
            if row.rider_id is not None:
                last[row.rider_id] = row.at
