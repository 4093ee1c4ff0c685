"""What riders found on the spot, kept with the case that a task was made of."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import NOTE_LENGTH, Details, take_step_alone
from app.blueprints.reports.models import Report
from app.blueprints.tasks.models import Claim, ClaimAnswer, ClaimPhoto


def note(session: Session, actor: User, claim: Claim, *, now: datetime) -> None:
    """Write an accepted claim's answers and photos to the case of its task, if it has one."""
    case_id = claim.task.case_id
    case = session.get(Report, case_id) if case_id else None
    if case is None:
        return
    photos = session.scalars(
        select(ClaimPhoto.sha256)
        .where(ClaimPhoto.claim_id == claim.id, ClaimPhoto.attempt == claim.attempts)
        .order_by(ClaimPhoto.position)
    ).all()
    words = "\n".join(_lines(session, claim))[:NOTE_LENGTH]
    data = {"task_claim": claim.id, "accepted_by": actor.id}
    take_step_alone(session, case, "note", Details(words, tuple(photos), data=data), now=now)


def _lines(session: Session, claim: Claim) -> Iterator[str]:
    yield _("Looked at on the spot, task %(number)s.", number=claim.task.number)
    answers = session.scalars(
        select(ClaimAnswer)
        .where(ClaimAnswer.claim_id == claim.id, ClaimAnswer.attempt == claim.attempts)
        .order_by(ClaimAnswer.position)
    )
    for one in answers:
        yield f"{one.question} {answer_words(one.answer)}"


def answer_words(answer: str) -> str:
    """An answer as people read it: yes and no in their language."""
    return str({"yes": _("Yes"), "no": _("No")}.get(answer, answer))
