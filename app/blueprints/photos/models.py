"""Photos, known by the SHA-256 of the bytes that arrived."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.database import Base, UtcDateTime
from app.lib.leases import Leased

LOOK_PARTS = ("look_a", "look_b", "look_c", "look_d")


class Photo(Leased, Base):
    """A picture. `work_state` says how far it is: pending (in quarantine), done (re-encoded,
    may be shown) or failed (cannot be read; a visible mark stands in its place).
    """

    __tablename__ = "photos"
    __table_args__ = (
        Index("ix_photos_work", "work_state", "next_try_at"),
        *(Index(f"ix_photos_{part}", part, "created_at") for part in LOOK_PARTS),
        Index(
            "ix_photos_unseen", "created_at",
            sqlite_where=text("look IS NULL"), postgresql_where=text("look IS NULL"),
        ),
    )  # fmt: skip

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str] = mapped_column(String(20))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look: Mapped[int | None] = mapped_column(BigInteger)
    """A perceptual hash of `app.lib.looks_alike`. None until the worker has seen the picture."""
    look_a: Mapped[int | None]
    look_b: Mapped[int | None]
    look_c: Mapped[int | None]
    look_d: Mapped[int | None]
    """Its quarters of 16 bits, highest first: only pictures with a quarter that is equal, or
    nearly, are compared. None for a picture that looks like nothing."""


class PhotoUpload(Base):
    """Who sent a photo: only they may hang it on a report of theirs."""

    __tablename__ = "photo_uploads"
    __table_args__ = (Index("ix_photo_uploads_user_created", "user_id", "created_at"),)

    sha256: Mapped[str] = mapped_column(
        ForeignKey("photos.sha256", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
