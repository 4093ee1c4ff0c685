"""Where a station may belong, and who may run it, by what forms and files call them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.finding import ids_of
from app.blueprints.organisations.models import Area, Kind, Organisation
from app.blueprints.stations.models import Station

AREA_KINDS = (Kind.ZONE, Kind.STREET, Kind.COMMUNITY)
OPERATOR_KINDS = (Kind.COMPANY, Kind.PROPERTY_COMPANY, Kind.COMMITTEE, Kind.DEPARTMENT)
AROUND_DEGREES = 0.1
"""About 10 km: a station farther from every area is asked about."""
INDENT = {Kind.STREET: "　", Kind.COMMUNITY: "　　"}


class NoSuchHome(ValueError):
    """No office is called so, or several are."""


@dataclass(frozen=True)
class Bounds:
    """The rectangle around all areas, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def are_near(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies in it or around it."""
        return (
            self.south - AROUND_DEGREES <= latitude <= self.north + AROUND_DEGREES
            and self.west - AROUND_DEGREES <= longitude <= self.east + AROUND_DEGREES
        )


@dataclass(frozen=True)
class Homes:
    """Zones, streets and communities in the order of the tree, the offices that may run a
    station, and where the district lies, if that is known."""

    areas: Sequence[Organisation]
    operators: Sequence[Organisation]
    bounds: Bounds | None

    def area(self, text: str) -> Organisation:
        """The area of "#12", of a name, or of names from the top with slashes between them.
        Raises NoSuchHome."""
        return _only(_by_id(self.areas, text) or self._called(text))

    def operator(self, text: str) -> Organisation:
        """The office of "#12" or of a name. Raises NoSuchHome."""
        named = [one for one in self.operators if text in (one.name_zh, one.name_en)]
        return _only(_by_id(self.operators, text) or named)

    def area_name(self, organisation_id: int | None, locale: str) -> str:
        """What `area` takes for this area and no other; "" for what is none."""
        above = {one.id: one for one in self.areas}
        if organisation_id not in above:
            return ""
        shown = [above[one] for one in ids_of(above[organisation_id]) if one in above]
        named = [one for one in shown if one.kind != Kind.ZONE or one is shown[-1]]
        name = "/".join(one.name(locale) for one in named)
        return name if len(self._called(name)) == 1 else f"#{organisation_id}"

    def operator_name(self, organisation_id: int | None, locale: str) -> str:
        """What `operator` takes for this office and no other; "" for none."""
        names = [one.name(locale) for one in self.operators if one.id == organisation_id]
        taken = sum(name in (one.name_zh, one.name_en) for name in names for one in self.operators)
        return names[0] if taken == 1 else f"#{organisation_id}" if names else ""

    def is_near(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies in the district or around it; so does any while no area is known."""
        return self.bounds is None or self.bounds.are_near(latitude, longitude)

    def _called(self, text: str) -> list[Organisation]:
        names = [part.strip() for part in text.split("/") if part.strip()]
        above = {one.id: one for one in self.areas}
        return [
            one
            for one in self.areas
            if names
            and names[-1] in (one.name_zh, one.name_en)
            and _runs([above[number] for number in ids_of(one) if number in above], names)
        ]


def read_homes(session: Session) -> Homes:
    """All of them, in three statements. Whatever stations belong to or are run by is among them."""
    of_stations = select(Organisation.parent_id).where(Organisation.kind == Kind.STATION)
    areas = or_(Organisation.kind.in_(AREA_KINDS), Organisation.id.in_(of_stations))
    running = select(Station.operator_id).distinct()
    operators = or_(Organisation.kind.in_(OPERATOR_KINDS), Organisation.id.in_(running))
    found = select(Organisation)
    return Homes(
        session.scalars(found.where(areas).order_by(Organisation.path)).all(),
        session.scalars(found.where(operators).order_by(Organisation.id)).all(),
        _bounds(session),
    )


def _bounds(session: Session) -> Bounds | None:
    south, west, north, east = session.execute(
        select(func.min(Area.south), func.min(Area.west), func.max(Area.north), func.max(Area.east))
    ).one()
    return None if south is None else Bounds(south, west, north, east)


def _by_id(known: Iterable[Organisation], text: str) -> list[Organisation]:
    return [one for one in known if text == f"#{one.id}"]


def _only(found: Sequence[Organisation]) -> Organisation:
    if len(found) != 1:
        raise NoSuchHome
    return found[0]


def _runs(above: Sequence[Organisation], names: Sequence[str]) -> bool:
    """Whether names lead down through organisations in their order."""
    left = iter(above)
    return all(any(name in (one.name_zh, one.name_en) for one in left) for name in names)
