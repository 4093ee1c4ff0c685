"""Reading what is new, in bounded batches behind cursors, and asking what looks odd."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.fairness.churn import churn, new_cancelled
from app.blueprints.fairness.deeds import BATCH, move_cursor, new_deeds, of_those_days
from app.blueprints.fairness.models import Review, ReviewState
from app.blueprints.fairness.opening import open_reviews
from app.blueprints.fairness.pairs import same_pairs
from app.blueprints.fairness.patterns import travel, velocity
from app.blueprints.fairness.photos import same_photos
from app.blueprints.fairness.queries import administrators
from app.blueprints.notifications.services import notify
from app.lib.database import alone

ALONE = "fairness"


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether there is something to read."""
    return bool(new_deeds(session, now=now) or new_cancelled(session, now=now))


def look_at_some(session: Session, *, now: datetime) -> bool:
    """Read the next deeds and cancelled redemptions; answers whether more may be left. Cursors
    move in the transaction that opens the reviews: whoever is killed leaves both."""
    alone(session, ALONE)
    deeds, cancelled = new_deeds(session, now=now), new_cancelled(session, now=now)
    notices = list(churn(session, cancelled))
    if deeds:
        around = of_those_days(session, deeds)
        notices += [*velocity(around), *travel(around)]
        notices += [*same_photos(session, deeds, now=now), *same_pairs(session, deeds, now=now)]
        move_cursor(session, "occurrence", deeds[-1].id)
    if cancelled:
        move_cursor(session, "cancelled", cancelled[-1].id)
    was_quiet = not _any_open(session)
    if open_reviews(session, notices, now=now) and was_quiet:
        _tell_administrators(session, now)
    return BATCH in (len(deeds), len(cancelled))


def _any_open(session: Session) -> bool:
    found = select(Review.id).where(Review.state == ReviewState.OPEN).limit(1)
    return session.scalar(found) is not None


def _tell_administrators(session: Session, now: datetime) -> None:
    """Once, when the first question comes to an empty desk."""
    people = administrators(session)
    notify(session, people, kind="review_waiting", data={}, url="/fairness", now=now)
