"""What riders may have for their points, and who supplies it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station
from app.lib.database import Base, UtcDateTime


class RewardKind(StrEnum):
    """What a reward is."""

    GOODS = "goods"
    MEAL = "meal"
    SERVICE = "service"
    """At a time: a slot with so many places."""
    CHARITY = "charity"
    """Points given to others: nothing is handed out."""


class RewardState(StrEnum):
    """Where a reward stands."""

    DRAFT = "draft"
    LIVE = "live"
    ENDED = "ended"


class Supplier(Base):
    """Who delivers rewards, and is paid for what was handed out."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    contact: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def name(self, locale: str) -> str:
        """The name in a language."""
        return (self.name_en if locale == "en" else "") or self.name_zh


class Reward(Base):
    """Something to be had for points, while it lasts. What was redeemed keeps the cost and the
    price that it was redeemed at."""

    __tablename__ = "rewards"
    __table_args__ = (
        Index("ix_rewards_state", "state", "cost", "id"),
        CheckConstraint("cost BETWEEN 1 AND 1000000", name="cost"),
        CheckConstraint("min_star BETWEEN 0 AND 5", name="min_star"),
        CheckConstraint("valid_days BETWEEN 1 AND 365", name="valid_days"),
        CheckConstraint("price_cents BETWEEN 0 AND 100000000", name="price"),
        CheckConstraint("until IS NULL OR until > since", name="until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RewardKind] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    words_zh: Mapped[str] = mapped_column(String(500), default="")
    words_en: Mapped[str] = mapped_column(String(800), default="")
    cost: Mapped[int]
    """Points."""
    min_star: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it may be redeemed; a voucher may last longer."""
    valid_days: Mapped[int] = mapped_column(default=30)
    """So many whole days after the day of redeeming a voucher is good."""
    per_rider_month: Mapped[int | None]
    per_rider_total: Mapped[int | None]
    supplier_id: Mapped[int | None] = mapped_column(
        ForeignKey("suppliers.id", ondelete="RESTRICT"), index=True
    )
    price_cents: Mapped[int] = mapped_column(default=0)
    """What the supplier is paid for one, in fen."""
    state: Mapped[RewardState] = mapped_column(String(5), default=RewardState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that of two people who change it at once one hears of the other."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier | None] = relationship()
    pictures: Mapped[list["RewardPicture"]] = relationship(
        order_by="RewardPicture.position", cascade="all, delete-orphan"
    )

    def name(self, locale: str) -> str:
        """The name in a language."""
        return (self.name_en if locale == "en" else "") or self.name_zh

    def words(self, locale: str) -> str:
        """What is said of it in a language."""
        return (self.words_en if locale == "en" else "") or self.words_zh


class RewardPicture(Base):
    """A picture of a reward, re-encoded; known by the SHA-256 of the JPEG that is shown."""

    __tablename__ = "reward_pictures"
    __table_args__ = (UniqueConstraint("reward_id", "sha256"), Index(None, "sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id", ondelete="CASCADE"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceSlot(Base):
    """A time at which a service is given at a station, to so many people."""

    __tablename__ = "service_slots"
    __table_args__ = (
        UniqueConstraint("reward_id", "station_id", "starts_at"),
        CheckConstraint("places BETWEEN 1 AND 500", name="places"),
        CheckConstraint("taken BETWEEN 0 AND places", name="taken"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id", ondelete="RESTRICT"))
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="RESTRICT"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    station: Mapped[Station] = relationship()


class RewardEvent(Base):
    """What was done to a reward or a supplier, by whom. `data` says from what to what, by field."""

    __tablename__ = "reward_events"
    __table_args__ = (
        Index("ix_reward_events_reward", "reward_id", "id"),
        CheckConstraint("(reward_id IS NULL) <> (supplier_id IS NULL)", name="of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("rewards.id", ondelete="CASCADE"))
    supplier_id: Mapped[int | None] = mapped_column(
        ForeignKey("suppliers.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(12))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
