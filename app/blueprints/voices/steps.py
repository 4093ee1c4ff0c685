"""Taking a step of a wish: the new state and its event."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station
from app.blueprints.voices.models import Wish, WishEvent, WishState
from app.blueprints.voices.transitions import leads
from app.errors import Conflict


def take(
    session: Session, actor: User, wish: Wish, step: str, *,
    now: datetime, note: str = "", target: WishState | None = None,
) -> None:  # fmt: skip
    """Let a wish go on; `target` where the table leaves open which. Raises Conflict."""
    reached = leads(step, wish.state, target)
    if reached is None:
        raise Conflict
    wish.state, wish.moved_at = reached, now
    write(session, actor, wish, step, now=now, note=note)


def write(
    session: Session, actor: User, wish: Wish, step: str, *, now: datetime, note: str = ""
) -> None:
    """Keep that a step was taken."""
    session.add(
        WishEvent(
            wish_id=wish.id, actor_id=actor.id, step=step, to_state=wish.state, note=note, at=now
        )
    )
    session.flush()


def before_hidden(session: Session, wish: Wish) -> WishState:
    """The state that a hidden wish was in."""
    wanted = (
        select(WishEvent.to_state)
        .where(WishEvent.wish_id == wish.id, WishEvent.to_state != WishState.HIDDEN)
        .order_by(WishEvent.id.desc())
        .limit(1)
    )
    return WishState(session.scalar(wanted) or WishState.OPEN)


def name_of(station: Station) -> dict[str, str]:
    """A station's names, as notifications carry them."""
    return {"zh": station.organisation.name_zh, "en": station.organisation.name_en}
