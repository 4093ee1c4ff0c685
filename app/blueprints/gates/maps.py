"""Building maps: a picture of a compound, and named buildings on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256 as hash_of
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates.compounds import ensure_compound, record
from app.blueprints.gates.models import Building, Compound, Outcome, Pass
from app.blueprints.organisations.models import Organisation, Role
from app.errors import NotFound
from app.lib.database import alone
from app.lib.imaging import Sheet

MOST_BUILDINGS = 200
MOST_NAME = 20
SEEN_FOR = timedelta(days=30)
"""How long after a pass a rider may see a compound's map."""


@dataclass(frozen=True)
class Spot:
    """A named building; x and y are shares of the picture's width and height."""

    name: str
    x: float
    y: float


def map_name(sha256: str) -> str:
    """The name under which a map's picture is kept."""
    return f"maps/{sha256[:2]}/{sha256}.jpg"


def save_map(
    session: Session, actor: User, compound_id: int, *, sheet: Sheet, now: datetime
) -> str | None:
    """Give a compound a picture, whose bytes are kept already; buildings stay where they are.

    Answers the hash of a picture that nobody uses any more, if there is one. Raises NotFound for
    who does not manage the compound.
    """
    compound = queries.compound_of(session, actor, compound_id)
    row = ensure_compound(session, compound)
    before, row.map_sha256 = row.map_sha256, hash_of(sheet.content).hexdigest()
    row.map_width, row.map_height, row.map_at = sheet.width, sheet.height, now
    record(session, actor, compound_id, "map picture", now)
    session.flush()
    if before is None or session.scalar(select(exists().where(Compound.map_sha256 == before))):
        return None
    return before


def save_buildings(
    session: Session, actor: User, compound_id: int, *, spots: Sequence[Spot], now: datetime
) -> None:
    """Put these buildings on the map in the place of those there were. Raises NotFound for who
    does not manage the compound."""
    compound = queries.compound_of(session, actor, compound_id)
    alone(session, f"map of {compound_id}")
    ensure_compound(session, compound)
    session.execute(delete(Building).where(Building.compound_id == compound_id))
    if spots:
        rows = [
            {"compound_id": compound_id, "name": one.name, "x": one.x, "y": one.y} for one in spots
        ]
        session.execute(insert(Building), rows)
    record(session, actor, compound_id, f"map buildings={len(spots)}", now)


def map_of(session: Session, actor: User, compound_id: int, *, now: datetime) -> Compound:
    """A compound as its map shows it, for who looks after it, and for riders who passed there in
    the last 30 days. Raises NotFound."""
    found = session.get(Compound, compound_id)
    if found is None or not _may_see(session, actor, compound_id, now):
        raise NotFound
    return found


def _may_see(session: Session, actor: User, compound_id: int, now: datetime) -> bool:
    if actor.has_role(Role.RIDER) and session.scalar(
        select(
            exists().where(
                Pass.rider_id == actor.id,
                Pass.at > now - SEEN_FOR,
                Pass.compound_id == compound_id,
                Pass.outcome == Outcome.ENTERED,
                Pass.undone_at.is_(None),
            )
        )
    ):
        return True
    mine = queries.managed(actor).where(Organisation.id == compound_id)
    return session.scalar(mine) is not None


def map_json(compound: Compound) -> dict[str, Any]:
    """The map as a phone keeps it."""
    organisation = compound.organisation
    return {
        "compound": {
            "id": organisation.id,
            "zh": organisation.name_zh,
            "en": organisation.name_en,
        },
        "picture": compound.map_sha256,
        "width": compound.map_width,
        "height": compound.map_height,
        "buildings": [{"name": one.name, "x": one.x, "y": one.y} for one in compound.buildings],
    }
