"""The queue between web and worker: huey, on a SQLite file of its own unless `QUEUE_URL` names a
Redis or a PostgreSQL.

It carries names of jobs, never work: huey on SQLite loses a task that runs when its consumer is
killed, so rows with their state are the truth, and `sweep` finds what a lost wake-up left.
"""

import threading
from collections import defaultdict
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab

from app.extensions import db
from app.lib import clock, jobs
from app.lib.database import transaction
from app.lib.turns import take_turn

NAME = "starknight"
MAX_BATCHES = 200
SWEPT_EVERY = timedelta(seconds=30)
"""Each worker is told to sweep every minute: whoever comes second within this leaves it."""


def init_app(app: Flask) -> None:
    """Make the queue, and send wake-ups after commits."""
    huey = _huey(app)
    app.extensions["huey"] = huey

    @huey.task(name="run_job")
    def run_job(name: str) -> None:
        with app.app_context():
            run_alone(name)

    @huey.periodic_task(crontab(minute="*"), name="sweep")
    def sweep() -> None:
        with app.app_context():
            sweep_once()

    app.extensions["run_job"] = run_job
    with app.app_context():
        jobs.deliver_wakes(db.session, _send)


def _huey(app: Flask) -> Huey:
    url = app.config.get("QUEUE_URL", "")
    shared: dict[str, Any] = {
        "results": False, "immediate": app.config.get("QUEUE_IMMEDIATE", False),
    }  # fmt: skip
    if url.startswith(("redis://", "rediss://", "unix://")):
        return RedisHuey(NAME, url=url, **shared)
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresHuey(NAME, dsn=url, **shared)
    return SqliteHuey(NAME, filename=str(app.config["QUEUE_PATH"]), timeout=15, **shared)


def _send(name: str) -> None:
    """Put a wake-up in the queue. A queue that is out of order must not fail the request whose
    work is safely in the database: the sweep will find it."""
    try:
        current_app.extensions["run_job"](name)
    except Exception:
        current_app.logger.warning("wake-up not queued", extra={"job": name}, exc_info=True)


def sweep_once() -> None:
    """Run every job, in one of the workers; one that fails does not hold up the others."""
    with transaction(db.session()):
        mine = take_turn(db.session(), "sweep", every=SWEPT_EVERY, now=clock.now())
    for name in jobs.names() if mine else ():
        try:
            run_alone(name)
        except Exception:
            current_app.logger.exception("job failed", extra={"job": name})
            db.session.remove()


_running: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_asked: set[str] = set()


def run_alone(name: str) -> None:
    """Run a job, in one thread of this process: one that comes while it runs only leaves word, and
    whoever is at it looks once more."""
    _asked.add(name)
    while name in _asked and _running[name].acquire(blocking=False):
        try:
            _asked.discard(name)
            run_until_done(name)
        finally:
            _running[name].release()


def run_until_done(name: str) -> None:
    """Run a job's batches until nothing is left, at most MAX_BATCHES of them, then the jobs that
    follow it."""
    for _batch in range(MAX_BATCHES):
        if not jobs.run(name):
            break
    for follower in jobs.followers(name):
        run_alone(follower)
