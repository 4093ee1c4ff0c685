"""Rewards for tests: the rows, points to spend, and a key that signs vouchers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.badges.issuer_keys import IssuerKey, IssuerKeys
from app.blueprints.points import ledger
from app.blueprints.points.requests import Order, Source
from app.blueprints.rewards.models import Reward, RewardStock, ServiceSlot, StockMove, Supplier
from app.lib import clock

_numbers = count(1)


@lru_cache(maxsize=1)
def issuer_keys() -> IssuerKeys:
    """One key that has signed since 2020."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    since = datetime(2020, 1, 1, tzinfo=UTC)
    return IssuerKeys((IssuerKey(77, since, private_key, Path("77.json")),))


@dataclass
class RewardRows:
    """Writes rewards into a session; the caller commits."""

    session: Session

    def supplier(self, name: str = "园区食堂") -> int:
        """A supplier. Answers its id."""
        made = Supplier(name_zh=f"{name}{next(_numbers)}", created_at=clock.now())
        self.session.add(made)
        self.session.flush()
        return made.id

    def reward(self, **columns: Any) -> int:
        """A live reward of 10 points. Answers its id."""
        now = clock.now()
        number = next(_numbers)
        values = {
            "kind": "goods", "name_zh": f"保温杯{number}", "name_en": f"Flask {number}", "cost": 10,
            "since": now - timedelta(days=400), "valid_days": 30, "state": "live",
            "created_at": now, "changed_at": now,
        }  # fmt: skip
        made = Reward(**(values | columns))
        self.session.add(made)
        self.session.flush()
        return made.id

    def stock(self, reward_id: int, station_id: int | None, left: int | None = 10) -> int:
        """So many of a reward at a station, delivered. Answers the stock's id."""
        made = RewardStock(reward_id=reward_id, station_id=station_id, left=left)
        self.session.add(made)
        self.session.flush()
        if left:
            move = StockMove(stock_id=made.id, kind="delivery", amount=left, at=clock.now())
            self.session.add(move)
            self.session.flush()
        return made.id

    def slot(self, reward_id: int, station_id: int, *, starts_at: datetime, places: int = 2) -> int:
        """An hour of a service. Answers its id."""
        made = ServiceSlot(
            reward_id=reward_id, station_id=station_id, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1), places=places,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made.id

    def points(self, rider_id: int, amount: int, now: datetime | None = None) -> None:
        """Points that a rider has earned."""
        order = Order("test", f"points {next(_numbers)}", Source("case", "1"))
        ledger.earn(self.session, order, rider_id=rider_id, amount=amount, now=now or clock.now())


def stock_fits(session: Session) -> bool:
    """Whether what is free, less what is missing, is the sum of the moves everywhere."""
    moved = func.coalesce(func.sum(StockMove.amount), 0)
    rows = session.execute(
        select(RewardStock.left, RewardStock.missing, moved)
        .outerjoin(StockMove, StockMove.stock_id == RewardStock.id)
        .where(RewardStock.left.is_not(None))
        .group_by(RewardStock.id, RewardStock.left, RewardStock.missing)
    )
    return all(left - missing == total for left, missing, total in rows)
