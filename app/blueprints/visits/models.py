"""Who came to which station, kept as facts; and sums of them, kept beside."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station
from app.lib.database import Base, UtcDateTime


class Way(StrEnum):
    """How a check-in came about. The first two are the rider's own, the others the host's."""

    POSTER = "poster"
    COUNTER = "counter"
    BADGE = "badge"
    NUMBER = "number"
    HAND = "hand"


class Purpose(StrEnum):
    """What somebody came for, in one tap; the order in which it is shown."""

    REST = "rest"
    WATER = "water"
    CHARGE = "charge"
    MEAL = "meal"
    TOILET = "toilet"
    HELP = "help"
    OTHER = "other"


PURPOSE_NUMBERS = {purpose: number for number, purpose in enumerate(Purpose, start=1)}
"""As sums name purposes. New ones go to the end of `Purpose`."""


class Mark(StrEnum):
    """What speaks against a check-in: it is kept, and earns nothing."""

    TOO_FAR = "too_far"
    NO_PLACE = "no_place"
    STALE_CODE = "stale_code"
    OLD_POSTER = "old_poster"
    CLOCK = "clock"
    BADGE = "badge"
    """The badge did not count then."""
    NOBODY = "nobody"
    """The number that was written down is no rider's."""


class Who(StrEnum):
    """Whom the programme serves at a station."""

    RIDER = "rider"
    WORKER = "worker"
    """Another outdoor worker."""


class CheckIn(Base):
    """Somebody came to a station: a rider, or so many people whom the host counted."""

    __tablename__ = "check_ins"
    __table_args__ = (
        Index("ix_check_ins_station_at", "station_id", "at", "id"),
        Index("ix_check_ins_rider_at", "rider_id", "at", "id"),
        Index("ix_check_ins_recorder_at", "recorder_id", "at"),
        Index(
            "ix_check_ins_placed",
            "received_at",
            sqlite_where=text("latitude IS NOT NULL"),
            postgresql_where=text("latitude IS NOT NULL"),
        ),
        CheckConstraint("people BETWEEN 1 AND 99", name="people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    """The outbox item's, which another person cannot use again."""
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="RESTRICT")
    )
    rider_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    """The rider's company at that time."""
    who: Mapped[Who] = mapped_column(String(8), default=Who.RIDER)
    people: Mapped[int] = mapped_column(default=1)
    label: Mapped[str] = mapped_column(String(40), default="")
    """What the host wrote of somebody who has no phone, or read on a badge."""
    way: Mapped[Way] = mapped_column(String(8))
    purpose: Mapped[Purpose] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """By the phone's clock, corrected by what it knew of the server's."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """The host who wrote it down; None when the rider checked in."""
    mark: Mapped[Mark | None] = mapped_column(String(12))
    """The gravest thing that speaks against it."""
    distance_m: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """Where the rider's phone was; forgotten after `VISIT_PLACE_DAYS`."""
    leads: Mapped[bool] = mapped_column(default=True)
    """The first of a visit: check-ins of a rider at a station less than two hours after the one
    before are one visit (docs/decisions/0016). What is marked or taken back leads nothing."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    station: Mapped[Station] = relationship()
    rider: Mapped[User | None] = relationship(foreign_keys=rider_id)


class Dimension(StrEnum):
    """By what check-ins are counted. `value` of a sum is the hour (0 to 23, local), the purpose's
    number, the company's id (0 for none), or the number of `Who` (0 rider, 1 worker)."""

    WHO = "who"
    HOUR = "hour"
    PURPOSE = "purpose"
    COMPANY = "company"


class VisitSum(Base):
    """What was counted at a station on a local day. Taken back does not count; marked counts in
    check_ins and people, but is no visit."""

    __tablename__ = "visit_sums"
    __table_args__ = (Index("ix_visit_sums_day", "dimension", "day"),)

    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE"), primary_key=True
    )
    dimension: Mapped[Dimension] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer, primary_key=True)
    check_ins: Mapped[int]
    people: Mapped[int]
    visits: Mapped[int]


class VisitTotal(Base):
    """The same for a whole month; `day` is its first."""

    __tablename__ = "visit_totals"
    __table_args__ = (Index("ix_visit_totals_day", "dimension", "day"),)

    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE"), primary_key=True
    )
    dimension: Mapped[Dimension] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer, primary_key=True)
    check_ins: Mapped[int]
    people: Mapped[int]
    visits: Mapped[int]
