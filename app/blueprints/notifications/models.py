"""What people are to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.database import Base, UtcDateTime


def _index_where(name: str, condition: str, column: str) -> Index:
    where = text(condition)
    return Index(name, column, sqlite_where=where, postgresql_where=where)


class Notification(Base):
    """Something one person is to be told, written in the transaction of its cause.

    `kind` is a name of `app.blueprints.notifications.kinds`; `data` is what its text needs; the
    text is made when it is shown, in the language of who reads. `url` is where a tap leads.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user", "user_id", "id"),
        _index_where("ix_notifications_unread", "read_at IS NULL", "user_id"),
        # Whether the message of a day was sent.
        _index_where("ix_notifications_daily", "kind = 'cases_stuck'", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
