"""Announcements to 100,000 riders: how long until everybody has theirs, beside one INSERT of the
same rows, and how long others waited meanwhile."""

import tempfile
import threading
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from app.blueprints.accounts.models import User
from app.blueprints.announcements import services
from app.blueprints.announcements.audience import Audience
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Membership, Role
from app.extensions import db
from app.lib import clock, jobs
from tests.support.announcing import announce, many_riders, member, offices
from tests.support.applications import make_app
from tests.support.databases import KINDS, open_databases
from tests.support.people import People

RIDERS, IN_AREA = 100_000, 5
SAFE = ("fsync", "synchronous_commit", "full_page_writes")
FLOOR = """
INSERT INTO notifications (user_id, kind, data, url, created_at)
SELECT user_id, 'floor', '{}', '/announcements/1/read', created_at FROM memberships
WHERE role = 'rider'
"""
BELONG = """
INSERT INTO memberships (user_id, organisation_id, role, created_at)
SELECT user_id, :home, 'host', created_at FROM memberships
WHERE role = 'rider' AND user_id % :share = 0
"""


def measure() -> None:
    """On both databases."""
    for kind in KINDS:
        with open_databases(kind) as databases:
            app = make_app(databases.fresh(), Path(tempfile.mkdtemp(prefix="sk-bench-")))
            print(f"{kind}:")
            _measure(app, kind)
            with app.app_context():
                db.engine.dispose()


def _measure(app: Flask, kind: str) -> None:
    places, people = offices(app), People(app)
    author = member(app, people, (Role.ADMINISTRATOR, places.authority))
    many_riders(app, places.company, RIDERS)
    _settle(app, kind, places.community)
    print(f"  floor, one INSERT: {_floor(app):.2f} s")
    for what, audience in (
        ("all riders", Audience()), (f"one of {IN_AREA}, by area", Audience(area_id=places.street)),
    ):  # fmt: skip
        announce(app, author, audience)
        with _Others(app, places.company) as others:
            whole, longest = _send(app)
        print(
            f"  {what}: {whole:.2f} s, longest transaction {longest * 1000:.0f} ms; meanwhile "
            f"{others.done} others wrote, the slowest in {others.slowest * 1000:.0f} ms"
        )


def _settle(app: Flask, kind: str, community: int) -> None:
    """Some belong to an area; and the database is as careful as in production."""
    with app.app_context():
        db.session.execute(text(BELONG), {"home": community, "share": IN_AREA})
        db.session.commit()
        db.session.remove()
        if kind == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in SAFE:
                    connection.execute(text(f"ALTER SYSTEM SET {name} = on"))
                connection.execute(text("SELECT pg_reload_conf()"))
                connection.execute(text("ANALYZE"))


def _floor(app: Flask) -> float:
    with app.app_context():
        begun = time.perf_counter()
        db.session.execute(text(FLOOR))
        db.session.commit()
        took = time.perf_counter() - begun
        db.session.execute(text("DELETE FROM notifications"))
        db.session.commit()
        db.session.remove()
        return took


def _send(app: Flask) -> tuple[float, float]:
    """Seconds of the whole and of the longest transaction."""
    with app.app_context():
        begun, longest, more = time.perf_counter(), 0.0, True
        while more:
            before = time.perf_counter()
            more = jobs.run(services.JOB)
            longest = max(longest, time.perf_counter() - before)
        db.session.remove()
        return time.perf_counter() - begun, longest


class _Others:
    """Somebody who meanwhile joins, renames a rider and tells one something, again and again."""

    def __init__(self, app: Flask, company: int) -> None:
        self.app, self.company, self.done, self.slowest = app, company, 0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_Others":
        self._thread.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with self.app.app_context():
            while not self._stop.is_set():
                begun = time.perf_counter()
                self._write()
                self.slowest = max(self.slowest, time.perf_counter() - begun)
                self.done += 1
                time.sleep(0.005)

    def _write(self) -> None:
        session, now = db.session(), clock.now()
        new = User(name="新", created_at=now)
        session.add(new)
        session.flush()
        held = {"organisation_id": self.company, "role": Role.RIDER, "created_at": now}
        told = {"kind": "badge_resumed", "data": {}, "url": "/badge", "created_at": now}
        session.add(Membership(user_id=new.id, **held))
        session.add(Notification(user_id=2 + self.done * 97 % RIDERS, **told))
        session.get_one(User, 2 + self.done * 89 % RIDERS).name = "改"
        session.commit()
