"""A row in every table of rewards, as full as its columns allow."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.rewards.models import (
    HandOut,
    Redemption,
    RedemptionEvent,
    Reward,
    RewardEvent,
    RewardPicture,
    RewardStock,
    ServiceSlot,
    StockMove,
    Supplier,
)
from app.blueprints.stations.models import Station
from app.lib import clock


def rows(session: Session, user: User) -> None:
    """Add and flush them; `user` has a case, a station, a badge and points with the id 1."""
    now = clock.now()
    later = now + timedelta(days=1)
    station_id = session.query(Station).first().organisation_id  # type: ignore[union-attr]
    supplier = Supplier(name_zh="x", name_en="x", contact="x", created_at=now, ended_at=now)
    session.add(supplier)
    session.flush()
    reward = Reward(
        kind="service", name_zh="x", name_en="x", words_zh="x", words_en="x", cost=1, min_star=1,
        since=now, until=later, valid_days=1, per_rider_month=1, per_rider_total=1,
        supplier_id=supplier.id, price_cents=1, state="live", created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(reward)
    session.flush()
    here = {"reward_id": reward.id, "station_id": station_id}
    stock = RewardStock(left=0, missing=1, counted_at=now, **here)
    slot = ServiceSlot(starts_at=now, ends_at=later, places=2, taken=1, **here)
    session.add_all([stock, slot])
    session.flush()
    redemption = Redemption(
        number="0123456789", key="x", rider_id=user.id, stock_id=stock.id, slot_id=slot.id,
        supplier_id=supplier.id, hold_id=1, cost=1, price_cents=1, state="given", until=later,
        code="x", at=now, moved_at=now, given_at=now, warned_at=now, **here,
    )  # fmt: skip
    session.add(redemption)
    session.flush()
    by = {"redemption_id": redemption.id, "actor_id": user.id}
    session.add_all(
        [
            RewardPicture(
                reward_id=reward.id, position=1, sha256="ef" * 32, width=1, height=1,
                created_at=now,
            ),
            RewardEvent(reward_id=reward.id, actor_id=user.id, step="make", data={"x": 1}, at=now),
            StockMove(
                stock_id=stock.id, kind="redeem", amount=-1, reason="x", key="x", at=now, **by
            ),
            RedemptionEvent(step="give", to_state="given", note="x", at=now, **by),
            HandOut(
                key="x", redemption_id=redemption.id, station_id=station_id, host_id=user.id,
                at=now, received_at=now, outcome="conflict", why="given_before", settled_at=now,
                settled_by_id=user.id, note="x",
            ),
        ]
    )  # fmt: skip
    session.flush()
