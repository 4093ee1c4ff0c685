"""A rider's own check-ins, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station
from app.blueprints.visits.models import CheckIn
from app.lib.clock import start_of_day
from app.lib.database import MAX_ROW_ID

PAGE = 30


@dataclass(frozen=True)
class OwnCheckIns:
    """Some check-ins, newest first, and before which the next page begins (an id) if there is
    one."""

    check_ins: Sequence[CheckIn]
    before: int | None


@dataclass(frozen=True)
class VisitCounts:
    """How many visits a rider has made: ever, and in this month in Suzhou."""

    ever: int
    this_month: int


def own(actor: User) -> Select[CheckIn]:
    """The actor's check-ins: every query here begins with them."""
    return select(CheckIn).where(CheckIn.rider_id == actor.id)


def own_check_ins(session: Session, actor: User, *, before: int | None = None) -> OwnCheckIns:
    """30 check-ins at a time by when they were, each with its station. What was captured without
    network comes in late, so the order is not that of the ids."""
    found = own(actor)
    if before is not None:
        number = min(max(before, 0), MAX_ROW_ID)
        edge = own(actor).where(CheckIn.id == number).with_only_columns(CheckIn.at)
        below = tuple_(edge.scalar_subquery(), number)
        found = found.where(tuple_(CheckIn.at, CheckIn.id) < below)
    rows = session.scalars(
        found.options(joinedload(CheckIn.station, innerjoin=True).lazyload(Station.facilities))
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
        .limit(PAGE + 1)
    ).all()
    more = len(rows) > PAGE
    return OwnCheckIns(rows[:PAGE], rows[PAGE - 1].id if more else None)


def own_counts(session: Session, actor: User, *, now: datetime) -> VisitCounts:
    """How many visits the actor has made."""
    month = start_of_day(now).replace(day=1)
    found = own(actor).where(CheckIn.leads).with_only_columns(
        func.count(), func.count().filter(CheckIn.at >= month)
    )  # fmt: skip
    return VisitCounts(*session.execute(found).one())
