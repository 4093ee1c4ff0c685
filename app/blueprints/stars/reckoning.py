"""Levels reckoned anew: of those who earned or lost points, and once a day of everybody."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.stars import changed
from app.blueprints.stars.levels import Earned, earned_of, first_counted
from app.blueprints.stars.models import RoleSum, Round, Standing, StandingEvent, What
from app.lib.clock import to_local
from app.lib.database import insert_of

BATCH = 500
URL = "/stars"
_NO_DAY = date(2000, 1, 1)
_KINDS = {What.ROSE: "star_up", What.FELL: "star_down"}


def reckon_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """A batch of those whose points have changed; answers how many."""
    due = select(Standing).where(Standing.due).order_by(Standing.user_id).limit(limit)
    held = due.with_for_update(skip_locked=True, key_share=True).execution_options(
        populate_existing=True
    )
    found = session.scalars(held).all()
    _reckon(session, found, now=now)
    return len(found)


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to do, asked without a lock."""
    if session.scalar(select(Standing.user_id).where(Standing.due).limit(1)) is not None:
        return True
    return session.scalar(_behind(session.get(Round, 1), now).limit(1)) is not None


def reckon_day(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """The next batch of everybody, once a day: at a month's beginning another falls out of the
    twelve. Answers how many."""
    new = insert_of(session, Round).values(id=1, day=_NO_DAY, last_user_id=0)
    session.execute(new.on_conflict_do_nothing())
    round_ = session.get_one(Round, 1, with_for_update=True, populate_existing=True)
    ids = session.scalars(_behind(round_, now).limit(limit)).all()
    if ids:
        reckon(session, ids, now=now)
        round_.day, round_.last_user_id = to_local(now).date(), ids[-1]
        session.flush()
    return len(ids)


def _behind(round_: Round | None, now: datetime) -> Select[int]:
    begun = round_ is not None and round_.day == to_local(now).date()
    last = round_.last_user_id if round_ is not None and begun else 0
    return select(Standing.user_id).where(Standing.user_id > last).order_by(Standing.user_id)


def reckon(
    session: Session, rider_ids: Collection[int], *, now: datetime, quiet: bool = False
) -> None:
    """Riders' levels by what is kept. `quiet`: nobody is told."""
    found = select(Standing).where(Standing.user_id.in_(rider_ids)).order_by(Standing.user_id)
    held = found.with_for_update().execution_options(populate_existing=True)
    _reckon(session, session.scalars(held).all(), now=now, quiet=quiet)


def _reckon(
    session: Session, found: Sequence[Standing], *, now: datetime, quiet: bool = False
) -> None:
    if not found:
        return
    earned = earned_by(session, [one.user_id for one in found], now=now)
    events = [
        event
        for one in found
        if (event := _set(one, earned.get(one.user_id, Earned()), now)) is not None
    ]
    session.add_all(events)
    session.flush()
    changed.tell(session, {one.user_id: one.level for one in events})
    if not quiet:
        notify_all(session, [_notice(one) for one in events], now=now)


def earned_by(session: Session, rider_ids: Collection[int], *, now: datetime) -> dict[int, Earned]:
    """What counts of riders, in one grouped query; who earned nothing is missing."""
    rows = session.execute(
        select(RoleSum.user_id, RoleSum.five_role, func.sum(RoleSum.points))
        .where(RoleSum.user_id.in_(rider_ids), RoleSum.month >= first_counted(now))
        .group_by(RoleSum.user_id, RoleSum.five_role)
    )
    by_rider: dict[int, dict[str, int]] = defaultdict(dict)
    for user_id, role, points in rows:
        by_rider[user_id][role] = points
    return {user_id: earned_of(by_role) for user_id, by_role in by_rider.items()}


def _set(one: Standing, earned: Earned, now: datetime) -> StandingEvent | None:
    """Nothing is written of who stands as before."""
    if one.due or (one.points, one.breadth) != (earned.points, earned.breadth):
        one.points, one.breadth = earned.points, earned.breadth
        one.due, one.reckoned_at = False, now
    if one.level == earned.level:
        return None
    what = What.ROSE if earned.level > one.level else What.FELL
    one.level, one.level_since = earned.level, now
    return StandingEvent(
        user_id=one.user_id, what=what, level=one.level, points=one.points, breadth=one.breadth,
        at=now,
    )  # fmt: skip


def _notice(event: StandingEvent) -> Notice:
    data = {"level": event.level, "points": event.points}
    return Notice(event.user_id, _KINDS[event.what], data, URL)
