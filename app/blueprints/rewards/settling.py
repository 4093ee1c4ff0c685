"""An administrator looks at a conflict and says what came of it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.rewards import steps
from app.blueprints.rewards.catalogue import administrators_only
from app.blueprints.rewards.models import HandOut, HandOutcome, Redemption
from app.errors import Conflict, Invalid, NotFound
from app.lib.text import clean


def settle(
    session: Session, actor: User, hand_out_id: int, *, words: str, now: datetime
) -> HandOut:
    """Keep what came of a conflict; the points stay as they are. Raises Forbidden, NotFound,
    Conflict for one that was settled, and Invalid at `words`."""
    administrators_only(actor)
    said = " ".join(clean(words).split())
    if not said:
        raise Invalid({"words": [_("Say what came of it.")]})
    if len(said) > steps.MAX_NOTE:
        raise Invalid({"words": [_("At most %(most)s characters.", most=steps.MAX_NOTE)]})
    wanted = select(HandOut).where(
        HandOut.id == hand_out_id, HandOut.outcome == HandOutcome.CONFLICT
    )
    found = session.scalar(wanted.with_for_update(of=HandOut))
    if found is None:
        raise NotFound
    if found.settled_at is not None:
        raise Conflict
    found.settled_at, found.settled_by_id, found.note = now, actor.id, said
    redemption = session.get_one(Redemption, found.redemption_id)
    steps.write(session, redemption, "settle", actor_id=actor.id, now=now, note=said)
    return found
