"""What riders can have: rewards that are shown, and whether they are to be had now.

A page of rewards takes the same few statements however many there are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.blueprints.accounts.models import User
from app.blueprints.points import statement
from app.blueprints.rewards.models import (
    Redemption,
    RedemptionState,
    Reward,
    RewardKind,
    RewardState,
    RewardStock,
    ServiceSlot,
)
from app.blueprints.rewards.redeeming import COUNTED
from app.blueprints.stars.queries import level_of
from app.blueprints.stations.models import Station
from app.errors import NotFound
from app.lib.clock import start_of_day

PAGE = 20
MOST_PLACES = 400
MOST_SLOTS = 60


@dataclass(frozen=True)
class Purse:
    """What a rider may spend: points, and the star level."""

    points: int
    star: int


@dataclass(frozen=True)
class Offer:
    """A reward as a rider sees it. `free`: how many are left at all places together, None where
    not counted; `had`: how many of this month and in all the rider has had."""

    reward: Reward
    free: int | None
    had_month: int
    had_total: int

    @property
    def used_up(self) -> bool:
        """Whether the rider has had as many as one may have."""
        month, total = self.reward.per_rider_month, self.reward.per_rider_total
        return (month is not None and self.had_month >= month) or (
            total is not None and self.had_total >= total
        )


@dataclass(frozen=True)
class Cursor:
    """Behind which reward a page begins."""

    cost: int
    id: int


@dataclass(frozen=True)
class Page:
    """Offers, the cheapest first; `after` is where the next page begins."""

    items: Sequence[Offer]
    after: Cursor | None


def purse(session: Session, rider: User, *, now: datetime) -> Purse:
    """What somebody has."""
    free = statement.standing(session, rider.id, now=now).free
    return Purse(free, level_of(session, rider.id))


def catalogue(
    session: Session, rider: User, *, kind: RewardKind | None, after: Cursor | None, now: datetime
) -> Page:
    """A page of what is to be had now."""
    wanted = _shown(now)
    if kind is not None:
        wanted = wanted.where(Reward.kind == kind)
    if after is not None:
        behind = and_(Reward.cost == after.cost, Reward.id > after.id)
        wanted = wanted.where(or_(Reward.cost > after.cost, behind))
    rows = session.scalars(wanted.order_by(Reward.cost, Reward.id).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    items = _offers(session, rider, rows[:PAGE], now)
    return Page(items, Cursor(last.cost, last.id) if last else None)


def offer(session: Session, rider: User, reward_id: int, *, now: datetime) -> Offer:
    """One of them. Raises NotFound."""
    found = session.scalar(_shown(now).where(Reward.id == reward_id))
    if found is None:
        raise NotFound
    return _offers(session, rider, [found], now)[0]


def places(session: Session, reward_id: int) -> Sequence[RewardStock]:
    """Where a reward is to be had: the place without a station first, then stations that have
    some left, by number."""
    left = RewardStock.left
    wanted = (
        select(RewardStock)
        .outerjoin(RewardStock.station)
        .options(joinedload(RewardStock.station))
        .where(
            RewardStock.reward_id == reward_id, RewardStock.offered, Station.ended_at.is_(None)
        )
        .order_by(RewardStock.station_id.is_not(None), left == 0, Station.number)
        .limit(MOST_PLACES)
    )  # fmt: skip
    return session.scalars(wanted).all()


def slots(session: Session, reward_id: int, *, now: datetime) -> Sequence[ServiceSlot]:
    """The times of a service that are to come, the next first."""
    wanted = (
        select(ServiceSlot)
        .where(ServiceSlot.reward_id == reward_id, ServiceSlot.starts_at > now)
        .options(joinedload(ServiceSlot.station))
        .order_by(ServiceSlot.starts_at, ServiceSlot.id)
    )
    return session.scalars(wanted.limit(MOST_SLOTS)).all()


def open_count(session: Session, rider: User, *, now: datetime) -> int:
    """How many good vouchers somebody has."""
    counted = select(func.count()).where(
        Redemption.rider_id == rider.id, Redemption.state == RedemptionState.HELD,
        Redemption.until > now,
    )  # fmt: skip
    return session.scalar(counted) or 0


def _shown(now: datetime) -> Select[Reward]:
    return (
        select(Reward)
        .where(
            Reward.state == RewardState.LIVE, Reward.since <= now,
            Reward.until.is_(None) | (Reward.until > now),
        )
        .options(selectinload(Reward.pictures))
    )  # fmt: skip


def _offers(session: Session, rider: User, rewards: Sequence[Reward], now: datetime) -> list[Offer]:
    ids = [one.id for one in rewards]
    free, had = _free(session, ids), _had(session, rider, ids, now)
    return [Offer(one, free.get(one.id, 0), *had.get(one.id, (0, 0))) for one in rewards]


def _free(session: Session, ids: Collection[int]) -> dict[int, int | None]:
    """How many are left of each at all its places; None where one of them is not counted."""
    uncounted = func.sum(case((RewardStock.left.is_(None), 1), else_=0))
    rows = session.execute(
        select(RewardStock.reward_id, func.sum(RewardStock.left), uncounted)
        .outerjoin(Station, Station.organisation_id == RewardStock.station_id)
        .where(
            RewardStock.reward_id.in_(ids), RewardStock.offered, Station.ended_at.is_(None)
        )
        .group_by(RewardStock.reward_id)
    )  # fmt: skip
    return {reward: None if unknown else int(left or 0) for reward, left, unknown in rows}


def _had(
    session: Session, rider: User, ids: Collection[int], now: datetime
) -> Mapping[int, tuple[int, int]]:
    month = start_of_day(now).replace(day=1)
    this_month = func.sum(case((Redemption.at >= month, 1), else_=0))
    rows = session.execute(
        select(Redemption.reward_id, this_month, func.count())
        .where(
            Redemption.rider_id == rider.id, Redemption.reward_id.in_(ids),
            Redemption.state.in_(COUNTED),
        )
        .group_by(Redemption.reward_id)
    )  # fmt: skip
    return {reward: (int(lately), total) for reward, lately, total in rows}
