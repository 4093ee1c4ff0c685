"""Deciding reviews, and objecting. What was decided, its event, and what is taken back or given
back stand in one transaction."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.fairness.models import Review, ReviewDeed, ReviewEvent
from app.blueprints.fairness.queries import administrators, held_review, own_review
from app.blueprints.fairness.queries import deeds as deeds_of
from app.blueprints.fairness.seen import is_gone, version_of
from app.blueprints.fairness.transitions import OBJECT_WITHIN, Transition, Who, leads
from app.blueprints.notifications.services import notify
from app.blueprints.points.models import Occurrence
from app.blueprints.points.occurrences import REVIEWED, bar, unbar
from app.blueprints.voices.saying import line, too_long
from app.errors import Conflict, Forbidden, Invalid

MAX_REASON, MAX_OBJECTION = 300, 500
RIDERS_PAGE = "/points/reviews"


class NoticedSince(Conflict):
    """The worker added to the review after it was shown."""

    message = _l(
        "More was noticed since you opened this page. It is shown now, and what you typed is still "
        "here: look again, then decide."
    )


def clear(
    session: Session, actor: User, review_id: int, *, reason: str, seen: str, now: datetime
) -> Review:
    """All is well; the rider never hears of it. `seen` is the `version_of` what was shown. Raises
    NotFound, Invalid without a reason, Conflict for what was decided, and NoticedSince."""
    review = held_review(session, actor, review_id)
    _refuse_unseen(session, review, "clear", seen)
    _decide(session, actor, review, "clear", _said(reason), now)
    return review


def uphold(
    session: Session, actor: User, review_id: int, *,
    reason: str, taken: Collection[int], seen: str, now: datetime,
) -> Review:  # fmt: skip
    """It was unfair: the deeds `taken` of the review earn nothing, for good, and the rider is told
    why. Where none of them counts any more the rider is only told. Raises as `clear` does, and
    Invalid at `taken`, also when it is empty though something can be taken back."""
    review = held_review(session, actor, review_id)
    _refuse_unseen(session, review, "uphold", seen)
    said = _said(reason)
    deeds = _deeds(session, review.id)
    if not set(taken) <= deeds.keys():
        raise Invalid({"taken": [_("Choose among the deeds that are listed.")]})
    if not taken and not all(is_gone(deed) for deed in deeds.values()):
        raise Invalid({"taken": [_("Choose what does not count.")]})
    _decide(session, actor, review, "uphold", said, now)
    barred = bar(session, taken, now=now, reason=f"{REVIEWED} {review.id}")
    session.execute(
        update(ReviewDeed)
        .where(ReviewDeed.review_id == review.id, ReviewDeed.occurrence_id.in_(barred))
        .values(taken=True)
    )
    _tell(session, review, "review_upheld", now)
    return review


def object_to(
    session: Session, rider: User, review_id: int, *, words: str, now: datetime
) -> Review:
    """A rider says why it was fair, once, within 30 days. Raises NotFound, Invalid, Conflict."""
    review = own_review(session, rider, review_id)
    said = line(words)
    wrong = too_long(said, MAX_OBJECTION) if said else [_("Say why you object.")]
    if wrong:
        raise Invalid({"words": wrong})
    if review.decided_at is not None and now > review.decided_at + OBJECT_WITHIN:
        raise Conflict(_("The time to object is over."))
    _take(session, rider, review, _transition(review, "object"), said, now)
    review.objection = said
    others = [one for one in administrators(session) if one != review.decided_by_id]
    notify(session, others, kind="review_objected", data={}, url=f"/fairness/{review.id}", now=now)
    return review


def confirm(session: Session, actor: User, review_id: int, *, reason: str, now: datetime) -> Review:
    """Somebody other than the person who decided first sees it the same way. Raises NotFound,
    Forbidden, Invalid, Conflict."""
    review = held_review(session, actor, review_id)
    _decide(session, actor, review, "confirm", _said(reason), now)
    _tell(session, review, "review_confirmed", now)
    return review


def overturn(
    session: Session, actor: User, review_id: int, *, reason: str, now: datetime
) -> Review:
    """Somebody else sees it otherwise: what was taken back counts again. Raises as `confirm`."""
    review = held_review(session, actor, review_id)
    _decide(session, actor, review, "overturn", _said(reason), now)
    deeds = select(ReviewDeed.occurrence_id).where(
        ReviewDeed.review_id == review.id, ReviewDeed.taken
    )
    unbar(session, session.scalars(deeds).all(), now=now)
    _tell(session, review, "review_overturned", now)
    return review


def _decide(
    session: Session, actor: User, review: Review, step: str, reason: str, now: datetime
) -> None:
    transition = _transition(review, step)
    if transition.who == Who.ANOTHER and review.decided_by_id == actor.id:
        raise Forbidden(_("You decided it first: somebody else answers the objection."))
    if transition.who == Who.ADMINISTRATOR:
        review.decided_at, review.decided_by_id = now, actor.id
    review.reason = reason
    _take(session, actor, review, transition, reason, now)


def _transition(review: Review, step: str) -> Transition:
    found = leads(step, review.state)
    if found is None:
        raise Conflict
    return found


def _take(
    session: Session, actor: User, review: Review, transition: Transition, note: str, now: datetime
) -> None:
    review.state, review.moved_at = transition.target, now
    session.add(
        ReviewEvent(
            review_id=review.id, actor_id=actor.id, step=transition.step,
            to_state=transition.target, note=note, at=now,
        )
    )  # fmt: skip
    session.flush()


def _said(reason: str) -> str:
    said = line(reason)
    wrong = too_long(said, MAX_REASON) if said else [_("Say why.")]
    if wrong:
        raise Invalid({"reason": wrong})
    return said


def _deeds(session: Session, review_id: int) -> dict[int, Occurrence]:
    return {one.occurrence_id: one.occurrence for one in deeds_of(session, [review_id])}


def _refuse_unseen(session: Session, review: Review, step: str, seen: str) -> None:
    """What is decided is what was looked at; who came second is told so first."""
    _transition(review, step)
    if version_of(review, _deeds(session, review.id)) != seen:
        raise NoticedSince


def _tell(session: Session, review: Review, kind: str, now: datetime) -> None:
    data = {"reason": review.reason}
    notify(session, [review.rider_id], kind=kind, data=data, url=RIDERS_PAGE, now=now)
