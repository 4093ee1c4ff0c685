"""One task as a rider's plain page shows it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Organisation
from app.blueprints.stations.models import Station
from app.blueprints.tasks.models import Claim, QuestionKind, Task, TaskState
from app.blueprints.tasks.terms import Proof, Question
from app.blueprints.tasks.who_may import WORDS, bar_of, standing_of
from app.blueprints.tasks.wire import claim_wire
from app.blueprints.tasks.words import Look, claim_look, role_word


@dataclass(frozen=True)
class TaskPage:
    """A task, the own claim of it, and what may be done: `steps` of `claim`, `release`, `hand_in`,
    `appeal`. `why` says why it cannot be claimed. `answers` and `photos` are those of the last
    attempt; photos as (position, SHA-256)."""

    task: Task
    claim: Claim | None
    look: Look | None
    five_role: str
    proof: Proof
    station: Organisation | None
    steps: frozenset[str]
    why: str
    answers: tuple[str, ...]
    photos: tuple[tuple[int, str], ...]


def task_page(
    session: Session, rider: User, task: Task, claim: Claim | None, *, now: datetime
) -> TaskPage:
    """What the page shows."""
    proof = Proof.of(task.proof)
    station = session.get(Station, proof.check_in) if proof.check_in else None
    bar = bar_of(task, standing_of(session, rider))
    attempt = claim.attempts if claim else 0
    return TaskPage(
        task=task, claim=claim, look=claim_look(claim.state) if claim else None,
        five_role=role_word(task.five_role), proof=proof,
        station=station.organisation if station else None,
        steps=_steps(task, claim, now), why=str(WORDS[bar]) if bar else "",
        answers=tuple(one.answer for one in claim.answers if one.attempt == attempt)
        if claim else (),
        photos=tuple((one.position, one.sha256) for one in claim.photos if one.attempt == attempt)
        if claim else (),
    )  # fmt: skip


def _steps(task: Task, claim: Claim | None, now: datetime) -> frozenset[str]:
    if claim is not None:
        return frozenset(claim_wire(claim, {}, now=now)["can"])
    open_now = task.state == TaskState.OPEN and task.ends_at > now
    return frozenset({"claim"} if open_now and task.taken < task.needed else ())


def choices_of(question: Question) -> list[tuple[str, str]]:
    """What may be chosen as an answer: the value and its word."""
    if question.kind == QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option, option) for option in question.options]
