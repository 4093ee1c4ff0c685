"""Whoever is still inside when a compound closes counts as gone from then on.

A presence ends at the first closing time after its entry, however late this runs. An entry that
reaches the server only after that closing ends at it too: `closed_until` says what has passed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Compound, Presence
from app.lib import clock
from app.lib.database import table_of

BATCH = 500
CLOSING = "closing"
ONE_DAY = timedelta(days=1)

_PRESENCES = table_of(Presence)
_LEAVE = (
    update(_PRESENCES)
    .where(_PRESENCES.c.id == bindparam("presence"), _PRESENCES.c.left_at.is_(None))
    .values(left_at=bindparam("left_at"), left_how=bindparam("left_how"))
)
"""Nobody's exit is overwritten that came in between."""


def last_closing(closes_min: int, moment: datetime) -> datetime:
    """The newest closing time at or before a moment."""
    closing = clock.start_of_day(moment) + timedelta(minutes=closes_min)
    return closing if closing <= moment else closing - ONE_DAY


def next_closing(closes_min: int, moment: datetime) -> datetime:
    """The first closing time after a moment."""
    return last_closing(closes_min, moment) + ONE_DAY


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether `close` would write anything. Asked first: it would not, but once a day."""
    return bool(_passed(session, now)) or session.execute(_overdue().limit(1)).first() is not None


def close(session: Session, *, now: datetime) -> int:
    """End the presences that a closing time has ended, at most 500; answers how many."""
    if passed := _passed(session, now):
        session.execute(update(Compound), passed)
    overdue = session.execute(_overdue().limit(BATCH)).all()
    if overdue:
        session.execute(
            _LEAVE,
            [
                {
                    "presence": presence_id,
                    "left_at": next_closing(closes_min, entered_at),
                    "left_how": CLOSING,
                }
                for presence_id, entered_at, closes_min in overdue
            ],
        )
    return len(overdue)


def _passed(session: Session, now: datetime) -> Sequence[dict[str, Any]]:
    """The compounds that have closed since this was last looked at, and when."""
    rows = session.execute(
        select(Compound.organisation_id, Compound.closes_min, Compound.closed_until)
    )
    return [
        {"organisation_id": compound_id, "closed_until": last}
        for compound_id, closes_min, closed_until in rows
        if (last := last_closing(closes_min, now)) != closed_until
    ]


def _overdue() -> Select[int, datetime, int]:
    """Who came in before the last closing time and never went."""
    # Made first, and from their own index: else all who were ever inside would be read.
    inside = (
        select(Presence.id, Presence.compound_id, Presence.entered_at)
        .where(Presence.left_at.is_(None))
        .cte("inside")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(inside.c.id, inside.c.entered_at, Compound.closes_min)
        .join_from(inside, Compound, Compound.organisation_id == inside.c.compound_id)
        .where(inside.c.entered_at < Compound.closed_until)
    )
