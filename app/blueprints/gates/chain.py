"""Whether what a gate phone sent fits together: numbers from 1 on, each naming the one before.

Statements come in any order and in several batches. One is checked against the one before it when
both are there, whichever came last. What is altered names nothing that can be relied on, so it is
no one's predecessor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all, update
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Chain, Pass, Undo

_IS_PASS, _IS_UNDO = literal(0), literal(1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement that comes: its number, the hash it names, its own, and whether it is signed."""

    seq: int
    prev: str
    hash: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A statement that is here already; `pass_id` and `undo_id`: one of both."""

    seq: int
    prev: str
    hash: str
    chain: Chain
    pass_id: int | None
    undo_id: int | None


@dataclass(frozen=True)
class Fitted:
    """How the pieces fit, in their order; what was here and turns out not to follow; and the
    newest of the pieces that counts."""

    chains: Sequence[Chain]
    broken: Sequence[Held]
    newest: Piece | None


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain of a phone has come: the highest number that counts, and its hash. Before
    the first statement, 0 and what that one must name."""

    scanner_id: int
    first: str
    seq: int
    hash: str

    def is_before(self, pieces: Iterable[Piece]) -> bool:
        """Whether all of these are new at the end: then nothing else there matters."""
        return all(piece.seq > self.seq for piece in pieces)


def fit(session: Session, head: Head, pieces: Sequence[Piece]) -> Fitted:
    """Put pieces into the chain of a phone. The caller holds the phone's row."""
    at_end = head.is_before(pieces)
    held = [] if at_end else _held(session, head.scanner_id, {piece.seq for piece in pieces})
    hashes = {head.seq: head.hash, 0: head.first} | _hashes(held)
    chains = [_taken(piece, hashes) for piece in pieces]
    good = [p for p, chain in zip(pieces, chains, strict=True) if chain == Chain.OK]
    for place, piece in enumerate(pieces):
        if chains[place] == Chain.OK and hashes.get(piece.seq - 1, piece.prev) != piece.prev:
            chains[place] = Chain.BROKEN
    new = {piece.seq: piece.hash for piece in good}
    broken = [
        one for one in held if one.chain == Chain.OK and new.get(one.seq - 1, one.prev) != one.prev
    ]
    return Fitted(chains, broken, max(good, key=lambda piece: piece.seq, default=None))


def _taken(piece: Piece, hashes: dict[int, str]) -> Chain:
    """Give a piece its number, unless it is altered or another has the number."""
    if not piece.is_signed:
        return Chain.ALTERED
    if piece.seq in hashes:
        return Chain.BROKEN
    hashes[piece.seq] = piece.hash
    return Chain.OK


def _hashes(held: Iterable[Held]) -> dict[int, str]:
    found: dict[int, str] = {}
    for one in held:
        if one.chain != Chain.ALTERED:
            found.setdefault(one.seq, one.hash)
    return found


def _held(session: Session, scanner_id: int, numbers: set[int]) -> list[Held]:
    """What is here of these numbers and their neighbours; those that came first stand first."""
    near = sorted({near for seq in numbers for near in (seq - 1, seq, seq + 1)})
    rows = session.execute(
        union_all(
            *(
                select(
                    table.seq, table.prev_hash, table.statement_hash, table.chain, table.id,
                    table.received_at, name.label("which"),
                ).where(table.scanner_id == scanner_id, table.seq.in_(near))
                for table, name in ((Pass, _IS_PASS), (Undo, _IS_UNDO))
            )
        )
    )  # fmt: skip
    ordered = sorted(rows, key=lambda row: (row.received_at, row.which, row.id))
    return [_held_of(row) for row in ordered]


def _held_of(row: Any) -> Held:
    is_pass = row.which == 0
    return Held(
        row.seq, row.prev_hash, row.statement_hash, Chain(row.chain),
        row.id if is_pass else None, None if is_pass else row.id,
    )  # fmt: skip


def mark_broken(session: Session, broken: Sequence[Held]) -> None:
    """What was here and does not follow what came now."""
    by_table: Mapping[Any, list[int]] = {
        Pass: [one.pass_id for one in broken if one.pass_id is not None],
        Undo: [one.undo_id for one in broken if one.undo_id is not None],
    }
    for table, ids in by_table.items():
        if ids:
            session.execute(update(table).where(table.id.in_(ids)).values(chain=Chain.BROKEN))
