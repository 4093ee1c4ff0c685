"""At closing time nobody is inside any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.gates import closing
from app.blueprints.gates.models import Presence
from app.lib import clock
from tests.conftest import Clock
from tests.support.gate_rows import GateRows
from tests.support.people import Person
from tests.support.threads import run_twice_at_once

RunJobs = Callable[[], None]
pytestmark = pytest.mark.usefixtures("held_clock")


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
        run_twice_at_once(app, "closing")
        session.rollback()
        left = session.execute(select(Presence.left_at, Presence.left_how)).all()
        assert left == [(local("2026-06-02 00:00"), "closing")] * 30
