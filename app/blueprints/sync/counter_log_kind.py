"""The outbox's kind `counter_log`: whom a host wrote down at a station's counter, or takes back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.terms import terms_of
from app.blueprints.counters.log_fields import Log, TakeBack, read
from app.blueprints.counters.logs import Context, Logged, UndoDraft, context_of, draft_of
from app.blueprints.gates.rejudge import Trusted
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.wire import Item
from app.blueprints.visits.drafts import CheckInDraft, Recorded
from app.blueprints.visits.services import record, take_back
from app.errors import Invalid

Written = Logged | Refused
NUMBER_CHARS = 12
_KEY_USED = _l("Somebody else has used this number.")
_NOTHING = _l("There is nothing to take back.")


@dataclass(frozen=True)
class Batch:
    """The logs of a batch that could be read, by their item's key and text; and what checking
    them needs."""

    wanted: Mapping[tuple[str, str], Log | TakeBack]
    context: Context


def _read(item: Item) -> Log | TakeBack:
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    return read(item.key, item.fields, item.captured_at + offset)


def prepare(session: Session, actor: User, items: Sequence[Item], now: datetime) -> Batch:
    """Read the logs, and what is known of the riders in them."""
    wanted: dict[tuple[str, str], Log | TakeBack] = {}
    for item in items:
        try:
            wanted[(item.key, item.content_hash)] = _read(item)
        except Invalid:
            continue  # `check` says so
    terms = terms_of(current_app.config)
    trusted = Trusted(terms.keys.published(), terms.short_secret)
    context = context_of(session, actor, list(wanted.values()), trusted=trusted, now=now)
    return Batch(wanted, context)


def check(item: Item, batch: Batch) -> CheckInDraft | UndoDraft:
    """A log's draft. Raises Invalid, or Forbidden for who works at no station."""
    wanted = batch.wanted.get((item.key, item.content_hash))
    return draft_of(wanted or _read(item), batch.context)


def write(session: Session, drafts: Sequence[CheckInDraft | UndoDraft]) -> list[Written]:
    """Write the logs, then take back what was a mistake, be it of this very batch."""
    written = _logs(session, [one for one in drafts if isinstance(one, CheckInDraft)])
    written |= _undos(session, [one for one in drafts if isinstance(one, UndoDraft)])
    return [written[draft.key] for draft in drafts]


def _logs(session: Session, drafts: Sequence[CheckInDraft]) -> dict[str, Written]:
    return {
        draft.key: Logged(one.number) if isinstance(one, Recorded) else _refused(_KEY_USED)
        for draft, one in zip(drafts, record(session, drafts), strict=True)
    }


def _undos(session: Session, drafts: Sequence[UndoDraft]) -> dict[str, Written]:
    if not drafts:
        return {}
    keys = list(dict.fromkeys(draft.undone for draft in drafts))
    taken = take_back(session, keys, actor=drafts[0].actor, now=drafts[0].now)
    return {draft.key: _undone(draft, taken) for draft in drafts}


def _undone(draft: UndoDraft, taken: Collection[str]) -> Written:
    if draft.undone in taken:
        return Logged(draft.undone[-NUMBER_CHARS:])
    return Refused({}, again=True) if draft.waits else _refused(_NOTHING)


def _refused(why: LazyString) -> Refused:
    return Refused({"item": [str(why)]})


COUNTER_LOG = Kind(frozenset({1}), prepare, check, write)
