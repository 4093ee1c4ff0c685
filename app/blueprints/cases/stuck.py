"""Cases that nobody moves: counted for the centre once a day, and taken on where that is right."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.blueprints.cases.alarms import REMINDERS
from app.blueprints.cases.life import Details, take_step_alone
from app.blueprints.cases.transitions import AT_DEPARTMENT
from app.blueprints.notifications.models import Notification
from app.blueprints.notifications.services import notify
from app.blueprints.organisations.holding import holders
from app.blueprints.organisations.models import INTAKE
from app.blueprints.reports.models import Report, State
from app.lib.clock import start_of_day, to_local
from app.lib.working_time import CLOSES, OPENS, WorkingCalendar

BATCH = 100
ANSWER_WITHIN_DAYS = 3
"""Working days that a case waits for its reporter; then it goes on by itself."""
_S = State
WAITS: Mapping[str, tuple[int, tuple[State, ...]]] = {
    "decide": (1, (_S.RECEIVED, _S.APPEALED)),
    "dispatch": (1, (_S.ACCEPTED, _S.RETURNED, _S.REOPENED)),
    "extension": (1, (_S.EXTENSION_ASKED,)),
    "verify": (2, (_S.HANDLED, _S.VERIFIED)),
}
"""After how many working days without a step a case is stuck, by what it waits for."""


def stuck_condition(calendar: WorkingCalendar, now: datetime) -> ColumnElement[bool]:
    """What is true of cases that nobody moves: those that wait for the centre or its grid
    workers, and those of a department of whose deadline no reminder comes any more."""
    return or_(*_conditions(calendar, now).values())


def _conditions(calendar: WorkingCalendar, now: datetime) -> dict[str, ColumnElement[bool]]:
    waiting = {
        name: and_(Report.state.in_(states), Report.moved_at <= calendar.days_before(now, days))
        for name, (days, states) in WAITS.items()
    }
    late = and_(
        Report.state.in_(AT_DEPARTMENT), Report.due_at <= now - timedelta(days=REMINDERS)
    )  # fmt: skip
    return waiting | {"late": late}


def report_is_due(session: Session, calendar: WorkingCalendar, *, now: datetime) -> bool:
    """Whether the centre is to be told today: in working time, once."""
    local = to_local(now)
    if not OPENS <= local.time() < CLOSES or not calendar.works(local.date()):
        return False
    told = select(Notification.id).where(
        Notification.kind == "cases_stuck", Notification.created_at >= start_of_day(now)
    )
    return session.scalar(told.limit(1)) is None


def report(session: Session, calendar: WorkingCalendar, *, now: datetime) -> None:
    """Tell the centre how many cases are stuck, if any are."""
    counts = {
        name: session.scalar(select(func.count()).select_from(Report).where(condition)) or 0
        for name, condition in _conditions(calendar, now).items()
    }
    total = sum(counts.values()) - _twice(session, calendar, now)
    if total:
        notify(
            session, holders(session, *INTAKE), kind="cases_stuck", data=counts | {"count": total},
            url="/cases?queue=stuck", now=now,
        )  # fmt: skip


def _twice(session: Session, calendar: WorkingCalendar, now: datetime) -> int:
    """Extensions asked long after the deadline stand in two of the counts."""
    both = _conditions(calendar, now)
    counted = select(func.count()).select_from(Report).where(both["extension"], both["late"])
    return session.scalar(counted) or 0


def waiting_too_long(calendar: WorkingCalendar, now: datetime) -> ColumnElement[bool]:
    """What is true of cases whose reporter does not answer."""
    since = calendar.days_before(now, ANSWER_WITHIN_DAYS)
    return and_(Report.state == State.WAITING, Report.moved_at <= since)


def go_on(session: Session, calendar: WorkingCalendar, *, now: datetime) -> bool:
    """Let a batch of them go on without the answer; answers whether more may wait."""
    cases = session.scalars(
        select(Report)
        .where(waiting_too_long(calendar, now))
        .order_by(Report.moved_at)
        .limit(BATCH)
        .with_for_update(of=Report, skip_locked=True, key_share=True)
    ).all()
    for case in cases:
        take_step_alone(session, case, "go_on", Details(), now=now)
    return len(cases) == BATCH
