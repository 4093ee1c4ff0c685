"""A rider redeems a reward, and may think better of it while the voucher is good.

Locks are taken in one order: the rider's account, the stock, then the rest.
"""

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.issuer_keys import IssuerKeys
from app.blueprints.organisations.models import Role
from app.blueprints.points import holds
from app.blueprints.points.books import MANY, rider_account
from app.blueprints.points.requests import Order, Source
from app.blueprints.rewards import shelves, steps, voucher_codes
from app.blueprints.rewards.models import (
    Redemption,
    RedemptionState,
    Reward,
    RewardKind,
    RewardState,
    RewardStock,
    ServiceSlot,
)
from app.blueprints.stars.queries import level_of
from app.blueprints.stations.models import Station
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.clock import start_of_day
from app.lib.database import alone

SCOPE, SOURCE = "redeem", "redemption"
MAX_KEY = 36
COUNTED = (RedemptionState.HELD, RedemptionState.GIVEN)
"""What counts for a rider's limits: what was cancelled or ran out does not."""


class NotForYou(Conflict):
    """The rider may not have this one, or not now."""


class Changed(Conflict):
    """The reward is no longer what the rider saw."""

    message = _l("The reward has changed. Look again, then decide.")


def redeem(
    session: Session, rider: User, *, reward_id: int, station_id: int | None,
    slot_id: int | None = None, seen_cost: int | None = None, key: str, keys: IssuerKeys,
    now: datetime,
) -> Redemption:  # fmt: skip
    """Reserve a reward and its points; what goes to charity is spent at once. The same key again
    answers the redemption that stands. `seen_cost`: what the rider was told that it costs.

    Raises Forbidden for who is no rider, NotFound, Invalid at `station` and `slot`, and as
    Conflict: SoldOut, NotEnough, NotForYou with the reason, Changed, and another request's key.
    """
    if not rider.has_role(Role.RIDER) or not 0 < len(key) <= MAX_KEY:
        raise Forbidden
    rider_account(session, rider.id, now=now)
    before = _before(session, rider, key)
    if before is not None:
        if (before.reward_id, before.slot_id) != (reward_id, slot_id):
            raise Conflict
        return before
    reward = _reward(session, reward_id, now)
    if seen_cost is not None and seen_cost != reward.cost:
        raise Changed
    stock = _stock(session, reward, station_id)
    slot = _slot(session, reward, stock, slot_id, now)
    _check_star(session, rider, reward)
    check_limits(session, rider.id, reward, now=now)
    made = _write(session, rider, reward, stock, slot, key=key, now=now)
    _reserve(session, made, now)
    if reward.kind == RewardKind.CHARITY:
        _donate(session, made, now)
    else:
        _sign(made, keys, now)
        session.flush()
        steps.tell_rider(session, made, "voucher_ready", now=now)
    return made


def cancel(session: Session, rider: User, redemption_id: int, *, now: datetime) -> Redemption:
    """A rider gives a voucher back; the points and the stock come back. Raises NotFound, and
    Conflict for one that is not open any more, or whose time has begun."""
    own = select(Redemption.id).where(
        Redemption.id == redemption_id, Redemption.rider_id == rider.id
    )
    if session.scalar(own) is None:
        raise NotFound
    alone(session, MANY)  # the points may settle debts with several budgets
    found = steps.locked(session, [redemption_id])[redemption_id]
    if found.slot is not None and found.slot.starts_at <= now:
        raise Conflict(_("It has begun: it cannot be cancelled any more."))
    if found.state == RedemptionState.HELD and found.until <= now:
        raise Conflict(_("It has run out: the points come back by themselves."))
    undo(session, found, "cancel", actor_id=rider.id, now=now)
    return found


def undo(
    session: Session, found: Redemption, step: str, *,
    actor_id: int | None, now: datetime, note: str = "",
) -> None:  # fmt: skip
    """Give stock and points of an open voucher back; `found` is locked. Raises Conflict."""
    steps.take(session, found, step, actor_id=actor_id, now=now, note=note)
    shelves.put_back(session, found, now=now)
    if found.hold_id is not None:
        holds.release(session, hold_id=found.hold_id, now=now)


def order_of(redemption: Redemption, hold_key: str, actor_id: int | None = None) -> Order:
    """The ledger's request for a hold of a redemption, or its capture."""
    source = Source(SOURCE, str(redemption.id))
    return Order(SCOPE, hold_key, source, actor_id=actor_id, reason=redemption.number)


def capture(session: Session, found: Redemption, *, actor_id: int | None, now: datetime) -> None:
    """Spend what is held for a redemption."""
    if found.hold_id is None:
        raise Conflict
    key = f"{found.id}-{found.hold_id}"
    holds.capture(session, order_of(found, key, actor_id), hold_id=found.hold_id, now=now)


def check_limits(session: Session, rider_id: int, reward: Reward, *, now: datetime) -> None:
    """Raises NotForYou for who has had as many as one may have."""
    counted = (
        select(func.count())
        .select_from(Redemption)
        .where(
            Redemption.rider_id == rider_id,
            Redemption.reward_id == reward.id,
            Redemption.state.in_(COUNTED),
        )
    )
    most = reward.per_rider_total
    if most is not None and (session.scalar(counted) or 0) >= most:
        raise NotForYou(_("You have had this: at most %(most)s for each rider.", most=most))
    month = start_of_day(now).replace(day=1)
    most = reward.per_rider_month
    if most is not None and (session.scalar(counted.where(Redemption.at >= month)) or 0) >= most:
        raise NotForYou(_("At most %(most)s a month: you have had this month's.", most=most))


def _before(session: Session, rider: User, key: str) -> Redemption | None:
    return session.scalars(
        select(Redemption).where(Redemption.rider_id == rider.id, Redemption.key == key)
    ).first()


def _reward(session: Session, reward_id: int, now: datetime) -> Reward:
    wanted = select(Reward).where(Reward.id == reward_id).execution_options(populate_existing=True)
    reward = session.scalars(wanted).first()
    if reward is None or reward.state == RewardState.DRAFT:
        raise NotFound
    if reward.state != RewardState.LIVE or (reward.until is not None and reward.until <= now):
        raise NotForYou(_("This reward is over."))
    if reward.since > now:
        raise NotForYou(_("This reward is not to be had yet."))
    return reward


def _stock(session: Session, reward: Reward, station_id: int | None) -> RewardStock:
    at = RewardStock.station_id
    wanted = (
        select(RewardStock)
        .outerjoin(Station, Station.organisation_id == at)
        .where(
            RewardStock.reward_id == reward.id, RewardStock.offered, Station.ended_at.is_(None),
            at.is_(None) if station_id is None else at == station_id,
        )
    )  # fmt: skip
    found = session.scalars(wanted).first()
    if found is None:
        raise Invalid({"station": [_("Choose a station that has it.")]})
    return found


def _slot(
    session: Session, reward: Reward, stock: RewardStock, slot_id: int | None, now: datetime
) -> ServiceSlot | None:
    if reward.kind != RewardKind.SERVICE:
        return None
    wanted = select(ServiceSlot).where(
        ServiceSlot.id == slot_id, ServiceSlot.reward_id == reward.id,
        ServiceSlot.station_id == stock.station_id, ServiceSlot.starts_at > now,
    )  # fmt: skip
    found = session.scalars(wanted).first()
    if found is None:
        raise Invalid({"slot": [_("Choose a time.")]})
    return found


def _check_star(session: Session, rider: User, reward: Reward) -> None:
    if reward.min_star and level_of(session, rider.id) < reward.min_star:
        raise NotForYou(_("This is for riders with %(star)s stars and more.", star=reward.min_star))


def _write(
    session: Session, rider: User, reward: Reward, stock: RewardStock, slot: ServiceSlot | None,
    *, key: str, now: datetime,
) -> Redemption:  # fmt: skip
    good_for = timedelta(days=reward.valid_days + 1)
    made = Redemption(
        number=_number(session), key=key, rider_id=rider.id, reward=reward, stock_id=stock.id,
        station_id=stock.station_id, slot_id=slot.id if slot else None,
        supplier_id=reward.supplier_id, cost=reward.cost, price_cents=reward.price_cents,
        state=RedemptionState.HELD, until=slot.ends_at if slot else start_of_day(now) + good_for,
        at=now, moved_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _number(session: Session) -> str:
    """Ten digits that nobody has; that two draw the same at once the database refuses."""
    while True:
        number = f"{secrets.randbelow(10**10):010}"
        if session.scalar(select(Redemption.id).where(Redemption.number == number)) is None:
            return number


def _reserve(session: Session, made: Redemption, now: datetime) -> None:
    hold = holds.hold(
        session, order_of(made, str(made.id), made.rider_id),
        rider_id=made.rider_id, amount=made.cost, now=now,
    )  # fmt: skip
    made.hold_id = hold.id
    steps.write(session, made, "redeem", actor_id=made.rider_id, now=now)
    shelves.take_one(session, made, now=now)


def _donate(session: Session, made: Redemption, now: datetime) -> None:
    capture(session, made, actor_id=made.rider_id, now=now)
    steps.take(session, made, "donate", actor_id=made.rider_id, now=now)


def _sign(made: Redemption, keys: IssuerKeys, now: datetime) -> None:
    made.code = voucher_codes.text_of(
        keys.signing(now), redemption_id=made.id, reward_id=made.reward_id,
        station_id=made.station_id, until=made.until,
    )  # fmt: skip
