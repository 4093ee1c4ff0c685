"""What a host says of a station now: its state, a word to riders, what does not work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.changing import note_change
from app.blueprints.stations.models import Facility, Station, StationFacility, StationState
from app.blueprints.stations.queries import run_by
from app.errors import Conflict, Invalid, NotFound
from app.lib.clock import start_of_day
from app.lib.text import clean

MAX_REASON, MAX_NOTICE, MAX_NOTE = 120, 200, 120
LONGEST_STATE, LONGEST_NOTICE = timedelta(days=366), timedelta(days=31)


def held_station(session: Session, actor: User, station_id: int) -> Station:
    """A station that the actor works at, kept from others until the transaction ends, so that no
    change is counted over another. Raises NotFound."""
    wanted = run_by(actor).where(Station.organisation_id == station_id)
    wanted = wanted.with_for_update(of=Station).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def running_station(session: Session, actor: User, station_id: int) -> Station:
    """The same. Raises NotFound, and Conflict for one that was given up."""
    station = held_station(session, actor, station_id)
    if station.ended_at is not None:
        raise Conflict(_("This station was given up."))
    return station


def set_state(
    session: Session, actor: User, station_id: int, *,
    state: StationState | str, reason: str, until: datetime | None, now: datetime,
) -> Station:  # fmt: skip
    """Say that a station is open, full or closed. An open one has no reason and no end.

    Raises NotFound, Conflict, and Invalid at `state`, at `reason` (one that is closed needs one)
    and `until` (in the future, within 366 days).
    """
    station = running_station(session, actor, station_id)
    said = " ".join(clean(reason).split())
    if state not in set(StationState):
        raise Invalid({"state": [_("Choose a state.")]})
    if state == StationState.OPEN:
        said, until = "", None
    _refuse(
        reason=_wrong_reason(state, said),
        until=_wrong_moment(until, now, LONGEST_STATE),
    )
    values = {"state": StationState(state), "state_reason": said, "state_until": until}
    return _changed(session, station, actor, "state", values, now)


def set_notice(
    session: Session, actor: User, station_id: int, *,
    text: str, until: datetime | None, now: datetime,
) -> Station:  # fmt: skip
    """Say something to riders until a moment, by default the end of the day; "" takes it back.

    Raises NotFound, Conflict, and Invalid at `text` (200 characters) and `until` (in the future,
    within 31 days).
    """
    station = running_station(session, actor, station_id)
    said = " ".join(clean(text).split())
    until = (until or start_of_day(now) + timedelta(days=1)) if said else None
    _refuse(text=_too_long(said, MAX_NOTICE), until=_wrong_moment(until, now, LONGEST_NOTICE))
    values = {"notice": said, "notice_until": until}
    return _changed(session, station, actor, "notice", values, now)


def set_facility(
    session: Session, actor: User, station_id: int, *,
    facility: Facility | str, works: bool, note: str = "", now: datetime,
) -> Station:  # fmt: skip
    """Say whether something of a station works, with a word on it.

    Raises NotFound, also for what the station does not have, Conflict, and Invalid at `note`.
    """
    station = running_station(session, actor, station_id)
    row = next((one for one in station.facilities if one.facility == facility), None)
    if row is None:
        raise NotFound
    said = " ".join(clean(note).split())
    _refuse(note=_too_long(said, MAX_NOTE))
    data = _set_row(row, works=works, note=said)
    if data:
        note_change(session, station, actor, "facility", now=now, data=data)
    return station


def set_values(station: Station, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set columns of a station; answers what changed, {column: [from, to]} in JSON."""
    data: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(station, name)
        if before != value:
            data[name] = [_in_json(before), _in_json(value)]
            setattr(station, name, value)
    return data


def _changed(
    session: Session, station: Station, actor: User, step: str, values: Mapping[str, Any],
    now: datetime,
) -> Station:  # fmt: skip
    data = set_values(station, values)
    if data:
        note_change(session, station, actor, step, now=now, data=data)
    return station


def _set_row(row: StationFacility, *, works: bool, note: str) -> dict[str, list[Any]]:
    if (row.works, row.note) == (works, note):
        return {}
    before = {"works": row.works, "note": row.note}
    row.works, row.note = works, note
    return {Facility(row.facility).value: [before, {"works": works, "note": note}]}


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _refuse(**wrong: str) -> None:
    found = {field: [said] for field, said in wrong.items() if said}
    if found:
        raise Invalid(found)


def _wrong_reason(state: str, said: str) -> str:
    if state == StationState.CLOSED and not said:
        return str(_("Say why it is closed."))
    return _too_long(said, MAX_REASON)


def _too_long(text: str, most: int) -> str:
    return str(_("At most %(most)s characters.", most=most)) if len(text) > most else ""


def _wrong_moment(until: datetime | None, now: datetime, longest: timedelta) -> str:
    if until is not None and until <= now:
        return str(_("That time is over."))
    if until is not None and until > now + longest:
        return str(_("At most %(days)s days ahead.", days=longest.days))
    return ""
