"""What the form of an announcement offers to choose from."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.blueprints.announcements.audience import Sender
from app.blueprints.organisations.finding import ids_of
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.organisations.names import role_name

_INDENT = {Kind.STREET: "　", Kind.COMMUNITY: "　　", Kind.STATION: "　　　"}
Choice = tuple[str, str]


def senders(found: Iterable[Sender], locale: str) -> list[Choice]:
    """Each office with the role in which somebody announces for it."""
    return [(one.key, f"{one.organisation.name(locale)} · {role_name(one.role)}") for one in found]


def roles(found: Sequence[Sender]) -> list[Choice]:
    """The roles that one of these senders may choose."""
    allowed = {role for one in found for role in one.roles}
    return [(role.value, role_name(role)) for role in Role if role in allowed]


def companies(session: Session, found: Sequence[Sender], locale: str) -> list[Choice]:
    """All companies; none when each of these senders is one itself."""
    if all(one.is_company for one in found):
        return []
    wanted = select(Organisation).where(Organisation.kind == Kind.COMPANY)
    return [
        (str(one.id), one.name(locale)) for one in session.scalars(wanted.order_by(Organisation.id))
    ]


def areas(session: Session, found: Sequence[Sender], locale: str) -> list[Choice]:
    """Zones, streets and communities that one of these senders may name, as the tree orders
    them."""
    if all(one.is_company for one in found):
        return []
    kinds = (Kind.ZONE, Kind.STREET, Kind.COMMUNITY)
    wanted = select(Organisation).where(Organisation.kind.in_(kinds), _below(found))
    return [
        (str(one.id), _INDENT.get(one.kind, "") + one.name(locale))
        for one in session.scalars(wanted.order_by(Organisation.path))
    ]


def stations(session: Session, locale: str) -> list[Choice]:
    """All stations, each below the areas that it belongs to, which stand for all of theirs."""
    kinds = (Kind.ZONE, Kind.STREET, Kind.COMMUNITY, Kind.STATION)
    wanted = select(Organisation).where(Organisation.kind.in_(kinds)).order_by(Organisation.path)
    found = session.scalars(wanted).all()
    above = {
        number for one in found if one.kind == Kind.STATION for number in ids_of(one)
    }  # areas without a station are left out
    return [
        (str(one.id), _INDENT.get(one.kind, "") + one.name(locale))
        for one in found
        if one.id in above
    ]


def _below(found: Sequence[Sender]) -> ColumnElement[bool]:
    if any(one.reaches_everybody for one in found):
        return true()
    paths = [one.organisation.path for one in found if not one.is_company]
    return or_(*(Organisation.path.startswith(path, autoescape=True) for path in paths))
