"""What people are to be told, and how they wish to hear of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.lib.database import Base, UtcDateTime

MAX_TITLE, MAX_BODY = 60, 1000


def _index_where(name: str, condition: str, column: str) -> Index:
    where = text(condition)
    return Index(name, column, sqlite_where=where, postgresql_where=where)


class Wording(Base):
    """Words that many are told alike, kept once: an announcement's. Taken back, nobody reads them
    any more."""

    __tablename__ = "notification_wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    title_zh: Mapped[str] = mapped_column(String(MAX_TITLE))
    title_en: Mapped[str] = mapped_column(String(MAX_TITLE))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notification(Base):
    """Something one person is to be told, written in the transaction of its cause.

    `kind` is a name of `app.blueprints.notifications.kinds`; `data` is what its text needs; the
    text is made when it is shown or sent, in the language of who reads. `url` is where a tap leads.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user", "user_id", "id"),
        _index_where("ix_notifications_unread", "read_at IS NULL", "user_id"),
        # Whether the message of a day was sent.
        _index_where("ix_notifications_daily", "kind = 'cases_stuck'", "created_at"),
        _index_where("ix_notifications_unspread", "spread_at IS NULL", "id"),
        # Nobody is told the same words twice.
        Index(
            "ix_notifications_wording", "wording_id", "user_id", unique=True,
            sqlite_where=text("wording_id IS NOT NULL"),
            postgresql_where=text("wording_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str] = mapped_column(String(200))
    wording_id: Mapped[int | None] = mapped_column(
        ForeignKey("notification_wordings.id", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    spread_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was decided which of the person's devices it is sent to."""
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a phone said that it showed it."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    wording: Mapped[Wording | None] = relationship(lazy="joined")


class Preference(Base):
    """When somebody wants quiet. Minutes since midnight in Suzhou; whoever has no row has the
    defaults of `app.blueprints.notifications.quiet`."""

    __tablename__ = "notification_preferences"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    quiet: Mapped[bool]
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MutedTopic(Base):
    """Something that somebody wants to read, but not to be woken by."""

    __tablename__ = "muted_topics"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    muted_at: Mapped[datetime] = mapped_column(UtcDateTime)
