"""What stands beside a case: rules that route it, parts of it, what it may be a double of."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.organisations.models import Organisation
from app.blueprints.reports.models import Category, Report
from app.lib.database import Base, UtcDateTime


class CasePart(Base):
    """What a department beside the leading one does of a case 协办. `done_at` None: not yet."""

    __tablename__ = "case_parts"
    __table_args__ = (Index("ix_case_parts_department", "department_id", "done_at"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    department_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), primary_key=True
    )
    task: Mapped[str] = mapped_column(String(200))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class RoutingRule(Base):
    """Where cases go: the most specific rule that fits wins.

    What is None fits anything. `group` is the first two digits of categories. `area_id` is any
    organisation above the grid, or it. Hours are of the local day, from `hour_from` until before
    `hour_to`; a pair like 22, 6 runs past midnight.
    """

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str | None] = mapped_column(String(2))
    category_code: Mapped[str | None] = mapped_column(
        ForeignKey("categories.code", ondelete="CASCADE"), index=True
    )
    area_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    hour_from: Mapped[int | None]
    hour_to: Mapped[int | None]
    department_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    automatic: Mapped[bool] = mapped_column(default=False)
    """Whether filing dispatches at once; otherwise the department is proposed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    category: Mapped[Category | None] = relationship()
    area: Mapped[Organisation | None] = relationship(foreign_keys=area_id)
    department: Mapped[Organisation] = relationship(foreign_keys=department_id)


class DepartmentAbsence(Base):
    """While a department is away another takes its cases."""

    __tablename__ = "department_absences"
    __table_args__ = (Index("ix_department_absences_department", "department_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))

    department: Mapped[Organisation] = relationship(foreign_keys=department_id)
    substitute: Mapped[Organisation] = relationship(foreign_keys=substitute_id)


class AnswerTemplate(Base):
    """Words for a step, ready to be used; of one category or, with None, of all."""

    __tablename__ = "answer_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), index=True)
    category_code: Mapped[str | None] = mapped_column(
        ForeignKey("categories.code", ondelete="CASCADE")
    )
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    text_zh: Mapped[str] = mapped_column(String(500))
    text_en: Mapped[str] = mapped_column(String(500))

    category: Mapped[Category | None] = relationship()


class SavedFilter(Base):
    """A filter of the desk under a name of somebody's own. `query` is that of the address."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(500))


class LinkState(StrEnum):
    """What was said to a proposal that two reports are one."""

    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    MERGED = "merged"


class CaseLink(Base):
    """Two reports that may be of one problem: `report` is the later one, `other` the earlier.

    Near: metres between them, of one category within 7 days. Alike: in how many of 64 bits the
    photos' hashes differ, 0 for the same photo.
    """

    __tablename__ = "case_links"
    __table_args__ = (Index("ix_case_links_other", "other_id"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    distance_m: Mapped[int | None]
    bits: Mapped[int | None]
    state: Mapped[LinkState] = mapped_column(String(10), default=LinkState.PROPOSED)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)

    report: Mapped[Report] = relationship(foreign_keys=report_id)
    other: Mapped[Report] = relationship(foreign_keys=other_id)


class CaseFlag(Base):
    """Why intake should look twice at a report. `kind`: same_photo, far_photo, many_at_once."""

    __tablename__ = "case_flags"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`{"report": id}`, `{"distance_m": n}` or `{"reports": n}`."""
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))


class CalendarDay(Base):
    """A day of which the district says that it is worked or not, past what the calendar says."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(60), server_default="")
