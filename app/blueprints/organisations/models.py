"""The tree of organisations, and who stands where in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.blueprints.accounts.models import User
from app.lib.database import Base, UtcDateTime


class Kind(StrEnum):
    """Kinds of organisation. authority > zone > street > community > grid; the others beside."""

    AUTHORITY = "authority"
    CENTRE = "centre"
    COMMITTEE = "committee"
    ZONE = "zone"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    DEPARTMENT = "department"
    COMPANY = "company"
    PROPERTY_COMPANY = "property_company"
    COMPOUND = "compound"
    GATE = "gate"
    STATION = "station"
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody is in an organisation."""

    RIDER = "rider"
    GUARD = "guard"
    HOST = "host"
    GRID_WORKER = "grid_worker"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    COMPANY_MANAGER = "company_manager"
    PROPERTY_MANAGER = "property_manager"
    PARTY_ORGANISER = "party_organiser"
    ADMINISTRATOR = "administrator"


INTAKE = (Role.DISPATCHER, Role.ADMINISTRATOR)
"""Who sees every report and decides at intake."""
REGISTER = (Role.COMPANY_MANAGER, Role.ADMINISTRATOR)
"""Who works at the register of riders: managers for their own company."""
VERIFYING = (Role.GRID_WORKER,)
"""Who looks on the spot whether a case is solved: in their own grid or community."""
HANDLING = (Role.HANDLER,)
"""Who works on the cases of their department."""
COMPOUNDS = (Role.PROPERTY_MANAGER, Role.ADMINISTRATOR)
"""Who works at the desk of compounds: managers for their own."""
STATIONS = (Role.HOST, Role.ADMINISTRATOR)
"""Who works at the desk of stations: hosts at those of their station, street or company."""
ANNOUNCING = (
    Role.COMPANY_MANAGER, Role.GRID_WORKER, Role.PARTY_ORGANISER, Role.ADMINISTRATOR,
)  # fmt: skip
"""Who may tell many people something: the authority everybody, others their own."""
TASKS = (
    Role.DISPATCHER, Role.HANDLER, Role.GRID_WORKER, Role.COMPANY_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
"""Who publishes tasks for riders, and checks what is handed in: of their own organisation."""
BUDGETS = (
    Role.COMPANY_MANAGER, Role.HANDLER, Role.GRID_WORKER, Role.PARTY_ORGANISER, Role.ADMINISTRATOR,
)  # fmt: skip
"""Who sees what an organisation has to hand out: the authority all budgets, others their own."""


class Organisation(Base):
    """A node of the tree."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_path", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(20), index=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), index=True
    )
    path: Mapped[str] = mapped_column(String(120))
    """The ids from the root to this node: "/1/7/31/". Those below it share it as a prefix."""
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_en if locale == "en" else self.name_zh


class Area(Base):
    """The polygon of an organisation that has a place, for the present of a grid.

    `polygon` is the geometry of a GeoJSON feature (RFC 7946), Polygon or MultiPolygon, in degrees
    of WGS-84. The others are its bounds, and when it was loaded: by that and their number a
    process knows whether the areas it holds are still those of the database.
    """

    __tablename__ = "areas"
    __table_args__ = (Index("ix_areas_loaded_at", "loaded_at"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    polygon: Mapped[str] = mapped_column(Text)
    south: Mapped[float]
    west: Mapped[float]
    north: Mapped[float]
    east: Mapped[float]
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class Membership(Base):
    """A person's role in an organisation, while it lasts."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
