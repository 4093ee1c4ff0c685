"""Reading stations at the desk: those that one works at, and what was done to one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.models import Station, StationEvent, StationFacility, StationState
from app.blueprints.stations.queries import run_by

PAGE, HISTORY_PAGE = 50, 50
MOST_AT_ONCE = 100
"""So many posters go into one file: drawing them takes some seconds."""
STATES = ("open", "full", "closed", "broken", "ended")


@dataclass(frozen=True)
class DeskFilter:
    """What of the list to show: words in number, name or address; what lies below an area; one of
    `STATES`, or "" for all that are not given up."""

    text: str = ""
    area: Organisation | None = None
    state: str = ""


@dataclass(frozen=True)
class DeskPage:
    """Stations by number, how many there are in all, and the number after which the next page
    begins, if there is one."""

    items: Sequence[Station]
    count: int
    after: str | None


@dataclass(frozen=True)
class HistoryPage:
    """What was done to a station, the newest first; `before` is where the next page begins."""

    items: Sequence[StationEvent]
    before: int | None


def state_now(station: Station, now: datetime) -> StationState:
    """What the host says of a station, unless the time for that is over."""
    over = station.state_until is not None and station.state_until <= now
    return StationState.OPEN if over else StationState(station.state)


def found_by(actor: User, wanted: DeskFilter, now: datetime) -> Select[Station]:
    """The stations of a filter that the actor works at, by number."""
    found = run_by(actor).where(*_conditions(wanted, now))
    return found.order_by(Station.number)


def page_of(
    session: Session, actor: User, wanted: DeskFilter, *, after: str, now: datetime
) -> DeskPage:
    """A page of them, after a number."""
    found = found_by(actor, wanted, now)
    counted = found.order_by(None).with_only_columns(func.count())
    count = session.scalar(counted) or 0
    if after:
        found = found.where(Station.number > after)
    items = session.scalars(found.limit(PAGE + 1)).all()
    return DeskPage(items[:PAGE], count, items[PAGE - 1].number if len(items) > PAGE else None)


def chosen(session: Session, actor: User, ids: Iterable[int]) -> Sequence[Station]:
    """Stations in use by their ids, those that the actor works at, by number; 100 at most."""
    found = run_by(actor).where(Station.organisation_id.in_(set(ids)), Station.ended_at.is_(None))
    return session.scalars(found.order_by(Station.number).limit(MOST_AT_ONCE)).all()


def history_of(session: Session, station: Station, *, before: int | None) -> HistoryPage:
    """What was done to a station, before the event of an id."""
    wanted = (
        select(StationEvent)
        .where(StationEvent.station_id == station.organisation_id)
        .options(joinedload(StationEvent.actor))
        .order_by(StationEvent.id.desc())
    )
    if before is not None:
        wanted = wanted.where(StationEvent.id < before)
    found = session.scalars(wanted.limit(HISTORY_PAGE + 1)).all()
    shown = found[:HISTORY_PAGE]
    return HistoryPage(shown, shown[-1].id if len(found) > HISTORY_PAGE else None)


def _conditions(wanted: DeskFilter, now: datetime) -> Iterable[ColumnElement[bool]]:
    ended = Station.ended_at.is_not(None)
    yield ended if wanted.state == "ended" else ~ended
    if wanted.text:
        named = (
            Station.number, Organisation.name_zh, Organisation.name_en, Station.address_zh,
            Station.address_en,
        )  # fmt: skip
        yield or_(*(one.icontains(wanted.text, autoescape=True) for one in named))
    if wanted.area is not None:
        yield Organisation.path.startswith(wanted.area.path, autoescape=True)
    state = _states(now).get(wanted.state)
    if state is not None:
        yield state


def _states(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    over = Station.state_until <= now
    lasts = Station.state_until.is_(None) | (Station.state_until > now)
    return {
        "open": (Station.state == StationState.OPEN) | over,
        "full": (Station.state == StationState.FULL) & lasts,
        "closed": (Station.state == StationState.CLOSED) & lasts,
        "broken": exists().where(
            StationFacility.station_id == Station.organisation_id, StationFacility.works.is_(False)
        ),
    }
