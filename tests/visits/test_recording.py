"""Check-ins that are written and taken back: visits and sums follow, however they come."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.visits import recount
from app.blueprints.visits.drafts import CheckInDraft, Taken
from app.blueprints.visits.models import CheckIn, VisitSum, VisitTotal
from app.blueprints.visits.services import record, take_back
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import People, Person
from tests.support.statements import counted
from tests.support.station_rows import StationRows
from tests.support.threads import at_once
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


@pytest.fixture
def here(stations: StationRows, session: Session) -> int:
    station_id = stations.station()
    session.commit()
    return station_id


def _leads(session: Session) -> list[bool]:
    """Whether each leads, in the order of their times."""
    session.rollback()
    return list(session.scalars(select(CheckIn.leads).order_by(CheckIn.at, CheckIn.key)))


def _write(session: Session, *drafts: CheckInDraft) -> None:
    with transaction(session):
        record(session, drafts)


def test_what_comes_within_two_hours_is_one_visit(
    session: Session, here: int, rider_person: Person
) -> None:
    for minute in (0, 119, 238, 358):
        _write(session, make_draft(here, rider_person.id, at=minute))
    assert _leads(session) == [True, False, False, True]


def test_a_late_one_joins_two_visits_to_one(
    session: Session, here: int, rider_person: Person
) -> None:
    _write(session, make_draft(here, rider_person.id, at=0))
    _write(session, make_draft(here, rider_person.id, at=200))
    assert _leads(session) == [True, True]
    _write(session, make_draft(here, rider_person.id, at=100))
    assert _leads(session) == [True, False, False]


def test_other_riders_and_other_stations_have_visits_of_their_own(
    session: Session, here: int, rider_person: Person, people: People, stations: StationRows
) -> None:
    other, elsewhere = people.make(Role.RIDER), stations.station()
    session.commit()
    _write(
        session,
        make_draft(here, rider_person.id),
        make_draft(elsewhere, rider_person.id, at=1),
        make_draft(here, other.id, at=2),
    )
    assert _leads(session) == [True, True, True]


def test_what_is_marked_neither_leads_nor_bridges(
    session: Session, here: int, rider_person: Person
) -> None:
    _write(session, make_draft(here, rider_person.id, at=0))
    _write(session, make_draft(here, rider_person.id, at=100, mark="too_far"))
    _write(session, make_draft(here, rider_person.id, at=150))
    assert _leads(session) == [True, False, True]


def test_a_key_is_written_once_whoever_uses_it(
    session: Session, here: int, rider_person: Person, people: People
) -> None:
    other = people.make(Role.RIDER)
    _write(session, make_draft(here, rider_person.id, key="same"))
    with transaction(session):
        answers = record(session, [make_draft(here, other.id, key="same"), make_draft(here)])
    assert answers[0] == Taken("same")
    assert session.scalar(select(CheckIn.rider_id).where(CheckIn.key == "same")) == rider_person.id
    assert len(_leads(session)) == 2


def test_a_host_takes_back_what_was_written_there_and_nobody_elses(
    session: Session, here: int, rider_person: Person, stations: StationRows
) -> None:
    host, colleague = stations.host(here), stations.host(here)
    stranger = stations.host(stations.station())
    session.commit()
    _write(
        session,
        make_draft(here, rider_person.id, key="own", recorder_id=host.id, way="badge"),
        make_draft(here, rider_person.id, key="riders"),
    )
    for person, may in ((stranger, set()), (colleague, {"own"}), (host, {"own"})):
        with transaction(session):
            actor = session.get_one(User, person.id)
            gone = take_back(session, ["own", "riders"], actor=actor, now=clock.now())
        assert gone == may
    undone = session.scalars(select(CheckIn).where(CheckIn.undone_at.is_not(None))).all()
    assert [(one.key, one.undone_by_id) for one in undone] == [("own", colleague.id)]
    assert list(recount.differences(session, here)) == []


@pytest.mark.parametrize("count", [1, 100])
def test_many_take_no_more_statements_than_a_few(
    app: Flask, here: int, rider_person: Person, people: People, count: int
) -> None:
    riders = [rider_person.id, people.make(Role.RIDER).id]
    with app.app_context():
        session = db.session()
        _write(session, make_draft(here, riders[0], at=-500))
        ran = counted(app)
        _write(session, *(make_draft(here, riders[n % 2], at=n % 7) for n in range(count)))
    writing = [one for one in ran if "BEGIN" not in one and not one.startswith("PRAGMA")]
    assert len(writing) <= 7


def test_writers_at_once_make_one_visit_and_right_sums(
    app: Flask, session: Session, here: int, rider_person: Person, stations: StationRows
) -> None:
    host = stations.host(here)
    session.commit()

    def come(number: int) -> None:
        with app.app_context():
            one = db.session()
            for turn in range(5):
                at = number + 8 * turn
                draft = make_draft(here, rider_person.id, key=f"{number}-{turn}", at=at,
                                   recorder_id=host.id)  # fmt: skip
                _write(one, draft, make_draft(here, at=at, who="worker", people=2))
            db.session.remove()

    at_once(come)
    assert sum(_leads(session)) == 1 + 40
    assert list(recount.differences(session, here)) == []


def test_two_hosts_who_take_back_the_same_take_it_back_once(
    app: Flask, session: Session, here: int, stations: StationRows
) -> None:
    host = stations.host(here)
    session.commit()
    _write(session, make_draft(here, key="gone", recorder_id=host.id, who="worker", people=3),
           make_draft(here, key="stays", who="worker"))  # fmt: skip

    def undo(_number: int) -> None:
        with app.app_context():
            one = db.session()
            with transaction(one):
                take_back(one, ["gone"], actor=one.get_one(User, host.id), now=clock.now())
            db.session.remove()

    at_once(undo)
    session.rollback()
    assert list(recount.differences(session, here)) == []
    assert sum(session.scalars(select(VisitSum.people).where(VisitSum.dimension == "who"))) == 1


class TestCommands:
    """`flask visits check` and `flask visits rebuild`"""

    @pytest.fixture
    def runner(self, app: Flask) -> FlaskCliRunner:
        return app.test_cli_runner()

    @pytest.fixture(autouse=True)
    def _some(self, session: Session, here: int, rider_person: Person) -> None:
        for minute in (-400, -100, 0):
            _write(session, make_draft(here, rider_person.id, at=minute))

    def test_what_is_kept_is_what_a_recount_says(self, runner: FlaskCliRunner) -> None:
        assert runner.invoke(args=["visits", "check"]).exit_code == 0

    @pytest.mark.parametrize(
        "wrong",
        [
            update(VisitSum).where(VisitSum.dimension == "purpose").values(visits=9),
            update(VisitTotal).values(people=VisitTotal.people + 1),
            update(CheckIn).values(leads=True),
        ],
    )
    def test_a_difference_is_found_and_mended(
        self, runner: FlaskCliRunner, session: Session, wrong: Any
    ) -> None:
        session.execute(wrong)
        session.commit()
        found = runner.invoke(args=["visits", "check"])
        assert found.exit_code == 1
        assert "station" in found.output
        assert runner.invoke(args=["visits", "rebuild"]).exit_code == 0
        assert runner.invoke(args=["visits", "check"]).exit_code == 0
        assert _leads(session) == [True, True, False]
