"""Who passed at which gate, what does not fit, and who is inside."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Badge
from app.blueprints.gates.models.places import Directions, Gate
from app.lib.database import Base, UtcDateTime


class Method(StrEnum):
    """How somebody was let through."""

    LIVE = "live"
    PRINTED = "printed"
    SHORT = "short"
    MANUAL = "manual"
    SELF = "self"
    BARRIER = "barrier"


class Outcome(StrEnum):
    """What came of it at the gate."""

    ENTERED = "entered"
    REFUSED = "refused"


class Chain(StrEnum):
    """Whether a pass fits the chain of its phone."""

    OK = "ok"
    ALTERED = "altered"
    BROKEN = "broken"
    NONE = "none"
    """Not made by a gate phone."""


class Pass(Base):
    """One scan of a code that could be read, or one self-reported entry. The phone's verdict and
    the server's are both kept.
    """

    __tablename__ = "passes"
    __table_args__ = (
        Index("ix_passes_compound_at", "compound_id", "at", "id"),
        Index("ix_passes_gate_at", "gate_id", "at", "id"),
        Index("ix_passes_rider_at", "rider_id", "at", "id"),
        Index("ix_passes_badge_at", "badge_id", "at"),
        Index("ix_passes_scanner_seq", "scanner_id", "seq"),
        Index("ix_passes_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("compounds.organisation_id", ondelete="RESTRICT")
    )
    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.organisation_id", ondelete="RESTRICT"))
    scanner_id: Mapped[int | None] = mapped_column(ForeignKey("scanners.id", ondelete="RESTRICT"))
    barrier_id: Mapped[int | None] = mapped_column(
        ForeignKey("barriers.id", ondelete="RESTRICT"), index=True
    )
    rider_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badges.id", ondelete="SET NULL"))
    guard: Mapped[str] = mapped_column(String(30), default="")
    method: Mapped[Method] = mapped_column(String(8))
    direction: Mapped[Directions] = mapped_column(String(8))
    vehicle: Mapped[str] = mapped_column(String(8), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """By the phone's clock, corrected by what it knew of the server's."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(String(24), default="")
    """What the guard read: company and masked name."""
    phone_level: Mapped[str] = mapped_column(String(8))
    phone_reason: Mapped[str] = mapped_column(String(20))
    phone_detail: Mapped[str | None] = mapped_column(String(40))
    server_level: Mapped[str] = mapped_column(String(8))
    server_reason: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[Outcome] = mapped_column(String(8))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    distance_m: Mapped[int | None]
    """Self-reported: how far the rider's phone was from the gate."""
    proof_time_s: Mapped[int | None]
    proof_counter: Mapped[int | None]
    seq: Mapped[int | None]
    prev_hash: Mapped[str | None] = mapped_column(String(64))
    statement_hash: Mapped[str | None] = mapped_column(String(64))
    statement: Mapped[str | None] = mapped_column(Text)
    """What the phone signed, as it stands."""
    signature: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    chain: Mapped[Chain] = mapped_column(String(8), default=Chain.NONE)

    badge: Mapped[Badge | None] = relationship()
    gate: Mapped[Gate] = relationship()
    rider: Mapped[User | None] = relationship()


class Undo(Base):
    """A guard's word that a pass was a mistake: a link of the chain too."""

    __tablename__ = "undos"
    __table_args__ = (Index("ix_undos_scanner_seq", "scanner_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    scanner_id: Mapped[int] = mapped_column(ForeignKey("scanners.id", ondelete="RESTRICT"))
    pass_key: Mapped[str] = mapped_column(String(36), index=True)
    guard: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]
    prev_hash: Mapped[str] = mapped_column(String(64))
    statement_hash: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    chain: Mapped[Chain] = mapped_column(String(8))


class PassConflict(Base):
    """Something about passes that a person must look at. Never changes the pass itself."""

    __tablename__ = "pass_conflicts"
    __table_args__ = (
        Index("ix_pass_conflicts_compound", "compound_id", "resolved_at", "id"),
        Index("ix_pass_conflicts_scanner", "scanner_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("compounds.organisation_id", ondelete="CASCADE")
    )
    pass_id: Mapped[int | None] = mapped_column(
        ForeignKey("passes.id", ondelete="CASCADE"), index=True
    )
    scanner_id: Mapped[int | None] = mapped_column(ForeignKey("scanners.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(500), default="")
    """Small JSON: what is needed to say it in words."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(String(500))

    passed: Mapped[Pass | None] = relationship()


class Presence(Base):
    """A rider inside a compound, until exit or closing time."""

    __tablename__ = "presences"
    __table_args__ = (
        Index(
            "uq_presences_inside",
            "compound_id",
            "rider_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_presences_compound_entered", "compound_id", "entered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("compounds.organisation_id", ondelete="CASCADE")
    )
    rider_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    pass_id: Mapped[int | None] = mapped_column(
        ForeignKey("passes.id", ondelete="SET NULL"), index=True
    )
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_how: Mapped[str | None] = mapped_column(String(8))
    """exit, closing or undone"""

    rider: Mapped[User] = relationship()
