"""Riders' claims of tasks, what they handed in, and what happened to it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.photos.models import Photo
from app.blueprints.tasks.models.published import Task
from app.lib.database import Base, UtcDateTime

IS_AT_RIDER = text("task_claims.state IN ('claimed', 'sent_back')")
IS_WAITING = text("task_claims.state IN ('handed_in', 'appealed')")
"""As the indexes of the few rows for which they hold say it; see `published`."""


class ClaimState(StrEnum):
    """Where a rider stands with a task."""

    CLAIMED = "claimed"
    HANDED_IN = "handed_in"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPEALED = "appealed"
    UPHELD = "upheld"
    """Refused, and the appeal did not change it."""
    RELEASED = "released"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """The office called the task off."""


HOLDING = (ClaimState.CLAIMED, ClaimState.HANDED_IN, ClaimState.SENT_BACK, ClaimState.ACCEPTED)
"""Claims in these states have one of the task's places."""
AT_RIDER = (ClaimState.CLAIMED, ClaimState.SENT_BACK)
"""The rider is to do something, until `due_at`."""


class Claim(Base):
    """One rider's place in a task, once. What was handed in last stands here and, by `attempts`,
    in its photos and answers."""

    __tablename__ = "task_claims"
    __table_args__ = (
        UniqueConstraint("task_id", "rider_id"),
        Index("ix_task_claims_rider", "rider_id", "state", "due_at"),
        Index("ix_task_claims_rider_moved", "rider_id", "moved_at"),
        Index("ix_task_claims_state", "task_id", "state"),
        Index(
            "ix_task_claims_due", "due_at", "id",
            sqlite_where=text("state IN ('claimed', 'sent_back')"),
            postgresql_where=text("state IN ('claimed', 'sent_back')"),
        ),
        Index(
            "ix_task_claims_waiting", "moved_at", "id",
            sqlite_where=text("state IN ('handed_in', 'appealed')"),
            postgresql_where=text("state IN ('handed_in', 'appealed')"),
        ),
        Index("ix_task_claims_handed_in", "handed_in_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="RESTRICT"))
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[ClaimState] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    """Counts the steps: who checks says which one they saw."""
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claims: Mapped[int] = mapped_column(default=1)
    """How often the rider claimed it, having let it go in between."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was handed in."""
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True)
    """Of what was handed in last: the outbox item's."""
    captured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the rider did it, by the phone's clock, corrected by what it knew of the server's."""
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    away_m: Mapped[int | None]
    """How far from the task's place or outside of its circle."""
    marks: Mapped[list[str]] = mapped_column(JSON)
    """What whoever checks should look at twice: names of `app.blueprints.tasks.proof.Mark`."""
    checker_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    """Who accepted, sent back or refused it last."""
    reason: Mapped[str] = mapped_column(String(300), default="")
    """What the rider was told last."""
    report_id: Mapped[int | None] = mapped_column(
        ForeignKey("reports.id", ondelete="SET NULL"), unique=True
    )
    """The report that was made of its photos."""
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    task: Mapped[Task] = relationship(innerjoin=True)
    rider: Mapped[User] = relationship(foreign_keys=rider_id, innerjoin=True)
    checker: Mapped[User | None] = relationship(foreign_keys=checker_id)
    photos: Mapped[list["ClaimPhoto"]] = relationship(
        order_by="ClaimPhoto.attempt, ClaimPhoto.position"
    )
    answers: Mapped[list["ClaimAnswer"]] = relationship(
        order_by="ClaimAnswer.attempt, ClaimAnswer.position"
    )


class ClaimPhoto(Base):
    """A photo that was handed in, in its order from 1."""

    __tablename__ = "task_claim_photos"

    claim_id: Mapped[int] = mapped_column(
        ForeignKey("task_claims.id", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(
        ForeignKey("photos.sha256", ondelete="RESTRICT"), index=True
    )

    photo: Mapped[Photo] = relationship(lazy="joined", innerjoin=True)


class ClaimAnswer(Base):
    """An answer, by the question's place from 1; the question as it was then."""

    __tablename__ = "task_claim_answers"

    claim_id: Mapped[int] = mapped_column(
        ForeignKey("task_claims.id", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(120))
    answer: Mapped[str] = mapped_column(String(300))


class ClaimEvent(Base):
    """A step of a claim: by whom, or None by itself."""

    __tablename__ = "task_claim_events"
    __table_args__ = (Index("ix_task_claim_events_claim", "claim_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("task_claims.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[ClaimState] = mapped_column(String(10))
    attempt: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
