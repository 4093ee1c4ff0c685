"""Reading a compound's conflicts, with the phones and people they name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Gate, Pass, PassConflict, Scanner
from app.lib.database import MAX_ROW_ID

PAGE = 50


@dataclass(frozen=True)
class ConflictPage:
    """Some conflicts, newest first, and before which id the next page begins if there is one."""

    conflicts: Sequence[PassConflict]
    before: int | None


def conflicts(
    session: Session, compound_id: int, *, is_open: bool, before: int | None = None
) -> ConflictPage:
    """The conflicts of a compound, open or resolved, with their passes."""
    state = PassConflict.resolved_at.is_(None) if is_open else PassConflict.resolved_at.is_not(None)
    rows = session.scalars(
        select(PassConflict)
        .where(
            PassConflict.compound_id == compound_id,
            state,
            PassConflict.id < min(max(before or MAX_ROW_ID, 0), MAX_ROW_ID),
        )
        .options(
            joinedload(PassConflict.passed).joinedload(Pass.gate).joinedload(Gate.organisation)
        )
        .order_by(PassConflict.id.desc())
        .limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    return ConflictPage(shown, shown[-1].id if len(rows) > PAGE else None)


def scanners_by_id(session: Session, ids: set[int]) -> dict[int, Scanner]:
    """Gate phones by their ids."""
    found = session.scalars(select(Scanner).where(Scanner.id.in_(ids)))
    return {scanner.id: scanner for scanner in found}


def names_by_id(session: Session, ids: set[int]) -> dict[int, str]:
    """Names of people by their ids."""
    found = select(User.id, User.name).where(User.id.in_(ids))
    return dict(session.execute(found).all())
