"""What riders redeemed, what became of it, and who handed it out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.points.models import Hold
from app.blueprints.rewards.models.catalogue import Reward, ServiceSlot
from app.blueprints.stations.models import Station
from app.lib.database import Base, UtcDateTime


class RedemptionState(StrEnum):
    """Where a redemption stands; the steps are in transitions.py."""

    HELD = "held"
    """The points are reserved, the voucher is good."""
    GIVEN = "given"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Redemption(Base):
    """A reward that a rider chose, and its voucher."""

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("rider_id", "key"),
        Index("ix_redemptions_rider", "rider_id", "id"),
        Index("ix_redemptions_limits", "rider_id", "reward_id", "at"),
        Index("ix_redemptions_settlement", "supplier_id", "given_at"),
        Index("ix_redemptions_given", "given_at"),
        Index(
            "ix_redemptions_refunded", "refunded_at",
            sqlite_where=text("refunded_at IS NOT NULL"),
            postgresql_where=text("refunded_at IS NOT NULL"),
        ),
        Index(
            "ix_redemptions_open", "station_id", "until",
            sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_redemptions_due", "until", "id",
            sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_redemptions_unwarned", "until",
            sqlite_where=text("state = 'held' AND warned_at IS NULL"),
            postgresql_where=text("state = 'held' AND warned_at IS NULL"),
        ),
        Index("ix_redemptions_stock", "stock_id", "state"),
        CheckConstraint("cost > 0", name="cost"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(10), unique=True)
    """What is read out: 10 digits, drawn at random."""
    key: Mapped[str] = mapped_column(String(36))
    """Of the form that was sent, so that a double tap redeems once."""
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id", ondelete="RESTRICT"))
    stock_id: Mapped[int] = mapped_column(ForeignKey("reward_stocks.id", ondelete="RESTRICT"))
    station_id: Mapped[int | None] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="RESTRICT")
    )
    """Where it is handed out; None for any station, and for what is not handed out."""
    slot_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_slots.id", ondelete="RESTRICT"), index=True
    )
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id", ondelete="RESTRICT"))
    hold_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_holds.id", ondelete="RESTRICT"), unique=True
    )
    cost: Mapped[int]
    price_cents: Mapped[int] = mapped_column(default=0)
    state: Mapped[RedemptionState] = mapped_column(String(10), default=RedemptionState.HELD)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """The voucher is good before this moment."""
    code: Mapped[str] = mapped_column(String(128), default="")
    """The signed text of voucher_codes.py; "" for charity."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was heard that it was handed out: in that month its supplier is owed for it."""
    refunded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """In the month of this it is taken off what the supplier is owed."""
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    rider: Mapped[User] = relationship()
    reward: Mapped[Reward] = relationship()
    station: Mapped[Station | None] = relationship()
    slot: Mapped[ServiceSlot | None] = relationship()
    hold: Mapped[Hold | None] = relationship()


class RedemptionEvent(Base):
    """A step of a redemption's life."""

    __tablename__ = "redemption_events"
    __table_args__ = (Index("ix_redemption_events_redemption", "redemption_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemptions.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None for what happened by itself."""
    step: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[RedemptionState] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()


class HandOutcome(StrEnum):
    """What came of a host's handing out."""

    GIVEN = "given"
    LATE = "late"
    """Heard of after the points had gone back; they were taken again."""
    CONFLICT = "conflict"
    """Handed out, but not paid by points: somebody has to look."""


class WhyNot(StrEnum):
    """Why a hand-out is a conflict."""

    GIVEN_BEFORE = "given_before"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    OTHER_STATION = "other_station"
    NO_POINTS = "no_points"


class HandOut(Base):
    """A host said: given. It is a fact and stays; `outcome` says what it led to."""

    __tablename__ = "hand_outs"
    __table_args__ = (
        Index("ix_hand_outs_redemption", "redemption_id", "id"),
        Index("ix_hand_outs_station", "station_id", "id"),
        Index("ix_hand_outs_host", "host_id", "at"),
        Index("ix_hand_outs_outcome", "outcome", "id"),
        Index(
            "ix_hand_outs_open", "id",
            sqlite_where=text("outcome = 'conflict' AND settled_at IS NULL"),
            postgresql_where=text("outcome = 'conflict' AND settled_at IS NULL"),
        ),
        Index(
            "uq_hand_outs_taken", "redemption_id", unique=True,
            sqlite_where=text("outcome <> 'conflict'"),
            postgresql_where=text("outcome <> 'conflict'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    """The outbox item's."""
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemptions.id", ondelete="RESTRICT"))
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="RESTRICT")
    )
    host_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    by_number: Mapped[bool] = mapped_column(default=False)
    """Typed in, not scanned."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was handed out, by the phone's clock as corrected."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[HandOutcome] = mapped_column(String(8))
    why: Mapped[WhyNot | None] = mapped_column(String(13))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    """What came of a conflict, in an administrator's words."""

    redemption: Mapped[Redemption] = relationship()
    station: Mapped[Station] = relationship()
    host: Mapped[User] = relationship(foreign_keys=host_id)
    settled_by: Mapped[User | None] = relationship(foreign_keys=settled_by_id)
