"""What stands at a gate: phones and barriers, made known and ended by property managers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates.compounds import ensure_gate, record
from app.blueprints.gates.enrolling import code_hash
from app.blueprints.gates.models import Barrier, Gate, Scanner, ScannerCode
from app.errors import Conflict, NotFound

CODE_LASTS = timedelta(minutes=15)
OPEN_CODES = 10
BARRIERS_AT_ONE_GATE = 20
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 8
"""40 bits, for 15 minutes, once; and trying is slow."""


@dataclass(frozen=True)
class NewCode:
    """A code that makes a phone a gate's, to be shown once."""

    code: str
    expires_at: datetime


@dataclass(frozen=True)
class NewBarrier:
    """A barrier with its token, to be shown once."""

    barrier: Barrier
    token: str


def make_scanner_code(
    session: Session,
    actor: User,
    compound_id: int,
    gate_id: int,
    *,
    secret_key: str,
    now: datetime,
) -> NewCode:
    """A code with which one phone becomes this gate's, within 15 minutes. Raises NotFound for who
    does not manage the gate, Conflict while ten codes of it are unused."""
    gate = ensure_gate(session, queries.gate_of(session, actor, compound_id, gate_id))
    unused = select(func.count()).where(
        ScannerCode.gate_id == gate_id, ScannerCode.used_at.is_(None), ScannerCode.expires_at > now
    )
    if (session.scalar(unused) or 0) >= OPEN_CODES:
        raise Conflict(_("Ten codes of this gate are unused. Use one, or wait a little."))
    made = NewCode(
        "".join(secrets.choice(_LETTERS) for _l in range(_CODE_LENGTH)), now + CODE_LASTS
    )
    session.add(
        ScannerCode(
            gate_id=gate.organisation_id,
            code_hash=code_hash(secret_key, made.code),
            created_by_id=actor.id,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    record(session, actor, compound_id, f"gate {gate_id} phone code", now)
    return made


def end_scanner(
    session: Session, actor: User, compound_id: int, scanner_id: int, *, now: datetime
) -> Scanner:
    """End a phone: it is signed out, and what it records from now on does not count. Raises
    NotFound for who does not manage its gate, Conflict when it was ended before."""
    queries.compound_of(session, actor, compound_id)
    scanner = session.scalar(
        select(Scanner)
        .join(Gate, Gate.organisation_id == Scanner.gate_id)
        .where(Scanner.id == scanner_id, Gate.compound_id == compound_id)
    )
    if scanner is None:
        raise NotFound
    _end(session, actor, Scanner, scanner_id, now)
    session.execute(update(User).where(User.id == scanner.user_id).values(disabled_at=now))
    record(session, actor, compound_id, f"gate {scanner.gate_id} phone {scanner_id} ended", now)
    return scanner


def make_barrier(
    session: Session, actor: User, compound_id: int, gate_id: int, *, label: str, now: datetime
) -> NewBarrier:
    """A barrier's entry, with the token that it will send. Raises NotFound for who does not manage
    the gate, Conflict past 20 barriers."""
    gate = ensure_gate(session, queries.gate_of(session, actor, compound_id, gate_id))
    there = select(func.count()).where(Barrier.gate_id == gate_id, Barrier.ended_at.is_(None))
    if (session.scalar(there) or 0) >= BARRIERS_AT_ONE_GATE:
        raise Conflict(_("There are 20 barriers at this gate. End one first."))
    token = secrets.token_urlsafe(32)
    barrier = Barrier(
        gate_id=gate.organisation_id,
        label=label,
        token_hash=sha256(token.encode()).hexdigest(),
        created_by_id=actor.id,
        created_at=now,
    )
    session.add(barrier)
    session.flush()
    record(session, actor, compound_id, f"gate {gate_id} barrier {barrier.id} made", now)
    return NewBarrier(barrier, token)


def end_barrier(
    session: Session, actor: User, compound_id: int, barrier_id: int, *, now: datetime
) -> Barrier:
    """End a barrier's token. Raises NotFound for who does not manage its gate, Conflict when it
    was ended before."""
    queries.compound_of(session, actor, compound_id)
    barrier = session.scalar(
        select(Barrier)
        .join(Gate, Gate.organisation_id == Barrier.gate_id)
        .where(Barrier.id == barrier_id, Gate.compound_id == compound_id)
    )
    if barrier is None:
        raise NotFound
    _end(session, actor, Barrier, barrier_id, now)
    record(session, actor, compound_id, f"gate {barrier.gate_id} barrier {barrier_id} ended", now)
    return barrier


def _end(
    session: Session, actor: User, model: type[Scanner] | type[Barrier], row_id: int, now: datetime
) -> None:
    ended = session.scalar(
        update(model)
        .where(model.id == row_id, model.ended_at.is_(None))
        .values(ended_at=now, ended_by_id=actor.id)
        .returning(model.id)
    )
    if ended is None:
        raise Conflict
