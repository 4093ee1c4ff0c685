"""What the worker does for the gates: closing time, deleting the old, naming the missing."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Barrier as Meeting
from threading import Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.gates import closing, missing, retention
from app.blueprints.gates.models import Pass, PassConflict, Presence, ScannerCode, Undo
from app.lib import clock, jobs
from app.queue import run_until_done
from tests.conftest import Clock
from tests.support.gate_rows import HASH, GateRows
from tests.support.people import Person

RunJobs = Callable[[], None]
pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.fixture
def rows(session: Session) -> GateRows:
    return GateRows(session)


@pytest.fixture
def gate(rows: GateRows) -> int:
    return rows.gate(rows.compound())


def local(text: str) -> datetime:
    """A time as it is read off a clock in Suzhou."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


class TestClosing:
    """Whoever is inside at closing time has left then."""

    def _ended(self, session: Session, presence_id: int) -> tuple[datetime | None, str | None]:
        session.rollback()
        found = session.get_one(Presence, presence_id)
        return found.left_at, found.left_how

    @pytest.mark.parametrize(
        ("closes_min", "entered", "closed"),
        [
            (0, "2026-06-01 23:59", "2026-06-02 00:00"),
            (0, "2026-06-01 00:00", "2026-06-02 00:00"),
            (22 * 60, "2026-06-01 21:59", "2026-06-01 22:00"),
            (22 * 60, "2026-06-01 22:00", "2026-06-02 22:00"),
            (2 * 60, "2026-06-01 23:30", "2026-06-02 02:00"),
            (2 * 60, "2026-06-02 01:59", "2026-06-02 02:00"),
            (2 * 60 + 30, "2026-02-28 03:00", "2026-03-01 02:30"),
        ],
    )
    @pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), timedelta(days=9)])
    def test_it_ends_at_the_first_closing_however_late_the_job_runs(
        self, session: Session, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock, closes_min: int, entered: str, closed: str, late: timedelta,
    ) -> None:  # fmt: skip
        compound = rows.compound(closes_min=closes_min)
        inside = rows.inside(compound, rider_person.id, local(entered))
        held_clock.moment = local(closed) - timedelta(seconds=1)
        run_jobs()
        assert self._ended(session, inside) == (None, None)
        held_clock.moment = local(closed) + late
        run_jobs()
        assert self._ended(session, inside) == (local(closed), "closing")
        held_clock.forward(days=1)
        run_jobs()
        assert self._ended(session, inside) == (local(closed), "closing")

    def test_who_left_by_the_gate_stays_as_it_was(
        self, session: Session, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        left = local("2026-06-01 09:00")
        inside = rows.inside(
            rows.compound(), rider_person.id, local("2026-06-01 08:00"), left_at=left,
            left_how="exit",
        )  # fmt: skip
        held_clock.moment = local("2026-06-02 00:01")
        run_jobs()
        assert self._ended(session, inside) == (left, "exit")

    def test_an_entry_that_arrives_after_its_closing_time_ends_at_it(
        self, session: Session, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        compound = rows.compound()
        held_clock.moment = local("2026-06-02 00:01")
        run_jobs()
        inside = rows.inside(compound, rider_person.id, local("2026-05-31 20:00"))
        run_jobs()
        assert self._ended(session, inside) == (local("2026-06-01 00:00"), "closing")

    def test_a_compound_that_now_closes_earlier_ends_nobody_before_time(
        self, session: Session, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        compound = rows.compound(closes_min=20 * 60)
        held_clock.moment = local("2026-06-01 20:30")
        run_jobs()
        session.get_one(closing.Compound, compound).closes_min = 6 * 60
        session.commit()
        inside = rows.inside(compound, rider_person.id, local("2026-06-01 19:00"))
        run_jobs()
        assert self._ended(session, inside) == (None, None)
        held_clock.moment = local("2026-06-02 06:00")
        run_jobs()
        assert self._ended(session, inside) == (local("2026-06-02 06:00"), "closing")

    def test_more_than_a_batch(
        self, session: Session, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock, monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(closing, "BATCH", 2)
        for _number in range(5):
            rows.inside(rows.compound(), rider_person.id, local("2026-06-01 12:00"))
        held_clock.moment = local("2026-06-02 00:00")
        run_jobs()
        session.rollback()
        assert session.scalar(select(func.count()).where(Presence.left_at.is_(None))) == 0

    def test_where_nothing_is_due_nothing_is_written(
        self, app: Flask, rows: GateRows, rider_person: Person, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        rows.inside(rows.compound(), rider_person.id, local("2026-06-01 12:00"))
        held_clock.moment = local("2026-06-01 13:00")
        run_jobs()
        rows.session.rollback()
        assert not closing.any_due(rows.session, now=clock.now())

    @given(st.integers(0, 1439), st.integers(0, 10**9))
    def test_the_next_closing_is_within_a_day(self, closes_min: int, seconds: int) -> None:
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        last, following = (f(closes_min, moment) for f in (closing.last_closing,
                                                           closing.next_closing))  # fmt: skip
        assert last <= moment < following == last + timedelta(days=1)
        assert clock.to_local(following).hour * 60 + clock.to_local(following).minute == closes_min

    def test_two_workers_at_once(
        self, app: Flask, session: Session, rows: GateRows, rider_person: Person,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        for _number in range(30):
            rows.inside(rows.compound(), rider_person.id, local("2026-06-01 12:00"))
        held_clock.moment = local("2026-06-02 00:00")
        run_at_once(app, "closing")
        session.rollback()
        left = session.execute(select(Presence.left_at, Presence.left_how)).all()
        assert left == [(local("2026-06-02 00:00"), "closing")] * 30


def run_at_once(app: Flask, name: str) -> None:
    """Two workers with the same job."""
    meeting, failed = Meeting(2), []

    def work() -> None:
        try:
            with app.app_context():
                meeting.wait(10)
                run_until_done(name)
        except Exception as error:
            failed.append(error)

    workers = [Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert failed == []


class TestRetention:
    """Passes are kept for 90 days, to the second."""

    def _left(self, session: Session, table: type) -> Sequence[int]:
        session.rollback()
        return session.scalars(select(table.id).order_by(table.id)).all()

    def test_ninety_days_to_the_second(
        self, session: Session, rows: GateRows, gate: int, run_jobs: RunJobs, held_clock: Clock
    ) -> None:
        at = clock.now()
        rows.passed(gate, at)
        younger = rows.passed(gate, at + timedelta(seconds=1))
        held_clock.forward(days=90)
        run_jobs()
        assert len(self._left(session, Pass)) == 2
        held_clock.forward(seconds=1)
        run_jobs()
        assert self._left(session, Pass) == [younger]
        held_clock.forward(seconds=1)
        run_jobs()
        assert self._left(session, Pass) == []

    def test_the_days_are_a_setting(self, make: Callable[..., Flask], held_clock: Clock) -> None:
        app = make(PASS_RETENTION_DAYS=7)
        with app.app_context():
            session = missing_session(app)
            rows = GateRows(session)
            rows.passed(rows.gate(rows.compound()), clock.now())
            held_clock.forward(days=7, seconds=1)
            run_until_done("retention")
            session.rollback()
            assert session.scalar(select(func.count(Pass.id))) == 0

    def test_everything_that_tells_of_passes_goes(
        self, session: Session, rows: GateRows, gate: int, rider_person: Person,
        run_jobs: RunJobs, held_clock: Clock,
    ) -> None:  # fmt: skip
        scanner, at = rows.scanner(gate), clock.now()
        passed = rows.passed(gate, at, scanner_id=scanner, seq=1, key="p", rider_id=rider_person.id)
        rows.undo(scanner, 2, at, pass_key="p")
        rows.undo(scanner, 3, at, pass_key="never came")
        compound = session.get_one(Pass, passed).compound_id
        rows.inside(compound, rider_person.id, at, pass_id=passed, left_at=at, left_how="exit")
        rows.inside(compound, rider_person.id, at, left_at=at, left_how="exit")
        kinds = {"compound_id": compound, "kind": "clock", "created_at": at}
        session.add_all([PassConflict(pass_id=passed, **kinds), PassConflict(**kinds)])
        code = {"gate_id": gate, "created_by_id": rider_person.id, "created_at": at}
        session.add(ScannerCode(code_hash=HASH, expires_at=at, used_at=at, **code))
        session.commit()
        held_clock.forward(days=90)
        run_jobs()
        tables = (Pass, Undo, Presence, PassConflict, ScannerCode)
        assert [len(self._left(session, table)) for table in tables] == [1, 2, 2, 2, 1]
        held_clock.forward(seconds=1)
        run_jobs()
        assert [len(self._left(session, table)) for table in tables] == [0, 0, 0, 0, 0]

    def test_a_time_far_ahead_does_not_keep_a_pass_for_ever(
        self, session: Session, rows: GateRows, gate: int, run_jobs: RunJobs, held_clock: Clock
    ) -> None:
        rows.passed(gate, clock.now() + timedelta(days=4000), received_at=clock.now())
        held_clock.forward(days=90, seconds=1)
        run_jobs()
        assert self._left(session, Pass) == []

    def test_more_than_a_batch(
        self, session: Session, rows: GateRows, gate: int, run_jobs: RunJobs, held_clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(retention, "BATCH", 2)
        for _number in range(5):
            rows.passed(gate, clock.now())
        held_clock.forward(days=91)
        run_jobs()
        assert self._left(session, Pass) == []

    def test_two_workers_at_once(
        self, app: Flask, session: Session, rows: GateRows, gate: int, held_clock: Clock
    ) -> None:
        for _number in range(20):
            rows.passed(gate, clock.now())
        kept = rows.passed(gate, clock.now() + timedelta(days=1))
        held_clock.forward(days=90, seconds=1)
        run_at_once(app, "retention")
        assert self._left(session, Pass) == [kept]


def missing_session(app: Flask) -> Session:
    """A session on an application's database, within its context."""
    from app.extensions import db

    return db.session()


class TestMissing:
    """A gap in a phone's numbers is said once, and takes itself back."""

    def _said(self, session: Session, *, opened: bool | None = True) -> list[tuple[int, int]]:
        session.rollback()
        found = select(PassConflict).where(PassConflict.kind == "missing").order_by(PassConflict.id)
        if opened is not None:
            empty = PassConflict.resolved_at.is_(None)
            found = found.where(empty if opened else ~empty)
        read = [json.loads(one.detail) for one in session.scalars(found)]
        return [(one["first"], one["last"]) for one in read]

    @pytest.fixture
    def scanner(self, rows: GateRows, gate: int) -> int:
        return rows.scanner(gate)

    def _sent(self, rows: GateRows, gate: int, scanner: int, *numbers: int) -> None:
        for number in numbers:
            rows.passed(gate, clock.now(), scanner_id=scanner, seq=number)

    def test_a_gap_is_said_after_an_hour_and_once(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 2, 5, 6, 9)
        held_clock.forward(minutes=59, seconds=59)
        run_jobs()
        assert self._said(session) == []
        held_clock.forward(seconds=1)
        for _run in range(3):
            run_jobs()
        assert self._said(session, opened=None) == [(3, 4), (7, 8)]
        [first, _second] = session.scalars(select(PassConflict).order_by(PassConflict.id))
        assert (first.scanner_id, first.pass_id) == (scanner, None)
        assert first.compound_id == session.scalar(select(Pass.compound_id).limit(1))

    def test_what_the_phone_wrote_first_may_be_missing_too(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 4)
        held_clock.forward(hours=1)
        run_jobs()
        assert self._said(session) == [(1, 3)]

    def test_undos_are_links_of_the_chain(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 3, 5)
        rows.undo(scanner, 2, clock.now())
        rows.undo(scanner, 4, clock.now())
        held_clock.forward(hours=2)
        run_jobs()
        assert self._said(session, opened=None) == []

    def test_what_arrives_later_resolves_it(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 4)
        held_clock.forward(hours=1)
        run_jobs()
        self._sent(rows, gate, scanner, 2)
        run_jobs()
        assert self._said(session) == [(2, 3)]
        held_clock.forward(hours=1)
        self._sent(rows, gate, scanner, 3)
        run_jobs()
        assert self._said(session) == []
        session.rollback()
        found = session.scalars(select(PassConflict)).one()
        assert (found.resolved_at, found.resolved_by_id) == (clock.now(), None)
        assert found.note

    def test_what_arrives_within_the_hour_is_never_said(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 3)
        held_clock.forward(minutes=30)
        run_jobs()
        self._sent(rows, gate, scanner, 2, 4)
        held_clock.forward(hours=5)
        run_jobs()
        assert self._said(session, opened=None) == []

    def test_a_process_that_knows_nothing_says_nothing_twice(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 3)
        held_clock.forward(hours=1)
        run_jobs()
        session.scalars(select(PassConflict)).one().resolved_at = clock.now()  # by somebody
        session.commit()
        missing._progress.clear()
        run_jobs()
        assert self._said(session, opened=None) == [(2, 2)]

    def test_another_phone_does_not_fill_the_gap(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 3)
        self._sent(rows, gate, rows.scanner(gate), 1, 2, 3)
        held_clock.forward(hours=1)
        run_jobs()
        assert self._said(session) == [(2, 2)]

    def test_two_workers_at_once(
        self, app: Flask, session: Session, rows: GateRows, gate: int, scanner: int,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        self._sent(rows, gate, scanner, 1, 3)
        held_clock.forward(hours=1)
        run_at_once(app, "missing_passes")
        assert self._said(session) == [(2, 2)]

    def test_what_was_deleted_for_its_age_is_not_missing(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock,
    ) -> None:  # fmt: skip
        for number in range(1, 11):
            self._sent(rows, gate, scanner, number)
            held_clock.forward(days=10)
        for _day in range(12):
            missing._progress.clear()
            run_jobs()
            held_clock.forward(days=5)
        assert self._said(session, opened=None) == []

    @pytest.mark.parametrize("odd", [1, 2, 3])
    def test_nor_is_what_a_phone_with_a_wrong_clock_dated_years_back(
        self, session: Session, rows: GateRows, gate: int, scanner: int, run_jobs: RunJobs,
        held_clock: Clock, odd: int,
    ) -> None:  # fmt: skip
        for number in range(1, 5):
            at = clock.now() - timedelta(days=400 if number == odd else 0)
            rows.passed(gate, at, scanner_id=scanner, seq=number)
        run_jobs()
        assert session.scalar(select(func.count(Pass.id))) == 3
        held_clock.forward(hours=2)
        missing._progress.clear()
        run_jobs()
        assert self._said(session) == []

    @given(st.sets(st.integers(1, 30)), st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5))))
    def test_what_is_left_of_a_gap(self, gone: set[int], noted: list[tuple[int, int]]) -> None:
        """Taking ranges out of ranges is taking numbers out of numbers."""
        parts = [(first, first + more) for first, more in noted]
        covered = {n for first, last in parts for n in range(first, last + 1)}
        left = [part for whole in missing.ranges(gone) for part in missing._without(whole, parts)]
        assert {n for first, last in left for n in range(first, last + 1)} == gone - covered


def test_the_jobs_are_registered(app: Flask) -> None:
    assert {"closing", "retention", "missing_passes"} <= set(jobs.names())
