"""Star levels, and the sums of points earned that levels and leaderboards are read from.

Sums are kept by differences, in the transaction that pays or takes back. A month is named by its
first day, in Suzhou, and is that in which the rider did it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.lib.database import Base, UtcDateTime

LEVELS = (1, 2, 3, 4, 5)
_ON_BOARDS: dict[str, Any] = {
    "sqlite_where": text("listed = 1 AND points > 0"),
    "postgresql_where": text("listed AND points > 0"),
}


class Standing(Base):
    """Where a rider stands. Who never earned has no row, and one star."""

    __tablename__ = "standings"
    __table_args__ = (
        Index(
            "ix_standings_due", "user_id",
            sqlite_where=text("due = 1"), postgresql_where=text("due"),
        ),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )  # fmt: skip

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    points: Mapped[int] = mapped_column(default=0)
    """Earned in the twelve months that count."""
    breadth: Mapped[int] = mapped_column(default=0)
    """In how many of the five roles."""
    level: Mapped[int] = mapped_column(default=1)
    level_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reckoned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due: Mapped[bool] = mapped_column(default=False)
    """Something was earned or taken back since."""
    listed: Mapped[bool] = mapped_column(default=True)
    """Whether others see the rider on leaderboards."""

    user: Mapped[User] = relationship()


class What(StrEnum):
    """What happened to a standing."""

    ROSE = "rose"
    FELL = "fell"
    LEFT = "left"
    RETURNED = "returned"
    """The last two: leaderboards, by the rider's own switch."""


class StandingEvent(Base):
    """A step of a standing, with what it stood on."""

    __tablename__ = "standing_events"
    __table_args__ = (Index("ix_standing_events_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    what: Mapped[What] = mapped_column(String(8))
    level: Mapped[int]
    points: Mapped[int]
    breadth: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None for what the job did."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoleSum(Base):
    """What a rider earned in a month in one of the five roles; "" for what belongs to none."""

    __tablename__ = "star_role_sums"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    five_role: Mapped[str] = mapped_column(String(20), primary_key=True)
    points: Mapped[int]


class MonthSum(Base):
    """What a rider earned in a month: a line of the boards of the district and of a company.

    Whoever changes company within a month stays on the board of the first until it ends."""

    __tablename__ = "star_month_sums"
    __table_args__ = (
        UniqueConstraint("user_id", "month"),
        Index("ix_star_month_sums_board", "month", "points", "id", **_ON_BOARDS),
        Index("ix_star_month_sums_company", "company_id", "month", "points", "id", **_ON_BOARDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(Date)
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL")
    )
    points: Mapped[int]
    listed: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship()


class PlaceSum(Base):
    """What a rider earned in a month at a place: a line of a station's board."""

    __tablename__ = "star_place_sums"
    __table_args__ = (
        UniqueConstraint("user_id", "month", "place_id"),
        Index("ix_star_place_sums_board", "place_id", "month", "points", "id", **_ON_BOARDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(Date)
    place_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    points: Mapped[int]
    listed: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship()


class Round(Base):
    """How far the daily reckoning of everybody has come: one row."""

    __tablename__ = "star_rounds"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date)
    last_user_id: Mapped[int]
    """The last that was reckoned on that day."""
