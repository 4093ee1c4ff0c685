"""What is there of a reward, by station, and every move that led to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.rewards.models.catalogue import Reward
from app.blueprints.stations.models import Station
from app.lib.database import Base, UtcDateTime


class RewardStock(Base):
    """That a reward is to be had at a station, and how many are free there.

    Without a station: at every one, or at none (charity). `left` None: not counted. What open
    vouchers wait for is not in `left`; `missing` says how many of them there is nothing for, as a
    count found. `left - missing` is the sum of the moves.
    """

    __tablename__ = "reward_stocks"
    __table_args__ = (
        UniqueConstraint("reward_id", "station_id"),
        Index(
            "uq_reward_stocks_anywhere", "reward_id", unique=True,
            sqlite_where=text("station_id IS NULL"), postgresql_where=text("station_id IS NULL"),
        ),
        Index("ix_reward_stocks_station", "station_id", "reward_id"),
        CheckConstraint('"left" IS NULL OR "left" BETWEEN 0 AND 1000000', name="left"),
        CheckConstraint('missing >= 0 AND (missing = 0 OR "left" = 0)', name="missing"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id", ondelete="RESTRICT"))
    station_id: Mapped[int | None] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="RESTRICT")
    )
    left: Mapped[int | None]
    missing: Mapped[int] = mapped_column(default=0)
    offered: Mapped[bool] = mapped_column(default=True)
    """Whether it may be redeemed here; open vouchers stay good."""
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    reward: Mapped[Reward] = relationship()
    station: Mapped[Station | None] = relationship()


class MoveKind(StrEnum):
    """Why stock went up or down."""

    DELIVERY = "delivery"
    REDEEM = "redeem"
    RETURN = "return"
    """A voucher was cancelled or ran out."""
    HEARD = "heard"
    """One was handed out before a count that was heard of only after it."""
    COUNT = "count"
    """A count found more or less."""
    OUT = "out"
    """Broken, lost, past its date, sent elsewhere."""


class StockMove(Base):
    """Stock that came or went, once."""

    __tablename__ = "stock_moves"
    __table_args__ = (Index("ix_stock_moves_stock", "stock_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("reward_stocks.id", ondelete="RESTRICT"))
    kind: Mapped[MoveKind] = mapped_column(String(8))
    amount: Mapped[int]
    """Above zero what came; 0 only for a count that fitted."""
    reason: Mapped[str] = mapped_column(String(120), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    redemption_id: Mapped[int | None] = mapped_column(
        ForeignKey("redemptions.id", ondelete="RESTRICT"), index=True
    )
    key: Mapped[str | None] = mapped_column(String(36), unique=True)
    """Of the form that was sent, so that a double tap counts once."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
