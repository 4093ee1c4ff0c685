"""Tasks that offices publish, series of them, and what happened to them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.blueprints.reports.models import Report
from app.lib.clock import to_local
from app.lib.database import Base, UtcDateTime

MOST_POINTS, MOST_RIDERS = 1000, 500


MAY_COST = text("(tasks.state = 'open' OR tasks.taken > tasks.accepted)")
"""As the index of the few rows for which it holds says it: with parameters in it SQLite would not
see that the index serves."""


class TaskState(StrEnum):
    """Where a task stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    """It takes no more riders; what was handed in is still checked."""
    CANCELLED = "cancelled"


class QuestionKind(StrEnum):
    """How a question is answered."""

    WORDS = "words"
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"


class TaskSeries(Base):
    """A task that comes again. `terms` is what `app.blueprints.tasks.terms` keeps of a draft;
    each task of it begins at `minute` of its local day and lasts `minutes`."""

    __tablename__ = "task_series"
    __table_args__ = (
        Index("ix_task_series_organisation", "organisation_id", "id"),
        Index(
            "ix_task_series_next", "next_day",
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("minutes BETWEEN 30 AND 1440", name="minutes"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    """0 Monday to 6 Sunday."""
    minute: Mapped[int]
    minutes: Mapped[int]
    next_day: Mapped[date]
    """The first local day of which nothing was made yet."""
    until: Mapped[date]
    """The last day."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def task_number(task_id: int, created_at: datetime) -> str:
    """The year and the row's id, "T2026-000123"."""
    return f"T{to_local(created_at):%Y}-{task_id:06d}"


class Task(Base):
    """Something to be done by so many riders, at a place or in an area.

    `proof` is {"photos": 0-6, "place": bool, "check_in": station id or null, "questions":
    [{"text", "kind", "options"}]}. `roles` are roles one of which a rider must hold besides.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("series_id", "series_day"),
        Index("ix_tasks_organisation", "organisation_id", "state", "id"),
        Index("ix_tasks_state", "state", "id"),
        Index("ix_tasks_state_ends", "state", "ends_at", "id"),
        Index(
            "ix_tasks_reserved", "organisation_id",
            sqlite_where=text("state = 'open' OR taken > accepted"),
            postgresql_where=text("state = 'open' OR taken > accepted"),
        ),
        CheckConstraint("taken BETWEEN 0 AND needed", name="taken"),
        CheckConstraint("accepted BETWEEN 0 AND taken", name="accepted"),
        CheckConstraint("points BETWEEN 0 AND 1000", name="points"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    """Who publishes it, checks what is handed in, and pays."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    title_zh: Mapped[str] = mapped_column(String(60))
    title_en: Mapped[str] = mapped_column(String(80), default="")
    words_zh: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text, default="")
    five_role: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    radius_m: Mapped[int] = mapped_column(default=100)
    area_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), index=True
    )
    """Anywhere in this organisation's area; then there is no point."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    needed: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    points: Mapped[int]
    cost: Mapped[int] = mapped_column(default=0)
    """What one rider's work may take from the budget, by the rule when it was published."""
    claim_minutes: Mapped[int]
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)
    min_star: Mapped[int] = mapped_column(default=0)
    roles: Mapped[list[str]] = mapped_column(JSON)
    distance_m: Mapped[int | None]
    """How far a rider may be who claims it."""
    for_companies: Mapped[bool] = mapped_column(default=False)
    """Only for riders of the companies in `task_companies`."""
    state: Mapped[TaskState] = mapped_column(String(10), default=TaskState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("task_series.id", ondelete="SET NULL"))
    series_day: Mapped[date | None]
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("reports.id", ondelete="SET NULL"), index=True
    )
    """The case that is looked at on the spot."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When anything that riders see of it changed, but the places left."""

    organisation: Mapped[Organisation] = relationship(
        foreign_keys=organisation_id, lazy="joined", innerjoin=True
    )
    area: Mapped[Organisation | None] = relationship(foreign_keys=area_id)
    author: Mapped[User | None] = relationship()
    case: Mapped[Report | None] = relationship()
    companies: Mapped[list["TaskCompany"]] = relationship(cascade="all, delete-orphan")

    @property
    def number(self) -> str:
        """What people call it."""
        return task_number(self.id, self.created_at)

    def title(self, locale: str) -> str:
        """The title in a language, in Chinese where there is no other."""
        return self.title_en if locale == "en" and self.title_en else self.title_zh

    def words(self, locale: str) -> str:
        """What is to be done, in a language."""
        return self.words_en if locale == "en" and self.words_en else self.words_zh


class TaskCompany(Base):
    """A company whose riders may do a task."""

    __tablename__ = "task_companies"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    company_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TaskEvent(Base):
    """A step of a task: by whom, or None by itself."""

    __tablename__ = "task_events"
    __table_args__ = (Index("ix_task_events_task", "task_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[TaskState] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
