"""What the people at a station's counter keep for one another."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.lib.database import Base, UtcDateTime


class Level(StrEnum):
    """How much of a supply is left."""

    ENOUGH = "enough"
    LOW = "low"
    OUT = "out"


class Supply(Base):
    """Something that runs out at a station: water, medicine, paper cups."""

    __tablename__ = "supplies"
    __table_args__ = (Index("ix_supplies_station", "station_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(40))
    level: Mapped[Level] = mapped_column(String(8), default=Level.ENOUGH)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No longer kept an eye on."""

    changed_by: Mapped[User | None] = relationship()


class HandOver(Base):
    """A note to whoever stands at the counter next."""

    __tablename__ = "hand_overs"
    __table_args__ = (Index("ix_hand_overs_station", "station_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    author: Mapped[User | None] = relationship(foreign_keys=author_id)


class BrokenFacility(Base):
    """A facility that broke, and the report that was made of it."""

    __tablename__ = "broken_facilities"
    __table_args__ = (Index("ix_broken_facilities_station", "station_id", "facility"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("stations.organisation_id", ondelete="CASCADE")
    )
    facility: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), unique=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    works_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
