"""Stations as a file, in the columns that `importing` takes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations import profile
from app.blueprints.stations.desk_queries import DeskFilter, found_by
from app.blueprints.stations.homes import Homes
from app.blueprints.stations.models import Facility, Station, StationKind
from app.blueprints.stations.profile import Offer
from app.blueprints.stations.words import KINDS
from app.lib.tables import Cell

WIDTHS = (10, 24, 28, 6, 20, 24, 30, 30, 11, 11, 8, 40, 16, 20, 60)


def lines(
    session: Session, actor: User, wanted: DeskFilter, homes: Homes, *,
    locale: str, now: datetime,
) -> Iterator[Sequence[Cell]]:  # fmt: skip
    """The head, and a row for each station of a filter, in a language."""
    with force_locale(locale):
        heads = [str(text) for text in profile.FIELDS.values()]
        kinds = {kind: str(text) for kind, text in KINDS.items()}
    yield heads
    names, areas = profile.facility_names(locale), _Names(homes, locale)
    for station in session.scalars(found_by(actor, wanted, now)):
        yield _cells(station, kinds, names, areas)


class _Names:
    """What areas and offices are called, each looked up once."""

    def __init__(self, homes: Homes, locale: str) -> None:
        self.areas = {one.id: homes.area_name(one.id, locale) for one in homes.areas}
        self.operators = {one.id: homes.operator_name(one.id, locale) for one in homes.operators}


def _cells(
    station: Station, kinds: Mapping[StationKind, str], names: Mapping[Facility, str],
    homes: _Names,
) -> list[Cell]:  # fmt: skip
    office = station.organisation
    offers = [Offer(Facility(one.facility), one.count) for one in station.facilities]
    offers.sort(key=lambda one: list(Facility).index(one.facility))
    return [
        station.number,
        office.name_zh,
        "" if office.name_en == office.name_zh else office.name_en,
        station.level,
        kinds[StationKind(station.kind)],
        homes.areas.get(office.parent_id or 0, ""),
        station.address_zh,
        station.address_en,
        station.latitude,
        station.longitude,
        station.radius_m,
        station.hours,
        station.contact,
        homes.operators.get(station.operator_id or 0, ""),
        profile.shown_offers(offers, names),
    ]
