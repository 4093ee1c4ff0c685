"""Deciding reviews, and objecting. What was decided, its event, and what is taken back or given
back stand in one transaction."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.fairness.models import Review, ReviewDeed, ReviewEvent
from app.blueprints.fairness.queries import administrators, held_review, own_review
from app.blueprints.fairness.transitions import OBJECT_WITHIN, Transition, Who, leads
from app.blueprints.notifications.services import notify
from app.blueprints.points.occurrences import REVIEWED, bar, unbar
from app.blueprints.voices.saying import line, too_long
from app.errors import Conflict, Forbidden, Invalid

MAX_REASON, MAX_OBJECTION = 300, 500
RIDERS_PAGE = "/points/reviews"


def clear(session: Session, actor: User, review_id: int, *, reason: str, now: datetime) -> Review:
    """All is well; the rider never hears of it. Raises NotFound, Invalid without a reason, and
    Conflict for what was decided."""
    review = held_review(session, actor, review_id)
    _decide(session, actor, review, "clear", _said(reason), now)
    return review


def uphold(
    session: Session, actor: User, review_id: int, *,
    reason: str, taken: Collection[int], now: datetime,
) -> Review:  # fmt: skip
    """It was unfair: the deeds `taken` of the review earn nothing, for good, and the rider is told
    why. None: the rider is only told. Raises NotFound, Invalid at `reason` and `taken`, and
    Conflict."""
    review = held_review(session, actor, review_id)
    said = _said(reason)
    if not set(taken) <= _deed_ids(session, review.id):
        raise Invalid({"taken": [_("Choose among the deeds that are listed.")]})
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
    """Somebody else than who decided first sees it the same way. Raises NotFound, Forbidden,
    Invalid, Conflict."""
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


def _deed_ids(session: Session, review_id: int) -> set[int]:
    found = select(ReviewDeed.occurrence_id).where(ReviewDeed.review_id == review_id)
    return set(session.scalars(found))


def _tell(session: Session, review: Review, kind: str, now: datetime) -> None:
    data = {"reason": review.reason}
    notify(session, [review.rider_id], kind=kind, data=data, url=RIDERS_PAGE, now=now)
