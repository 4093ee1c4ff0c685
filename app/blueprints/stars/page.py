"""A rider's own page of stars: what there is, what is missing, what will fall out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.stars.levels import (
    Earned,
    Step,
    earned_of,
    first_counted,
    month_of,
    months_back,
    next_step,
)
from app.blueprints.stars.models import RoleSum, Standing, StandingEvent, What
from app.blueprints.stars.queries import LEAST

EVENTS = 12
FALL_SHOWN = timedelta(days=90)


@dataclass(frozen=True)
class Missing:
    """What the next level takes, and what of it is not there."""

    step: Step
    points: int
    roles: int


@dataclass(frozen=True)
class Outlook:
    """From a day on so many points count no longer, and nothing else happening, the level is."""

    day: date
    points: int
    level: int


@dataclass(frozen=True)
class View:
    """What the page shows. `by_role` has points by the name of a role, "" for none; `fell` is the
    newest step if it led down, lately."""

    level: int
    earned: Earned
    by_role: Mapping[str, int]
    missing: Missing | None
    outlook: Outlook | None
    fell: StandingEvent | None
    events: Sequence[StandingEvent]
    listed: bool


@dataclass(frozen=True)
class Brief:
    """A level in a word, for a greeting."""

    level: int
    missing: Missing | None


def brief(session: Session, rider_id: int) -> Brief:
    """A rider's level as it was reckoned last, and what is missing to the next."""
    standing = session.get(Standing, rider_id)
    level = standing.level if standing else LEAST
    earned = Earned(standing.points, standing.breadth) if standing else Earned()
    return Brief(level, _missing(level, earned))


def _level(standing: Standing | None, earned: Earned) -> int:
    """What was reckoned last; or what will be in a moment, lest the page contradict its sums."""
    if standing is None:
        return LEAST
    return earned.level if standing.due else standing.level


def view_of(session: Session, rider_id: int, *, now: datetime) -> View:
    """A rider's stars at this moment, from a few rows of the rider's own."""
    standing = session.get(Standing, rider_id)
    by_month = _by_month(session, rider_id, first_counted(now))
    by_role = _summed(by_month.values())
    earned = earned_of(by_role)
    level = _level(standing, earned)
    events = _events(session, rider_id)
    return View(
        level=level, earned=earned, by_role=by_role, missing=_missing(level, earned),
        outlook=_outlook(by_month, level, now), fell=_fell(events, now), events=events,
        listed=standing.listed if standing else True,
    )  # fmt: skip


Months = Mapping[date, Mapping[str, int]]


def _by_month(session: Session, rider_id: int, first: date) -> Months:
    found = select(RoleSum.month, RoleSum.five_role, func.sum(RoleSum.points)).where(
        RoleSum.user_id == rider_id, RoleSum.month >= first
    )
    months: dict[date, dict[str, int]] = defaultdict(dict)
    for month, role, points in session.execute(found.group_by(RoleSum.month, RoleSum.five_role)):
        months[month][role] = points
    return months


def _summed(months: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for month in months:
        for role, points in month.items():
            sums[role] += points
    return dict(sums)


def _missing(level: int, earned: Earned) -> Missing | None:
    step = next_step(level)
    if step is None:
        return None
    return Missing(step, max(step.points - earned.points, 0), max(step.breadth - earned.breadth, 0))


def _outlook(months: Months, level: int, now: datetime) -> Outlook | None:
    """None unless the level falls with the oldest month."""
    oldest = months.get(first_counted(now), {})
    left = _summed([one for month, one in months.items() if month != first_counted(now)])
    will_be = earned_of(left).level
    if not oldest or will_be >= level:
        return None
    return Outlook(months_back(month_of(now), -1), sum(oldest.values()), will_be)


def _events(session: Session, rider_id: int) -> Sequence[StandingEvent]:
    found = select(StandingEvent).where(StandingEvent.user_id == rider_id)
    return session.scalars(found.order_by(StandingEvent.id.desc()).limit(EVENTS)).all()


def _fell(events: Sequence[StandingEvent], now: datetime) -> StandingEvent | None:
    steps = [one for one in events if one.what in (What.ROSE, What.FELL)]
    if not steps or steps[0].what != What.FELL or steps[0].at < now - FALL_SHOWN:
        return None
    return steps[0]
