"""A badge shows its rider's star level: kept beside, moved whenever the level does."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Holder
from app.blueprints.stars import changed


@changed.hears
def show(session: Session, levels: Mapping[int, int]) -> None:
    """The holders among these riders show their new level; each level is one statement."""
    for level in sorted(set(levels.values())):
        riders = [rider for rider, is_at in levels.items() if is_at == level]
        session.execute(
            update(Holder)
            .where(Holder.user_id.in_(riders))
            .values(stars=level)
            .execution_options(synchronize_session="fetch")
        )
