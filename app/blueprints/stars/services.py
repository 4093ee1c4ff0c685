"""The rider's own switch: on the leaderboards, or not."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.stars.models import MonthSum, PlaceSum, Standing, StandingEvent, What
from app.errors import Forbidden
from app.lib.database import insert_of


def set_listed(session: Session, actor: User, *, listed: bool, now: datetime) -> Standing:
    """Others see the actor on leaderboards from now on, or no longer; in all months. Set again it
    changes nothing. Raises Forbidden for who is no rider."""
    if not actor.has_role(Role.RIDER):
        raise Forbidden
    new = insert_of(session, Standing).values(
        user_id=actor.id, points=0, breadth=0, level=1, due=False, listed=True
    )
    session.execute(new.on_conflict_do_nothing())
    standing = session.get_one(Standing, actor.id, with_for_update=True, populate_existing=True)
    if standing.listed != listed:
        standing.listed = listed
        for model in (MonthSum, PlaceSum):
            session.execute(
                update(model)
                .where(model.user_id == actor.id)
                .values(listed=listed)
                .execution_options(synchronize_session=False)
            )
        session.add(_event(standing, actor, now))
    session.flush()
    return standing


def _event(standing: Standing, actor: User, now: datetime) -> StandingEvent:
    return StandingEvent(
        user_id=standing.user_id, what=What.RETURNED if standing.listed else What.LEFT,
        level=standing.level, points=standing.points, breadth=standing.breadth,
        actor_id=actor.id, at=now,
    )  # fmt: skip
