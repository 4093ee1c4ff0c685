"""What gate phones send: checked and judged one by one, written together with the chain's head.

A bad signature or a statement that does not follow is kept and marked, so that it is seen; what
is of another phone or gate, or cannot be read, is none of this phone's. What is altered moves
nobody. A phone that was ended may still hand in what it wrote down before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.accounts.queries import hold
from app.blueprints.gates.chain import Fitted, Head, Held, Piece, fit, mark_broken
from app.blueprints.gates.conflicts import ConflictKind, Found
from app.blueprints.gates.drafts import AHEAD, Link, PassDraft, Recorded, Said
from app.blueprints.gates.models import Chain, Gate, Pass, PassConflict, Scanner, Undo
from app.blueprints.gates.passes import record
from app.blueprints.gates.presence import Change, settle
from app.blueprints.gates.queries import scanner_of
from app.blueprints.gates.rejudge import Judged, Known, Trusted, judge_pass, known_for
from app.blueprints.gates.statements import (
    PassStatement,
    Statement,
    UndoStatement,
    first_hash,
    is_signed,
)
from app.errors import Forbidden, Invalid

BEFORE_SCANNER = timedelta(minutes=1)
"""How far a phone's time may lie before the moment at which it became a gate's."""
_SCANNER = (
    select(
        Scanner.id, Scanner.device_key, Scanner.last_seq, Scanner.last_hash, Scanner.created_at,
        Scanner.ended_at, Scanner.gate_id, Gate.compound_id,
    )
    .join_from(Scanner, Gate, Gate.organisation_id == Scanner.gate_id)
    .where(Scanner.id == bindparam("scanner"))
    .with_for_update(of=Scanner, key_share=True)
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """The phone that sends, and what judging needs; None for who is no gate phone."""

    scanner_id: int
    gate_id: int
    device_key: bytes
    ended_at: datetime | None
    known: Known
    now: datetime


@dataclass(frozen=True)
class PhoneDraft:
    """A statement, ready to be written; `judged` is there for a pass."""

    key: str
    statement: Statement
    signature: bytes
    is_signed: bool
    judged: Judged | None
    context: Context


def context_of(
    session: Session,
    actor: User,
    statements: Iterable[Statement],
    *,
    trusted: Trusted,
    now: datetime,
) -> Context | None:
    """What checking statements of this account needs, or None if it is no gate phone."""
    scanner = scanner_of(session, actor, ended=True)
    if scanner is None:
        return None
    passes = [one for one in statements if isinstance(one, PassStatement)]
    known = known_for(session, scanner.gate, passes, trusted)
    return Context(scanner.id, scanner.gate_id, scanner.device_key, scanner.ended_at, known, now)


def draft_statement(
    key: str, statement: Statement, signature: bytes, context: Context | None
) -> PhoneDraft:
    """Check and judge one statement. Raises Forbidden for who is no gate phone, Invalid for what
    is of another phone or gate, or was made after the phone was ended."""
    if context is None:
        raise Forbidden
    head = statement.head
    if head.scanner_id != context.scanner_id or head.gate_id != context.gate_id:
        raise Invalid({"statement": [_("This was not written down by this phone at this gate.")]})
    if context.ended_at is not None and head.at > context.ended_at:
        raise Invalid({"statement": [_("This phone was ended before that.")]})
    signed = is_signed(statement, signature, context.device_key)
    judged = None
    if isinstance(statement, PassStatement):
        judged = judge_pass(statement, context.known)
    return PhoneDraft(key, statement, signature, signed, judged, context)


def write(session: Session, drafts: Sequence[PhoneDraft]) -> list[Recorded]:
    """Write what one phone sent, in order, with the head of its chain; answers what became of
    each. An undo has no number."""
    scanner = _held_scanner(session, drafts[0].context.scanner_id)
    first, pieces = first_hash(scanner.device_key), _pieces(drafts)
    head = Head(scanner.id, first, scanner.last_seq, scanner.last_hash)
    fitted = fit(session, head, pieces)
    mark_broken(session, fitted.broken)
    undone = _takes_back(zip(drafts, fitted.chains, strict=True))
    if not head.is_before(pieces):
        undone |= _undone_before(session, scanner.id, drafts)
    both = list(zip(drafts, fitted.chains, strict=True))
    passes = [_pass(draft, chain, scanner, undone) for draft, chain in both if draft.judged]
    recorded = iter(record(session, passes))
    undos = [(draft, chain) for draft, chain in both if draft.judged is None]
    _write_undos(session, scanner, undos)
    _write_conflicts(session, scanner, undos, fitted.broken, drafts[0].context.now)
    _move_head(session, scanner, fitted)
    return [next(recorded) if draft.judged else Recorded(0, "") for draft in drafts]


def _held_scanner(session: Session, scanner_id: int) -> Any:
    """The phone's row, held until the end, so that two batches of it come one after the other."""
    return session.execute(_SCANNER, {"scanner": scanner_id}).one()


def _pieces(drafts: Sequence[PhoneDraft]) -> list[Piece]:
    heads = [(draft.statement.head, draft.is_signed) for draft in drafts]
    return [Piece(head.seq, head.prev, head.hash, signed) for head, signed in heads]


def _undone_before(
    session: Session, scanner_id: int, drafts: Sequence[PhoneDraft]
) -> dict[str, datetime]:
    """Which of the passes that come now were taken back by an undo that was faster, and when. An
    undo has the higher number, so there is none while only new numbers come."""
    rows = session.execute(
        select(Undo.pass_key, Undo.at).where(
            Undo.pass_key.in_([draft.key for draft in drafts if draft.judged]),
            Undo.scanner_id == scanner_id,
            Undo.chain != Chain.ALTERED,
        )
    )
    return dict(rows.all())


def _takes_back(undos: Iterable[tuple[PhoneDraft, Chain]]) -> dict[str, datetime]:
    return {
        draft.statement.pass_key: draft.statement.head.at
        for draft, chain in undos
        if isinstance(draft.statement, UndoStatement) and chain != Chain.ALTERED
    }


def _pass(draft: PhoneDraft, chain: Chain, scanner: Any, undone: dict[str, datetime]) -> PassDraft:
    said, judged, head = draft.statement, draft.judged, draft.statement.head
    assert isinstance(said, PassStatement)  # noqa: S101
    assert judged is not None  # noqa: S101
    return PassDraft(
        key=draft.key,
        compound_id=scanner.compound_id,
        gate_id=scanner.gate_id,
        at=head.at,
        received_at=draft.context.now,
        method=said.method,
        direction=said.direction,
        phone=Said(said.level, said.reason, said.detail),
        server=judged.said,
        outcome=said.outcome,
        rider_id=judged.rider_id,
        badge_id=judged.badge_id,
        label=judged.label,
        guard=head.guard,
        vehicle=said.vehicle,
        proof_time_s=judged.proof.time_s if judged.proof else None,
        proof_counter=judged.proof.counter if judged.proof else None,
        undone_at=undone.get(draft.key),
        link=_link(draft, chain),
        conflicts=tuple(_conflicts(draft, chain, scanner)),
    )


def _link(draft: PhoneDraft, chain: Chain) -> Link:
    head = draft.statement.head
    return Link(
        scanner_id=head.scanner_id,
        seq=head.seq,
        prev_hash=head.prev,
        statement=head.text,
        statement_hash=head.hash,
        signature=draft.signature,
        chain=chain,
    )


def _conflicts(draft: PhoneDraft, chain: Chain, scanner: Any) -> Iterable[Found]:
    """What is wrong with a statement itself, whatever it says."""
    head, now = draft.statement.head, draft.context.now
    about = {"seq": head.seq}
    if chain == Chain.ALTERED:
        yield Found(ConflictKind.ALTERED, about)
    elif chain == Chain.BROKEN:
        yield Found(ConflictKind.BROKEN, about)
    if head.at > now + AHEAD or head.at < scanner.created_at - BEFORE_SCANNER:
        off_s = round((head.at - now).total_seconds())
        yield Found(ConflictKind.CLOCK, about | {"seconds": off_s})
    if scanner.ended_at is not None:
        yield Found(ConflictKind.ENDED, about)


def _write_undos(session: Session, scanner: Any, undos: Sequence[tuple[PhoneDraft, Chain]]) -> None:
    if not undos:
        return
    session.execute(insert(Undo), [_undo_row(draft, chain) for draft, chain in undos])
    at_of = _takes_back(undos)
    rows = session.execute(
        select(Pass.id, Pass.key, Pass.at, Pass.rider_id, Pass.compound_id).where(
            Pass.key.in_(at_of), Pass.scanner_id == scanner.id, Pass.undone_at.is_(None)
        )
    ).all()
    if rows:
        session.execute(update(Pass), [{"id": row.id, "undone_at": at_of[row.key]} for row in rows])
        changes = [Change(row.compound_id, row.rider_id, row.at) for row in rows if row.rider_id]
        hold(session, {change.rider_id for change in changes})
        settle(session, changes, now=undos[0][0].context.now)


def _undo_row(draft: PhoneDraft, chain: Chain) -> dict[str, Any]:
    said, head = draft.statement, draft.statement.head
    assert isinstance(said, UndoStatement)  # noqa: S101
    return {
        "key": draft.key,
        "scanner_id": head.scanner_id,
        "pass_key": said.pass_key,
        "guard": head.guard,
        "at": head.at,
        "received_at": draft.context.now,
        "seq": head.seq,
        "prev_hash": head.prev,
        "statement_hash": head.hash,
        "statement": head.text,
        "signature": draft.signature,
        "chain": chain,
    }


def _write_conflicts(
    session: Session,
    scanner: Any,
    undos: Sequence[tuple[PhoneDraft, Chain]],
    broken: Sequence[Held],
    now: datetime,
) -> None:
    """The conflicts of undos, and of what was here before; `record` writes those of passes."""
    found: list[tuple[int | None, Found]] = [
        (None, one) for undo, chain in undos for one in _conflicts(undo, chain, scanner)
    ]
    found += [(one.pass_id, Found(ConflictKind.BROKEN, {"seq": one.seq})) for one in broken]
    rows = [one.row(scanner.compound_id, scanner.id, pass_id, now) for pass_id, one in found]
    if rows:
        session.execute(insert(PassConflict), rows)


def _move_head(session: Session, scanner: Any, fitted: Fitted) -> None:
    newest = fitted.newest
    if newest is not None and newest.seq > scanner.last_seq:
        session.execute(
            update(Scanner)
            .where(Scanner.id == scanner.id)
            .values(last_seq=newest.seq, last_hash=newest.hash)
            .execution_options(synchronize_session=False)
        )
