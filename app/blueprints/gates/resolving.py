"""Property managers look at conflicts, and say what came of it. The pass itself never changes."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates.models import PassConflict
from app.errors import Conflict, NotFound


def resolve_conflict(
    session: Session, actor: User, compound_id: int, conflict_id: int, *, note: str, now: datetime
) -> None:
    """Close a conflict with a note. Raises NotFound for who does not manage the compound, Conflict
    when somebody closed it before."""
    queries.compound_of(session, actor, compound_id)
    conflict = session.get(PassConflict, conflict_id)
    if conflict is None or conflict.compound_id != compound_id:
        raise NotFound
    closed = session.scalar(
        update(PassConflict)
        .where(PassConflict.id == conflict_id, PassConflict.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by_id=actor.id, note=note)
        .returning(PassConflict.id)
    )
    if closed is None:
        raise Conflict
