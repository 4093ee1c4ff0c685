"""What phones have handed over, by key, so that the same thing counts once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.database import Base, UtcDateTime


class SyncItem(Base):
    """An item accepted from an outbox, and the answer it got."""

    __tablename__ = "sync_items"

    owner_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    schema: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(40))
    url: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
