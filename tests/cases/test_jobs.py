"""What the worker does for cases: warning, escalation, reminders, and what nobody moves."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import alarms
from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.cases.desk_queries import counts
from app.blueprints.cases.queues import sight_of
from app.blueprints.notifications.models import Notification
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock, jobs
from app.queue import run_until_done
from tests.conftest import Clock
from tests.support.cases import CaseDesk
from tests.support.people import Person
from tests.support.threads import at_once

RunJobs = Callable[[], None]
ALARMS = ("case_due_soon", "case_overdue", "case_still_overdue")


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    """On Wed 3 June 2026 at 09:00, with 4 working hours to a case."""
    held_clock.moment = local("2026-06-03 09:00")
    return CaseDesk(app)


def local(text: str) -> datetime:
    """A time as it is read off a clock in Suzhou."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


def told(session: Session, who: Person | None = None, kinds: tuple[str, ...] = ALARMS) -> list[str]:
    """The kinds of what somebody was told, in order."""
    session.rollback()
    found = select(Notification.kind).where(Notification.kind.in_(kinds))
    if who is not None:
        found = found.where(Notification.user_id == who.id)
    return list(session.scalars(found.order_by(Notification.id)))


def test_warning_escalation_and_reminders_that_end(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    """Dispatched 09:00, due 13:00; a quarter, one hour, is left at 12:00."""
    case_id = desk.at(State.HANDLING)
    held_clock.moment = local("2026-06-03 11:59")
    run_jobs()
    assert told(session) == []
    held_clock.moment = local("2026-06-03 12:00")
    run_jobs()
    run_jobs()
    assert told(session) == ["case_due_soon"]
    held_clock.moment = local("2026-06-03 13:00")
    run_jobs()
    assert told(session, desk.handler) == ["case_due_soon", "case_overdue"]
    assert told(session, desk.dispatcher) == ["case_overdue"]
    assert told(session, desk.administrator) == []
    for _day in range(20):
        held_clock.forward(days=1)
        run_jobs()
    assert Counter(told(session, desk.handler))["case_still_overdue"] == alarms.REMINDERS
    assert told(session, desk.dispatcher) == ["case_overdue"]
    assert session.get_one(Report, case_id).warn_at is None


def test_of_a_supervised_case_the_authority_is_told(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    desk.step(desk.administrator, desk.at(State.HANDLING), "supervise", note="要紧")
    held_clock.moment = local("2026-06-03 13:00")
    run_jobs()
    assert told(session, desk.administrator) == ["case_overdue"]


def test_what_came_due_while_no_worker_ran_is_told_once(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    desk.at(State.HANDLING)
    held_clock.moment = local("2026-06-05 14:00")
    run_jobs()
    assert told(session, desk.handler) == ["case_overdue"]


def test_no_alarm_while_the_clock_is_stopped_or_after_the_end(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    for state in (State.WAITING, State.HANDLED, State.VERIFIED, State.CLOSED, State.RETURNED):
        desk.at(state)
    held_clock.forward(days=1)
    run_jobs()
    assert told(session) == []


def test_more_than_a_batch_and_workers_who_come_at_once(
    app: Flask, desk: CaseDesk, session: Session, held_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "BATCH", 2)
    for _number in range(7):
        desk.at(State.DISPATCHED)
    held_clock.moment = local("2026-06-03 13:00")

    def work(_number: int) -> None:
        with app.app_context():
            run_until_done("deadlines")
            db.session.remove()

    at_once(work, 3)
    work(0)
    assert told(session, desk.handler) == ["case_overdue"] * 7


def test_a_worker_that_is_killed_leaves_the_alarm_to_the_next(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock, tmp_path: Path
) -> None:
    desk.at(State.DISPATCHED)
    held_clock.moment = local("2026-06-03 13:00")
    program = f"""
import os, pathlib
from tests.support.applications import make_app
from app.blueprints.accounts.models import User
from app.blueprints.cases import alarms
from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.cases.desk_queries import counts
from app.blueprints.cases.queues import sight_of
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from datetime import datetime
url = {desk.app.config["SQLALCHEMY_DATABASE_URI"]!r}
with make_app(url, pathlib.Path({str(tmp_path / "other")!r})).app_context():
    with transaction(db.session()):
        alarms.sound(db.session(), now=datetime.fromisoformat({held_clock.now().isoformat()!r}))
        os._exit(9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], env=dict(os.environ),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    assert told(session) == []
    run_jobs()
    assert told(session, desk.handler) == ["case_overdue"]


def test_who_does_not_answer_is_not_waited_for(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    """Asked Wed 3 June 09:00; three working days have passed Fri 5 June 17:00."""
    case_id = desk.at(State.WAITING)
    held_clock.moment = local("2026-06-05 16:59")
    run_jobs()
    assert session.get_one(Report, case_id).state == State.WAITING
    held_clock.moment = local("2026-06-05 17:00")
    run_jobs()
    session.rollback()
    case = session.get_one(Report, case_id)
    assert case.state == State.HANDLING
    assert (case.events[-1].step, case.events[-1].actor_id) == ("go_on", None)
    # None of the 4 hours was used: they begin on Monday.
    assert case.due_at == local("2026-06-08 13:00")
    assert told(session, desk.handler, ("case_go_on",)) == ["case_go_on"]


def test_what_nobody_moves_is_told_once_a_day_in_one_message(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    for state in (State.RECEIVED, State.RECEIVED, State.ACCEPTED, State.HANDLED, State.REJECTED):
        desk.at(state)
    for moment in ("2026-06-03 23:00", "2026-06-04 08:59", "2026-06-04 09:00", "2026-06-04 16:00"):
        held_clock.moment = local(moment)
        run_jobs()
    kinds = ("cases_stuck",)
    assert told(session, desk.dispatcher, kinds) == ["cases_stuck"]
    first = session.scalar(select(Notification).where(Notification.kind == "cases_stuck"))
    assert first is not None
    # A working day has passed since Wed 09:00, two not yet.
    expected = {"count": 3, "decide": 2, "dispatch": 1, "extension": 0, "verify": 0, "late": 0}
    assert first.data == expected
    assert _stuck_on_the_desk(desk, session) == first.data["count"]
    held_clock.moment = local("2026-06-06 10:00")  # a Saturday
    run_jobs()
    assert told(session, desk.dispatcher, kinds) == ["cases_stuck"]
    held_clock.moment = local("2026-06-08 09:00")
    run_jobs()
    run_jobs()
    assert told(session, desk.dispatcher, kinds) == ["cases_stuck"] * 2
    last = session.scalars(select(Notification).order_by(Notification.id.desc())).first()
    assert last is not None
    assert last.data["verify"] == 1
    assert _stuck_on_the_desk(desk, session) == last.data["count"]
    assert told(session, desk.handler, kinds) == []


def _stuck_on_the_desk(desk: CaseDesk, session: Session) -> int:
    """How many cases the queue holds to which the message leads."""
    dispatcher = session.get_one(User, desk.dispatcher.id)
    sight = sight_of(dispatcher, clock.now(), working_calendar(session))
    return counts(session, dispatcher, sight)["stuck"]


def test_where_nothing_is_stuck_nobody_is_told(
    desk: CaseDesk, session: Session, run_jobs: RunJobs, held_clock: Clock
) -> None:
    desk.at(State.CLOSED)
    held_clock.forward(days=9, hours=2)
    run_jobs()
    counted = select(func.count()).where(Notification.kind == "cases_stuck")
    assert session.scalar(counted) == 0


def test_alarms_come_at_the_end_then_daily_then_never() -> None:
    due = local("2026-06-03 13:00")
    assert alarms.next_alarm(due, due - timedelta(hours=1)) == due
    assert alarms.next_alarm(due, due) == due + timedelta(days=1)
    assert alarms.next_alarm(due, due + timedelta(days=6, hours=1)) == due + timedelta(days=7)
    assert alarms.next_alarm(due, due + timedelta(days=7)) is None
    assert alarms.next_alarm(None, due) is None


def test_the_jobs_are_registered(app: Flask) -> None:
    assert {"deadlines", "stuck"} <= set(jobs.names())
