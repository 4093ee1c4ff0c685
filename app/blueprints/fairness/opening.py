"""From what was noticed to reviews: each question is asked once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from app.blueprints.fairness import limits
from app.blueprints.fairness.models import Pattern, Review, ReviewDeed, ReviewEvent, ReviewState
from app.blueprints.fairness.notice import Notice
from app.lib.database import insert_of

Question = tuple[Pattern, int, str]
MOST_KEPT = 100
"""Pairs of photos, and legs, that one review keeps: more than anybody looks through."""
_NAMED_BY = {"photos": 4, "legs": 2}
"""Which lists of the evidence grow, and how many parts of an entry say which one it is: deeds and
photos, not what was measured."""
_MOST_OF = ("hour", "day")
"""Numbers that only grow: the next look begins within the day, and counts a part of it."""


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
            review.evidence = merged(review.evidence, asked[_question(review)].evidence)
    session.flush()
    _keep_deeds(session, [*new, *known.values()], asked)
    _keep_events(session, new, now)
    return new


def _question(review: Review) -> Question:
    return Pattern(review.pattern), review.rider_id, review.about


def merged(before: Mapping[str, Any], since: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence with what was noticed since. Entries keep their places: a page that is open counts
    photos by them."""
    most = {name: max(before[name], since[name]) for name in _MOST_OF if name in before}
    lists = {
        name: _joined(before[name], since[name], parts)
        for name, parts in _NAMED_BY.items()
        if name in before
    }
    return {**before, **since, **most, **lists}


def _joined(
    before: Iterable[Sequence[Any]], since: Iterable[Sequence[Any]], parts: int
) -> list[Sequence[Any]]:
    named = {tuple(entry[:parts]): entry for entry in (*before, *since)}
    return list(named.values())[:MOST_KEPT]


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
