"""Where a rider's phone was at a check-in is forgotten after a time: 90 days, unless the settings
differ. How far that was from the station stays."""

from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.blueprints.visits.models import CheckIn

BATCH = 500


def any_old(session: Session, before: datetime) -> bool:
    """Whether `forget` would write anything. Asked first, because nearly always it would not."""
    return session.execute(_old(before).limit(1)).first() is not None


def forget(session: Session, before: datetime) -> bool:
    """Forget the places of a batch that was received before then; answers whether more wait."""
    ids = session.scalars(_old(before).limit(BATCH)).all()
    session.execute(
        update(CheckIn)
        .where(CheckIn.id.in_(ids))
        .values(latitude=None, longitude=None)
        .execution_options(synchronize_session=False)
    )
    return len(ids) == BATCH


def _old(before: datetime) -> Select[int]:
    return select(CheckIn.id).where(CheckIn.latitude.is_not(None), CheckIn.received_at < before)
