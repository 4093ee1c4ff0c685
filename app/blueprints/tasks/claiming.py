"""What riders do with tasks: claim, let go, hand in, appeal.

A place is taken by the statement that checks it. Locks are taken in one order: the rider, the
task, the claim.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.tasks import telling
from app.blueprints.tasks.budgets import check_funds
from app.blueprints.tasks.models import (
    AT_RIDER,
    HOLDING,
    Claim,
    ClaimAnswer,
    ClaimPhoto,
    ClaimState,
    Task,
    TaskState,
)
from app.blueprints.tasks.no_shows import PATIENCE, no_shows_of
from app.blueprints.tasks.proof import HandIn, Mark, away_m, check_proof, marks_of
from app.blueprints.tasks.steps import NotNow, locked_claim, take, write
from app.blueprints.tasks.terms import Proof
from app.blueprints.tasks.transitions import leads
from app.blueprints.tasks.who_may import WORDS, bar_at, bar_of, meant_for, standing_of
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.clock import to_local
from app.lib.database import alone
from app.lib.geo import Spot
from app.lib.text import clean

MOST_AT_ONCE = 5
"""Claims that a rider has to do at one time."""
MOST_CLAIMS = 3
"""So often a rider may claim the same task, having let it go in between."""
LATE_WITHIN = timedelta(days=7)
"""So long what was done in time may be on its way."""
APPEAL_WITHIN = timedelta(days=7)
MAX_APPEAL = 300


class Full(Conflict):
    code = "full"
    message = _l("All places are taken.")


class Ended(Conflict):
    code = "ended"
    message = _l("This task takes nobody any more.")


class NotForYou(Conflict):
    """`message` says why."""

    code = "not_for_you"


class Paused(Conflict):
    """Too many no-shows; `message` says until when."""

    code = "paused"


class TooLate(Conflict):
    code = "too_late"
    message = _l("The time for this task was over. It does not count any more.")


def claim(
    session: Session, rider: User, task_id: int, *, now: datetime, spot: Spot | None = None
) -> Claim:
    """Take one of a task's places; `spot` is where the rider is, if the phone says so.

    Raises Forbidden for who is no rider, NotFound, Full, Ended, NotForYou, Paused, and Conflict
    for who has it already or has too many at once."""
    if not rider.has_role(Role.RIDER):
        raise Forbidden
    alone(session, f"tasks of {rider.id}")
    task = _visible_task(session, rider, task_id)
    known = session.scalar(
        select(Claim).where(Claim.task_id == task_id, Claim.rider_id == rider.id)
    )
    _check_known(known)
    _check_rider(session, rider, task, spot, now)
    _take_place(session, task, now)
    made = known or Claim(
        task_id=task.id, rider_id=rider.id, state=ClaimState.CLAIMED, version=0, claims=0, marks=[],
        claimed_at=now, due_at=now, moved_at=now,
    )  # fmt: skip
    return _begun(session, rider, task, made, now)


def _begun(session: Session, rider: User, task: Task, made: Claim, now: datetime) -> Claim:
    """Let a claim begin, or begin again."""
    session.add(made)
    made.claimed_at, made.reminded_at, made.claims = now, None, made.claims + 1
    begins = max(now, task.starts_at)
    made.due_at = min(begins + timedelta(minutes=task.claim_minutes), task.ends_at)
    if made.version:
        take(session, rider, made, "claim", now=now)
        return made
    made.version = 1
    session.flush()
    write(session, rider, made, "claim", now=now)
    return made


def _visible_task(session: Session, rider: User, task_id: int) -> Task:
    wanted = select(Task).where(Task.id == task_id, Task.state != TaskState.DRAFT)
    found = session.scalar(wanted.where(meant_for(standing_of(session, rider).companies)))
    if found is None:
        raise NotFound
    return found


def _check_known(known: Claim | None) -> None:
    if known is None:
        return
    if known.state in HOLDING or known.state == ClaimState.APPEALED:
        raise Conflict(_("You have this task already."))
    if known.state != ClaimState.RELEASED or known.claims >= MOST_CLAIMS:
        raise Conflict(_("You had this task already: it can be taken once."))


def _check_rider(
    session: Session, rider: User, task: Task, spot: Spot | None, now: datetime
) -> None:
    bar = bar_of(task, standing_of(session, rider)) or bar_at(task, spot)
    if bar is not None:
        raise NotForYou(str(WORDS[bar]))
    paused_until = no_shows_of(session, rider.id, now=now).paused_until
    if paused_until is not None:
        raise Paused(_paused_words(paused_until))
    at_once = select(func.count()).where(Claim.rider_id == rider.id, Claim.state.in_(AT_RIDER))
    if (session.scalar(at_once) or 0) >= MOST_AT_ONCE:
        raise Conflict(_("You have %(most)s tasks to do: finish one first.", most=MOST_AT_ONCE))


def _paused_words(until: datetime) -> str:
    words = _(
        "You let %(most)s tasks run out in %(days)s days. You can claim again from %(until)s.",
        most=PATIENCE.most, days=PATIENCE.within.days, until=f"{to_local(until):%Y-%m-%d %H:%M}",
    )  # fmt: skip
    return str(words)


def _take_place(session: Session, task: Task, now: datetime) -> None:
    """One place, by a statement that checks that there is one. Raises Full, Ended."""
    open_now = (Task.id == task.id, Task.state == TaskState.OPEN, Task.ends_at > now)
    taken = session.scalar(
        update(Task)
        .where(*open_now, Task.taken < Task.needed)
        .values(taken=Task.taken + 1)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        still = session.scalar(select(Task.id).where(*open_now))
        raise Full if still else Ended
    session.refresh(task)


def release(session: Session, rider: User, claim_id: int, *, now: datetime) -> Claim:
    """Let a task go, so that somebody else can take the place. Raises NotFound, NotNow."""
    held = _own(session, rider, claim_id)
    take(session, rider, held, "release", now=now)
    held.task.taken -= 1
    session.flush()
    return held


def hand_in(session: Session, draft: HandIn, *, now: datetime) -> Claim:
    """Take in what a rider did; the same key again changes nothing. What was done in time counts
    though it arrives up to 7 days later, in the place that it had, or another if there is one.

    Raises NotFound, NotNow, TooLate, Invalid as `check_proof` does."""
    held = _own(session, draft.rider, draft.claim_id)
    if held.key == draft.key:
        return held
    if leads("hand_in", held.state) is None:
        raise NotNow
    _check_key(session, draft)
    at = now if draft.clock_off else min(draft.at, now)
    _check_time(session, held, at, now)
    answers = check_proof(session, held.task, draft)
    away = away_m(session, held.task, draft.spot)
    marks = [*marks_of(session, held.task, held, draft, away)]
    marks += [Mark.LATE] if held.state == ClaimState.EXPIRED else []
    held.attempts += 1
    held.key, held.captured_at, held.handed_in_at = draft.key, at, now
    held.away_m, held.marks = away, [str(mark) for mark in marks]
    _place(held, draft.spot)
    take(session, draft.rider, held, "hand_in", now=now)
    _keep(session, held, draft, answers)
    telling.tell_publisher(session, held, "task_handed_in", now=now)
    return held


def _check_key(session: Session, draft: HandIn) -> None:
    if session.scalar(select(Claim.id).where(Claim.key == draft.key)) is not None:
        raise Conflict


def _check_time(session: Session, held: Claim, at: datetime, now: datetime) -> None:
    """Whether it was done in time; one that had run out needs a place again."""
    if at > held.due_at or now > held.due_at + LATE_WITHIN:
        raise TooLate
    if held.state == ClaimState.EXPIRED:
        take_place_again(session, held.task)


def take_place_again(session: Session, task: Task) -> None:
    """A place for who had lost theirs and did the work: one that is free, or one more if the
    budget has it. The task is locked. Raises Full."""
    more = task.taken >= task.needed
    if more or task.state != TaskState.OPEN:
        try:
            check_funds(session, task, more=1)
        except Invalid as error:
            raise Full from error
    task.needed += 1 if more else 0
    task.taken += 1
    session.flush()


def _place(held: Claim, spot: Spot | None) -> None:
    held.latitude = spot.latitude if spot else None
    held.longitude = spot.longitude if spot else None
    held.accuracy_m = spot.accuracy_m if spot else None


def _keep(session: Session, held: Claim, draft: HandIn, answers: tuple[str, ...]) -> None:
    """The photos and answers of this attempt; those of earlier ones stay."""
    of = {"claim_id": held.id, "attempt": held.attempts}
    photos = [
        {**of, "position": position, "sha256": sha256}
        for position, sha256 in enumerate(draft.photos, start=1)
    ]
    questions = Proof.of(held.task.proof).questions
    said = [
        {**of, "position": position, "question": question.text, "answer": answer}
        for position, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
    ]
    if photos:
        session.execute(insert(ClaimPhoto), photos)
    if said:
        session.execute(insert(ClaimAnswer), said)


def appeal(session: Session, rider: User, claim_id: int, words: str, *, now: datetime) -> Claim:
    """A rider says why a refusal is wrong, within 7 days. Raises NotFound, NotNow, and Invalid at
    `words`."""
    held, said = _own(session, rider, claim_id), clean(words)
    if not said or len(said) > MAX_APPEAL:
        at_most = _("At most %(most)s characters.", most=MAX_APPEAL)
        raise Invalid({"words": [at_most if said else _("Say why it should count.")]})
    if held.state == ClaimState.REFUSED and now > held.moved_at + APPEAL_WITHIN:
        raise Conflict(_("That was possible for %(days)s days only.", days=APPEAL_WITHIN.days))
    take(session, rider, held, "appeal", now=now, note=said)
    telling.tell_publisher(session, held, "task_appeal", now=now)
    return held


def _own(session: Session, rider: User, claim_id: int) -> Claim:
    """A rider's own claim, locked, its task before it. Raises NotFound."""
    if session.scalar(select(Claim.rider_id).where(Claim.id == claim_id)) != rider.id:
        raise NotFound
    return locked_claim(session, claim_id)
