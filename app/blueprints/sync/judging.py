"""What can be said of a batch without writing: it is read, checked and compared beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.photos.services import held
from app.blueprints.sync.kinds import KINDS
from app.blueprints.sync.models import SyncItem
from app.blueprints.sync.wire import Item, Malformed, parse_item
from app.errors import DomainError, Invalid
from app.lib import clock

Answer = dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """An item that is checked and may be written."""

    item: Item
    draft: Any
    """What its kind's `check` made of it."""


@dataclass(frozen=True)
class Judged:
    """A batch as far as it can be answered without writing; the numbers are places in it."""

    owner_id: int
    answers: dict[int, Answer]
    ready: dict[int, Ready]
    repeats: dict[int, tuple[Item, int]]
    """The same key again in this batch, and where it stood first."""
    now: datetime


def judge_items(session: Session, actor: User, raw_items: Sequence[Any], now: datetime) -> Judged:
    """Judge each item of a batch; no item holds back another."""
    parsed = [_parse(raw) for raw in raw_items]
    items = [item for item in parsed if isinstance(item, Item)]
    rows = known(session, actor.id, [item.key for item in items])
    photos = held(session, actor.id, (sha for item in items for sha in item.photos))
    contexts = _prepare(session, actor, items, now)
    judged = Judged(actor.id, {}, {}, {}, now)
    first: dict[str, int] = {}
    for index, item in enumerate(parsed):
        verdict = item if isinstance(item, dict) else _judge(item, rows, photos, contexts)
        if not isinstance(verdict, Ready):
            judged.answers[index] = verdict
        elif (place := first.setdefault(verdict.item.key, index)) == index:
            judged.ready[index] = verdict
        else:
            judged.repeats[index] = (verdict.item, place)
    return judged


def _prepare(
    session: Session, actor: User, items: Sequence[Item], now: datetime
) -> Mapping[str, Any]:
    """What each kind needs to check its items of this batch, by kind."""
    chosen = {name: [item for item in items if item.kind == name] for name in KINDS}
    return {
        name: KINDS[name].prepare(session, actor, members, now)
        for name, members in chosen.items()
        if members
    }


def _parse(raw: Any) -> Item | Answer:
    try:
        return parse_item(raw)
    except Malformed as error:
        key = raw.get("key") if isinstance(raw, dict) else None
        shown = key if isinstance(key, str) and len(key) <= 64 else None
        return {
            "key": shown,
            "verdict": "rejected",
            "errors": {str(error): [_("That is not understood.")]},
        }


def known(session: Session, owner_id: int, keys: Sequence[str]) -> dict[str, SyncItem]:
    """What this person has handed over before, by key."""
    if not keys:
        return {}
    found = select(SyncItem).where(SyncItem.owner_id == owner_id, SyncItem.key.in_(keys))
    return {row.key: row for row in session.scalars(found)}


def _judge(
    item: Item, rows: Mapping[str, SyncItem], photos: set[str], contexts: Mapping[str, Any]
) -> Ready | Answer:
    """An answer that needs no writing, or the item ready to be written."""
    if (row := rows.get(item.key)) is not None:
        return compare(item, row)
    kind = KINDS.get(item.kind)
    if kind is None or item.schema not in kind.schemas:
        return rejected(
            item, {"schema": [_("This version of the app is not known. Please update it.")]}
        )
    try:
        draft = kind.check(item, contexts[item.kind])
    except Invalid as error:
        return rejected(item, error.errors)
    except DomainError as error:
        return rejected(item, {"item": [str(error.message)]})
    if missing := [sha for sha in item.photos if sha not in photos]:
        return {"key": item.key, "verdict": "missing_photos", "missing": missing}
    return Ready(item, draft)


def rejected(item: Item, errors: Mapping[str, Sequence[str]]) -> Answer:
    """The answer to an item that breaks a rule: texts by field."""
    shown = {field: [str(text) for text in texts] for field, texts in errors.items()}
    return {"key": item.key, "verdict": "rejected", "errors": shown}


def compare(item: Item, row: SyncItem) -> Answer:
    """The answer to a key that was accepted before."""
    if row.content_hash != item.content_hash:
        return {"key": item.key, "verdict": "conflict", "reference": row.reference}
    return receipt(row.key, "duplicate", row.reference, row.url, row.received_at)


def receipt(key: str, verdict: str, reference: str, url: str, at: datetime) -> Answer:
    """What a phone is told of an item that is kept here."""
    return {
        "key": key,
        "verdict": verdict,
        "reference": reference,
        "url": url,
        "received_at": clock.to_ms(at),
    }
