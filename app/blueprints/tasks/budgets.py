"""Whether a budget suffices for what tasks may still cost."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.blueprints.points.awarding import Rules
from app.blueprints.points.models import Account, Occasion, Occurrence, Outcome
from app.blueprints.points.rules import Day, Happened, reckon
from app.blueprints.tasks.models import MAY_COST, Claim, Task, TaskState
from app.blueprints.tasks.publishers import payer_of
from app.errors import Invalid
from app.lib.database import alone


@dataclass(frozen=True)
class Funds:
    """Points of a budget: what is there, and what of it the tasks that are open may still cost."""

    there: int
    promised: int

    @property
    def free(self) -> int:
        """What may still be promised."""
        return max(0, self.there - self.promised)


def cost_of(session: Session, points: int, five_role: str, *, now: datetime) -> int:
    """What one rider's work may take, by the rule in force: as if it were the rider's first."""
    rule = Rules(session).of(Occasion.TASK, now)
    happened = Happened(0, now, points, five_role, None)
    return reckon(rule, happened, Day(first=True)).amount


def funds(session: Session, organisation_id: int) -> Funds:
    """How it stands with an organisation's budget."""
    found = select(Account.balance - Account.held)
    there = session.scalar(found.where(Account.organisation_id == organisation_id))
    return Funds(
        there or 0, _promised(session, organisation_id) + _unpaid(session, organisation_id)
    )


def check_funds(session: Session, task: Task, *, more: int) -> None:
    """Whether the payer has enough for so many riders more of a task; nobody else promises
    anything of that budget until the transaction ends. Raises Invalid at `points`."""
    payer_id = payer_of(task.organisation)
    if payer_id is None or not task.cost:
        return
    alone(session, f"task budget {payer_id}")
    free, wanted = funds(session, payer_id).free, task.cost * more
    if wanted > free:
        raise Invalid({"points": [_(
            "The budget has %(free)s points that are not promised yet; this needs %(wanted)s.",
            free=free, wanted=wanted,
        )]})  # fmt: skip


def _promised(session: Session, organisation_id: int) -> int:
    """By open tasks for all their places, by others for those whom they have to pay."""
    places = case((Task.state == TaskState.OPEN, Task.needed), else_=Task.taken)
    found = select(func.sum(Task.cost * (places - Task.accepted)))
    return session.scalar(found.where(Task.organisation_id == organisation_id, MAY_COST)) or 0


def _unpaid(session: Session, organisation_id: int) -> int:
    """What is accepted and waits for the ledger."""
    found = (
        select(func.sum(Task.cost))
        .select_from(Occurrence)
        .join(Claim, Claim.id == Occurrence.source_id)
        .join(Task, Task.id == Claim.task_id)
        .where(
            Occurrence.payer_id == organisation_id, Occurrence.occasion == Occasion.TASK,
            Occurrence.outcome == Outcome.WAITING,
        )
    )  # fmt: skip
    return session.scalar(found) or 0
