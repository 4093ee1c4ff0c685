"""Visits and sums against a plain count: whatever comes, however late, whatever is taken back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.visits import recount
from app.blueprints.visits.drafts import CheckInDraft
from app.blueprints.visits.models import CheckIn, VisitSum, VisitTotal
from app.blueprints.visits.services import record, take_back
from app.extensions import db
from app.lib import clock
from tests.support.people import People
from tests.support.station_rows import StationRows
from tests.visits.conftest import make_draft

MIDNIGHT = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)
"""In Suzhou, between two months: what is counted falls on both sides."""
SPAN_MIN = 8 * 60
TWO_HOURS = timedelta(hours=2)
Sum = tuple[int, str, str, int]


@dataclass
class World:
    """Some riders and stations in a transaction that is never committed."""

    session: Session
    host: User
    riders: list[int]
    stations: list[int]
    written: dict[str, CheckInDraft] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def filled(module_app: Flask) -> World:
    """The rows that all examples share."""
    people = People(module_app)
    riders = [people.make(Role.RIDER).id for _number in range(2)]
    with module_app.app_context():
        session = db.session()
        rows = StationRows(session)
        stations = [rows.station(), rows.station()]
        host = rows.host(stations[0])
        session.commit()
        engine = db.engine
    shared = Session(engine, expire_on_commit=False)
    return World(shared, shared.get_one(User, host.id), riders, stations)


_CHECK_INS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    minute=st.one_of(st.integers(-SPAN_MIN, SPAN_MIN), st.sampled_from([0, 119, 120, 121, 240])),
    rider=st.sampled_from([0, 0, 0, 1, None]),
    station=st.sampled_from([0, 0, 1]),
    mark=st.sampled_from([None, None, None, "too_far", "stale_code"]),
    purpose=st.sampled_from(["rest", "water"]),
    people=st.integers(1, 3),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.lists(_CHECK_INS, min_size=1, max_size=6)),
        st.tuples(st.just("undo"), st.sets(st.integers(0, 30), min_size=1, max_size=4)),
    ),
    min_size=1,
    max_size=8,
)


@given(_STEPS)
def test_visits_and_sums_are_those_of_a_plain_count(
    filled: World, steps: Sequence[tuple[str, Any]]
) -> None:
    world = World(filled.session, filled.host, filled.riders, filled.stations)
    try:
        for what, how in steps:
            _record(world, how) if what == "record" else _undo(world, how)
            _compare(world)
    finally:
        world.session.rollback()


def _record(world: World, check_ins: Sequence[dict[str, Any]]) -> None:
    drafts: list[CheckInDraft] = []
    for number, one in enumerate(check_ins, start=len(world.written)):
        rider = one["rider"]
        draft = make_draft(
            world.stations[one["station"]],
            None if rider is None else world.riders[rider],
            # Late ones sort before others of the same moment, too.
            key=f"{number * 7 % 31:02}-{number}",
            at=MIDNIGHT + timedelta(minutes=one["minute"]),
            who="worker" if rider is None else "rider",
            people=one["people"] if rider is None else 1,
            purpose=one["purpose"],
            mark=one["mark"],
            way="badge",
            recorder_id=world.host.id,
        )
        drafts.append(draft)
    record(world.session, drafts)
    world.written |= {draft.key: draft for draft in drafts}


def _undo(world: World, numbers: set[int]) -> None:
    keys = [key for place, key in enumerate(world.written) if place in numbers]
    gone = take_back(world.session, [*keys, "unknown"], actor=world.host, now=clock.now())
    assert gone == set(keys)
    world.undone |= gone


def _compare(world: World) -> None:
    leading = _leading(world)
    found = world.session.execute(select(CheckIn.key, CheckIn.leads)).all()
    assert {row.key for row in found if row.leads} == leading
    for table, months in ((VisitSum, False), (VisitTotal, True)):
        assert _kept(world.session, table) == _plain(world, leading, months=months)
    for station in world.stations:
        assert list(recount.differences(world.session, station)) == []


def _leading(world: World) -> set[str]:
    """Of each rider at each station: who has no other less than two hours before."""
    standing = [
        one for one in world.written.values() if one.key not in world.undone and not one.mark
    ]
    return {one.key for one in standing if not any(_covers(other, one) for other in standing)}


def _covers(earlier: CheckInDraft, later: CheckInDraft) -> bool:
    same = earlier.rider_id is not None and (earlier.rider_id, earlier.station_id) == (
        later.rider_id, later.station_id,
    )  # fmt: skip
    before = (earlier.at, earlier.key) < (later.at, later.key)
    return same and before and later.at - earlier.at < TWO_HOURS


def _plain(world: World, leading: set[str], *, months: bool) -> dict[Sum, tuple[int, ...]]:
    totals: dict[Sum, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in world.written.values():
        if one.key in world.undone:
            continue
        local = one.at + timedelta(hours=8)
        day = f"{local:%Y-%m}-01" if months else f"{local:%Y-%m-%d}"
        values = {
            "who": int(one.who == "worker"), "hour": local.hour,
            "purpose": {"rest": 1, "water": 2}[one.purpose], "company": 0,
        }  # fmt: skip
        for dimension, value in values.items():
            counts = totals[(one.station_id, dimension, day, value)]
            for place, more in enumerate((1, one.people, int(one.key in leading))):
                counts[place] += more
    return {place: tuple(counts) for place, counts in totals.items()}


def _kept(session: Session, table: Any) -> dict[Sum, tuple[int, ...]]:
    rows = session.execute(select(table.__table__)).all()
    found = {
        (row.station_id, row.dimension, row.day.isoformat(), row.value): (
            row.check_ins, row.people, row.visits,
        )
        for row in rows
    }  # fmt: skip
    return {place: counts for place, counts in found.items() if any(counts)}
