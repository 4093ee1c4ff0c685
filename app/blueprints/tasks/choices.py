"""What the form of a task offers to choose from."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from app.blueprints.accounts.models import User
from app.blueprints.organisations.finding import areas_above_grids
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.organisations.names import role_name
from app.blueprints.reports.models import Category
from app.blueprints.stations.models import Station
from app.blueprints.tasks.entering import ALSO
from app.blueprints.tasks.publishers import publishers_of
from app.lib.text import clean

_INDENT = {Kind.STREET: "　", Kind.COMMUNITY: "　　"}


def publishers(session: Session, actor: User, locale: str) -> list[SelectChoice]:
    """The organisations for which somebody publishes."""
    return [SelectChoice(str(one.id), one.name(locale)) for one in publishers_of(session, actor)]


def areas(session: Session, locale: str) -> list[SelectChoice]:
    """Zones, streets and communities, as the tree orders them."""
    found = areas_above_grids(session)
    return [
        SelectChoice(str(one.id), _INDENT.get(one.kind, "") + one.name(locale)) for one in found
    ]


def companies(session: Session, locale: str) -> list[SelectChoice]:
    """All companies."""
    wanted = select(Organisation).where(Organisation.kind == Kind.COMPANY)
    found = session.scalars(wanted.order_by(Organisation.id))
    return [SelectChoice(str(one.id), one.name(locale)) for one in found]


def roles() -> list[SelectChoice]:
    """Roles that a task may ask for besides."""
    return [SelectChoice(str(one), role_name(one)) for one in ALSO]


def station_numbered(session: Session, number: object) -> int | None:
    """The id of the station that people call by a number; None for no such number."""
    said = clean(number).upper()[:16]
    wanted = select(Station.organisation_id)
    return session.scalar(wanted.where(Station.number == said, Station.ended_at.is_(None)))


def number_of(session: Session, station_id: int | None) -> str:
    """The number of a station; "" for none."""
    station = session.get(Station, station_id) if station_id else None
    return station.number if station else ""


def categories(session: Session) -> Sequence[Category]:
    """The categories of reports, in their order."""
    return session.scalars(select(Category).order_by(Category.code)).all()
