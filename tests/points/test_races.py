"""Many at once, and some of them killed: nothing is spent twice, and the books stay right."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.blueprints.points import holds, ledger
from app.blueprints.points.audit import audit
from app.blueprints.points.books import NotEnough
from app.blueprints.points.models import Account, Hold, Transfer
from app.blueprints.points.requests import KeyReused, Order, Source
from app.errors import Conflict
from app.extensions import db
from app.lib.database import transaction
from tests.support.killing import Writers
from tests.support.people import People
from tests.support.threads import at_once

NOW = datetime(2026, 5, 5, 4, tzinfo=UTC)
SOURCE = Source("case", "1")


def _earn(app: Flask, rider_id: int, amount: int, key: str = "first") -> int:
    with app.app_context(), transaction(db.session()):
        order = Order("test", key, SOURCE)
        return ledger.earn(db.session(), order, rider_id=rider_id, amount=amount, now=NOW).id


def _audited(app: Flask) -> None:
    with app.app_context():
        assert [found for found in audit(db.session()) if found.row] == []


def _in_own_session(app: Flask, act: Callable[[Session], object]) -> str:
    """What came of it: done, or the name of the error."""
    with app.app_context():
        session = Session(db.engine)
        try:
            with transaction(session):
                act(session)
        except (NotEnough, KeyReused) as error:
            return type(error).__name__
        finally:
            session.close()
    return "done"


def test_sixteen_at_once_spend_ten_points_ten_times(app: Flask, people: People) -> None:
    rider = people.make("rider").id
    _earn(app, rider, 10)

    def spend(number: int) -> str:
        order = Order("test", f"hold {number}", SOURCE)
        return _in_own_session(
            app, lambda session: holds.hold(session, order, rider_id=rider, amount=1, now=NOW)
        )

    came = at_once(spend, 16)
    assert sorted(came) == ["NotEnough"] * 6 + ["done"] * 10
    _audited(app)


def test_one_request_sent_eight_times_is_done_once(app: Flask, people: People) -> None:
    rider = people.make("rider").id
    order = Order("test", "the same", SOURCE)

    def earn(_number: int) -> str:
        return _in_own_session(
            app, lambda session: ledger.earn(session, order, rider_id=rider, amount=7, now=NOW)
        )

    assert at_once(earn, 8) == ["done"] * 8
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Transfer)) == 1
        assert (
            db.session.scalars(select(Account.balance).where(Account.user_id == rider)).one() == 7
        )
    _audited(app)


def test_a_key_with_another_request_is_an_error(app: Flask, people: People) -> None:
    rider = people.make("rider").id
    _earn(app, rider, 5)
    with pytest.raises(KeyReused):
        _earn(app, rider, 6)
    with pytest.raises(KeyReused):
        _earn(app, people.make("rider").id, 5)
    _audited(app)


def test_a_capture_and_a_release_at_once_leave_one_of_them(app: Flask, people: People) -> None:
    rider = people.make("rider").id
    _earn(app, rider, 5)
    for number in range(6):
        with app.app_context(), transaction(db.session()):
            order = Order("test", f"hold {number}", SOURCE)
            made = holds.hold(db.session(), order, rider_id=rider, amount=1, now=NOW).id
        spend = Order("capture", f"hold {number}", SOURCE)

        def capture(session: Session, made: int = made, spend: Order = spend) -> None:
            holds.capture(session, spend, hold_id=made, now=NOW)

        def release(session: Session, made: int = made) -> None:
            holds.release(session, hold_id=made, now=NOW)

        came = at_once(lambda number: _conflict_or_done(app, (capture, release)[number]), 2)
        assert sorted(came) == ["conflict", "done"]
        _audited(app)
        with app.app_context():
            account = db.session.scalars(select(Account).where(Account.user_id == rider)).one()
            if account.balance - account.held < 1:
                break


def _conflict_or_done(app: Flask, act: Callable[[Session], None]) -> str:
    try:
        return _in_own_session(app, act)
    except Conflict:
        return "conflict"


@pytest.mark.parametrize("table", ["point_transfers", "point_entries"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_is_written_is_never_changed(
    app: Flask, people: People, session: Session, table: str, act: str
) -> None:
    _earn(app, people.make("rider").id, 5)
    with pytest.raises(DBAPIError, match="the books are never changed"):
        session.connection().exec_driver_sql(act.format(table))
    session.rollback()


def test_killed_writers_leave_right_books(app: Flask, people: People) -> None:
    """Processes that do whatever they like with three riders' points, killed at any moment."""
    riders = [people.make("rider").id for _rider in range(3)]
    for rider in riders:
        _earn(app, rider, 200, f"start {rider}")
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    writers = Writers("tests.points.hammer", url, riders, random.Random(3))
    for _turn in range(3):
        before = _count(app, Transfer)
        writers.run_and_kill(partial(_has_written, app, before + 8))
        _audited(app)


def _has_written(app: Flask, transfers: int) -> bool:
    return _count(app, Transfer) >= transfers and _count(app, Hold) > 0


def _count(app: Flask, model: type[Transfer | Hold]) -> int:
    with app.app_context():
        rows = db.session.scalar(select(func.count()).select_from(model)) or 0
        db.session.rollback()
        return rows
