"""The sums written anew from what happened: after an upgrade, or where somebody doubts them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.points.books import MANY
from app.blueprints.points.models import Occurrence, Outcome
from app.blueprints.points.settled import Settled
from app.blueprints.stars import sums
from app.blueprints.stars.models import MonthSum, PlaceSum, RoleSum, Standing
from app.blueprints.stars.reckoning import reckon
from app.lib.database import alone

BATCH = 100
COUNTING = (Outcome.PAID, Outcome.TO_UNDO)
"""What is to be taken back has not been yet."""


def recount(session: Session, *, after: int, now: datetime, limit: int = BATCH) -> int | None:
    """Count a batch of riders anew, those after an id; answers the last of them, None when there
    are no more. Nothing is paid meanwhile, and nobody is told of a level."""
    alone(session, MANY)
    ids = _riders(session, after, limit)
    if not ids:
        return None
    held = select(Standing.user_id).where(Standing.user_id.in_(ids)).order_by(Standing.user_id)
    session.execute(held.with_for_update()).all()  # first, as whoever pays or switches does
    for model in (RoleSum, MonthSum, PlaceSum):
        session.execute(  # emptied, not deleted: on whose board a rider was is known nowhere else
            update(model)
            .where(model.user_id.in_(ids))
            .values(points=0)
            .execution_options(synchronize_session=False)
        )
    found = _settled(session, ids)
    if found:
        sums.add(session, found)
    reckon(session, ids, now=now, quiet=True)
    return ids[-1]


def _riders(session: Session, after: int, limit: int) -> list[int]:
    """Who ever did something, or has a standing."""
    did = select(Occurrence.rider_id).where(Occurrence.rider_id > after)
    stands = select(Standing.user_id).where(Standing.user_id > after)
    first = session.scalars(did.distinct().order_by(Occurrence.rider_id).limit(limit))
    second = session.scalars(stands.order_by(Standing.user_id).limit(limit))
    return sorted({*first, *second})[:limit]


def _settled(session: Session, ids: Sequence[int]) -> list[Settled]:
    rows = session.execute(
        select(
            Occurrence.rider_id, Occurrence.occasion, Occurrence.at, Occurrence.amount,
            Occurrence.five_role, Occurrence.place_id,
        ).where(Occurrence.rider_id.in_(ids), Occurrence.outcome.in_(COUNTING))
    )  # fmt: skip
    return [Settled(*row) for row in rows]
