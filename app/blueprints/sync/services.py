"""Writing judged items, each exactly once, none holding back another."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.blueprints.sync.judging import (
    Answer,
    Judged,
    Ready,
    compare,
    known,
    receipt,
    rejected,
)
from app.blueprints.sync.kind import Refused
from app.blueprints.sync.kinds import KINDS
from app.blueprints.sync.models import SyncItem
from app.blueprints.sync.wire import Item
from app.lib.database import table_of

_INSERT = insert(table_of(SyncItem))


def write_items(session: Session, judged: Judged) -> dict[int, Answer]:
    """Write what is ready, together in one savepoint; should that fail, each in one of its own."""
    try:
        with session.begin_nested():
            return _write(session, judged, judged.ready)
    except DBAPIError:
        return {index: _write_alone(session, judged, index) for index in judged.ready}


def _write_alone(session: Session, judged: Judged, index: int) -> Answer:
    one = judged.ready[index]
    try:
        with session.begin_nested():
            return _write(session, judged, {index: one})[index]
    except DBAPIError:
        row = known(session, judged.owner_id, [one.item.key]).get(one.item.key)
        if row is not None:  # another request was faster with the same key
            return compare(one.item, row)
        return {"key": one.item.key, "verdict": "retry"}


def _write(session: Session, judged: Judged, ready: Mapping[int, Ready]) -> dict[int, Answer]:
    answers: dict[int, Answer] = {}
    rows: list[dict[str, Any]] = []
    for name, kind in KINDS.items():
        chosen = {index: one for index, one in ready.items() if one.item.kind == name}
        if not chosen:
            continue
        filed = kind.write(session, [one.draft for one in chosen.values()])
        for (index, one), written in zip(chosen.items(), filed, strict=True):
            if isinstance(written, Refused):
                answers[index] = _refusal(session, judged, one.item, written)
                continue
            rows.append(_row(judged, one.item, written.number, written.url))
            answers[index] = receipt(
                one.item.key, "accepted", written.number, written.url, judged.now
            )
    if rows:
        session.execute(_INSERT, rows)
    return answers


def _refusal(session: Session, judged: Judged, item: Item, refused: Refused) -> Answer:
    """Why an item was not written; perhaps because another request wrote the very same first."""
    row = known(session, judged.owner_id, [item.key]).get(item.key)
    if row is not None:
        return compare(item, row)
    if refused.again:
        return {"key": item.key, "verdict": "retry"}
    return rejected(item, refused.errors)


def _row(judged: Judged, item: Item, reference: str, url: str) -> dict[str, Any]:
    return {
        "owner_id": judged.owner_id,
        "key": item.key,
        "kind": item.kind,
        "schema": item.schema,
        "content_hash": item.content_hash,
        "reference": reference,
        "url": url,
        "received_at": judged.now,
    }
