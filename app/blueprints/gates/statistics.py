"""How many passed a compound: by hour, day, gate and company. No person stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Holder
from app.blueprints.gates.models import Directions, Outcome, Pass
from app.blueprints.organisations.models import Organisation
from app.lib import clock

DAYS = 30
COMPANIES = 20


@dataclass(frozen=True)
class Counted:
    """Passes that were not taken back: let in, let out, refused."""

    entries: int = 0
    exits: int = 0
    refused: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.entries + other.entries, self.exits + other.exits, self.refused + other.refused
        )


@dataclass(frozen=True)
class Statistics:
    """The passes of some days, each in its own order: 24 hours, each day, each gate that has
    passes (by id), companies with the most entries first."""

    hours: Sequence[Counted]
    days: Mapping[date, Counted]
    gates: Mapping[int, Counted]
    companies: Sequence[tuple[Organisation, int]]
    total: Counted


@dataclass(frozen=True)
class _Hour:
    """The passes of one hour at one gate."""

    start: datetime
    gate_id: int
    counted: Counted


def statistics(session: Session, compound_id: int, *, now: datetime) -> Statistics:
    """The last 30 days, today among them."""
    first = clock.start_of_day(now) - timedelta(days=DAYS - 1)
    days = {(first + timedelta(days=number)).date(): Counted() for number in range(DAYS)}
    gates: dict[int, Counted] = {}
    by_hour: dict[int, Counted] = {}
    for one in _hours(session, compound_id, since=first, until=now + timedelta(days=1)):
        local = clock.to_local(one.start)
        by_hour[local.hour] = by_hour.get(local.hour, Counted()) + one.counted
        days[local.date()] = days.get(local.date(), Counted()) + one.counted
        gates[one.gate_id] = gates.get(one.gate_id, Counted()) + one.counted
    hours = [by_hour.get(hour, Counted()) for hour in range(24)]
    total = sum(hours, Counted())
    return Statistics(hours, days, gates, _companies(session, compound_id, first), total)


def hours_of_today(session: Session, compound_id: int, *, now: datetime) -> Sequence[Counted]:
    """The 24 hours of the local day, those to come with nothing."""
    since = clock.start_of_day(now)
    found: dict[int, Counted] = {}
    for one in _hours(session, compound_id, since=since, until=since + timedelta(days=1)):
        hour = clock.to_local(one.start).hour
        found[hour] = found.get(hour, Counted()) + one.counted
    return [found.get(hour, Counted()) for hour in range(24)]


def _hours(
    session: Session, compound_id: int, *, since: datetime, until: datetime
) -> Sequence[_Hour]:
    hour = _utc_hour(session)
    rows = session.execute(
        select(hour, Pass.gate_id, Pass.direction, Pass.outcome, func.count())
        .where(
            Pass.compound_id == compound_id,
            Pass.at >= since,
            Pass.at < until,
            Pass.undone_at.is_(None),
        )
        .group_by(hour, Pass.gate_id, Pass.direction, Pass.outcome)
    )
    return [
        _Hour(
            datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC),
            gate_id,
            _counted(direction, outcome, count),
        )
        for text, gate_id, direction, outcome, count in rows
    ]


def _utc_hour(session: Session) -> ColumnElement[str]:
    """The hour of a pass as text, "2026-06-01 04". Constants stand in the SQL itself: PostgreSQL
    must see that what is selected is what is grouped by."""
    if session.get_bind().dialect.name == "postgresql":
        pattern: ColumnElement[str] = literal_column("'YYYY-MM-DD HH24'")
        return func.to_char(func.timezone(literal_column("'UTC'"), Pass.at), pattern)
    return func.substr(cast(Pass.at, String), literal_column("1"), literal_column("13"))


def _counted(direction: str, outcome: str, count: int) -> Counted:
    if outcome == Outcome.REFUSED:
        return Counted(refused=count)
    return Counted(exits=count) if direction == Directions.EXIT else Counted(entries=count)


def _companies(
    session: Session, compound_id: int, since: datetime
) -> Sequence[tuple[Organisation, int]]:
    counted = (
        select(Holder.company_id.label("company_id"), func.count().label("entries"))
        .join(Pass, Pass.rider_id == Holder.user_id)
        .where(
            Pass.compound_id == compound_id,
            Pass.at >= since,
            Pass.undone_at.is_(None),
            Pass.outcome == Outcome.ENTERED,
            Pass.direction == Directions.ENTRY,
        )
        .group_by(Holder.company_id)
        .order_by(func.count().desc(), Holder.company_id)
        .limit(COMPANIES)
        .subquery()
    )
    rows = session.execute(
        select(Organisation, counted.c.entries)
        .join(counted, counted.c.company_id == Organisation.id)
        .order_by(counted.c.entries.desc(), Organisation.id)
    )
    return [(company, entries) for company, entries in rows]
