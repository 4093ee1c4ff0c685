"""Finding organisations by what people call them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Kind, Organisation

AREA_KINDS = (Kind.ZONE, Kind.STREET, Kind.COMMUNITY, Kind.GRID)
"""What has a place: a grid, and all that stands above one."""
MOST_NAMESAKES = 500


def areas_called(session: Session, name: str) -> list[Organisation]:
    """The areas that a name means: its own, or with slashes those above it too, from the top;
    some of them may be left out. "娄葑街道/星湖第1网格" is one grid, "星湖第1网格" several."""
    names = [part.strip() for part in name.split("/") if part.strip()]
    if not names:
        return []
    last = names[-1]
    same = (Organisation.name_zh == last) | (Organisation.name_en == last)
    found = session.scalars(
        select(Organisation).where(same, Organisation.kind.in_(AREA_KINDS)).limit(MOST_NAMESAKES)
    ).all()
    above = _named(session, {number for one in found for number in ids_of(one)})
    return [one for one in found if _runs([above[number] for number in ids_of(one)], names)]


def full_name(session: Session, area: Organisation, locale: str) -> str:
    """What means this area and no other: the names from its street down."""
    above = _named(session, set(ids_of(area)))
    shown = [above[number] for number in ids_of(area) if above[number].kind in AREA_KINDS]
    return "/".join(one.name(locale) for one in shown if one.kind != Kind.ZONE or one is shown[-1])


def areas_above_grids(session: Session) -> list[Organisation]:
    """Zones, streets and communities, in the order of the tree."""
    kinds = (Kind.ZONE, Kind.STREET, Kind.COMMUNITY)
    found = select(Organisation).where(Organisation.kind.in_(kinds))
    return list(session.scalars(found.order_by(Organisation.path)))


def departments(session: Session) -> list[Organisation]:
    """All departments, in the order in which they were entered."""
    found = select(Organisation).where(Organisation.kind == Kind.DEPARTMENT)
    return list(session.scalars(found.order_by(Organisation.id)))


def ids_of(organisation: Organisation) -> list[int]:
    """The ids from the root down to an organisation, itself the last."""
    return [int(part) for part in organisation.path.strip("/").split("/")]


def _named(session: Session, ids: set[int]) -> dict[int, Organisation]:
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one for one in found}


def _runs(above: Sequence[Organisation], names: Sequence[str]) -> bool:
    """Whether names lead down through organisations in their order."""
    left = iter(above)
    return all(any(name in (one.name_zh, one.name_en) for one in left) for name in names)
