"""Reading reviews. Administrators see all but those about themselves; a rider the own ones that
had a consequence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.fairness.models import (
    TOLD_TO_RIDER,
    Pattern,
    Review,
    ReviewDeed,
    ReviewEvent,
    ReviewState,
)
from app.blueprints.organisations.models import Membership, Role
from app.blueprints.points.models import Occurrence
from app.errors import NotFound

PAGE = 20
SHOWN: dict[str, tuple[ReviewState, ...]] = {
    "waiting": (ReviewState.OPEN, ReviewState.OBJECTED),
    "upheld": (ReviewState.UPHELD, ReviewState.CONFIRMED),
    "cleared": (ReviewState.CLEARED, ReviewState.OVERTURNED),
}
"""Which reviews each part of the desk shows."""


@dataclass(frozen=True)
class Page:
    """Reviews; `after` is the id with which the next page begins."""

    items: Sequence[Review]
    after: int | None


def seen_by(actor: User) -> Select[Review]:
    """The reviews that somebody decides. Nobody decides about themselves."""
    if not actor.has_role(Role.ADMINISTRATOR):
        return select(Review).where(false())
    own = (Review.rider_id == actor.id) | (func.coalesce(Review.other_id, 0) == actor.id)
    return select(Review).where(~own)


def desk(
    session: Session, actor: User, shown: str, *,
    pattern: Pattern | None = None, after: int | None = None,
) -> Page:  # fmt: skip
    """A page of reviews: those that wait with the oldest first, others with the newest."""
    oldest_first = shown == "waiting"
    found = seen_by(actor).where(Review.state.in_(SHOWN[shown]))
    if pattern is not None:
        found = found.where(Review.pattern == pattern)
    if after is not None:
        found = found.where(Review.id > after if oldest_first else Review.id < after)
    order = Review.id if oldest_first else Review.id.desc()
    return _page(session, found.order_by(order))


def counts(session: Session, actor: User) -> dict[str, int]:
    """How many reviews each part of the desk has."""
    of_states = seen_by(actor).with_only_columns(Review.state, func.count()).group_by(Review.state)
    found = {row[0]: row[1] for row in session.execute(of_states)}
    return {part: sum(found.get(state, 0) for state in states) for part, states in SHOWN.items()}


def review(session: Session, actor: User, review_id: int) -> Review:
    """A review with its people. Raises NotFound."""
    found = seen_by(actor).where(Review.id == review_id)
    people = joinedload(Review.rider), joinedload(Review.other)
    row = session.scalars(found.options(*people)).one_or_none()
    if row is None:
        raise NotFound
    return row


def held_review(session: Session, actor: User, review_id: int) -> Review:
    """The same, kept from others until the transaction ends. Raises NotFound."""
    return _held(session, seen_by(actor).where(Review.id == review_id))


def own_review(session: Session, rider: User, review_id: int) -> Review:
    """A rider's own review that had a consequence, kept from others. Raises NotFound."""
    return _held(session, _told(rider).where(Review.id == review_id))


def own_reviews(session: Session, rider: User, *, after: int | None = None) -> Page:
    """What a rider was told of, the newest first."""
    found = _told(rider)
    if after is not None:
        found = found.where(Review.id < after)
    return _page(session, found.order_by(Review.id.desc()))


def has_reviews(session: Session, rider: User) -> bool:
    """Whether a rider was ever told of one."""
    return session.scalar(_told(rider).with_only_columns(Review.id).limit(1)) is not None


def events(session: Session, review_id: int) -> Sequence[ReviewEvent]:
    """The steps of a review, the first one first."""
    found = select(ReviewEvent).where(ReviewEvent.review_id == review_id)
    return session.scalars(
        found.options(joinedload(ReviewEvent.actor)).order_by(ReviewEvent.id)
    ).all()


def deeds(session: Session, review_ids: Collection[int]) -> Sequence[ReviewDeed]:
    """What reviews are about, in the order in which it was done."""
    found = select(ReviewDeed).join(ReviewDeed.occurrence)
    return session.scalars(
        found.options(joinedload(ReviewDeed.occurrence))
        .where(ReviewDeed.review_id.in_(review_ids))
        .order_by(Occurrence.at, Occurrence.id)
    ).all()


def occurrences(session: Session, ids: Collection[int]) -> dict[int, Occurrence]:
    """Deeds by their ids."""
    found = session.scalars(select(Occurrence).where(Occurrence.id.in_(ids)))
    return {row.id: row for row in found}


def administrators(session: Session) -> Sequence[int]:
    """The ids of all administrators."""
    found = select(Membership.user_id).where(
        Membership.role == Role.ADMINISTRATOR, Membership.ended_at.is_(None)
    )
    return session.scalars(found.distinct()).all()


def _told(rider: User) -> Select[Review]:
    return select(Review).where(Review.rider_id == rider.id, Review.state.in_(TOLD_TO_RIDER))


def _held(session: Session, wanted: Select[Review]) -> Review:
    held = wanted.with_for_update(of=Review).execution_options(populate_existing=True)
    found = session.scalar(held)
    if found is None:
        raise NotFound
    return found


def _page(session: Session, wanted: Select[Review]) -> Page:
    people = joinedload(Review.rider), joinedload(Review.other)
    found = session.scalars(wanted.options(*people).limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)
