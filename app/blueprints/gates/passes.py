"""Writing passes of any method, many at a time, with what they lead to: conflicts, presences."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.queries import hold
from app.blueprints.gates.crossing import compare, differences, surroundings
from app.blueprints.gates.drafts import Link, PassDraft, Recorded, Said, moves
from app.blueprints.gates.models import Chain, Pass, PassConflict
from app.blueprints.gates.presence import Change, settle
from app.lib.database import table_of

__all__ = ["Link", "PassDraft", "Recorded", "Said", "record"]

_AS_IT_IS = (
    "key", "compound_id", "gate_id", "at", "received_at", "method", "direction", "outcome",
    "rider_id", "badge_id", "label", "guard", "vehicle", "barrier_id", "distance_m",
    "proof_time_s", "proof_counter", "undone_at", "scanner_id",
)  # fmt: skip
_OF_LINK = ("seq", "prev_hash", "statement", "statement_hash", "signature", "chain")
_PASSES = table_of(Pass)
_INSERT = insert(_PASSES)
_INSERT_ONE = _INSERT.returning(_PASSES.c.id)
_IDS = select(_PASSES.c.key, _PASSES.c.id).where(
    _PASSES.c.key.in_(bindparam("keys", expanding=True))
)
_NO_LINK = dict.fromkeys(_OF_LINK) | {"chain": Chain.NONE}


def record(session: Session, drafts: Sequence[PassDraft]) -> list[Recorded]:
    """Write passes, in their order; with their conflicts and presences, in as few statements for
    many as for one."""
    if not drafts:
        return []
    hold(session, {draft.rider_id for draft in drafts if draft.rider_id is not None})
    around = surroundings(session, drafts)
    compared = [(draft, *compare(draft, around)) for draft in drafts]
    ids = _insert(session, [_row(draft, server) for draft, server, _found in compared])
    conflicts = [
        found.row(draft.compound_id, draft.scanner_id, pass_id, draft.received_at)
        for pass_id, (draft, server, crossed) in zip(ids, compared, strict=True)
        for found in (*draft.conflicts, *crossed, *differences(draft, server))
    ]
    if conflicts:
        session.execute(insert(PassConflict), conflicts)
    now = max(draft.received_at for draft in drafts)
    settle(session, _changes(drafts), closes=around.closes, now=now)
    return [Recorded(pass_id, str(pass_id)) for pass_id in ids]


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write rows; their ids, in order. Those of many are asked for by key: to have them returned
    in order, SQLite would have to write row by row."""
    if len(rows) == 1:
        return [session.execute(_INSERT_ONE, rows[0]).scalar_one()]
    session.execute(_INSERT, rows)
    keys = [row["key"] for row in rows]
    found = dict(session.execute(_IDS, {"keys": keys}).all())
    return [found[key] for key in keys]


def _row(draft: PassDraft, server: Said) -> dict[str, Any]:
    row = {name: getattr(draft, name) for name in _AS_IT_IS}
    link = draft.link
    row |= {name: getattr(link, name) for name in _OF_LINK} if link else _NO_LINK
    return row | {
        "phone_level": draft.phone.level,
        "phone_reason": draft.phone.reason,
        "phone_detail": draft.phone.detail,
        "server_level": server.level,
        "server_reason": server.reason,
    }


def _changes(drafts: Sequence[PassDraft]) -> list[Change]:
    return [
        Change(draft.compound_id, draft.rider_id, draft.at)
        for draft in drafts
        if draft.rider_id is not None and draft.counts and moves(draft.at, draft.received_at)
    ]
