"""Stations as a plain list: narrowed, and paged by number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.models import Facility, Station, StationFacility, StationState
from app.lib.opening_hours import is_open
from app.lib.text import clean

PAGE = 30
MAX_WORDS = 40
_NUMBER = re.compile(r"[A-Z0-9-]{1,16}")


@dataclass(frozen=True)
class Narrowing:
    """Which stations are wanted: all, or those open now, with all of these, with these words in
    name, address or number."""

    open_now: bool = False
    facilities: tuple[Facility, ...] = ()
    words: str = ""

    def arguments(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        return {
            "open": "1" if self.open_now else None,
            "has": [one.value for one in self.facilities],
            "q": self.words or None,
        }


@dataclass(frozen=True)
class FoundPage:
    """Some stations in the order of their numbers; `after` begins the next page if there is one."""

    stations: Sequence[Station]
    after: str | None


def read_narrowing(arguments: Mapping[str, str], has: Sequence[str]) -> Narrowing:
    """What an address asks for; what is not understood narrows nothing."""
    known = {facility.value: facility for facility in Facility}
    return Narrowing(
        open_now=arguments.get("open") == "1",
        facilities=tuple(known[one] for one in dict.fromkeys(has) if one in known),
        words=" ".join(clean(arguments.get("q")).split())[:MAX_WORDS],
    )


def found(
    session: Session, wanted: Narrowing, *, after: str | None = None, now: datetime
) -> FoundPage:
    """A page of the stations that riders may go to."""
    query = select(Station).join(Station.organisation).where(Station.ended_at.is_(None))
    query = query.where(*(_has(one) for one in wanted.facilities))
    if wanted.words:
        query = query.where(_named(wanted.words))
    if wanted.open_now:
        query = query.where(*_open(session, now))
    if after is not None and _NUMBER.fullmatch(after):
        query = query.where(Station.number > after)
    rows = session.scalars(query.order_by(Station.number).limit(PAGE + 1)).all()
    return FoundPage(rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None)


def _has(facility: Facility) -> ColumnElement[bool]:
    return Station.organisation_id.in_(
        select(StationFacility.station_id).where(
            StationFacility.facility == facility, StationFacility.works
        )
    )


def _named(words: str) -> ColumnElement[bool]:
    columns = (
        Organisation.name_zh, Organisation.name_en, Station.address_zh, Station.address_en,
        Station.number,
    )  # fmt: skip
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _open(session: Session, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Hours are text; how many different ones there are is few."""
    texts = session.scalars(select(Station.hours).where(Station.ended_at.is_(None)).distinct())
    return (
        Station.hours.in_([text for text in texts if is_open(text, now)]),
        or_(Station.state == StationState.OPEN, Station.state_until <= now),
    )
