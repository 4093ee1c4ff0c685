"""From what was noticed to reviews: each question is asked once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from app.blueprints.fairness import limits
from app.blueprints.fairness.models import Pattern, Review, ReviewDeed, ReviewEvent, ReviewState
from app.blueprints.fairness.notice import Notice
from app.lib.database import insert_of

Question = tuple[Pattern, int, str]


def open_reviews(session: Session, notices: Iterable[Notice], *, now: datetime) -> list[Review]:
    """Make reviews of what was noticed; answers the new ones. What is open already gets what was
    noticed since; what was decided is not asked again. The caller is alone."""
    asked = {(one.pattern, one.rider_id, one.about): one for one in notices}
    if not asked:
        return []
    known = _known(session, list(asked))
    new = [_review(one, now) for question, one in asked.items() if question not in known]
    session.add_all(new)
    for review in known.values():
        if review.state == ReviewState.OPEN:
            review.evidence = dict(asked[_question(review)].evidence)
    session.flush()
    _keep_deeds(session, [*new, *known.values()], asked)
    _keep_events(session, new, now)
    return new


def _question(review: Review) -> Question:
    return Pattern(review.pattern), review.rider_id, review.about


def _known(session: Session, questions: Sequence[Question]) -> dict[Question, Review]:
    this = tuple_(Review.pattern, Review.rider_id, Review.about)
    found = select(Review).where(this.in_(questions)).order_by(Review.id)
    rows = session.scalars(found.with_for_update().execution_options(populate_existing=True))
    return {_question(row): row for row in rows}


def _review(notice: Notice, now: datetime) -> Review:
    return Review(
        pattern=notice.pattern, rider_id=notice.rider_id, about=notice.about,
        other_id=notice.other_id, evidence=dict(notice.evidence), state=ReviewState.OPEN,
        opened_at=now, moved_at=now,
    )  # fmt: skip


def _keep_deeds(
    session: Session, reviews: Sequence[Review], asked: Mapping[Question, Notice]
) -> None:
    rows = [
        {"review_id": review.id, "occurrence_id": occurrence_id, "taken": False}
        for review in reviews
        if review.state == ReviewState.OPEN
        for occurrence_id in asked[_question(review)].occurrence_ids[: limits.MOST_DEEDS]
    ]
    if rows:
        session.execute(insert_of(session, ReviewDeed).on_conflict_do_nothing(), rows)


def _keep_events(session: Session, reviews: Sequence[Review], now: datetime) -> None:
    rows = [
        {"review_id": one.id, "step": "notice", "to_state": one.state, "note": "", "at": now}
        for one in reviews
    ]
    if rows:
        session.execute(insert(ReviewEvent), rows)
