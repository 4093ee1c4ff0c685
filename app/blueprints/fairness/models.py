"""What looks unfair, for somebody to look at: reviews, what they are about, what was decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.points.models import Occurrence
from app.lib.database import Base, UtcDateTime


class Pattern(StrEnum):
    """What was noticed."""

    VELOCITY = "velocity"
    """More deeds in a time than somebody can do."""
    SAME_PHOTOS = "same_photos"
    """A photo that another deed was paid for already."""
    SAME_PAIR = "same_pair"
    """Nearly always the same two: a rider, and who confirms what the rider does."""
    OWN_WORK = "own_work"
    """Confirmed by the rider, about the rider."""
    TRAVEL = "travel"
    """At two places in a time in which nobody gets from one to the other."""
    CHURN = "churn"
    """Rewards redeemed and cancelled again and again."""


class ReviewState(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    CLEARED = "cleared"
    UPHELD = "upheld"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"


TOLD_TO_RIDER = (
    ReviewState.UPHELD, ReviewState.OBJECTED, ReviewState.CONFIRMED, ReviewState.OVERTURNED
)  # fmt: skip
"""A review is shown to its rider once it had a consequence. Before that it is a question which
nobody has looked at, and most are answered well."""


class Review(Base):
    """One question about a rider, for an administrator: never a loss by itself."""

    __tablename__ = "fairness_reviews"
    __table_args__ = (
        UniqueConstraint("pattern", "rider_id", "about"),
        Index("ix_fairness_reviews_state", "state", "id"),
        Index("ix_fairness_reviews_rider", "rider_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[Pattern] = mapped_column(String(12))
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(40))
    """The local day, or the week and the other person: what is noticed twice about it is one
    review."""
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Numbers and ids, by pattern; `patterns.py` and its like tell which."""
    state: Mapped[ReviewState] = mapped_column(String(10), default=ReviewState.OPEN)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Of the last decision, as the rider reads it."""
    objection: Mapped[str] = mapped_column(String(500), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who decided first: an objection is somebody else's to decide."""
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rider: Mapped[User] = relationship(foreign_keys=rider_id)
    other: Mapped[User | None] = relationship(foreign_keys=other_id)


class ReviewDeed(Base):
    """A deed that a review is about, and whether it was taken back."""

    __tablename__ = "fairness_deeds"

    review_id: Mapped[int] = mapped_column(
        ForeignKey("fairness_reviews.id", ondelete="CASCADE"), primary_key=True
    )
    occurrence_id: Mapped[int] = mapped_column(
        ForeignKey("point_occurrences.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    taken: Mapped[bool] = mapped_column(default=False, server_default=false())

    occurrence: Mapped[Occurrence] = relationship()


class ReviewEvent(Base):
    """A step of a review's life. `actor` is None for what the worker noticed."""

    __tablename__ = "fairness_events"
    __table_args__ = (Index("ix_fairness_events_review", "review_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("fairness_reviews.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(10))
    to_state: Mapped[ReviewState] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()


class FairnessCursor(Base):
    """How far something was read: the last row's id."""

    __tablename__ = "fairness_cursors"

    source: Mapped[str] = mapped_column(String(12), primary_key=True)
    last_id: Mapped[int] = mapped_column(default=0)
