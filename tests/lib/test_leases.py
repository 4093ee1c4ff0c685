"""Work in rows: leased, found again after a crash, tried again with growing pauses."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.blueprints.photos.models import Photo, PhotoUpload
from app.extensions import db
from app.lib import leases
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.people import Person

pytestmark = pytest.mark.usefixtures("held_clock")


def _add(session: Session, now: object, *numbers: int) -> None:
    with transaction(session):
        for number in numbers:
            session.add(
                Photo(
                    sha256=f"{number:064d}", mime="image/jpeg", size_bytes=1, width=1, height=1,
                    created_at=now,
                )
            )  # fmt: skip


def _take(session: Session, clock: Clock, limit: int = 10) -> list[int]:
    with transaction(session):
        return [
            int(row.sha256) for row in leases.take(session, Photo, now=clock.now(), limit=limit)
        ]


def test_a_row_is_taken_once(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1, 2, 3)
    assert len(_take(session, held_clock, limit=2)) == 2
    assert len(_take(session, held_clock)) == 1
    assert _take(session, held_clock) == []


def test_a_lease_that_ran_out_is_taken_again(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1)
    _take(session, held_clock)
    held_clock.forward(seconds=leases.LEASE_S - 1)
    assert _take(session, held_clock) == []
    held_clock.forward(seconds=1)
    assert _take(session, held_clock) == [1]
    assert session.get_one(Photo, f"{1:064d}").attempts == 2


def test_what_is_done_is_not_taken(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1)
    _take(session, held_clock)
    with transaction(session):
        leases.succeed(session.get_one(Photo, f"{1:064d}"))
    held_clock.forward(days=1)
    assert _take(session, held_clock) == []


def test_pauses_grow_up_to_an_hour(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1)
    pauses: list[timedelta] = []
    for _attempt in range(14):
        assert _take(session, held_clock) == [1]
        with transaction(session):
            row = session.get_one(Photo, f"{1:064d}")
            leases.fail(row, "the disk is away", now=held_clock.now())
            assert row.next_try_at is not None
            pauses.append(row.next_try_at - held_clock.now())
            held_clock.moment = row.next_try_at
    assert timedelta(seconds=2.5) <= pauses[0] <= timedelta(seconds=5)
    assert timedelta(seconds=20) <= pauses[3] <= timedelta(seconds=40)
    assert all(timedelta(minutes=30) <= pause <= timedelta(hours=1) for pause in pauses[-3:])


def test_it_is_not_tried_before_its_time(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1)
    _take(session, held_clock)
    with transaction(session):
        leases.fail(session.get_one(Photo, f"{1:064d}"), "no", now=held_clock.now())
    assert _take(session, held_clock) == []


def test_a_final_failure_is_never_tried_again(session: Session, held_clock: Clock) -> None:
    _add(session, held_clock.now(), 1)
    _take(session, held_clock)
    with transaction(session):
        leases.fail(
            session.get_one(Photo, f"{1:064d}"), "e" * 500, now=held_clock.now(), final=True
        )
    held_clock.forward(days=30)
    assert _take(session, held_clock) == []
    assert len(session.get_one(Photo, f"{1:064d}").last_error or "") == 200


def test_two_workers_never_take_the_same_row(
    app: Flask, session: Session, held_clock: Clock
) -> None:
    _add(session, held_clock.now(), *range(40))
    taken: list[int] = []

    def work() -> None:
        with app.app_context():
            while found := _take(db.session(), held_clock, limit=3):
                taken.extend(found)

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == list(range(40))


def test_a_row_that_somebody_is_just_pointing_at_is_taken(
    app: Flask, session: Session, rider_person: Person, held_clock: Clock, database_kind: str
) -> None:
    """A photo's wake-up comes while its report, in a transaction of its own, is being written."""
    if database_kind == "sqlite":
        pytest.skip("one writer at a time")
    _add(session, held_clock.now(), 1)
    upload = PhotoUpload(sha256=f"{1:064d}", user_id=rider_person.id, created_at=held_clock.now())
    with app.app_context(), db.session() as other:
        other.add(upload)
        other.flush()
        assert _take(session, held_clock) == [1]
        other.rollback()
