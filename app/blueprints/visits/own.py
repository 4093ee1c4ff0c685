"""A rider's own check-in: by the poster of a station or the screen of its counter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.stations import poster_codes
from app.blueprints.stations.models import Station
from app.blueprints.stations.poster_codes import PosterCode
from app.blueprints.visits import counter_codes
from app.blueprints.visits.companies import companies_of
from app.blueprints.visits.counter_codes import CounterCode, Judged
from app.blueprints.visits.drafts import CheckInDraft, timed
from app.blueprints.visits.models import Mark, Purpose, Way, Who
from app.errors import Forbidden, Invalid
from app.lib.database import MAX_ROW_ID, table_of
from app.lib.geo import MOST_ACCURACY_M, Spot, distance_m

_S = table_of(Station).c
_STATIONS = select(
    _S.organisation_id, _S.latitude, _S.longitude, _S.radius_m, _S.poster, _S.poster_since,
    _S.ended_at,
).where(_S.organisation_id.in_(bindparam("stations", expanding=True)))  # fmt: skip


@dataclass(frozen=True)
class Trusted:
    """What tells a code of ours: the issuer's keys (compressed points by kid), and the secret of
    the counters' codes."""

    keys: Mapping[int, list[bytes]]
    secret: bytes


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What a rider's phone says: which code it read, what for, where it was, and when."""

    key: str
    code: PosterCode | CounterCode
    purpose: Purpose
    spot: Spot | None
    at: datetime


@dataclass(frozen=True)
class Known:
    """What judging one rider's check-ins needs: the stations that are named, by id."""

    rider_id: int
    company_id: int | None
    stations: Mapping[int, Any]
    trusted: Trusted


def read_code(way: Way, text: str) -> PosterCode | CounterCode | None:
    """A code as it was read, or None if it is none."""
    try:
        return poster_codes.read(text) if way == Way.POSTER else counter_codes.read(text)
    except (poster_codes.Unreadable, counter_codes.Unreadable):
        return None


def known_for(
    session: Session, rider: User, codes: Iterable[PosterCode | CounterCode], trusted: Trusted
) -> Known:
    """Read what judging check-ins by these codes needs. Raises Forbidden for who is no rider."""
    if not rider.has_role(Role.RIDER):
        raise Forbidden
    ids = {code.station_id for code in codes if code.station_id <= MAX_ROW_ID}
    rows = session.execute(_STATIONS, {"stations": list(ids)}) if ids else ()
    return Known(
        rider_id=rider.id,
        company_id=companies_of(session, [rider.id]).get(rider.id),
        stations={row.organisation_id: row for row in rows},
        trusted=trusted,
    )


def draft_of(said: CheckedIn, known: Known, *, now: datetime) -> CheckInDraft:
    """The check-in that comes of it. One that does not count is kept, and says why. Raises Invalid
    for a code that is not ours, or of a station that there is no longer."""
    _refuse_foreign(said, known)
    station = known.stations.get(said.code.station_id)
    if station is None or (station.ended_at is not None and said.at >= station.ended_at):
        raise Invalid({"code": [_("There is no such station, or no longer.")]})
    at, clock_mark = timed(said.at, now)
    by_poster = isinstance(said.code, PosterCode)
    spot = said.spot if by_poster else None  # a counter's screen proves more than a place
    apart_m = _apart_m(station, spot)
    return CheckInDraft(
        key=said.key,
        station_id=station.organisation_id,
        rider_id=known.rider_id,
        company_id=known.company_id,
        who=Who.RIDER,
        people=1,
        label="",
        way=Way.POSTER if by_poster else Way.COUNTER,
        purpose=said.purpose,
        at=at,
        received_at=now,
        recorder_id=None,
        mark=clock_mark or _mark(said, station, spot, apart_m),
        distance_m=None if apart_m is None else round(apart_m),
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
    )


def _refuse_foreign(said: CheckedIn, known: Known) -> None:
    """Raises Invalid for what we did not make."""
    code, trusted = said.code, known.trusted
    if isinstance(code, PosterCode):
        ours = poster_codes.is_signed(code, trusted.keys)
    else:
        ours = counter_codes.judge(code, secret=trusted.secret, at=said.at) != Judged.FORGED
    if not ours:
        raise Invalid({"code": [_("This code was not made by this district.")]})


def _mark(said: CheckedIn, station: Any, spot: Spot | None, apart_m: float | None) -> Mark | None:
    if isinstance(said.code, PosterCode):
        if not _counted(said.code, station, said.at):
            return Mark.OLD_POSTER
        return _place_mark(station, spot, apart_m)
    return None if counter_codes.is_fresh(said.code, said.at) else Mark.STALE_CODE


def _counted(code: PosterCode, station: Any, at: datetime) -> bool:
    """Whether a poster counted when it was read: a phone may send long after."""
    if code.poster == station.poster:
        return True
    since = station.poster_since
    return code.poster == station.poster - 1 and since is not None and at < since


def _place_mark(station: Any, spot: Spot | None, apart_m: float | None) -> Mark | None:
    if spot is None or apart_m is None:
        return Mark.NO_PLACE
    reach_m = station.radius_m + min(spot.accuracy_m, MOST_ACCURACY_M)
    return Mark.TOO_FAR if apart_m > reach_m else None


def _apart_m(station: Any, spot: Spot | None) -> float | None:
    if spot is None:
        return None
    return distance_m(station.latitude, station.longitude, spot.latitude, spot.longitude)
