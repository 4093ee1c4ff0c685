"""Announcements: what an office tells many people at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.notifications.models import Wording
from app.blueprints.organisations.models import Organisation, Role
from app.lib.database import Base, UtcDateTime


class State(StrEnum):
    """draft > scheduled > sending > sent; each but a draft may be recalled."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    RECALLED = "recalled"


class Announcement(Base):
    """Something an organisation tells an audience. `audience` is what
    `app.blueprints.announcements.audience` reads; `cursor` is the last person written to, so that
    sending goes on where it was broken off."""

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_organisation", "organisation_id", "id"),
        Index(
            "ix_announcements_due", "send_at",
            sqlite_where=text("state IN ('scheduled', 'sending')"),
            postgresql_where=text("state IN ('scheduled', 'sending')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    role: Mapped[Role] = mapped_column(String(20))
    """In which role it is announced: by that and the organisation the audience is bounded."""
    wording_id: Mapped[int] = mapped_column(ForeignKey("notification_wordings.id"))
    state: Mapped[State] = mapped_column(String(12))
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cursor: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """How many people the audience had when it was sent."""
    written: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[User | None] = relationship()
    wording: Mapped[Wording] = relationship(lazy="joined", innerjoin=True)


class AnnouncementEvent(Base):
    """Who did what to an announcement, and when."""

    __tablename__ = "announcement_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcements.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
