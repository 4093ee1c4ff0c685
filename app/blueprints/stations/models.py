"""Stations: what they are and offer, and who changed what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.lib.database import Base, UtcDateTime

RADIUS_M = 100
"""How far from a station's place a phone may be that says it is there, before its own accuracy."""


class StationKind(StrEnum):
    """What a station is in the programme."""

    FILLING = "filling"
    """First level, in business districts: rider filling station 骑手加油站."""
    RED_BEE = "red_bee"
    """Second level, in streets and communities: red bee warm new station 红蜂暖新驿站."""
    WORKSTATION = "workstation"
    """Shared star-knight workstation 星骑士工作站: training and recruiting too."""


class StationState(StrEnum):
    """What the host says of the station now; opening hours come on top."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


class Facility(StrEnum):
    """The one vocabulary of what a station has, in the order in which it is shown."""

    WATER = "water"
    HOT_MEALS = "hot_meals"
    PHONE_CHARGING = "phone_charging"
    BIKE_CHARGING = "bike_charging"
    REST = "rest"
    TOILET = "toilet"
    AIR_CONDITIONING = "air_conditioning"
    MEDICINE = "medicine"
    AED = "aed"
    WIFI = "wifi"
    READING = "reading"
    PARTY_EDUCATION = "party_education"
    LEGAL_HELP = "legal_help"
    MEDIATION = "mediation"
    ERRANDS = "errands"
    SHOWER = "shower"
    PARKING = "parking"


COUNTED = (Facility.PHONE_CHARGING, Facility.BIKE_CHARGING, Facility.REST, Facility.PARKING)
"""Facilities with a number: plugs, places to rest, places to park."""


class Station(Base):
    """A station; its names and its place in the tree are its organisation's."""

    __tablename__ = "stations"
    __table_args__ = (
        CheckConstraint("level IN (1, 2)", name="level"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("radius_m BETWEEN 20 AND 1000", name="radius"),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[str] = mapped_column(String(16), unique=True)
    """What people and files call it by: capital letters, digits, hyphens."""
    level: Mapped[int]
    kind: Mapped[StationKind] = mapped_column(String(12))
    address_zh: Mapped[str] = mapped_column(String(120))
    address_en: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_m: Mapped[int] = mapped_column(default=RADIUS_M)
    hours: Mapped[str] = mapped_column(String(400), default="24/7")
    """Opening hours in the notation of OpenStreetMap (docs/decisions/0015)."""
    contact: Mapped[str] = mapped_column(String(32), default="")
    """A number that riders may call."""
    operator_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    """A company or another office that runs it; its hosts see it too."""
    state: Mapped[StationState] = mapped_column(String(8), default=StationState.OPEN)
    state_reason: Mapped[str] = mapped_column(String(120), default="")
    state_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on it counts as open again."""
    notice: Mapped[str] = mapped_column(String(200), default="")
    """A word of the host to riders, until `notice_until`."""
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    poster: Mapped[int] = mapped_column(default=1)
    """The number of the poster that counts; a lost one is withdrawn by counting up."""
    poster_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when on it has counted: whoever read the one before until then was in time. None for
    the first poster."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that of two people who change it at once one hears of the other."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """When anything that riders see of it changed, facilities and pictures too."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Given up: no rider finds it any more, its visits stay."""

    organisation: Mapped[Organisation] = relationship(
        foreign_keys=organisation_id, lazy="joined", innerjoin=True
    )
    operator: Mapped[Organisation | None] = relationship(foreign_keys=operator_id)
    facilities: Mapped[list["StationFacility"]] = relationship(
        order_by="StationFacility.facility", cascade="all, delete-orphan", lazy="selectin"
    )
    pictures: Mapped[list["StationPicture"]] = relationship(
        order_by="StationPicture.position", cascade="all, delete-orphan"
    )


class StationFacility(Base):
    """Something that a station has, and whether it works."""

    __tablename__ = "station_facilities"
    __table_args__ = (CheckConstraint("count BETWEEN 1 AND 999", name="count"),)

    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE"), primary_key=True
    )
    facility: Mapped[Facility] = mapped_column(String(20), primary_key=True)
    count: Mapped[int | None]
    """Of what is in `COUNTED`."""
    works: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(120), default="")


class StationPicture(Base):
    """A picture of a station, re-encoded; known by the SHA-256 of the JPEG that is shown."""

    __tablename__ = "station_pictures"
    __table_args__ = (UniqueConstraint("station_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StationEvent(Base):
    """What was done to a station, by whom. `data` says from what to what, by field."""

    __tablename__ = "station_events"
    __table_args__ = (Index("ix_station_events_station", "station_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    step: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[User | None] = relationship()
