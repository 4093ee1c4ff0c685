"""A rider's own passes, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Gate, Pass
from app.lib.database import MAX_ROW_ID

PAGE = 30


@dataclass(frozen=True)
class OwnPasses:
    """Some passes, newest first, and before which the next page begins (an id) if there is one."""

    passes: Sequence[Pass]
    before: int | None


def own(actor: User) -> Select[Pass]:
    """The actor's passes: every query here begins with them."""
    return select(Pass).where(Pass.rider_id == actor.id)


def own_passes(session: Session, actor: User, *, before: int | None = None) -> OwnPasses:
    """30 passes at a time by when they were, each with its gate and compound. What was recorded
    without network comes in late, so the order is not that of the ids."""
    found = own(actor)
    if before is not None:
        number = min(max(before, 0), MAX_ROW_ID)
        edge = own(actor).where(Pass.id == number).with_only_columns(Pass.at).scalar_subquery()
        found = found.where(tuple_(Pass.at, Pass.id) < tuple_(edge, number))
    rows = session.scalars(
        found.options(
            joinedload(Pass.gate, innerjoin=True).joinedload(Gate.compound, innerjoin=True),
            defer(Pass.statement),
        )
        .order_by(Pass.at.desc(), Pass.id.desc())
        .limit(PAGE + 1)
    ).all()
    more = len(rows) > PAGE
    return OwnPasses(rows[:PAGE], rows[PAGE - 1].id if more else None)
