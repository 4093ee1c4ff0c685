"""What pages of the desk of tasks show, in the language of whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation, Role
from app.blueprints.tasks import budgets, queries
from app.blueprints.tasks.case_notes import answer_words
from app.blueprints.tasks.choices import number_of
from app.blueprints.tasks.models import Claim, ClaimEvent, ClaimPhoto, ClaimState, Task, TaskEvent
from app.blueprints.tasks.no_shows import NoShows, no_shows_of
from app.blueprints.tasks.publishers import payer_of, publishers_of
from app.blueprints.tasks.terms import Proof
from app.blueprints.tasks.words import CLAIM_STEPS, QUESTION_KINDS, TASK_STEPS


@dataclass(frozen=True)
class Budget:
    """An office's budget; `funds` is None where the district pays."""

    name: str
    funds: budgets.Funds | None


@dataclass(frozen=True)
class Step:
    """A line of what happened."""

    words: str
    by: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Attempt:
    """What was handed in at one time: photos, questions with answers."""

    number: int
    photos: Sequence[ClaimPhoto]
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ClaimView:
    """A claim as it is checked: the last attempt, those before it, and what happened."""

    claim: Claim
    rider: str
    last: Attempt
    before: Sequence[Attempt]
    steps: Sequence[Step]
    no_shows: NoShows
    may_check: bool
    """It waits, and not for somebody else."""
    refused_myself: bool


def budgets_of(session: Session, actor: User, locale: str) -> list[Budget]:
    """The budgets out of which somebody's tasks are paid."""
    return [_budget(session, one, locale) for one in publishers_of(session, actor)]


def _budget(session: Session, office: Organisation, locale: str) -> Budget:
    payer_id = payer_of(office)
    return Budget(office.name(locale), budgets.funds(session, payer_id) if payer_id else None)


def rider_name(actor: User, rider: User) -> str:
    """A rider's name: whole for administrators and for managers, who know theirs; for others only
    its first character."""
    whole = actor.has_role(Role.ADMINISTRATOR, Role.COMPANY_MANAGER)
    return rider.name if whole else f"{rider.name[:1]}**"


def proof_lines(session: Session, task: Task) -> list[str]:
    """What a task asks for, a line each."""
    proof = Proof.of(task.proof)
    lines = [_("Photos: %(count)s", count=proof.photos)] if proof.photos else []
    lines += [_("The phone must be at the place")] if proof.place else []
    if proof.check_in:
        number = number_of(session, proof.check_in)
        lines.append(_("A check-in at station %(number)s", number=number))
    return lines + [f"{one.text} ({QUESTION_KINDS[one.kind]})" for one in proof.questions]


def task_steps(events: Sequence[TaskEvent]) -> list[Step]:
    """What happened to a task."""
    return [_step(one, TASK_STEPS) for one in events]


def claim_view(session: Session, actor: User, claim: Claim, *, now: datetime) -> ClaimView:
    """A claim as somebody checks it."""
    attempts = [_attempt(claim, number) for number in range(1, claim.attempts + 1)]
    refused_myself = claim.state == ClaimState.APPEALED and claim.checker_id == actor.id
    waits = claim.state in (ClaimState.HANDED_IN, ClaimState.APPEALED)
    rider = rider_name(actor, claim.rider)
    return ClaimView(
        claim, rider, attempts[-1] if attempts else Attempt(0, [], []), attempts[-2::-1],
        [_claim_step(one, claim, rider) for one in queries.claim_events(session, claim.id)],
        no_shows_of(session, claim.rider_id, now=now),
        may_check=waits and claim.rider_id != actor.id and not refused_myself,
        refused_myself=refused_myself,
    )  # fmt: skip


def _attempt(claim: Claim, number: int) -> Attempt:
    answers = [one for one in claim.answers if one.attempt == number]
    return Attempt(
        number,
        [one for one in claim.photos if one.attempt == number],
        [(one.question, answer_words(one.answer)) for one in answers],
    )


def _claim_step(event: ClaimEvent, claim: Claim, rider: str) -> Step:
    step = _step(event, CLAIM_STEPS)
    own = event.actor_id == claim.rider_id
    return Step(step.words, rider if own else step.by, step.note, step.at)


def _step(event: TaskEvent | ClaimEvent, words: dict[str, Any]) -> Step:
    by = event.actor.name if event.actor else ""
    return Step(str(words.get(event.step, event.step)), by, event.note, event.at)
