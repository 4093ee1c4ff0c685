"""What is known of who passed where is deleted after a time: 90 days, unless the settings differ.

What was deleted from the middle of a phone's chain (a clock that once ran wrong) is noted, so that
nobody takes it for missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.blueprints.gates.missing import conflict, ranges
from app.blueprints.gates.models import (
    Compound,
    Gate,
    Pass,
    PassConflict,
    Presence,
    Scanner,
    ScannerCode,
    Undo,
)

BATCH = 500
AHEAD = timedelta(days=1)
"""A time further ahead than this was no time: then the day of receipt counts."""

_UNDOS = select(Undo.id, Undo.scanner_id, Undo.seq)


@dataclass(frozen=True)
class Bounds:
    """Everything older than `before` goes, by the clock of `now`."""

    before: datetime
    now: datetime

    def is_old(self, table: type[Pass] | type[Undo]) -> ColumnElement[bool]:
        """Whether a row is old."""
        never = and_(table.at > self.now + AHEAD, table.received_at < self.before)
        return or_(table.at < self.before, never)


def bounds(days: int, now: datetime) -> Bounds:
    """What goes if passes are kept for so many days."""
    return Bounds(now - timedelta(days=days), now)


def any_old(session: Session, old: Bounds) -> bool:
    """Whether `delete_old` would delete anything. Asked first, because nearly always it would
    not."""
    wanted = [
        select(Pass.id).where(old.is_old(Pass)),
        select(Undo.id).where(old.is_old(Undo)),
        *(select(ids).where(condition) for ids, condition in _others(old)),
    ]
    return any(session.execute(one.limit(1)).first() is not None for one in wanted)


def delete_old(session: Session, old: Bounds) -> bool:
    """Delete a batch of each kind; answers whether there may be more."""
    passes, undos = _old_passes(session, old), _old_undos(session, old)
    _delete_passes(session, passes)
    undos += _undos_of(session, passes)
    session.execute(delete(Undo).where(Undo.id.in_([undo.id for undo in undos])))
    _note_holes(session, old, [*passes, *undos])
    full = BATCH in (len(passes), len(undos))
    for ids, condition in _others(old):
        doomed = session.scalars(select(ids).where(condition).limit(BATCH)).all()
        session.execute(delete(ids.class_).where(ids.in_(doomed)))
        full = full or len(doomed) == BATCH
    return full


def _old_passes(session: Session, old: Bounds) -> list[Any]:
    wanted = select(Pass.id, Pass.key, Pass.scanner_id, Pass.seq).where(old.is_old(Pass))
    return list(session.execute(wanted.order_by(Pass.at).limit(BATCH)))


def _old_undos(session: Session, old: Bounds) -> list[Any]:
    return list(session.execute(_UNDOS.where(old.is_old(Undo)).limit(BATCH)))


def _undos_of(session: Session, passes: Sequence[Any]) -> list[Any]:
    keys = [passed.key for passed in passes]
    return list(session.execute(_UNDOS.where(Undo.pass_key.in_(keys))))


def _delete_passes(session: Session, passes: Sequence[Any]) -> None:
    """With the presences that began with them; their conflicts go by themselves."""
    ids = [passed.id for passed in passes]
    session.execute(delete(Presence).where(Presence.pass_id.in_(ids)))
    session.execute(delete(Pass).where(Pass.id.in_(ids)))


def _note_holes(session: Session, old: Bounds, rows: Sequence[Any]) -> None:
    """Note what is gone from the chain of a phone though something before it stays, or though the
    phone is so new that its chain should be there from the beginning."""
    gone: dict[int, set[int]] = {}
    for row in rows:
        if row.scanner_id is not None:
            gone.setdefault(row.scanner_id, set()).add(row.seq)
    for scanner in _scanners(session, gone):
        left = [seq for seq in (scanner.in_passes, scanner.in_undos) if seq is not None]
        kept_from = 0 if scanner.created_at >= old.before else min(left, default=None)
        for hole in ranges(gone[scanner.id]):
            if kept_from is not None and kept_from < hole[0]:
                noted = conflict(scanner.id, scanner.compound_id, hole, old.now)
                noted.resolved_at, noted.note = old.now, _("Deleted because of its age.")
                session.add(noted)
    session.flush()


def _scanners(session: Session, ids: Iterable[int]) -> Sequence[Any]:
    """Phones, with the lowest number that is left of each."""
    lowest = [
        select(func.min(table.seq)).where(table.scanner_id == Scanner.id).scalar_subquery()
        for table in (Pass, Undo)
    ]
    return session.execute(
        select(
            Scanner.id,
            Scanner.created_at,
            Gate.compound_id,
            lowest[0].label("in_passes"),
            lowest[1].label("in_undos"),
        )
        .join_from(Scanner, Gate, Gate.organisation_id == Scanner.gate_id)
        .where(Scanner.id.in_(list(ids)))
    ).all()


def _others(old: Bounds) -> list[tuple[InstrumentedAttribute[int], ColumnElement[bool]]]:
    """What hangs on no pass: the column of its ids, and when a row is old."""
    compounds = select(Compound.organisation_id)  # named, because the index begins with them
    return [
        (
            Presence.id,
            and_(Presence.compound_id.in_(compounds), Presence.entered_at < old.before,
                 Presence.left_at.is_not(None)),
        ),
        (
            PassConflict.id,
            and_(PassConflict.pass_id.is_(None), PassConflict.created_at < old.before),
        ),
        (
            ScannerCode.id,
            and_(ScannerCode.created_at < old.before, ScannerCode.expires_at < old.now),
        ),
    ]  # fmt: skip
