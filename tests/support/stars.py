"""Riders who earn, for tests of stars."""

from datetime import UTC, datetime
from itertools import count

from sqlalchemy.orm import Session

from app.blueprints.points.awarding import award
from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import Deed, reconcile
from app.blueprints.stars.reckoning import reckon_due
from app.lib.database import transaction

NOON = datetime(2026, 5, 5, 4, tzinfo=UTC)
INSPECTOR, SAFETY, CIVILITY = "城市管理质检员", "安全生产保障员", "社会文明引导员"
_numbers = count(1000)


def do(
    session: Session, rider_id: int, points: int, *, at: datetime = NOON, role: str = "",
    place_id: int | None = None,
) -> int:  # fmt: skip
    """A rider does a task worth so much; answers its id. `settle` pays it."""
    task = next(_numbers)
    deed = Deed(rider_id, at, points, role, place_id)
    with transaction(session):
        load_default_rules(session, now=at)
        reconcile(session, Occasion.TASK, {task: deed}, now=at)
    return task


def undo(session: Session, *tasks: int, now: datetime = NOON) -> None:
    """Tasks do not count after all."""
    with transaction(session):
        reconcile(session, Occasion.TASK, dict.fromkeys(tasks), now=now, reason="task")


def settle(session: Session, *, now: datetime = NOON) -> None:
    """Pay and take back what is due, and reckon whom it concerns."""
    with transaction(session):
        while award(session, now=now):
            pass
    with transaction(session):
        while reckon_due(session, now=now):
            pass
