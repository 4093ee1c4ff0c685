"""Categories, reports, their photos, and what happened to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.photos.models import Photo
from app.lib.clock import to_local
from app.lib.database import Base, UtcDateTime


class State(StrEnum):
    """How far a report is."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


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

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_en if locale == "en" else self.name_zh

    def group(self, locale: str) -> str:
        """The name of its group in a language."""
        return self.group_en if locale == "en" else self.group_zh


def report_number(report_id: int, received_at: datetime) -> str:
    """The year received and the row's id, "2026-000123"."""
    return f"{to_local(received_at):%Y}-{report_id:06d}"


class Report(Base):
    """What a rider filed."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_reporter_received", "reporter_id", "received_at"),
        Index("ix_reports_state_received", "state", "received_at", "id"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    category_code: Mapped[str] = mapped_column(
        ForeignKey("categories.code", ondelete="RESTRICT"), index=True
    )
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
    state: Mapped[State] = mapped_column(String(12), default=State.RECEIVED)
    reason: Mapped[str | None] = mapped_column(String(500))

    category: Mapped[Category] = relationship(lazy="joined", innerjoin=True)
    reporter: Mapped[User] = relationship()
    photos: Mapped[list["ReportPhoto"]] = relationship(order_by="ReportPhoto.position")
    events: Mapped[list["ReportEvent"]] = relationship(order_by="ReportEvent.id")

    @property
    def number(self) -> str:
        """What people call it."""
        return report_number(self.id, self.received_at)


class ReportPhoto(Base):
    """The photos of a report, in their order from 1."""

    __tablename__ = "report_photos"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(
        ForeignKey("photos.sha256", ondelete="RESTRICT"), index=True
    )

    photo: Mapped[Photo] = relationship(lazy="joined", innerjoin=True)


class ReportEvent(Base):
    """A step in a report's life: who, when, from where to where, why."""

    __tablename__ = "report_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    from_state: Mapped[State | None] = mapped_column(String(12))
    to_state: Mapped[State] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User] = relationship()
