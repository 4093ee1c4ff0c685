"""Star levels, as features above ask for them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.stars.models import Standing

LEAST = 1
"""The first star is everybody's."""


def level_of(session: Session, rider_id: int) -> int:
    """A rider's star level, 1 to 5."""
    return session.scalar(select(Standing.level).where(Standing.user_id == rider_id)) or LEAST


def levels_of(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The star levels of riders, 1 to 5, each by its id, in one query."""
    found = select(Standing.user_id, Standing.level).where(Standing.user_id.in_(ids))
    known = {row.user_id: row.level for row in session.execute(found)} if ids else {}
    return {one: known.get(one, LEAST) for one in ids}
