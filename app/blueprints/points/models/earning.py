"""What earns points: rules with their dates, and what happened."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.organisations.models import Organisation
from app.lib.database import Base, UtcDateTime


class Occasion(StrEnum):
    """What can earn points."""

    CASE = "case"
    VISIT = "visit"
    TASK = "task"
    ACTIVITY = "activity"


class Rule(Base):
    """What an occasion earns, while it lasts. A rule is never changed once it has begun: it ends,
    and another begins. Of two that are in force the newer counts."""

    __tablename__ = "point_rules"
    __table_args__ = (
        Index("ix_point_rules_occasion", "occasion", "since"),
        CheckConstraint("amount BETWEEN 0 AND 10000", name="amount"),
        CheckConstraint("percent BETWEEN 0 AND 1000", name="percent"),
        CheckConstraint("first_bonus BETWEEN 0 AND 10000", name="first_bonus"),
        CheckConstraint("until IS NULL OR until >= since", name="until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int | None]
    """Points; None for what the occasion itself is worth: a category's or a task's points."""
    percent: Mapped[int] = mapped_column(default=100)
    role_percents: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Percent by one of the five roles, multiplied with `percent`."""
    first_bonus: Mapped[int] = mapped_column(default=0)
    """Added to what a rider's first occasion of the kind earns."""
    daily_times: Mapped[int | None]
    daily_points: Mapped[int | None]
    place_daily_times: Mapped[int | None]
    """Caps of one rider on one local day: times, points, and times at one place."""
    payer_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), index=True
    )
    """Whose budget pays; None for the district."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    payer: Mapped[Organisation | None] = relationship()


class Outcome(StrEnum):
    """What became of an occurrence."""

    WAITING = "waiting"
    PAID = "paid"
    NOTHING = "nothing"
    TO_UNDO = "to_undo"
    """Paid, and to be taken back."""
    UNDONE = "undone"


class Why(StrEnum):
    """Why an occurrence earned nothing, or less."""

    NO_RULE = "no_rule"
    NO_WORTH = "no_worth"
    TIMES = "times"
    POINTS = "points"
    PLACE = "place"
    BUDGET = "budget"


class Bar(StrEnum):
    """Of what was taken back for good: whether its source still says that it was done."""

    STANDS = "stands"
    LAPSED = "lapsed"


class Occurrence(Base):
    """Something that a rider did, once; `round` counts anew when it was undone and done again."""

    __tablename__ = "point_occurrences"
    __table_args__ = (
        UniqueConstraint("occasion", "source_id", "round"),
        Index("ix_point_occurrences_rider", "rider_id", "occasion", "at"),
        Index("ix_point_occurrences_at", "occasion", "at"),
        Index(
            "ix_point_occurrences_due", "id",
            sqlite_where=text("outcome IN ('waiting', 'to_undo')"),
            postgresql_where=text("outcome IN ('waiting', 'to_undo')"),
        ),
        Index(
            "ix_point_occurrences_payer", "payer_id",
            sqlite_where=text("outcome = 'waiting' AND payer_id IS NOT NULL"),
            postgresql_where=text("outcome = 'waiting' AND payer_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(String(10))
    source_id: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the rider did it; caps count by its local day."""
    worth: Mapped[int | None]
    five_role: Mapped[str] = mapped_column(String(20), default="")
    place_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL")
    )
    payer_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    """Whose budget pays; None: whoever the rule says."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(String(8), default=Outcome.WAITING)
    why: Mapped[Why | None] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(default=0)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("point_rules.id", ondelete="RESTRICT"))
    transfer_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_transfers.id", ondelete="RESTRICT"), unique=True
    )
    undo_reason: Mapped[str] = mapped_column(String(200), default="")
    bar: Mapped[Bar | None] = mapped_column(String(6))
    """Taken back for good: its source earns nothing more, whatever is told of it."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
