"""The gates of a compound as its desk shows them: what is set, the phones, the barriers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.gates.compound_queries import gates_of
from app.blueprints.gates.models import Barrier, Gate, PassConflict, Scanner
from app.blueprints.organisations.models import Organisation

OF_THE_PHONE = ("altered", "broken", "missing", "clock")
"""Kinds of conflict that say something of a phone's chain or clock."""


@dataclass(frozen=True)
class PhoneLine:
    """A gate phone, and the kinds of its open conflicts with how many there are."""

    scanner: Scanner
    wrong: Mapping[str, int]


@dataclass(frozen=True)
class GateLine:
    """A gate of a compound with what stands at it; `gate` is None until something is set."""

    organisation: Organisation
    gate: Gate | None
    phones: Sequence[PhoneLine]
    barriers: Sequence[Barrier]


def gate_lines(session: Session, compound_id: int) -> Sequence[GateLine]:
    """The gates of a compound with their phones and barriers, those that ended left out."""
    gates = gates_of(session, compound_id)
    ids = [gate.id for gate in gates]
    rows = session.scalars(select(Gate).where(Gate.organisation_id.in_(ids)))
    set_up = {gate.organisation_id: gate for gate in rows}
    phones, barriers = _phones(session, compound_id, ids), _barriers(session, ids)
    return [
        GateLine(
            one,
            set_up.get(one.id),
            [phone for phone in phones if phone.scanner.gate_id == one.id],
            [barrier for barrier in barriers if barrier.gate_id == one.id],
        )
        for one in gates
    ]


def _phones(session: Session, compound_id: int, gate_ids: Sequence[int]) -> list[PhoneLine]:
    scanners = session.scalars(
        select(Scanner)
        .where(Scanner.gate_id.in_(gate_ids), Scanner.ended_at.is_(None))
        .order_by(Scanner.last_seen_at.desc(), Scanner.id)
    ).all()
    counted = session.execute(
        select(PassConflict.scanner_id, PassConflict.kind, func.count())
        .where(
            PassConflict.compound_id == compound_id,
            PassConflict.resolved_at.is_(None),
            PassConflict.kind.in_(OF_THE_PHONE),
        )
        .group_by(PassConflict.scanner_id, PassConflict.kind)
    ).all()
    return [
        PhoneLine(one, {kind: count for owner, kind, count in counted if owner == one.id})
        for one in scanners
    ]


def _barriers(session: Session, gate_ids: Sequence[int]) -> Sequence[Barrier]:
    return session.scalars(
        select(Barrier)
        .where(Barrier.gate_id.in_(gate_ids), Barrier.ended_at.is_(None))
        .order_by(Barrier.id)
    ).all()


def place_code_of(session: Session, gate_id: int) -> str | None:
    """The code that a gate's poster carries, once something was set for the gate."""
    return session.scalar(select(Gate.place_code).where(Gate.organisation_id == gate_id))
