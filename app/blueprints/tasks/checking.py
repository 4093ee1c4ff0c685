"""What the publisher's people say of what was handed in, and of appeals."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.tasks import case_notes, earning, telling
from app.blueprints.tasks.claiming import take_place_again
from app.blueprints.tasks.models import Claim, ClaimState, Task
from app.blueprints.tasks.publishers import run_by
from app.blueprints.tasks.steps import locked_claim, take
from app.blueprints.tasks.transitions import APPEAL_ANSWERS, VERDICTS
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.text import clean

MAX_REASON = 300
MOST_ATTEMPTS = 4
"""So often a rider may hand in for one claim; then it is accepted or refused."""
LEAST_AGAIN = timedelta(days=1)
"""What is sent back may be mended for a day at least."""
_TOLD: Mapping[str, str] = {
    "accept": "task_accepted", "send_back": "task_sent_back", "refuse": "task_refused",
    "grant": "task_appeal_granted", "uphold": "task_appeal_upheld",
}  # fmt: skip


class OwnRefusal(Forbidden):
    """Who refused does not answer the appeal."""

    message = _l("Somebody else must answer this appeal: you refused it yourself.")


def check(
    session: Session, actor: User, claim_id: int, verdict: str, reason: str, *,
    seen: int, now: datetime,
) -> Claim:  # fmt: skip
    """Accept, send back or refuse what was handed in. `seen` is the claim's version.

    Raises NotFound, Conflict when it went on since, Invalid at `verdict` and `reason`."""
    if verdict not in VERDICTS:
        raise Invalid({"verdict": [_("Choose an answer.")]})
    said = _said(reason, needed=verdict != "accept")
    claim = _run(session, actor, claim_id, seen)
    if verdict == "send_back" and claim.attempts >= MOST_ATTEMPTS:
        often = _("It was sent back %(times)s times: accept or refuse it.", times=MOST_ATTEMPTS - 1)
        raise Invalid({"verdict": [often]})
    take(session, actor, claim, verdict, now=now, note=said)
    _count(session, claim, actor, verdict, said, now)
    return claim


def take_back(
    session: Session, actor: User, claim_id: int, reason: str, *, seen: int, now: datetime
) -> Claim:
    """Say that an acceptance was wrong: the points go back, and the rider may appeal. Raises
    NotFound, Conflict, and Invalid at `reason`."""
    said = _said(reason, needed=True)
    claim = _run(session, actor, claim_id, seen)
    take(session, actor, claim, "take_back", now=now, note=said)
    claim.checker_id, claim.reason = actor.id, said
    claim.task.accepted -= 1
    claim.task.taken -= 1
    earning.tell(session, claim, now=now, reason=said[:200])
    telling.tell_rider(session, claim, "task_taken_back", now=now, reason=said)
    return claim


def answer_appeal(
    session: Session, actor: User, claim_id: int, answer: str, reason: str, *,
    seen: int, now: datetime,
) -> Claim:  # fmt: skip
    """Grant an appeal or uphold the refusal; nobody answers one against their own refusal.

    Raises NotFound, Conflict, OwnRefusal, Invalid at `verdict` and `reason`, and Full when there
    is no place and the budget has no points for one more."""
    if answer not in APPEAL_ANSWERS:
        raise Invalid({"verdict": [_("Choose an answer.")]})
    said = _said(reason, needed=True)
    claim = _run(session, actor, claim_id, seen)
    if claim.checker_id == actor.id:
        raise OwnRefusal
    if claim.state == ClaimState.APPEALED and answer == "grant":
        take_place_again(session, claim.task)
    take(session, actor, claim, answer, now=now, note=said)
    _count(session, claim, actor, answer, said, now)
    return claim


def _run(session: Session, actor: User, claim_id: int, seen: int) -> Claim:
    """A claim that the actor checks, and not the actor's own, locked. Raises NotFound, and
    Conflict when it is not as they saw it."""
    wanted = select(Claim.id).join(Claim.task).where(
        Claim.id == claim_id, Claim.rider_id != actor.id, run_by(actor)
    )  # fmt: skip
    if session.scalar(wanted) is None:
        raise NotFound
    claim = locked_claim(session, claim_id)
    if claim.version != seen:
        raise Conflict
    return claim


def _said(reason: str, *, needed: bool) -> str:
    said = clean(reason)
    if needed and not said:
        raise Invalid({"reason": [_("Say why: the rider reads it.")]})
    if len(said) > MAX_REASON:
        raise Invalid({"reason": [_("At most %(most)s characters.", most=MAX_REASON)]})
    return said


def _count(
    session: Session, claim: Claim, actor: User, step: str, said: str, now: datetime
) -> None:
    """What follows from a verdict: places, points, a word to the rider."""
    claim.reason, task = said, claim.task
    if step != "uphold":
        claim.checker_id = actor.id
    match claim.state:
        case ClaimState.ACCEPTED:
            task.accepted += 1
            earning.tell(session, claim, now=now)
            case_notes.note(session, actor, claim, now=now)
        case ClaimState.REFUSED:
            task.taken -= 1
        case ClaimState.SENT_BACK:
            claim.due_at = now + max(LEAST_AGAIN, _time_of(task))
            claim.reminded_at = None
    session.flush()
    telling.tell_rider(session, claim, _TOLD[step], now=now, reason=said)


def _time_of(task: Task) -> timedelta:
    return timedelta(minutes=task.claim_minutes)
