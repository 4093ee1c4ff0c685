"""A rider's place in the programme, portraits, badges, and what was done to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import Device, User
from app.blueprints.organisations.models import Organisation
from app.lib.database import Base, UtcDateTime


class Standing(StrEnum):
    """Whether a rider, or one of the rider's badges, counts."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class PortraitState(StrEnum):
    """What the company manager said of a portrait."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class BadgeKind(StrEnum):
    """A live badge is shown by the phone that holds its key; a printed one is paper."""

    LIVE = "live"
    PRINTED = "printed"


class Portrait(Base):
    """A rider's picture, re-encoded; known by the SHA-256 of the JPEG that is shown."""

    __tablename__ = "portraits"
    __table_args__ = (
        Index("ix_portraits_user", "user_id", "id"),
        Index("ix_portraits_state", "state", "id"),
        Index("ix_portraits_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[PortraitState] = mapped_column(String(12), default=PortraitState.PENDING)
    reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Holder(Base):
    """What a badge says of a rider: the company, the stars, where it opens, the portrait."""

    __tablename__ = "holders"
    __table_args__ = (
        Index("ix_holders_company", "company_id", "user_id"),
        Index("ix_holders_standing", "standing", "user_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("scope BETWEEN 0 AND 65535", name="scope"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    stars: Mapped[int] = mapped_column(default=1)
    scope: Mapped[int] = mapped_column(default=0)
    """0 for the whole district, else the number of a compound group."""
    standing: Mapped[Standing] = mapped_column(String(12), default=Standing.ACTIVE)
    reason: Mapped[str | None] = mapped_column(String(500))
    portrait_id: Mapped[int | None] = mapped_column(
        ForeignKey("portraits.id", ondelete="SET NULL"), index=True
    )
    """The approved portrait that the badge shows."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    company: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    portrait: Mapped[Portrait | None] = relationship(lazy="joined")


class Badge(Base):
    """One badge: the key of one phone, or one printed card. Its row's id is its place in the
    status list; what guards see is the random `badge_id`.
    """

    __tablename__ = "badges"
    __table_args__ = (
        Index("ix_badges_user", "user_id", "id"),
        Index("ix_badges_standing_expires", "standing", "expires_at"),
        Index(
            "uq_badges_one_phone",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("standing != 'revoked'"),
            postgresql_where=text("standing != 'revoked'"),
        ),
        # No place in the status list is ever given twice.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    badge_id: Mapped[str] = mapped_column(String(16), unique=True)
    """8 random bytes, hex."""
    kind: Mapped[BadgeKind] = mapped_column(String(8))
    device_key: Mapped[bytes | None] = mapped_column(LargeBinary(33))
    """Compressed P-256 point of the phone's key."""
    device_id: Mapped[int | None] = mapped_column(
        ForeignKey("devices.id", ondelete="SET NULL"), index=True
    )
    standing: Mapped[Standing] = mapped_column(String(12), default=Standing.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the newest credential of this badge runs out."""
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its rider was last told that it soon will."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("badges.id", ondelete="SET NULL"), index=True
    )

    user: Mapped[User] = relationship()
    device: Mapped[Device | None] = relationship()

    @property
    def status_index(self) -> int:
        """Its place in the status list."""
        return self.id


class BadgeEvent(Base):
    """What was done to a rider's standing or badge: by whom, when, why."""

    __tablename__ = "badge_events"
    __table_args__ = (
        Index("ix_badge_events_user", "user_id", "id"),
        Index("ix_badge_events_badge", "badge_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badges.id", ondelete="CASCADE"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    what: Mapped[str] = mapped_column(String(20))
    """enrolled, replaced, printed, suspended, resumed, revoked, portrait_sent, portrait_approved,
    portrait_rejected, scope_changed"""
    reason: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User] = relationship(foreign_keys=actor_id)
