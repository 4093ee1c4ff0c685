"""Points that soon run out: told once for each day, with how much it is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.notifications.models import Notification
from app.blueprints.points import holds, ledger
from app.blueprints.points.models import Lot
from app.blueprints.points.requests import Order, Source
from app.blueprints.stars import warnings
from app.lib.clock import to_local
from app.lib.database import transaction
from tests.support.people import People
from tests.support.stars import NOON


@pytest.fixture
def rider_id(people: People) -> int:
    return people.make("rider").id


def earn(session: Session, rider_id: int, key: str, amount: int, at: datetime = NOON) -> datetime:
    """Points earned; answers when they run out."""
    order = Order("test", key, Source("correction", "1"))
    with transaction(session):
        made = ledger.earn(session, order, rider_id=rider_id, amount=amount, now=at)
        return session.scalars(select(Lot.expires_at).where(Lot.transfer_id == made.id)).one()


def warn(session: Session, now: datetime, *, limit: int = warnings.BATCH) -> int:
    with transaction(session):
        return warnings.warn(session, now=now, limit=limit)


def told(session: Session) -> list[tuple[int, dict[str, object]]]:
    session.rollback()
    found = select(Notification).where(Notification.kind == "points_expiring")
    return [(one.user_id, one.data) for one in session.scalars(found.order_by(Notification.id))]


def test_a_rider_is_told_once_of_all_that_runs_out_on_a_day(
    session: Session, rider_id: int
) -> None:
    runs_out = earn(session, rider_id, "1", 5)
    earn(session, rider_id, "2", 7)
    assert warn(session, runs_out - timedelta(days=31)) == 0
    now = runs_out - timedelta(days=30)
    assert warnings.any_unwarned(session, now=now)
    assert warn(session, now) == 1
    assert not warnings.any_unwarned(session, now=now)
    assert warn(session, now + timedelta(days=1)) == 0
    day = f"{to_local(runs_out):%Y-%m-%d}"
    assert told(session) == [(rider_id, {"points": 12, "day": day})]


def test_what_is_spent_or_held_is_not_warned_of(session: Session, rider_id: int) -> None:
    runs_out = earn(session, rider_id, "1", 5)
    order = Order("test", "hold", Source("redemption", "1"))
    with transaction(session):
        holds.hold(session, order, rider_id=rider_id, amount=5, now=NOON)
    assert warn(session, runs_out - timedelta(days=3)) == 0
    assert told(session) == []


def test_what_has_run_out_is_no_warning_any_more(session: Session, rider_id: int) -> None:
    runs_out = earn(session, rider_id, "1", 5)
    assert warn(session, runs_out) == 0


def test_each_day_is_told_by_itself(session: Session, rider_id: int) -> None:
    first = earn(session, rider_id, "1", 5)
    second = earn(session, rider_id, "2", 7, at=NOON + timedelta(days=31))
    warn(session, first - timedelta(days=1))
    warn(session, second - timedelta(days=1))
    assert [data["points"] for _rider, data in told(session)] == [5, 7]


def test_batches_split_riders_not_what_they_are_told(session: Session, people: People) -> None:
    riders = [people.make("rider").id for _rider in range(3)]
    for rider in riders:
        for number in range(3):
            runs_out = earn(session, rider, f"{rider} {number}", 2)
    done = [warn(session, runs_out - timedelta(days=2), limit=2) for _batch in range(3)]
    assert done == [2, 1, 0]
    assert [(rider, data["points"]) for rider, data in told(session)] == [(r, 6) for r in riders]
