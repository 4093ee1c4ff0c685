"""Where and when riders need a station, counted from what they sent."""

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.database import Base


class Demand(Base):
    """How often riders were somewhere: reports and check-ins of a month by cell and hour of the
    week. Cells are 1/400 of a degree; `hour` counts from Monday 0:00, local, to 167."""

    __tablename__ = "demand"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    """floor(latitude * 400)."""
    column: Mapped[int] = mapped_column(Integer, primary_key=True)
    """floor(longitude * 400)."""
    hour: Mapped[int] = mapped_column(Integer, primary_key=True)
    reports: Mapped[int]
    check_ins: Mapped[int]


class DemandCursor(Base):
    """Up to which row of a source demand is counted."""

    __tablename__ = "demand_cursors"

    source: Mapped[str] = mapped_column(String(12), primary_key=True)
    last_id: Mapped[int] = mapped_column(default=0)
