"""Publishing tasks: drafts, opening them, changing what is open, and calling them off."""

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.notifications.services import notify_all
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.tasks import terms
from app.blueprints.tasks.budgets import check_funds, cost_of
from app.blueprints.tasks.entering import wrong_with
from app.blueprints.tasks.models import AT_RIDER, Claim, Task, TaskCompany, TaskState
from app.blueprints.tasks.publishers import run_by
from app.blueprints.tasks.steps import NotNow, locked_task, take, take_of_task, write_of_task
from app.blueprints.tasks.telling import notice_of
from app.blueprints.tasks.terms import TaskDraft
from app.errors import Conflict, Invalid, NotFound
from app.lib.text import clean

MAX_REASON = 300


def make(session: Session, actor: User, draft: TaskDraft, *, now: datetime) -> Task:
    """Keep a draft. Raises Invalid with messages at the draft's fields, and at `organisation`,
    `area`, `point`, `photos`, `check_in`, `question_1` to `question_6`, and `case`."""
    draft = for_own_riders(session, draft)
    if wrong := wrong_with(session, actor, draft, now=now):
        raise Invalid(wrong)
    return write_draft(session, actor, draft, now=now)


def for_own_riders(session: Session, draft: TaskDraft) -> TaskDraft:
    """A company's task is for its own riders, whatever was chosen."""
    publisher = session.get(Organisation, draft.organisation_id)
    if publisher is None or publisher.kind != Kind.COMPANY:
        return draft
    return replace(draft, companies=(publisher.id,))


def write_draft(session: Session, actor: User | None, draft: TaskDraft, *, now: datetime) -> Task:
    """A draft that was checked, as a row."""
    task = Task(
        **draft.columns(), author_id=actor.id if actor else None, state=TaskState.DRAFT, version=0,
        taken=0, accepted=0, cost=0, created_at=now, moved_at=now,
    )  # fmt: skip
    task.companies = [TaskCompany(company_id=one) for one in draft.companies]
    session.add(task)
    session.flush()
    write_of_task(session, actor, task, "make", now=now)
    return task


def change(
    session: Session, actor: User, task_id: int, draft: TaskDraft, *, seen: int, now: datetime
) -> Task:
    """Set all of a draft. Raises NotFound, NotNow for what is no draft, Conflict, Invalid as
    `make` does."""
    task = _run(session, actor, task_id, seen)
    if task.state != TaskState.DRAFT:
        raise NotNow
    draft = for_own_riders(session, draft)
    if wrong := wrong_with(session, actor, draft, now=now):
        raise Invalid(wrong)
    for name, value in draft.columns().items():
        setattr(task, name, value)
    _set_companies(task, draft.companies)
    write_of_task(session, actor, task, "change", now=now)
    return task


def _set_companies(task: Task, ids: tuple[int, ...]) -> None:
    known = {one.company_id: one for one in task.companies}
    task.companies = [known.get(one) or TaskCompany(company_id=one) for one in ids]


def publish(session: Session, actor: User, task_id: int, *, seen: int, now: datetime) -> Task:
    """Let riders take it. Raises NotFound, NotNow, Conflict, and Invalid at `ends_at` when it is
    over, at `points` when the budget does not have what it may cost."""
    task = _run(session, actor, task_id, seen)
    open_draft(session, actor, task, now=now)
    return task


def open_draft(session: Session, actor: User | None, task: Task, *, now: datetime) -> None:
    """Open a draft that is locked. Raises as `publish` does."""
    if task.ends_at <= now:
        raise Invalid({"ends_at": [_("That time is over.")]})
    task.cost = cost_of(session, task.points, task.five_role, now=now)
    if task.state == TaskState.DRAFT:
        check_funds(session, task, more=task.needed)
    take_of_task(session, actor, task, "publish", now=now)


def adjust(
    session: Session, actor: User, task_id: int, *,
    needed: int, ends_at: datetime, seen: int, now: datetime,
) -> Task:  # fmt: skip
    """More or fewer riders for what is open, but no fewer than have taken it; and another end,
    not before what riders were promised. Raises NotFound, NotNow, Conflict, Invalid at `needed`,
    `ends_at` and `points`."""
    task = _run(session, actor, task_id, seen)
    if task.state != TaskState.OPEN:
        raise NotNow
    least = max(1, task.taken)
    if not least <= needed <= terms.MOST_RIDERS:
        text = _("A number from %(least)s to %(most)s.", least=least, most=terms.MOST_RIDERS)
        raise Invalid({"needed": [text]})
    if not task.ends_at <= ends_at <= now + terms.MOST_AHEAD:
        raise Invalid({"ends_at": [_("Not before the end that riders were told.")]})
    if needed > task.needed:
        check_funds(session, task, more=needed - task.needed)
    note = f"{task.needed} > {needed}" if needed != task.needed else ""
    task.needed, task.ends_at = needed, ends_at
    write_of_task(session, actor, task, "adjust", now=now, note=note)
    return task


def close(session: Session, actor: User, task_id: int, *, seen: int, now: datetime) -> Task:
    """Take no more riders; who has it goes on. Raises NotFound, NotNow, Conflict."""
    task = _run(session, actor, task_id, seen)
    take_of_task(session, actor, task, "close", now=now)
    return task


def cancel(
    session: Session, actor: User, task_id: int, reason: str, *, seen: int, now: datetime
) -> Task:
    """Call a task off: who has not handed it in is told why; what was handed in is still checked
    and paid. Raises NotFound, NotNow, Conflict, Invalid at `reason`."""
    said = clean(reason)
    task = _run(session, actor, task_id, seen)
    if task.state == TaskState.OPEN and not said:
        raise Invalid({"reason": [_("Say why: the rider reads it.")]})
    if len(said) > MAX_REASON:
        raise Invalid({"reason": [_("At most %(most)s characters.", most=MAX_REASON)]})
    take_of_task(session, actor, task, "cancel", now=now, note=said)
    _cancel_claims(session, actor, task, said, now)
    return task


def _cancel_claims(session: Session, actor: User, task: Task, said: str, now: datetime) -> None:
    theirs = select(Claim).where(Claim.task_id == task.id, Claim.state.in_(AT_RIDER))
    locked = theirs.order_by(Claim.id).with_for_update(of=Claim)
    found = session.scalars(locked.execution_options(populate_existing=True)).all()
    for one in found:  # at most as many as the task has places
        take(session, actor, one, "cancel", now=now, note=said)
        one.reason = said
    task.taken -= len(found)
    session.flush()
    notify_all(session, [notice_of(one, "task_cancelled", said) for one in found], now=now)


def _run(session: Session, actor: User, task_id: int, seen: int) -> Task:
    """A task that the actor changes, locked. Raises NotFound, and Conflict when it is not as they
    saw it."""
    if session.scalar(select(Task.id).where(Task.id == task_id, run_by(actor))) is None:
        raise NotFound
    task = locked_task(session, task_id)
    if task.version != seen:
        raise Conflict
    return task
