"""Reading what is kept at stations. Who may see a station is part of stations/queries.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.counters.models import BrokenFacility, HandOver, Level, Supply
from app.blueprints.reports.models import Report
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_by
from app.blueprints.visits.models import Dimension, VisitSum
from app.lib import clock

DONE_SHOWN_FOR = timedelta(days=3)
MOST_NOTES = 60
PAGE = 30


@dataclass(frozen=True)
class Duties:
    """What there is to do at a station: supplies by name, notes (open ones first, the newest
    first), and the report of what is broken, by facility."""

    supplies: Sequence[Supply]
    notes: Sequence[HandOver]
    broken: Mapping[str, Report]


def duties_of(session: Session, station_id: int, *, now: datetime) -> Duties:
    """The duties of a station. Who may see it is asked before."""
    supplies = (
        select(Supply)
        .where(Supply.station_id == station_id, Supply.ended_at.is_(None))
        .options(joinedload(Supply.changed_by))
        .order_by(Supply.name)
    )
    notes = (
        select(HandOver)
        .where(
            HandOver.station_id == station_id,
            or_(HandOver.done_at.is_(None), HandOver.done_at > now - DONE_SHOWN_FOR),
        )
        .options(joinedload(HandOver.author))
        .order_by(HandOver.done_at.is_not(None), HandOver.id.desc())
        .limit(MOST_NOTES)
    )
    return Duties(
        session.scalars(supplies).all(), session.scalars(notes).all(), _broken(session, station_id)
    )


def _broken(session: Session, station_id: int) -> dict[str, Report]:
    """The newest comes last, and stands."""
    found = (
        select(BrokenFacility.facility, Report)
        .join(Report, Report.id == BrokenFacility.report_id)
        .where(BrokenFacility.station_id == station_id, BrokenFacility.works_again_at.is_(None))
        .order_by(BrokenFacility.id)
    )
    return dict(session.execute(found).all())


@dataclass(frozen=True)
class Standing:
    """How it stands at a station: people of today, supplies that run out, notes that wait."""

    station: Station
    people: int
    short: Sequence[Supply]
    notes: int


@dataclass(frozen=True)
class Page:
    """Some stations, by number, and behind which the next page begins if there is one."""

    standings: Sequence[Standing]
    after: str | None


def together(session: Session, actor: User, *, after: str, now: datetime) -> Page:
    """The actor's stations, and how it stands at each; the number of queries does not grow."""
    own = run_by(actor).where(Station.ended_at.is_(None), Station.number > after)
    found = session.scalars(own.order_by(Station.number).limit(PAGE + 1)).all()
    stations = found[:PAGE]
    ids = [one.organisation_id for one in stations]
    people, short, notes = _people(session, ids, now), _short(session, ids), _notes(session, ids)
    standings = [
        Standing(one, people.get(id, 0), short.get(id, ()), notes.get(id, 0))
        for id, one in zip(ids, stations, strict=True)
    ]
    return Page(standings, stations[-1].number if len(found) > PAGE else None)


def _people(session: Session, ids: Iterable[int], now: datetime) -> dict[int, int]:
    today = and_(VisitSum.dimension == Dimension.WHO, VisitSum.day == clock.to_local(now).date())
    found = (
        select(VisitSum.station_id, func.sum(VisitSum.people))
        .where(VisitSum.station_id.in_(ids), today)
        .group_by(VisitSum.station_id)
    )
    return dict(session.execute(found).all())


def _short(session: Session, ids: Iterable[int]) -> dict[int, list[Supply]]:
    found: dict[int, list[Supply]] = {}
    rows = select(Supply).where(
        Supply.station_id.in_(ids), Supply.ended_at.is_(None), Supply.level != Level.ENOUGH
    )
    for supply in session.scalars(rows.order_by(Supply.level.desc(), Supply.name)):
        found.setdefault(supply.station_id, []).append(supply)
    return found


def _notes(session: Session, ids: Iterable[int]) -> dict[int, int]:
    waiting = HandOver.station_id.in_(ids), HandOver.done_at.is_(None)
    found = select(HandOver.station_id, func.count()).where(*waiting).group_by(HandOver.station_id)
    return dict(session.execute(found).all())
