"""A row in every table of fairness, as full as its columns allow."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.fairness.models import (
    FairnessCursor,
    Pattern,
    Review,
    ReviewDeed,
    ReviewEvent,
    ReviewState,
)
from app.lib import clock


def rows(session: Session, user: User) -> None:
    """Add and flush them; `user` has a case, a station, a badge and points with the id 1."""
    now = clock.now()
    review = Review(
        pattern=Pattern.TRAVEL, rider_id=user.id, other_id=user.id, about="2026-05-05",
        evidence={"legs": [[1, 1, 5000, 60]]}, state=ReviewState.OBJECTED, reason="x",
        objection="x", opened_at=now, decided_at=now, decided_by_id=user.id, moved_at=now,
    )  # fmt: skip
    session.add_all([review, FairnessCursor(source="occurrence", last_id=1)])
    session.flush()
    session.add_all(
        [
            ReviewDeed(review_id=review.id, occurrence_id=1, taken=True),
            ReviewEvent(
                review_id=review.id, actor_id=user.id, step="uphold", to_state="upheld", note="x",
                at=now,
            ),
        ]
    )  # fmt: skip
    session.flush()
