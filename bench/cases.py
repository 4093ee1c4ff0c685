"""The closed loop with a full history: any list of the desk, the map of a street, and a step.

Each figure is the time of a whole answer in this process: session, queries, page. The reference
of the same run is the same with 10,000 cases: what grows with the rows shows.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.accounts.services import start_session
from app.blueprints.accounts.session import KEY
from app.blueprints.cases.life import Details, take_step
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.reports.models import Report, ReportEvent, State
from app.blueprints.reports.services import load_categories
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.garbage import leave_out_what_stands
from bench.district import ROOT
from bench.district_cases import EAST, NORTH, SOUTH, WEST, Filled, fill
from bench.district_gates import app_in, database

KINDS = ("sqlite", "postgresql")
FEW, MANY = 10_000, 1_000_000
FILTERS, HUNDREDTH, STEPS, MAPS = 120, 12, 200, 60
STREET = 0.004
"""Degrees of a street's length."""


def measure() -> None:
    """Print the figures of both databases, with few cases and with many."""
    for kind in KINDS:
        before: dict[str, float] = {}
        for cases in (FEW, MANY):
            with _district(kind, cases) as (app, filled):
                before = _show(app, filled, cases, before)


@contextmanager
def _district(kind: str, cases: int) -> Iterator[tuple[Flask, Filled]]:
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)):
        app = app_in(Path(name))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            load_categories(db.session())
            start = time.perf_counter()
            filled = fill(db.session(), cases, clock.now())
            events = db.session.scalar(select(func.count()).select_from(ReportEvent))
            took = time.perf_counter() - start
            print(f"{kind}: {cases:,} cases, {events:,} events (written in {took:.0f} s); ms")
        yield app, filled
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _show(app: Flask, filled: Filled, cases: int, before: dict[str, float]) -> dict[str, float]:
    chance = random.Random(11)
    client = _signed_in(app, filled)
    leave_out_what_stands()  # as the server does
    queries = _filters(filled, chance)
    found = {
        "a list, first page": _pages(client, queries),
        "a list, hundredth page": _deep(client, queries),
        "the map of a street": _maps(client, chance),
        "a step": _steps(app),
    }
    for name, took in found.items():
        took.sort()
        middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
        growth = f"  x{late / before[name]:.2f} of {FEW:,}" if name in before else ""
        print(f"  {name:24} p50 {middle:7.1f}   p95 {late:7.1f}   most {took[-1]:7.1f}{growth}")
    return {name: took[int(len(took) * 0.95)] for name, took in found.items()}


def _signed_in(app: Flask, filled: Filled) -> FlaskClient:
    with app.app_context():
        session, now = db.session(), clock.now()
        with transaction(session):
            person = session.get_one(User, 2)
            centre = session.scalars(
                select(Organisation.id).where(Organisation.kind == Kind.CENTRE)
            ).one()
            for role in (Role.DISPATCHER, Role.ADMINISTRATOR):
                session.add(
                    Membership(user_id=2, organisation_id=centre, role=role, created_at=now)
                )
            new = start_session(session, person, label="bench", now=now)
            device, secret = new.device_id, new.secret
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[KEY] = [device, secret]
    return client


def _filters(filled: Filled, chance: random.Random) -> list[dict[str, str]]:
    """Filters as people make them: each thing alone, then several at random."""
    queues = ("received", "to_dispatch", "at_department", "overdue", "returned", "closed", "all")
    choices: dict[str, Sequence[str]] = {
        "queue": queues,
        "category": filled.categories,
        "department": [str(one) for one in filled.departments],
        "street": [str(one) for one in filled.streets],
        "grid": [str(one) for one in filled.grids],
        "sort": ("newest", "due", "moved"),
        "flagged": ("1",),
        "supervised": ("1",),
        "overdue": ("1",),
    }
    alone = [{"queue": queue, "sort": sort} for queue in queues for sort in choices["sort"]]
    alone += [{"queue": "all", name: chance.choice(some)} for name, some in choices.items()]
    mixed = [
        {"queue": chance.choice(queues)}
        | {name: chance.choice(choices[name]) for name in chance.sample(list(choices), 3)}
        for _filter in range(FILTERS - len(alone))
    ]
    return alone + mixed


def _timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer.text


def _pages(client: FlaskClient, queries: Sequence[dict[str, str]]) -> list[float]:
    _get(client, "/cases")
    return [
        _timed(lambda path=f"/cases?{urlencode(query)}": _get(client, path))  # type: ignore[misc]
        for query in queries
    ]


def _deep(client: FlaskClient, queries: Sequence[dict[str, str]]) -> list[float]:
    """The hundredth page of lists that are that long, reached by following the link, five times."""
    took: list[float] = []
    for query in queries:
        path: str | None = f"/cases?{urlencode(query)}"
        for _page in range(99):
            path = _next(_get(client, path)) if path else None
        if path:
            took += [_timed(lambda path=path: _get(client, path)) for _time in range(5)]  # type: ignore[misc]
        if len(took) >= 5 * HUNDREDTH:
            break
    return took or [0.0]


def _next(page: str) -> str | None:
    start = page.find('rel="next"')
    if start < 0:
        return None
    tag = page[page.rfind("<a", 0, start) : page.find(">", start)]
    return tag.split('href="')[1].split('"')[0].replace("&amp;", "&")


def _maps(client: FlaskClient, chance: random.Random) -> list[float]:
    took = []
    for _map in range(MAPS):
        south = chance.uniform(SOUTH, NORTH - STREET)
        west = chance.uniform(WEST, EAST - STREET)
        bounds = f"s={south:.5f}&w={west:.5f}&n={south + STREET:.5f}&e={west + STREET:.5f}"
        path = f"/cases/map/cases.json?{bounds}&zoom=17&queue=all"
        took.append(_timed(lambda path=path: _get(client, path)))  # type: ignore[misc]
    return took


def _steps(app: Flask) -> list[float]:
    """Filing a report: row, event, notification, committed to the disk."""
    with app.app_context():
        session = db.session()
        ids = session.scalars(
            select(Report.id).where(Report.state == State.RECEIVED).limit(STEPS)
        ).all()
        return [_timed(lambda id=id: _accept(session, id)) for id in ids]  # type: ignore[misc]


def _accept(session: Session, case_id: int) -> None:
    with transaction(session):
        actor = session.get_one(User, 2)
        case = session.get_one(Report, case_id)
        take_step(session, actor, case, "accept", Details(), now=clock.now())
