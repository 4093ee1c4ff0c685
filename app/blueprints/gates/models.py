"""Compounds and their gates, the phones and barriers at them, and who passed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.badges.models import Badge
from app.blueprints.organisations.models import Organisation
from app.lib.database import Base, UtcDateTime

EVERY_DAY = 0b1111111
DAY_MIN = 24 * 60


class Vehicles(StrEnum):
    """How riders may come in."""

    ANY = "any"
    PUSH = "push"
    FOOT = "foot"


class Directions(StrEnum):
    """What a gate is for."""

    BOTH = "both"
    ENTRY = "entry"
    EXIT = "exit"


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


class CompoundGroup(Base):
    """Compounds that one scope opens. The number stands in credentials, so it never changes."""

    __tablename__ = "compound_groups"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 65535", name="number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))


class CompoundGroupMember(Base):
    """A compound of a group."""

    __tablename__ = "compound_group_members"

    compound_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(
        ForeignKey("compound_groups.number", ondelete="CASCADE"), primary_key=True, index=True
    )


class Compound(Base):
    """What is set for a compound; the compound itself is an organisation."""

    __tablename__ = "compounds"
    __table_args__ = (CheckConstraint("closes_min BETWEEN 0 AND 1439", name="closes"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    closes_min: Mapped[int] = mapped_column(default=0)
    """Minute of the local day at which whoever is still inside counts as gone."""
    closed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Up to which closing time the worker has seen to it."""
    call: Mapped[str] = mapped_column(String(32), default="")
    """The number that guards and riders may call."""
    map_sha256: Mapped[str | None] = mapped_column(String(64))
    map_width: Mapped[int | None]
    map_height: Mapped[int | None]
    map_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    buildings: Mapped[list["Building"]] = relationship(order_by="Building.id")


class Building(Base):
    """A named building on a compound's map; x and y are shares of its width and height."""

    __tablename__ = "buildings"
    __table_args__ = (
        CheckConstraint("x BETWEEN 0 AND 1", name="x"),
        CheckConstraint("y BETWEEN 0 AND 1", name="y"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("compounds.organisation_id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(20))
    x: Mapped[float]
    y: Mapped[float]


class Gate(Base):
    """What is set for a gate; the gate itself is an organisation below its compound."""

    __tablename__ = "gates"
    __table_args__ = (
        CheckConstraint("opens_min BETWEEN 0 AND 1439", name="opens"),
        CheckConstraint("closes_min BETWEEN 0 AND 1439", name="closes"),
        CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("compounds.organisation_id", ondelete="CASCADE"), index=True
    )
    place_code: Mapped[str] = mapped_column(String(16), unique=True)
    """What the printed place code carries: random, so that it cannot be guessed."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    radius_m: Mapped[int] = mapped_column(default=80)
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    """Bit 0 is Monday."""
    opens_min: Mapped[int] = mapped_column(default=0)
    closes_min: Mapped[int] = mapped_column(default=0)
    """Minutes of the local day; the same twice means always, a later opening means over night."""
    live_only: Mapped[bool] = mapped_column(default=False)
    printed_cap: Mapped[int | None]
    """Entries a day of one printed badge; None is no bound."""
    vehicles: Mapped[Vehicles] = mapped_column(String(8), default=Vehicles.ANY)
    direction: Mapped[Directions] = mapped_column(String(8), default=Directions.BOTH)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    compound: Mapped[Compound] = relationship()


class ScannerCode(Base):
    """A code, said once, with which a phone becomes a gate's. Kept as a keyed hash."""

    __tablename__ = "scanner_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(
        ForeignKey("gates.organisation_id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Scanner(Base):
    """A phone at a gate, with a key of its own and a chain of what it recorded."""

    __tablename__ = "scanners"

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(
        ForeignKey("gates.organisation_id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), unique=True)
    """The account that the phone is signed in as: nobody's, without a number."""
    device_key: Mapped[bytes] = mapped_column(LargeBinary(33))
    label: Mapped[str] = mapped_column(String(80))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the statement with the highest number that arrived."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=user_id)


class Barrier(Base):
    """A barrier or door controller that asks the server, with a token kept as a hash."""

    __tablename__ = "barriers"

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(
        ForeignKey("gates.organisation_id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)


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
