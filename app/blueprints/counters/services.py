"""What hosts keep for one another and for riders: supplies, notes, and what is broken."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.counters.models import BrokenFacility, HandOver, Level, Supply
from app.blueprints.reports.queries import category_codes
from app.blueprints.reports.services import Capture, draft_station_report, file_reports
from app.blueprints.stations.models import Facility, Station
from app.blueprints.stations.services import held_station, running_station, set_facility
from app.blueprints.stations.words import FACILITIES
from app.errors import Conflict, Invalid, NotFound
from app.lib.text import clean

MAX_NAME, MAX_NOTE = 40, 500
MOST_SUPPLIES, MOST_NOTES = 40, 50
BROKEN = "0704"
"""The category of what breaks at a station."""


def keep_supply(
    session: Session, actor: User, station_id: int, *, name: str, now: datetime
) -> Supply:
    """Keep an eye on something that runs out. Raises NotFound, and Invalid at `name`."""
    held_station(session, actor, station_id)
    said = " ".join(clean(name).split())
    kept = session.scalars(_kept(station_id)).all()
    if not said:
        raise Invalid({"name": [_("Say what it is.")]})
    if len(said) > MAX_NAME:
        raise Invalid({"name": [_("At most %(most)s characters.", most=MAX_NAME)]})
    if said in {one.name for one in kept}:
        raise Invalid({"name": [_("That is on the list already.")]})
    if len(kept) >= MOST_SUPPLIES:
        raise Invalid({"name": [_("At most %(most)s supplies.", most=MOST_SUPPLIES)]})
    supply = Supply(station_id=station_id, name=said, changed_at=now, changed_by_id=actor.id)
    session.add(supply)
    session.flush()
    return supply


def _kept(station_id: int) -> Select[Supply]:
    return select(Supply).where(Supply.station_id == station_id, Supply.ended_at.is_(None))


def _supply(session: Session, actor: User, station_id: int, supply_id: int) -> Supply:
    held_station(session, actor, station_id)
    supply = session.scalar(_kept(station_id).where(Supply.id == supply_id))
    if supply is None:
        raise NotFound
    return supply


def set_level(
    session: Session, actor: User, station_id: int, supply_id: int, *,
    level: Level | str, now: datetime,
) -> Supply:  # fmt: skip
    """Say how much of a supply is left. Raises NotFound, and Invalid at `level`."""
    supply = _supply(session, actor, station_id, supply_id)
    if level not in set(Level):
        raise Invalid({"level": [_("Choose from the list.")]})
    supply.level = Level(level)
    supply.changed_at, supply.changed_by_id = now, actor.id
    session.flush()
    return supply


def end_supply(
    session: Session, actor: User, station_id: int, supply_id: int, *, now: datetime
) -> None:
    """Keep an eye on it no longer; twice is once. Raises NotFound."""
    held_station(session, actor, station_id)
    supply = session.get(Supply, supply_id)
    if supply is None or supply.station_id != station_id:
        raise NotFound
    if supply.ended_at is None:
        supply.ended_at = supply.changed_at = now
        supply.changed_by_id = actor.id
        session.flush()


def hand_over(
    session: Session, actor: User, station_id: int, *, text: str, now: datetime
) -> HandOver:
    """Leave a note for whoever is at the counter next. Raises NotFound, and Invalid at `text`."""
    held_station(session, actor, station_id)
    said = clean(text)
    if not said:
        raise Invalid({"text": [_("Write something.")]})
    if len(said) > MAX_NOTE:
        raise Invalid({"text": [_("At most %(most)s characters.", most=MAX_NOTE)]})
    waiting = select(func.count()).where(
        HandOver.station_id == station_id, HandOver.done_at.is_(None)
    )
    if (session.scalar(waiting) or 0) >= MOST_NOTES:
        raise Invalid({"text": [_("Too many notes wait. Tick off some first.")]})
    note = HandOver(station_id=station_id, author_id=actor.id, text=said, at=now)
    session.add(note)
    session.flush()
    return note


def tick_off(
    session: Session, actor: User, station_id: int, hand_over_id: int, *, now: datetime
) -> None:
    """A note is dealt with; twice is once. Raises NotFound."""
    held_station(session, actor, station_id)
    note = session.get(HandOver, hand_over_id)
    if note is None or note.station_id != station_id:
        raise NotFound
    if note.done_at is None:
        note.done_at, note.done_by_id = now, actor.id
        session.flush()


def report_broken(
    session: Session, actor: User, station_id: int, *,
    facility: Facility | str, note: str = "", now: datetime,
) -> BrokenFacility:  # fmt: skip
    """Something of a station broke: riders see it, and a report is filed of it; once, until it
    works again. Raises NotFound, Conflict, and Invalid at `note`."""
    station = running_station(session, actor, station_id)
    worked = any(one.facility == facility and one.works for one in station.facilities)
    set_facility(session, actor, station_id, facility=facility, works=False, note=note, now=now)
    standing = _standing(session, station_id, facility)
    if standing is not None and not worked:
        return standing
    if standing is not None:  # it was said elsewhere that it worked again
        standing.works_again_at = now
    report_id = _file(session, actor, station, Facility(facility), note, now)
    broken = BrokenFacility(
        station_id=station_id, facility=Facility(facility), report_id=report_id, at=now
    )
    session.add(broken)
    session.flush()
    return broken


def works_again(
    session: Session, actor: User, station_id: int, *, facility: Facility | str, now: datetime
) -> None:
    """Something of a station works again. The case of it goes its own way. Raises NotFound and
    Conflict."""
    set_facility(session, actor, station_id, facility=facility, works=True, now=now)
    standing = _standing(session, station_id, facility)
    if standing is not None:
        standing.works_again_at = now
        session.flush()


def _standing(session: Session, station_id: int, facility: str) -> BrokenFacility | None:
    found = select(BrokenFacility).where(
        BrokenFacility.station_id == station_id,
        BrokenFacility.facility == facility,
        BrokenFacility.works_again_at.is_(None),
    )
    return session.scalars(found.order_by(BrokenFacility.id.desc())).first()


def _file(
    session: Session, actor: User, station: Station, facility: Facility, note: str, now: datetime
) -> int:
    if BROKEN not in category_codes(session):
        raise Conflict(_("The centre has no category for this."))
    word = str(FACILITIES[facility].text)
    said = " ".join(clean(note).split())
    capture = Capture(
        category_code=BROKEN,
        description=f"{word}: {said}" if said else word,
        place=f"{station.organisation.name_zh} · {station.address_zh}",
        latitude=station.latitude, longitude=station.longitude, accuracy_m=None, photos=(),
        captured_at=now, sent_at=now, server_offset_ms=0,
    )  # fmt: skip
    [filed] = file_reports(session, [draft_station_report(actor, capture, now=now)])
    return filed.id
