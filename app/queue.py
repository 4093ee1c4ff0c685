"""The queue between web and worker: huey on a SQLite file of its own.

It carries names of jobs, never work: huey on SQLite loses a task that runs when its consumer is
killed, so rows with their state are the truth, and `sweep` finds what a lost wake-up left.
"""

from flask import Flask, current_app
from huey import SqliteHuey, crontab

from app.extensions import db
from app.lib import jobs

MAX_BATCHES = 200


def init_app(app: Flask) -> None:
    """Make the queue, and send wake-ups after commits."""
    huey = SqliteHuey(
        "starknight",
        filename=str(app.config["QUEUE_PATH"]),
        results=False,
        immediate=app.config.get("QUEUE_IMMEDIATE", False),
        timeout=15,
    )
    app.extensions["huey"] = huey

    @huey.task(name="run_job")
    def run_job(name: str) -> None:
        with app.app_context():
            run_until_done(name)

    @huey.periodic_task(crontab(minute="*"), name="sweep")
    def sweep() -> None:
        with app.app_context():
            for name in jobs.names():
                run_until_done(name)

    app.extensions["run_job"] = run_job
    with app.app_context():
        jobs.deliver_wakes(db.session, _send)


def _send(name: str) -> None:
    """Put a wake-up in the queue. A queue that is out of order must not fail the request whose
    work is safely in the database: the sweep will find it."""
    try:
        current_app.extensions["run_job"](name)
    except Exception:
        current_app.logger.warning("wake-up not queued", extra={"job": name}, exc_info=True)


def run_until_done(name: str) -> None:
    """Run a job's batches until nothing is left, at most MAX_BATCHES of them, then the jobs that
    follow it."""
    for _batch in range(MAX_BATCHES):
        if not jobs.run(name):
            break
    for follower in jobs.followers(name):
        run_until_done(follower)
