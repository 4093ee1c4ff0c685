"""Taking a step of a claim or a task: the new state and its event."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.tasks.models import Claim, ClaimEvent, Task, TaskEvent
from app.blueprints.tasks.transitions import leads, task_leads
from app.errors import Conflict, NotFound


class NotNow(Conflict):
    """The claim or task does not stand where that step begins."""

    message = _l("That is not possible any more: it has gone on since.")


def locked_task(session: Session, task_id: int) -> Task:
    """A task as it is, kept from others until the transaction ends. Whoever locks both locks the
    task before its claims. Raises NotFound."""
    wanted = select(Task).where(Task.id == task_id).with_for_update(of=Task)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def locked_claim(session: Session, claim_id: int) -> Claim:
    """A claim as it is, its task locked before it. Raises NotFound."""
    task_id = session.scalar(select(Claim.task_id).where(Claim.id == claim_id))
    if task_id is None:
        raise NotFound
    locked_task(session, task_id)
    wanted = select(Claim).where(Claim.id == claim_id).with_for_update(of=Claim)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def take(
    session: Session, actor: User | None, claim: Claim, step: str, *, now: datetime, note: str = ""
) -> None:
    """Let a claim go on. Raises NotNow."""
    reached = leads(step, claim.state)
    if reached is None:
        raise NotNow
    claim.state, claim.moved_at, claim.version = reached, now, claim.version + 1
    write(session, actor, claim, step, now=now, note=note)


def write(
    session: Session, actor: User | None, claim: Claim, step: str, *, now: datetime, note: str = ""
) -> None:
    """Keep that a step was taken of a claim."""
    session.add(
        ClaimEvent(
            claim_id=claim.id, actor_id=actor.id if actor else None, step=step,
            to_state=claim.state, attempt=claim.attempts, note=note, at=now,
        )
    )  # fmt: skip
    session.flush()


def take_of_task(
    session: Session, actor: User | None, task: Task, step: str, *, now: datetime, note: str = ""
) -> None:
    """Let a task go on. Raises NotNow."""
    reached = task_leads(step, task.state)
    if reached is None:
        raise NotNow
    task.state = reached
    write_of_task(session, actor, task, step, now=now, note=note)


def write_of_task(
    session: Session, actor: User | None, task: Task, step: str, *, now: datetime, note: str = ""
) -> None:
    """Keep that something was done to a task."""
    task.moved_at, task.version = now, task.version + 1
    session.add(
        TaskEvent(
            task_id=task.id, actor_id=actor.id if actor else None, step=step, to_state=task.state,
            note=note, at=now,
        )
    )  # fmt: skip
    session.flush()
