"""What riders say of stations: a rating after a visit, and wishes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station
from app.lib.database import Base, UtcDateTime


class Rating(Base):
    """A rider's word on a station, once a visit: 1 bad, 2 so-so, 3 good, and words if any."""

    __tablename__ = "ratings"
    __table_args__ = (
        Index("ix_ratings_station", "station_id", "at"),
        CheckConstraint("score BETWEEN 1 AND 3", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    check_in_key: Mapped[str] = mapped_column(String(36), unique=True)
    """The check-in rated; it may reach the server later than its rating."""
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    score: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    hidden_reason: Mapped[str] = mapped_column(String(120), default="")

    rider: Mapped[User] = relationship(foreign_keys=rider_id)
    station: Mapped[Station] = relationship()


class WishState(StrEnum):
    """Where a wish stands."""

    OPEN = "open"
    PLANNED = "planned"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class Wish(Base):
    """A small wish 微心愿 of a rider to a station."""

    __tablename__ = "wishes"
    __table_args__ = (
        Index("ix_wishes_station", "station_id", "state", "id"),
        Index("ix_wishes_rider", "rider_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(300))
    state: Mapped[WishState] = mapped_column(String(10), default=WishState.OPEN)
    answer: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rider: Mapped[User] = relationship()
    station: Mapped[Station] = relationship()


class WishEvent(Base):
    """A step of a wish's life."""

    __tablename__ = "wish_events"
    __table_args__ = (Index("ix_wish_events_wish", "wish_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[WishState] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
