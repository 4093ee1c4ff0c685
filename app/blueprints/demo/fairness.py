"""A few reviews to decide: the year's reports share their pictures, which would be thousands."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.fairness.deeds import move_cursor
from app.blueprints.points.models import Occurrence

UNREAD = 12


def leave_a_few(session: Session) -> None:
    """Let the worker look at the last deeds that were booked so far, and at what comes."""
    last = session.scalar(select(func.max(Occurrence.id))) or 0
    move_cursor(session, "occurrence", max(0, last - UNREAD))
