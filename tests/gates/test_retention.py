"""Passes are deleted when their time is over."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.gates import retention
from app.blueprints.gates.models import Pass, PassConflict, Presence, ScannerCode, Undo
from app.extensions import db
from app.lib import clock
from app.queue import run_until_done
from tests.conftest import Clock
from tests.support.gate_rows import HASH, GateRows
from tests.support.people import Person
from tests.support.threads import run_twice_at_once

RunJobs = Callable[[], None]
pytestmark = pytest.mark.usefixtures("held_clock")


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
            session = db.session()
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
        run_twice_at_once(app, "retention")
        assert self._left(session, Pass) == [kept]
