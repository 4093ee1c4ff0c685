"""Hears of points that were paid or taken back: sums move with them, and a rider is told of what
was taken."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.points import settled
from app.blueprints.points.settled import Settled
from app.blueprints.stars import sums
from app.lib import jobs

JOB = "stars"
TAKEN_URL = "/points"


@settled.hears
def count(session: Session, found: Sequence[Settled], now: datetime) -> None:
    """Keep the sums, and let the job reckon."""
    sums.add(session, found)
    notify_all(session, taken_back(found), now=now)
    jobs.wake(session, JOB)


def taken_back(found: Iterable[Settled]) -> list[Notice]:
    """A notice for each rider and occasion of which something was taken back in this batch."""
    lost: dict[tuple[int, str], int] = defaultdict(int)
    for one in found:
        if one.points < 0 and not one.told:
            lost[one.rider_id, one.occasion] -= one.points
    return [
        Notice(rider_id, f"points_back_{occasion}", {"points": points}, TAKEN_URL)
        for (rider_id, occasion), points in sorted(lost.items())
    ]
