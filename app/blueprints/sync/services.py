"""Taking items from outboxes, each exactly once, none holding back another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.photos.services import held
from app.blueprints.reports.forms import from_fields
from app.blueprints.reports.models import Report
from app.blueprints.reports.queries import category_codes
from app.blueprints.reports.services import ReportDraft, file_reports
from app.blueprints.sync.models import SyncItem
from app.blueprints.sync.wire import Item, Malformed, parse_item
from app.errors import DomainError, Invalid
from app.lib import clock

Answer = dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """An item that is checked and may be written."""

    item: Item
    draft: ReportDraft


@dataclass(frozen=True)
class Kind:
    """How a kind of item is checked and written. Drafts are written many at a time."""

    schemas: frozenset[int]
    check: Callable[[Item, "Context"], ReportDraft]
    write: Callable[[Session, User, Sequence[ReportDraft], datetime], Sequence[Report]]


@dataclass(frozen=True)
class Context:
    """What checking needs to know, read once a batch."""

    codes: frozenset[str]


def check_report(item: Item, context: Context) -> ReportDraft:
    """A report's draft from its fields. Raises Invalid."""
    form = from_fields(item.fields, context.codes)
    errors: dict[str, Sequence[str]] = {} if form.validate() else dict(form.errors)
    if not item.photos:
        errors["photos"] = [_("Take at least one photo.")]
    if errors:
        raise Invalid(errors)
    data = form.data
    return ReportDraft(
        category_code=data["category"],
        description=data["description"],
        place=data["place"],
        latitude=data["latitude"],
        longitude=data["longitude"],
        accuracy_m=data["accuracy_m"],
        photos=item.photos,
        captured_at=item.captured_at,
        sent_at=item.sent_at,
        server_offset_ms=item.server_offset_ms,
    )


def write_reports(
    session: Session, actor: User, drafts: Sequence[ReportDraft], now: datetime
) -> Sequence[Report]:
    """File the reports of a batch."""
    return file_reports(session, actor, drafts, now=now)


KINDS: Mapping[str, Kind] = {"report": Kind(frozenset({1}), check_report, write_reports)}


def take_items(
    session: Session, actor: User, raw_items: Sequence[Any], *, now: datetime
) -> list[Answer]:
    """Take a batch; an answer for each item, in order. The caller commits, then answers.

    Good items are written together in one savepoint; should that fail, each gets one of its own.
    """
    parsed = [_parse(raw) for raw in raw_items]
    items = [item for item in parsed if isinstance(item, Item)]
    known = _known(session, actor, [item.key for item in items])
    photos = held(session, actor, (sha for item in items for sha in item.photos))
    context = Context(category_codes(session))
    answers: dict[int, Answer] = {}
    ready: dict[int, Ready] = {}
    first: dict[str, int] = {}
    repeats: dict[int, Item] = {}
    for index, item in enumerate(parsed):
        verdict = item if isinstance(item, dict) else _judge(item, known, photos, context)
        if not isinstance(verdict, Ready):
            answers[index] = verdict
        elif first.setdefault(verdict.item.key, index) == index:
            ready[index] = verdict
        else:  # the same key again in this batch
            repeats[index] = verdict.item
    answers |= _write_all(session, actor, ready, now)
    for index, item in repeats.items():
        original = first[item.key]
        answers[index] = _repeat(item, ready[original].item, answers[original])
    return [answers[index] for index in range(len(parsed))]


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


def _known(session: Session, actor: User, keys: Sequence[str]) -> dict[str, SyncItem]:
    if not keys:
        return {}
    found = select(SyncItem).where(SyncItem.owner_id == actor.id, SyncItem.key.in_(keys))
    return {row.key: row for row in session.scalars(found)}


def _judge(
    item: Item, known: Mapping[str, SyncItem], photos: set[str], context: Context
) -> Ready | Answer:
    """An answer that needs no writing, or the item ready to be written."""
    if (row := known.get(item.key)) is not None:
        return _compare(item, row)
    kind = KINDS.get(item.kind)
    if kind is None or item.schema not in kind.schemas:
        return _rejected(
            item, {"schema": [_("This version of the app is not known. Please update it.")]}
        )
    try:
        draft = kind.check(item, context)
    except Invalid as error:
        return _rejected(item, error.errors)
    if missing := [sha for sha in item.photos if sha not in photos]:
        return {"key": item.key, "verdict": "missing_photos", "missing": missing}
    return Ready(item, draft)


def _compare(item: Item, row: SyncItem) -> Answer:
    if row.content_hash != item.content_hash:
        return {"key": item.key, "verdict": "conflict", "reference": row.reference}
    return _receipt(row, "duplicate")


def _repeat(item: Item, original: Item, answer: Answer) -> Answer:
    if item.content_hash != original.content_hash:
        return {"key": item.key, "verdict": "conflict", "reference": answer.get("reference")}
    if answer["verdict"] == "accepted":
        return answer | {"verdict": "duplicate"}
    return answer


def _rejected(item: Item, errors: Mapping[str, Sequence[str]]) -> Answer:
    shown = {field: [str(text) for text in texts] for field, texts in errors.items()}
    return {"key": item.key, "verdict": "rejected", "errors": shown}


def _write_all(
    session: Session, actor: User, ready: Mapping[int, Ready], now: datetime
) -> dict[int, Answer]:
    if not ready:
        return {}
    try:
        with session.begin_nested():
            return _write(session, actor, ready, now)
    except (DBAPIError, DomainError):
        return {
            index: _write_alone(session, actor, index, one, now) for index, one in ready.items()
        }


def _write_alone(session: Session, actor: User, index: int, one: Ready, now: datetime) -> Answer:
    try:
        with session.begin_nested():
            return _write(session, actor, {index: one}, now)[index]
    except DomainError as error:
        return _rejected(one.item, {"item": [str(error.message)]})
    except DBAPIError:
        row = _known(session, actor, [one.item.key]).get(one.item.key)
        if row is not None:  # another request was faster with the same key
            return _compare(one.item, row)
        return {"key": one.item.key, "verdict": "retry"}


def _write(
    session: Session, actor: User, ready: Mapping[int, Ready], now: datetime
) -> dict[int, Answer]:
    answers: dict[int, Answer] = {}
    for kind_name, kind in KINDS.items():
        chosen = {index: one for index, one in ready.items() if one.item.kind == kind_name}
        written = kind.write(session, actor, [one.draft for one in chosen.values()], now)
        for (index, one), report in zip(chosen.items(), written, strict=True):
            row = _row(actor, one.item, report, now)
            session.add(row)
            answers[index] = _receipt(row, "accepted")
    session.flush()
    return answers


def _row(actor: User, item: Item, report: Report, now: datetime) -> SyncItem:
    return SyncItem(
        owner_id=actor.id,
        key=item.key,
        kind=item.kind,
        schema=item.schema,
        content_hash=item.content_hash,
        reference=report.number,
        url=f"/reports/{report.id}",
        received_at=now,
    )


def _receipt(row: SyncItem, verdict: str) -> Answer:
    return {
        "key": row.key,
        "verdict": verdict,
        "reference": row.reference,
        "url": row.url,
        "received_at": clock.to_ms(row.received_at),
    }
