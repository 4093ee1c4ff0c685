"""Entering a station, changing what it is, giving it up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.stations import profile
from app.blueprints.stations.changing import note_change
from app.blueprints.stations.models import Station, StationEvent, StationFacility
from app.blueprints.stations.poster_codes import MAX_POSTER
from app.blueprints.stations.profile import NEEDED, OF_ADMINISTRATORS, Offer
from app.blueprints.stations.services import held_station, running_station, set_values
from app.errors import Conflict, Forbidden, Invalid
from app.lib.database import alone

Values = Mapping[str, Any]
"""What `profile.read` answers."""
NUMBERS = "station numbers"
MOST_EVENTS = 100
OF_FORMS = ("change", "hours", "import")
"""Steps that may have changed what a form shows."""
_COLUMNS = (
    "number", "level", "kind", "address_zh", "address_en", "latitude", "longitude", "radius_m",
    "hours", "contact",
)  # fmt: skip


class ChangedMeanwhile(Conflict):
    """Somebody else changed the station since it was shown; `events` say what."""

    def __init__(self, events: Sequence[StationEvent]) -> None:
        super().__init__()
        self.events = events


def create(session: Session, actor: User, values: Values, *, now: datetime) -> Station:
    """Enter a station. Raises Forbidden to all but administrators, and Invalid at what is missing
    and at a `number` that another one has."""
    refuse_all_but_administrators(actor)
    missing = [name for name in NEEDED if name not in values]
    if missing:
        raise Invalid({name: [_("This is needed.")] for name in missing})
    alone(session, NUMBERS)
    _refuse_taken(session, values["number"], None)
    organisation = organisation_of(values)
    session.add(organisation)
    session.flush()
    station = station_of(session, organisation, values, now)
    session.flush()
    note_change(session, station, actor, "create", now=now)
    return station


def change(
    session: Session, actor: User, station_id: int, values: Values, *,
    version: int | None = None, step: str = "change", now: datetime,
) -> Station:  # fmt: skip
    """Set these values of a station, as it stood at a version if one is given.

    Raises NotFound, Forbidden for what only administrators change, ChangedMeanwhile, Conflict for
    one that was given up, and Invalid at a `number` that another one has.
    """
    if OF_ADMINISTRATORS & values.keys():
        refuse_all_but_administrators(actor)
        alone(session, NUMBERS)
    station = running_station(session, actor, station_id)
    _refuse_stale(session, station, version)
    if "number" in values:
        _refuse_taken(session, values["number"], station_id)
    data = set_all(session, station, values)
    if data:
        note_change(session, station, actor, step, now=now, data=data)
    return station


def end(session: Session, actor: User, station_id: int, *, now: datetime) -> Station:
    """Give a station up: no rider finds it any more. Raises NotFound, Forbidden, and Conflict when
    it was given up before."""
    refuse_all_but_administrators(actor)
    station = running_station(session, actor, station_id)
    station.ended_at = now
    note_change(session, station, actor, "end", now=now)
    return station


def resume(session: Session, actor: User, station_id: int, *, now: datetime) -> Station:
    """Take a station up again. Raises NotFound, Forbidden, and Conflict when it runs."""
    refuse_all_but_administrators(actor)
    station = held_station(session, actor, station_id)
    if station.ended_at is None:
        raise Conflict(_("This station is in use."))
    station.ended_at = None
    note_change(session, station, actor, "resume", now=now)
    return station


def withdraw_poster(
    session: Session, actor: User, station_id: int, *, poster: int, now: datetime
) -> Station:
    """Let a station's poster count no more: the next one does. Raises NotFound, and Conflict when
    another one counts than that or there can be no further one."""
    station = running_station(session, actor, station_id)
    if station.poster != poster or poster >= MAX_POSTER:
        raise Conflict
    data = set_values(station, {"poster": poster + 1})
    station.poster_since = now
    note_change(session, station, actor, "poster", now=now, data=data)
    return station


def refuse_all_but_administrators(actor: User) -> None:
    """Raises Forbidden."""
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden


def organisation_of(values: Values) -> Organisation:
    """The office of a new station, without an id yet."""
    organisation = Organisation(kind=Kind.STATION, path="", name_zh="", name_en="")
    _name(organisation, values)
    return organisation


def station_of(
    session: Session, organisation: Organisation, values: Values, now: datetime
) -> Station:
    """A new station of an office that has its id; not flushed."""
    _move(session, organisation, values.get("area"))
    columns = {name: values[name] for name in _COLUMNS if name in values}
    station = Station(
        organisation_id=organisation.id, operator_id=values.get("operator"),
        created_at=now, changed_at=now, version=0, **columns,
    )  # fmt: skip
    station.organisation = organisation
    station.facilities = [_row(offer) for offer in values.get("facilities", ())]
    session.add(station)
    return station


def set_all(session: Session, station: Station, values: Values) -> dict[str, list[Any]]:
    """Set values of a station that there is; answers what changed, from what to what. Does not
    flush."""
    data = difference(station, values)
    set_values(station, {name: values[name] for name in _COLUMNS if name in values})
    if "operator" in data:
        station.operator_id = values["operator"]
    _name(station.organisation, values)
    if "area" in data:
        _move(session, station.organisation, values["area"])
    if "facilities" in data:
        _offer(station, values["facilities"])
    return data


def difference(station: Station, values: Values) -> dict[str, list[Any]]:
    """What these values would change of a station, {field: [from, to]} in JSON."""
    office = station.organisation
    now = {name: getattr(station, name) for name in _COLUMNS} | {
        "name_zh": office.name_zh, "name_en": office.name_en, "area": office.parent_id,
        "operator": station.operator_id, "facilities": _listed(station.facilities),
    }  # fmt: skip
    name_zh, name_en = _names(office, values)
    wanted = dict(values) | {"name_zh": name_zh, "name_en": name_en}
    if "facilities" in values:
        wanted["facilities"] = _listed(values["facilities"])
    return {
        name: [now[name], wanted[name]] for name in profile.FIELDS
        if name in wanted and now[name] != wanted[name]
    }  # fmt: skip


def _name(office: Organisation, values: Values) -> None:
    office.name_zh, office.name_en = _names(office, values)


def _names(office: Organisation, values: Values) -> tuple[str, str]:
    """English that is left empty is the Chinese, and goes with it."""
    zh = values.get("name_zh", office.name_zh)
    kept = "" if office.name_en == office.name_zh else office.name_en
    return zh, values.get("name_en", kept) or zh


def _move(session: Session, organisation: Organisation, area_id: int | None) -> None:
    """Put a station below an area; nothing stands below a station."""
    above = session.get_one(Organisation, area_id).path if area_id is not None else "/"
    organisation.parent_id, organisation.path = area_id, f"{above}{organisation.id}/"


def _offer(station: Station, offers: Iterable[Offer]) -> None:
    """Set which facilities there are; whether one works that stays is left as it is."""
    before = {one.facility: one for one in station.facilities}
    after = {one.facility: one for one in offers}
    for name, offer in after.items():
        if name in before:
            before[name].count = offer.count
        else:
            station.facilities.append(_row(offer))
    for name in before.keys() - after.keys():
        station.facilities.remove(before[name])


def _row(offer: Offer) -> StationFacility:
    return StationFacility(facility=offer.facility, count=offer.count)


def _listed(found: Iterable[Offer | StationFacility]) -> dict[str, int | None]:
    return {str(one.facility): one.count for one in found}


def _refuse_taken(session: Session, number: str, station_id: int | None) -> None:
    holder = session.scalar(select(Station.organisation_id).where(Station.number == number))
    if holder not in (None, station_id):
        raise Invalid({"number": [_("Another station has this number.")]})


def _refuse_stale(session: Session, station: Station, version: int | None) -> None:
    """What was changed since is found by counting: each change keeps one event."""
    if version is None or station.version <= version:
        return
    later = session.scalars(
        select(StationEvent)
        .where(StationEvent.station_id == station.organisation_id)
        .options(joinedload(StationEvent.actor))
        .order_by(StationEvent.id.desc())
        .limit(min(station.version - version, MOST_EVENTS))
    ).all()
    of_forms = [one for one in reversed(later) if one.step in OF_FORMS]
    if of_forms:
        raise ChangedMeanwhile(of_forms)
