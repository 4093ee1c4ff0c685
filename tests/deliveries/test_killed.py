"""A worker that is killed at any moment of a large sending: nothing is lost, hardly anything comes
twice, and what does has one tag, so that a phone shows it once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.blueprints.deliveries.models import Delivery
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.applications import SECRET_KEY
from tests.support.push_rows import write_people
from tests.support.push_service import PushService as Stub

ROOT = Path(__file__).parents[2]
MANY = 10_000
TWICE_AT_MOST = MANY // 100
UNTIL_S = 120


def write_many(app: Flask, service: Stub) -> None:
    """So many people with a phone each, and something to tell each of them."""
    service.browser()
    with app.app_context():
        write_people(app, service.origin, 1, MANY + 1)
        db.session.remove()


@pytest.fixture
def start_worker(
    app: Flask, service: Stub, database_url: str, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start the worker that `make run` starts."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ, "STAR_KNIGHT_ENV": "development", "DATABASE_URL": database_url,
        "DATA_FOLDER": str(tmp_path / "data"), "SECRET_KEY": SECRET_KEY,
        "PUSH_SERVICES": service.origin,
    }  # fmt: skip
    consumer = Path(sys.executable).with_name("huey_consumer")
    command = [
        sys.executable, str(consumer), "app.worker.huey", "--workers", "3", "--max-delay", "0.5",
        "--quiet",
    ]  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        started.append(process)
        with app.app_context():  # as its minute's sweep would
            app.extensions["run_job"]("spread")
        return process

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def within(seconds: float) -> Iterator[Callable[[], None]]:
    """A pause for loops that wait, with an end."""
    end = time.monotonic() + seconds

    def rest() -> None:
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.05)

    yield rest


def leases_run_out(app: Flask) -> None:
    """Two minutes pass for what the dead worker had taken."""
    with app.app_context():
        with transaction(db.session()):
            db.session.execute(
                update(Delivery)
                .where(Delivery.work_state == "pending")
                .values(lease_until=None, next_try_at=clock.now())
            )
        db.session.remove()


def left(app: Flask) -> int:
    with app.app_context():
        found = db.session.query(Delivery).filter(Delivery.work_state == "done").count()
        db.session.remove()
    return MANY - int(found)


def sent_twice(service: Stub) -> int:
    """How many came more than once; all came."""
    times = Counter(int(one.name) for one in service.taken)
    assert set(times) == set(range(1, MANY + 1))
    return sum(count - 1 for count in times.values())


def test_a_worker_killed_while_sending(
    app: Flask, service: Stub, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    write_many(app, service)
    worker = start_worker()
    moment = random.Random(7).randint(1, MANY - 1)
    with within(UNTIL_S) as rest:
        while len(service.taken) < moment:
            rest()
    kill(worker)
    leases_run_out(app)
    start_worker()
    with within(UNTIL_S) as rest:
        while left(app):
            rest()
    assert sent_twice(service) <= TWICE_AT_MOST
    tags = {}
    for one in service.taken:
        assert tags.setdefault(one.name, one.headers["Topic"]) == one.headers["Topic"]


def test_two_workers_at_once(
    app: Flask, service: Stub, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    write_many(app, service)
    start_worker()
    start_worker()
    with within(UNTIL_S) as rest:
        while left(app):
            rest()
    assert sent_twice(service) == 0
