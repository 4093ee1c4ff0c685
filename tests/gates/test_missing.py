"""Gaps in the numbers of a phone's passes are named."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.gates import missing
from app.blueprints.gates.models import Pass, PassConflict
from app.lib import clock
from tests.conftest import Clock
from tests.support.gate_rows import GateRows
from tests.support.threads import run_twice_at_once

RunJobs = Callable[[], None]
pytestmark = pytest.mark.usefixtures("held_clock")


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
        run_twice_at_once(app, "missing_passes")
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
