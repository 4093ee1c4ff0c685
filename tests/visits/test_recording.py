"""Check-ins that are written and taken back, by one and by many at once; and the commands."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
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
    assert len(writing) <= 8  # the riders held, keys, those near, rows, ids, two sums, what earns


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
