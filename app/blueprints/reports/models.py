"""Categories, reports, their photos, and what happened to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.blueprints.photos.models import Photo
from app.lib.clock import to_local
from app.lib.database import Base, UtcDateTime


class State(StrEnum):
    """Where a report stands on its way to a closed case; docs/protocols/case.md tells the life."""

    RECEIVED = "received"
    REJECTED = "rejected"
    APPEALED = "appealed"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    EXTENSION_ASKED = "extension_asked"
    WAITING = "waiting"
    RETURNED = "returned"
    HANDLED = "handled"
    VERIFIED = "verified"
    REWORK = "rework"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


ENDED = (State.REJECTED, State.CLOSED, State.MERGED, State.WITHDRAWN)
"""Nobody works on these; each can still be left again."""
OPEN = tuple(state for state in State if state not in ENDED)


class ClockFlag(StrEnum):
    """Why the phone's time is not believed."""

    FUTURE = "future"
    BEFORE_ACCOUNT = "before_account"


class Category(Base):
    """A small category 小类 of problems."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    group_zh: Mapped[str] = mapped_column(String(30))
    group_en: Mapped[str] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(String(30))
    name_en: Mapped[str] = mapped_column(String(60))
    five_role: Mapped[str] = mapped_column(String(30))
    department: Mapped[str] = mapped_column(String(30))
    filing_condition: Mapped[str] = mapped_column(String(200))
    closing_condition: Mapped[str] = mapped_column(String(200))
    limit: Mapped[int]
    limit_unit: Mapped[str] = mapped_column(String(16))
    points: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when limit, conditions and points are an administrator's; loading leaves them so."""

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_en if locale == "en" else self.name_zh

    def group(self, locale: str) -> str:
        """The name of its group in a language."""
        return self.group_en if locale == "en" else self.group_zh


def report_number(report_id: int, received_at: datetime) -> str:
    """The year received and the row's id, "2026-000123"."""
    return f"{to_local(received_at):%Y}-{report_id:06d}"


def _index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of the few rows for which a condition holds."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Report(Base):
    """What a rider filed, and the case that the centre made of it: one row, one life.

    `version` counts the steps: whoever acts says which one they saw. Who the reporter is, is for
    the centre alone; a department reads the rest.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_reporter_received", "reporter_id", "received_at"),
        # What a desk lists: cases/filters.py says which of these leads a list.
        Index("ix_reports_received", "received_at", "id"),
        Index("ix_reports_moved", "moved_at", "id"),
        Index("ix_reports_state_received", "state", "received_at", "id"),
        # With all that queues are counted by, so that no row is read for a count.
        Index(
            "ix_reports_state_moved",
            "state",
            "moved_at",
            "id",
            "due_at",
            "supervised_at",
            "flagged",
        ),
        Index("ix_reports_department", "department_id", "received_at", "id"),
        Index("ix_reports_grid", "grid_id", "received_at", "id"),
        Index("ix_reports_category", "category_code", "received_at", "id"),
        _index_where("ix_reports_due", "due_at IS NOT NULL", "due_at", "id"),
        _index_where("ix_reports_warn", "warn_at IS NOT NULL", "warn_at"),
        Index(
            "ix_reports_flagged",
            "received_at",
            sqlite_where=text("flagged = 1"),
            postgresql_where=text("flagged"),
        ),
        _index_where("ix_reports_merged_into_id", "merged_into_id IS NOT NULL", "merged_into_id"),
        # What the worker looks for: doubles near by, and reports not yet compared.
        Index("ix_reports_near", "category_code", "latitude", "longitude", "received_at"),
        Index("ix_reports_place", "latitude", "longitude"),
        _index_where("ix_reports_compare_at", "compare_at IS NOT NULL", "compare_at"),
        _index_where("ix_reports_supervised", "supervised_at IS NOT NULL", "received_at"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code", ondelete="RESTRICT"))
    description: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """By the phone's clock: evidence, not truth."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    server_offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_flag: Mapped[ClockFlag | None] = mapped_column(String(16))

    state: Mapped[State] = mapped_column(String(16), default=State.RECEIVED)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last step was taken."""
    resume_state: Mapped[State | None] = mapped_column(String(16))
    """Where it goes on after the reporter's answer, while it waits for that."""
    reason: Mapped[str | None] = mapped_column(String(500))
    """What the reporter is told last: why rejected, or what is asked."""
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    """The grid that the place lies in; None outside all of them or without a place."""
    street_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    """The street above that grid."""
    department_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT")
    )
    """Whose the case is, or was last; with joint handling the leading one 主办."""
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("reports.id", ondelete="RESTRICT")
    )

    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the department must have handled it; None while no clock runs."""
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the next alarm is due: the warning, then the escalation; None when none is."""
    left_s: Mapped[int | None]
    """Seconds of the limit that are left, kept while the clock is stopped."""
    limit_s: Mapped[int | None]
    """Seconds of the whole limit, extensions included: of round-the-clock or of working time."""
    supervised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the authority supervises it 督办."""

    late: Mapped[bool | None]
    """Whether the department handed it in after its limit; None before."""
    returns: Mapped[int] = mapped_column(default=0, server_default="0")
    reworks: Mapped[int] = mapped_column(default=0, server_default="0")
    reopenings: Mapped[int] = mapped_column(default=0, server_default="0")
    flagged: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether intake should look twice: it has flags that nobody has looked at."""
    compare_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the worker is to compare it with others; None once it has."""
    satisfied: Mapped[bool | None]
    """What the reporter said at the end."""
    points_earned: Mapped[int] = mapped_column(default=0, server_default="0")

    category: Mapped[Category] = relationship(lazy="joined", innerjoin=True)
    reporter: Mapped[User] = relationship()
    department: Mapped[Organisation | None] = relationship(foreign_keys=department_id)
    grid: Mapped[Organisation | None] = relationship(foreign_keys=grid_id)
    street: Mapped[Organisation | None] = relationship(foreign_keys=street_id)
    photos: Mapped[list["ReportPhoto"]] = relationship(order_by="ReportPhoto.position")
    events: Mapped[list["ReportEvent"]] = relationship(order_by="ReportEvent.id")

    @property
    def number(self) -> str:
        """What people call it."""
        return report_number(self.id, self.received_at)


class ReportPhoto(Base):
    """The photos of a report, in their order from 1, and where each was taken if it says so."""

    __tablename__ = "report_photos"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(
        ForeignKey("photos.sha256", ondelete="RESTRICT"), index=True
    )
    taken_latitude: Mapped[float | None]
    taken_longitude: Mapped[float | None]

    photo: Mapped[Photo] = relationship(lazy="joined", innerjoin=True)


class ReportEvent(Base):
    """A step in a report's life: who, when, from where to where, why. Never changed.

    `step` is a name of `app.blueprints.cases.transitions`. `actor` is None for what the system
    does when nobody did anything. `internal` ones are never shown to the reporter. `data` holds
    what belongs to the step: `{"due_at": ms, "department": id, "latitude": ...}`.
    """

    __tablename__ = "report_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    step: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[State | None] = mapped_column(String(16))
    to_state: Mapped[State] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    internal: Mapped[bool] = mapped_column(default=False, server_default=false())
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
    photos: Mapped[list["EventPhoto"]] = relationship(order_by="EventPhoto.position")


class EventPhoto(Base):
    """The photos of a step, in their order from 1: the proof of what was done or seen."""

    __tablename__ = "report_event_photos"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("report_events.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(
        ForeignKey("photos.sha256", ondelete="RESTRICT"), index=True
    )

    photo: Mapped[Photo] = relationship(lazy="joined", innerjoin=True)
