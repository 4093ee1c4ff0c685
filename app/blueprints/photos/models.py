"""Photos, known by the SHA-256 of the bytes that arrived."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.database import Base, UtcDateTime
from app.lib.leases import Leased


class Photo(Leased, Base):
    """A picture. `work_state` says how far it is: pending (in quarantine), done (re-encoded,
    may be shown) or failed (cannot be read; a visible mark stands in its place).
    """

    __tablename__ = "photos"
    __table_args__ = (Index("ix_photos_work", "work_state", "next_try_at"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str] = mapped_column(String(20))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look: Mapped[int | None] = mapped_column(BigInteger)
    """A perceptual hash of 64 bits, as a signed number: pictures that look alike differ in few
    bits. None until the worker has seen the picture."""
    look_a: Mapped[int | None] = mapped_column(index=True)
    look_b: Mapped[int | None] = mapped_column(index=True)
    look_c: Mapped[int | None] = mapped_column(index=True)
    look_d: Mapped[int | None] = mapped_column(index=True)
    """Its four quarters of 16 bits, highest first: pictures of which one is equal are compared."""


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
