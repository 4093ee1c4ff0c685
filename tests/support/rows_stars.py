"""A row in every table of stars, as full as its columns allow."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stars.models import (
    MonthSum,
    PlaceSum,
    RoleSum,
    Round,
    Standing,
    StandingEvent,
    What,
)

THEN = datetime(2026, 5, 4, 3, tzinfo=UTC)
MONTH = date(2026, 5, 1)


def rows(session: Session, user: User) -> None:
    """Add and flush them; `user` has a case, a station, a badge and points with the id 1."""
    session.add_all(
        [
            Standing(
                user_id=user.id, points=70, breadth=2, level=2, level_since=THEN,
                reckoned_at=THEN, due=True, listed=True,
            ),
            StandingEvent(
                user_id=user.id, what=What.ROSE, level=2, points=70, breadth=2,
                actor_id=user.id, at=THEN,
            ),
            RoleSum(user_id=user.id, month=MONTH, five_role="安全生产保障员", points=70),
            MonthSum(user_id=user.id, month=MONTH, company_id=1, points=70, listed=True),
            PlaceSum(user_id=user.id, month=MONTH, place_id=1, points=5, listed=True),
            Round(id=1, day=MONTH, last_user_id=user.id),
        ]
    )  # fmt: skip
    session.flush()
