"""Demand counts each report and each check-in once, whatever becomes of the job."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.insight import demand
from app.blueprints.insight.models import Demand
from app.blueprints.reports.models import Report, State
from app.blueprints.visits.models import CheckIn
from app.extensions import db
from app.lib import jobs
from app.queue import run_until_done
from tests.conftest import Clock
from tests.support.people import People
from tests.support.station_rows import PLACE, StationRows
from tests.support.threads import at_once

WHEN = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
"""A Wednesday, half past two in Suzhou."""
HOUR = 2 * 24 + 14
HERE = (31.3193, 120.6738)
CELL = (12527, 48269)
_keys = count(1)


@pytest.fixture
def rider(people: People) -> int:
    return people.make("rider").id


@pytest.fixture
def station(session: Session) -> int:
    made = StationRows(session).station()
    session.commit()
    return made


def report(session: Session, rider: int, at: datetime = WHEN, **columns: Any) -> None:
    values: dict[str, Any] = {
        "reporter_id": rider, "category_code": "0102", "description": "", "place": "",
        "latitude": HERE[0], "longitude": HERE[1], "captured_at": at, "received_at": at,
        "moved_at": at, "state": State.RECEIVED,
    }  # fmt: skip
    session.add(Report(**values | columns))


def check_in(session: Session, station: int, at: datetime = WHEN, **columns: Any) -> None:
    values: dict[str, Any] = {
        "key": f"k{next(_keys)}", "station_id": station, "who": "rider", "way": "poster",
        "purpose": "water", "at": at, "received_at": at,
    }  # fmt: skip
    session.add(CheckIn(**values | columns))


def work(app: Flask) -> None:
    with app.app_context():
        run_until_done("demand")
        db.session.remove()


def found(session: Session) -> dict[tuple[date, int, int, int], tuple[int, int]]:
    session.rollback()
    return {
        (one.month, one.row, one.column, one.hour): (one.reports, one.check_ins)
        for one in session.scalars(select(Demand))
    }


def test_a_report_is_counted_where_and_when_it_was(
    app: Flask, session: Session, rider: int
) -> None:
    report(session, rider)
    report(session, rider, latitude=None, longitude=None)
    report(session, rider, at=WHEN + timedelta(hours=1), latitude=-0.0001, longitude=-0.0001)
    session.commit()
    work(app)
    work(app)
    month = date(2026, 3, 1)
    assert found(session) == {(month, *CELL, HOUR): (1, 0), (month, -1, -1, HOUR + 1): (1, 0)}


def test_months_and_weeks_begin_at_midnight_in_suzhou(
    app: Flask, session: Session, rider: int
) -> None:
    report(session, rider, at=datetime(2026, 5, 31, 15, 59, tzinfo=UTC))
    report(session, rider, at=datetime(2026, 5, 31, 16, 0, tzinfo=UTC))
    session.commit()
    work(app)
    assert {(month, hour) for month, _row, _column, hour in found(session)} == {
        (date(2026, 5, 1), 167), (date(2026, 6, 1), 0),
    }  # fmt: skip


def test_a_time_that_is_not_believed_is_that_of_receipt(
    app: Flask, session: Session, rider: int, station: int
) -> None:
    wrong = WHEN - timedelta(days=400)
    report(session, rider, received_at=WHEN, captured_at=wrong, clock_flag="before_account")
    check_in(session, station, received_at=WHEN, at=wrong, mark="clock", rider_id=rider)
    session.commit()
    work(app)
    assert found(session) == {(date(2026, 3, 1), *CELL, HOUR): (1, 1)}


def test_which_check_ins_count(app: Flask, session: Session, rider: int, station: int) -> None:
    check_in(session, station, rider_id=rider)
    check_in(session, station, rider_id=rider, latitude=31.0, longitude=120.0, mark="too_far")
    check_in(session, station, who="worker", people=9)
    check_in(session, station, rider_id=rider, undone_at=WHEN)
    session.commit()
    work(app)
    month = date(2026, 3, 1)
    assert {"latitude": HERE[0], "longitude": HERE[1]} == PLACE
    assert found(session) == {
        (month, *CELL, HOUR): (0, 1), (month, 12400, 48000, HOUR): (0, 1),
    }  # fmt: skip


def test_what_is_young_waits_and_all_behind_it_too(
    app: Flask, session: Session, rider: int, held_clock: Clock
) -> None:
    now = held_clock.now()
    for minutes in (10, 4, 10):
        report(session, rider, at=now - timedelta(minutes=minutes))
        session.commit()
    work(app)
    assert sum(reports for reports, _check_ins in found(session).values()) == 1
    held_clock.forward(minutes=2)
    work(app)
    assert sum(reports for reports, _check_ins in found(session).values()) == 3


def many(session: Session, rider: int, station: int) -> Counter[str]:
    """Rows of both sources over several cells; how many of each."""
    for number in range(50):
        place = {"latitude": 31.3 + number % 5 / 400, "longitude": 120.7}
        report(session, rider, at=WHEN + timedelta(hours=number % 7), **place)
        check_in(session, station, at=WHEN + timedelta(hours=number % 3), rider_id=rider, **place)
    session.commit()
    return Counter(reports=50, check_ins=50)


def totals(session: Session) -> Counter[str]:
    rows = found(session).values()
    return Counter(reports=sum(one for one, _ in rows), check_ins=sum(one for _, one in rows))


def test_batches_add_up(
    app: Flask, session: Session, rider: int, station: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demand, "BATCH", 7)
    whole = many(session, rider, station)
    work(app)
    assert totals(session) == whole


@pytest.mark.parametrize("step", ["_add", "_move"])
def test_killed_in_between_it_counts_once(
    app: Flask, session: Session, rider: int, station: int,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(demand, "BATCH", 7)
    whole = many(session, rider, station)
    really: Callable[..., None] = getattr(demand, step)
    calls = count(1)

    def dies(*all_of_it: Any) -> None:
        really(*all_of_it)
        if next(calls) == 3:
            raise SystemExit

    monkeypatch.setattr(demand, step, dies)
    with pytest.raises(SystemExit):
        work(app)
    with app.app_context():
        db.session.remove()
    assert 0 < totals(session)["reports"] < whole["reports"]
    work(app)
    assert totals(session) == whole


def test_two_workers_at_once_count_once(
    app: Flask, session: Session, rider: int, station: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demand, "BATCH", 5)
    whole = many(session, rider, station)

    def run(_number: int) -> None:
        with app.app_context():
            while jobs.run("demand"):
                pass
            db.session.remove()

    at_once(run, 4)
    assert totals(session) == whole


def test_it_writes_nothing_when_nothing_is_due(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_all: Any, **_named: Any) -> bool:
        raise AssertionError("a transaction was begun")

    monkeypatch.setattr(demand, "count_some", fails)
    work(app)
