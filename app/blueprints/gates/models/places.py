"""Compounds and their gates, and the phones and barriers at them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
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
