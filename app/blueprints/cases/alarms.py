"""Warning before a deadline, escalation after it, and reminders while it stays undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.cases.telling import about, handlers
from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.organisations.holding import holders
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Report

BATCH = 200
REMINDERS = 7
"""So many days after the deadline the department is reminded; then the case counts as stuck."""
A_DAY = timedelta(days=1)


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether an alarm is due."""
    return session.scalar(select(Report.id).where(Report.warn_at <= now).limit(1)) is not None


def sound(session: Session, *, now: datetime) -> bool:
    """Tell of a batch of deadlines, the oldest alarms first; answers whether more may wait.

    What came due while no worker ran is told once, as it stands now.
    """
    cases = session.scalars(
        select(Report)
        .where(Report.warn_at <= now)
        .order_by(Report.warn_at)
        .limit(BATCH)
        .with_for_update(of=Report, skip_locked=True, key_share=True)
    ).all()
    if not cases:
        return False
    notify_all(session, _notices(session, cases, now), now=now)
    session.execute(
        update(Report), [{"id": case.id, "warn_at": next_alarm(case.due_at, now)} for case in cases]
    )
    return len(cases) == BATCH


def next_alarm(due_at: datetime | None, now: datetime) -> datetime | None:
    """When the next alarm of a clock is due: at its end, then each day, at last never."""
    if due_at is None or due_at > now:
        return due_at
    days = (now - due_at) // A_DAY + 1
    return due_at + days * A_DAY if days <= REMINDERS else None


def _notices(session: Session, cases: Sequence[Report], now: datetime) -> Iterator[Notice]:
    staff = handlers(session, sorted({case.department_id for case in cases if case.department_id}))
    dispatchers = holders(session, Role.DISPATCHER)
    authority = holders(session, Role.ADMINISTRATOR)
    for case in cases:
        kind, days = _kind(case, now)
        people = set(staff.get(case.department_id or 0, ()))
        if kind == "case_overdue":  # once; each day it stands in the desk's queue anyway
            people |= dispatchers
        if kind != "case_due_soon" and case.supervised_at is not None:
            people |= authority
        data = about(case) | ({"days": days} if days else {})
        yield from (Notice(one, kind, data, f"/cases/{case.id}") for one in sorted(people))


def _kind(case: Report, now: datetime) -> tuple[str, int]:
    """What an alarm says, and how many whole days the case is overdue."""
    if case.due_at is None or case.due_at > now:
        return "case_due_soon", 0
    days = (now - case.due_at) // A_DAY
    # The first alarm after the end is the escalation, however late the worker came to it.
    first = case.warn_at is not None and case.warn_at <= case.due_at
    return ("case_overdue", days) if first else ("case_still_overdue", days)
