"""How much stations are used: by station, hour, purpose and company, for whoever may know.

Administrators see all stations, hosts those that they work at, managers what the riders of their
own company did at any. How many places a station has is what it has today.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.insight.sums import (
    Counted,
    Key,
    Sight,
    by_station,
    by_value,
    last_months,
)
from app.blueprints.organisations.models import STATIONS, Kind, Organisation, Role
from app.blueprints.stations.models import Facility, Station, StationFacility
from app.blueprints.stations.queries import run_by
from app.blueprints.visits.models import PURPOSE_NUMBERS, Dimension, Purpose
from app.lib.clock import to_local
from app.lib.periods import Period

OF_STATIONS, OF_COMPANY = "stations", "company"
PLUGS = (Facility.PHONE_CHARGING, Facility.BIKE_CHARGING)
_WORKER = (Dimension.WHO, 1)
_REST = (Dimension.PURPOSE, PURPOSE_NUMBERS[Purpose.REST])
_CHARGE = (Dimension.PURPOSE, PURPOSE_NUMBERS[Purpose.CHARGE])


@dataclass(frozen=True)
class Asked:
    """Whose figures, of which days, and of which street's stations or, with None, of all."""

    actor: User
    of: str
    """`OF_STATIONS` or `OF_COMPANY`."""
    period: Period
    street: Organisation | None


@dataclass(frozen=True)
class Place:
    """A station as figures need it. `plugs` and `rests` are 0 where nobody wrote down how many."""

    id: int
    number: str
    name_zh: str
    name_en: str
    path: str
    since: date
    until: date | None
    """The local day on which it was given up."""
    rests: int
    plugs: int

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_en if locale == "en" else self.name_zh

    def days_of(self, period: Period) -> int:
        """On how many days of a period there was such a station."""
        first, last = max(self.since, period.first), min(self.until or period.last, period.last)
        return max(0, (last - first).days + 1)


@dataclass(frozen=True)
class Numbers:
    """What is counted at a station, or at all of them."""

    visits: int = 0
    people: int = 0
    workers: int = 0
    check_ins: int = 0
    days: int = 0
    rest: int = 0
    """People who came to rest, where the places for that are numbered; so with `charge`."""
    rest_days: int = 0
    """Places to rest, each counted on each day; so with `plug_days`."""
    charge: int = 0
    plug_days: int = 0

    @property
    def per_day(self) -> float | None:
        """Visits a day."""
        return _ratio(self.visits, self.days)

    @property
    def per_rest(self) -> float | None:
        """People a day on each place to rest."""
        return _ratio(self.rest, self.rest_days)

    @property
    def per_plug(self) -> float | None:
        """People a day at each plug."""
        return _ratio(self.charge, self.plug_days)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True)
class Line:
    """A station that was used."""

    place: Place
    numbers: Numbers


@dataclass(frozen=True)
class Unused:
    """A station where nobody came in the period, and the month in which somebody last did."""

    place: Place
    last: date | None


@dataclass(frozen=True)
class Figures:
    """The figures of a period. Lines come with the most visits first; hours, purposes and
    companies are of all stations together, and empty in the sight of a company."""

    lines: Sequence[Line]
    total: Numbers
    unused: Sequence[Unused]
    hours: Sequence[Counted]
    purposes: Sequence[tuple[Purpose, Counted]]
    companies: Sequence[tuple[int, Counted]]
    """By the company's id, 0 for none; those with the most visits first."""


def sights(actor: User) -> list[str]:
    """Whose figures somebody may see, the widest first."""
    found = [OF_STATIONS] if actor.has_role(*STATIONS) else []
    return [*found, OF_COMPANY] if actor.has_role(Role.COMPANY_MANAGER) else found


def figures(session: Session, asked: Asked, places: Sequence[Place]) -> Figures:
    """Count them at these places: two statements for sums, one for what was not used."""
    places, sight = _within(places, asked.street), _sight(asked)
    used = by_station(session, asked.period, sight)
    lines = [_line(one, used[one.id], asked.period) for one in places if _used(used, one)]
    lines.sort(key=lambda line: (-line.numbers.visits, -line.numbers.people, line.place.number))
    total = _total([line.numbers for line in lines], asked.period)
    if asked.of == OF_COMPANY:
        return Figures(lines, total, (), (), (), ())
    idle = [one for one in places if not _used(used, one) and _could_be_used(one, asked.period)]
    values = by_value(session, asked.period, sight)
    return Figures(
        lines, total, _unused(session, idle), _hours(values), _purposes(used.values()),
        _companies(values),
    )  # fmt: skip


def places_of(session: Session, actor: User, of: str) -> list[Place]:
    """All stations in a sight, those given up too, in the order of their numbers."""
    facilities = StationFacility.station_id == Station.organisation_id
    columns: list[Any] = [
        Station.organisation_id, Station.number, Organisation.name_zh, Organisation.name_en,
        Organisation.path, Station.created_at, Station.ended_at,
        *(_places(*those) for those in ((Facility.REST,), PLUGS)),
    ]  # fmt: skip
    rows = session.execute(
        _stations(actor, of).outerjoin(StationFacility, facilities)
        .with_only_columns(*columns)
        .group_by(Station.organisation_id, Organisation.id)
        .order_by(Station.number)
    )  # fmt: skip
    return [
        Place(station, number, zh, en, path, _day(since), until and _day(until), rests, plugs)
        for station, number, zh, en, path, since, until, rests, plugs in rows
    ]


def _day(moment: datetime) -> date:
    return to_local(moment).date()


def streets_of(session: Session, places: Sequence[Place]) -> list[Organisation]:
    """The streets in which some stations are, in the order of the tree."""
    above = {part for one in places for part in one.path.split("/")}
    found = select(Organisation).where(Organisation.kind == Kind.STREET)
    streets = session.scalars(found.order_by(Organisation.path))
    return [one for one in streets if str(one.id) in above]


def _within(places: Sequence[Place], street: Organisation | None) -> Sequence[Place]:
    return [one for one in places if street is None or one.path.startswith(street.path)]


def _places(*facilities: Facility) -> ColumnElement[int]:
    counted = case((StationFacility.facility.in_(facilities), StationFacility.count), else_=0)
    return func.coalesce(func.sum(counted), 0)


def _stations(actor: User, of: str) -> Select[Station]:
    return select(Station).join(Station.organisation) if of == OF_COMPANY else run_by(actor)


def _sight(asked: Asked) -> Sight:
    """Whose sums: where they are those of all stations, no id need be looked up."""
    stations = None
    if asked.street is not None:
        below = Organisation.path.startswith(asked.street.path, autoescape=True)
        stations = _ids(_stations(asked.actor, asked.of).where(below))
    elif asked.of == OF_STATIONS and not asked.actor.has_role(Role.ADMINISTRATOR):
        stations = _ids(_stations(asked.actor, asked.of))
    if asked.of == OF_STATIONS:
        return Sight(stations)
    held = asked.actor.memberships
    return Sight(
        stations, [one.organisation_id for one in held if one.role == Role.COMPANY_MANAGER]
    )


def _ids(stations: Select[Station]) -> Select[int]:
    return stations.with_only_columns(Station.organisation_id)


def _used(used: Mapping[int, Mapping[Key, Counted]], place: Place) -> bool:
    return any(one.check_ins for one in used.get(place.id, {}).values())


def _could_be_used(place: Place, period: Period) -> bool:
    return place.until is None and place.since <= period.last


def _line(place: Place, counted: Mapping[Key, Counted], period: Period) -> Line:
    who = [one for key, one in counted.items() if key[0] != Dimension.PURPOSE]
    of_all = sum(who, Counted())
    days = place.days_of(period)
    numbers = Numbers(
        of_all.visits, of_all.people, counted.get(_WORKER, Counted()).people, of_all.check_ins,
        days, _people(counted, _REST, place.rests), place.rests * days,
        _people(counted, _CHARGE, place.plugs), place.plugs * days,
    )  # fmt: skip
    return Line(place, numbers)


def _people(counted: Mapping[Key, Counted], key: Key, places: int) -> int:
    return counted[key].people if places and key in counted else 0


def _total(numbers: Sequence[Numbers], period: Period) -> Numbers:
    """All together; their days are those of the period."""
    sums = {one.name: sum(getattr(each, one.name) for each in numbers) for one in fields(Numbers)}
    return Numbers(**sums | {"days": period.days})


def _unused(session: Session, idle: Sequence[Place]) -> list[Unused]:
    last = last_months(session, [one.id for one in idle]) if idle else {}
    return [Unused(one, last.get(one.id)) for one in idle]


def _hours(values: Mapping[Key, Counted]) -> list[Counted]:
    return [values.get((Dimension.HOUR, hour), Counted()) for hour in range(24)]


def _purposes(stations: Collection[Mapping[Key, Counted]]) -> list[tuple[Purpose, Counted]]:
    keys = [(one, (Dimension.PURPOSE, PURPOSE_NUMBERS[one])) for one in Purpose]
    return [
        (one, sum((each[key] for each in stations if key in each), Counted())) for one, key in keys
    ]


def _companies(values: Mapping[Key, Counted]) -> list[tuple[int, Counted]]:
    found = [
        (value, one) for (dimension, value), one in values.items()
        if dimension == Dimension.COMPANY and one.check_ins
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one[1].visits, one[0]))
