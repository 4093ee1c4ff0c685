"""What runs out: claims that nobody handed in, tasks whose time is over; and reminders before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.notifications.services import notify_all
from app.blueprints.tasks.models import IS_AT_RIDER, Claim, Task, TaskState
from app.blueprints.tasks.steps import take, take_of_task
from app.blueprints.tasks.telling import notice_of

BATCH = 200
REMIND_BEFORE = timedelta(hours=2)
"""So long before the due time a rider is reminded; of a claim of less, when half of it is left."""


def expire(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Let a batch of claims run out whose time is over: their places go back; answers how many."""
    due = (IS_AT_RIDER, Claim.due_at <= now)
    wanted = select(Claim.id, Claim.task_id).where(*due).order_by(Claim.due_at, Claim.id)
    rows = session.execute(wanted.limit(limit)).all()
    tasks = _locked_tasks(session, {row.task_id for row in rows})
    claims = _locked(session, [row.id for row in rows], now)
    for claim in claims:
        take(session, None, claim, "expire", now=now)
        tasks[claim.task_id].taken -= 1
    session.flush()
    notify_all(session, [notice_of(one, "task_expired") for one in claims], now=now)
    return len(rows)


def _locked_tasks(session: Session, ids: set[int]) -> dict[int, Task]:
    """In the order of their ids, so that nobody waits in a ring."""
    found = select(Task).where(Task.id.in_(ids)).order_by(Task.id).with_for_update(of=Task)
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {one.id: one for one in rows}


def _locked(session: Session, ids: list[int], now: datetime) -> Sequence[Claim]:
    """Those of the claims that are still due."""
    due = (Claim.id.in_(ids), IS_AT_RIDER, Claim.due_at <= now)
    found = select(Claim).where(*due).order_by(Claim.id).with_for_update(of=Claim)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def end(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Close a batch of open tasks whose time is over; answers how many."""
    over = (Task.state == TaskState.OPEN, Task.ends_at <= now)
    wanted = select(Task.id).where(*over).order_by(Task.ends_at, Task.id).limit(limit)
    tasks = _locked_tasks(session, set(session.scalars(wanted)))
    for task in tasks.values():
        if task.state == TaskState.OPEN:
            take_of_task(session, None, task, "end", now=now)
    return len(tasks)


def remind(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Remind a batch of riders whose time is nearly over, once each; answers how many."""
    soon = (IS_AT_RIDER, Claim.due_at <= now + REMIND_BEFORE, Claim.due_at > now)
    wanted = select(Claim).where(*soon, Claim.reminded_at.is_(None)).options(joinedload(Claim.task))
    locked = wanted.order_by(Claim.due_at, Claim.id).limit(limit).with_for_update(of=Claim)
    found = session.scalars(locked.execution_options(populate_existing=True)).all()
    told = [one for one in found if _is_time(one, now)]
    for one in told:
        one.reminded_at = now
    session.flush()
    notify_all(session, [notice_of(one, "task_due_soon") for one in told], now=now)
    return len(told)


def _is_time(claim: Claim, now: datetime) -> bool:
    whole = claim.due_at - max(claim.claimed_at, claim.moved_at)
    return claim.due_at - now <= min(REMIND_BEFORE, whole / 2)
