"""Everybody in the audience is told, once: after a break, by two workers, and until it is taken
back."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import sending, services, steps
from app.blueprints.announcements.models import Announcement, AnnouncementEvent, State
from app.blueprints.deliveries.models import Delivery
from app.blueprints.notifications.kinds import shown
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.errors import Conflict
from app.extensions import db
from app.lib import clock, jobs
from app.lib.database import transaction
from app.queue import run_until_done
from tests.conftest import Clock
from tests.support.announcing import Offices, announce, many_riders, member, told_by
from tests.support.people import People, Person
from tests.support.threads import at_once

RIDERS = 57


@pytest.fixture
def riders(app: Flask, places: Offices) -> int:
    """How many there are."""
    many_riders(app, places.company, RIDERS)
    return RIDERS


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people a chunk."""
    monkeypatch.setitem(sending.send_some.__kwdefaults__, "limit", 10)


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            run_until_done(services.JOB)

    return run


def one(session: Session, announcement_id: int) -> Announcement:
    session.rollback()
    return session.get_one(Announcement, announcement_id, populate_existing=True)


def events(session: Session, announcement_id: int) -> list[str]:
    found = select(AnnouncementEvent.step).where(
        AnnouncementEvent.announcement_id == announcement_id
    )
    return list(session.scalars(found.order_by(AnnouncementEvent.id)))


def recall(app: Flask, author: Person, announcement_id: int) -> None:
    with app.app_context():
        with transaction(db.session()):
            actor = db.session.get_one(User, author.id)
            services.recall(db.session(), actor, announcement_id, now=clock.now())
        db.session.remove()


@pytest.mark.usefixtures("small_chunks")
def test_everybody_is_told_once_and_the_ways_are_found(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    number = announce(app, administrator)
    woken: list[str] = []
    with app.app_context():
        monkeypatch.setitem(app.extensions, "run_job", woken.append)
    work()
    found = told_by(session, number)
    assert (len(found), len(set(found))) == (riders, riders)
    sent = one(session, number)
    assert (sent.state, sent.total, sent.written) == (State.SENT, riders, riders)
    assert sent.sent_at is not None
    assert events(session, number) == ["create", "schedule", "begin", "finish"]
    assert woken == ["spread"] * 6
    told = session.scalars(select(Notification)).first()
    assert told is not None
    assert (told.kind, told.url) == ("announcement", f"/announcements/{number}/read")
    assert told.spread_at is None
    work()
    assert len(told_by(session, number)) == riders


def test_it_waits_for_its_moment(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None],
    held_clock: Clock,
) -> None:  # fmt: skip
    number = announce(app, administrator, in_hours=2)
    held_clock.forward(hours=1, minutes=59)
    work()
    assert one(session, number).state == State.SCHEDULED
    held_clock.forward(minutes=1)
    work()
    assert len(told_by(session, number)) == riders


class Killed(BaseException):
    """As if the process had ended."""


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("after", [1, 2, 3, 5, 6])
def test_a_worker_that_ends_in_the_middle_of_a_chunk_loses_and_doubles_nobody(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch, after: int,
) -> None:  # fmt: skip
    """The rows of the chunk are in the database, where it ended is not yet."""
    number = announce(app, administrator)
    seen = 0

    def last_told(session: Session, announcement: Announcement) -> int:
        nonlocal seen
        seen += 1
        if seen == after:
            raise Killed
        return real(session, announcement)

    real = sending._last_told
    monkeypatch.setattr(sending, "_last_told", last_told)
    with pytest.raises(Killed):
        work()
    half = one(session, number)
    assert half.written == len(told_by(session, number)) == (after - 1) * 10
    assert half.state == (State.SCHEDULED if after == 1 else State.SENDING)
    work()
    assert len(set(told_by(session, number))) == len(told_by(session, number)) == riders
    assert events(session, number) == ["create", "schedule", "begin", "finish"]


def test_a_worker_that_ends_before_it_says_so_is_followed_by_one_that_does(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    number = announce(app, administrator)
    real = steps.take

    def take(*args: object, **kwargs: object) -> None:
        if "finish" in args:
            raise Killed
        real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(steps, "take", take)
    with pytest.raises(Killed):
        work()
    monkeypatch.setattr(steps, "take", real)
    assert told_by(session, number) == []
    work()
    assert len(told_by(session, number)) == riders


@pytest.mark.usefixtures("small_chunks")
def test_workers_at_once_double_nobody(
    app: Flask, session: Session, administrator: Person, manager: Person, riders: int
) -> None:
    numbers = [announce(app, author) for author in (administrator, manager)]

    def run(_number: int) -> None:
        with app.app_context():
            for _time in range(20):
                jobs.run(services.JOB)
            db.session.remove()

    at_once(run, 4)
    for number in numbers:
        found = told_by(session, number)
        assert (len(found), len(set(found))) == (riders, riders)
        assert events(session, number).count("begin") == 1
        assert events(session, number).count("finish") == 1


def test_what_a_worker_is_at_holds_up_neither_it_nor_others(
    app: Flask, session: Session, administrator: Person, places: Offices, people: People,
    riders: int, database_kind: str,
) -> None:  # fmt: skip
    """While a chunk is written and not yet committed, people join, are renamed and are told other
    things, another worker goes by, and whoever takes it back waits until the chunk is done."""
    if database_kind == "sqlite":
        pytest.skip("one writer at a time")
    number = announce(app, administrator)
    with app.app_context(), transaction(db.session()):
        assert sending.send_some(db.session(), now=clock.now(), limit=10)
        session.rollback()
        session.execute(select(func.set_config("lock_timeout", "500", False)))
        someone = session.scalars(select(User).where(User.name == "骑手3")).one()
        someone.name = "新名"
        told = {"kind": "badge_resumed", "data": {}, "url": "/badge", "created_at": clock.now()}
        session.add(Notification(user_id=someone.id, **told))
        session.commit()
        member(app, people, (Role.RIDER, places.company))
        assert not sending.send_some(session, now=clock.now(), limit=10)
        session.rollback()
        waiting = threading.Thread(target=recall, args=(app, administrator, number))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(10)
    assert one(session, number).state == State.RECALLED
    assert len(told_by(session, number)) == 10


@pytest.mark.usefixtures("small_chunks")
def test_taken_back_while_it_is_sent(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None]
) -> None:
    number = announce(app, administrator)
    with app.app_context():
        jobs.run(services.JOB)
        told = db.session.scalars(select(Notification)).all()
        db.session.add_all(
            Delivery(
                user_id=one.user_id, way="push", notification_id=one.id, created_at=clock.now(),
                expires_at=clock.now() + timedelta(days=1), work_state=state,
            )
            for one, state in zip(told, ("pending", "failed", "pending"), strict=False)
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
    recall(app, administrator, number)
    work()
    stopped = one(session, number)
    assert (stopped.state, stopped.written) == (State.RECALLED, 10)
    assert len(told_by(session, number)) == 10
    assert stopped.wording.recalled_at == stopped.recalled_at is not None
    states = select(Delivery.work_state).order_by(Delivery.id)
    assert list(session.scalars(states)) == ["done", "failed", "done"]
    with app.test_request_context():
        read = shown(session.scalars(select(Notification)).all()[0])
        assert "停水" not in read.text + read.title
    with pytest.raises(Conflict):
        recall(app, administrator, number)


def test_whoever_is_gone_when_it_is_sent_is_not_told(
    app: Flask, session: Session, administrator: Person, riders: int, work: Callable[[], None],
    held_clock: Clock,
) -> None:  # fmt: skip
    number = announce(app, administrator, in_hours=1)
    gone = update(User).where(User.name.in_(["骑手0", f"骑手{RIDERS - 1}"]))
    session.execute(gone.values(disabled_at=clock.now()))
    session.commit()
    held_clock.forward(hours=1)
    work()
    assert len(told_by(session, number)) == riders - 2
    assert one(session, number).total == riders - 2
