"""The figures of stations over 5,000,000 check-ins, by a whole answer of the server in this
process. The reference of the same run counts the check-ins themselves for the same days."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.accounts.services import start_session
from app.blueprints.accounts.session import KEY
from app.blueprints.insight.sums import OF_ALL, Counted, Key, Sight, by_value
from app.extensions import db
from app.lib import clock
from app.lib.database import UtcDateTime, transaction
from app.lib.garbage import leave_out_what_stands
from app.lib.periods import Period
from bench.district import ROOT
from bench.district_gates import app_in, database
from bench.district_visits import Filled, fill

KINDS = ("sqlite", "postgresql")
MANY, TIMES, AIM_MS = 5_000_000, 15, 300


def measure(check_ins: int = MANY, days: int = 730) -> None:
    """Print the figures of both databases."""
    for kind in KINDS:
        with _district(kind, check_ins, days) as (app, filled):
            leave_out_what_stands()  # as the server does
            for name, person, query in _asked(filled):
                _show(f"{name}", _pages(_signed_in(app, person), query))
            _beside(app, filled)


@contextmanager
def _district(kind: str, check_ins: int, days: int) -> Iterator[tuple[Flask, Filled]]:
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)):
        app = app_in(Path(name))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            start = time.perf_counter()
            filled = fill(db.session(), check_ins, kind, days)
            took = time.perf_counter() - start
            print(f"{kind}: {check_ins:,} check-ins (written and summed in {took:.0f} s); ms")
            db.session.remove()
        yield app, filled
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _asked(filled: Filled) -> list[tuple[str, int, dict[str, str]]]:
    """Who asks for which days: whole months are few rows, parts of months many."""
    last = clock.to_local(clock.now()).date() - timedelta(days=1)
    month = {"since": f"{last - timedelta(days=29)}", "until": f"{last}"}
    year = _year(last).args()
    street = year | {"street": str(filled.street)}
    return [
        ("administrator, 30 days", filled.administrator, month),
        ("administrator, a year", filled.administrator, year),
        ("one street, a year", filled.administrator, street),
        ("a host, a year", filled.host, year),
        ("a company, a year", filled.manager, year),
    ]


def _year(last: date) -> Period:
    """Nearly a year that begins and ends in the middle of a month: there the most days are read,
    for which no month's total stands."""
    until = last.replace(day=15)
    until = until if until <= last else (until - timedelta(days=31)).replace(day=15)
    return Period((until - timedelta(days=350)).replace(day=17), until)


def _signed_in(app: Flask, person: int) -> FlaskClient:
    with app.app_context():
        session = db.session()
        with transaction(session):
            user = session.get_one(User, person)
            new = start_session(session, user, label="bench", now=clock.now())
            device, secret = new.device_id, new.secret
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[KEY] = [device, secret]
    return client


def _timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _pages(client: FlaskClient, query: dict[str, str]) -> list[float]:
    path = f"/stations/figures?{urlencode(query)}"

    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != 200 or "wide-numbers" not in answer.text:
            raise RuntimeError(f"{path}: {answer.status_code}")

    ask()
    return sorted(_timed(ask) for _time in range(TIMES))


def _show(name: str, took: list[float]) -> None:
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(
        f"  {name:24} p50 {middle:7.1f}   p95 {late:7.1f}   most {took[-1]:7.1f}   (aim {AIM_MS})"
    )


def _beside(app: Flask, filled: Filled) -> None:
    """The reference: the three tables of everybody's year, counted from the check-ins; and that
    the sums say the same."""
    period = _year(clock.to_local(clock.now()).date() - timedelta(days=1))
    with app.app_context():
        session = db.session()
        counted: dict[Key, Counted] = {}
        took = _timed(lambda: counted.update(_counted(session, filled, period)))
        print(
            f"  counted from check-ins   {took:7.0f}   (the reference: hours, purposes, companies)"
        )
        if by_value(session, period, Sight()) != counted:
            raise RuntimeError("the sums do not say what the check-ins do")


def _counted(session: Session, filled: Filled, period: Period) -> dict[Key, Counted]:
    bounds = {"since": period.since, "until": period.until}
    moments = [bindparam(name, type_=UtcDateTime) for name in bounds]
    found = {}
    for dimension in OF_ALL:
        statement = text(filled.count(dimension)).bindparams(*moments)
        for value, *numbers in session.execute(statement, bounds):
            found[dimension, int(value)] = Counted(*(int(one) for one in numbers))
    return found
