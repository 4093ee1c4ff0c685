"""The outbox's kind `check_in`: a rider came to a station, by its poster or its counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges.terms import terms_of
from app.blueprints.stations.poster_codes import PosterCode
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.spots import spot_of
from app.blueprints.sync.wire import Item
from app.blueprints.visits import counter_codes
from app.blueprints.visits.counter_codes import CounterCode
from app.blueprints.visits.drafts import CheckInDraft, Recorded, Taken
from app.blueprints.visits.models import Purpose, Way
from app.blueprints.visits.own import CheckedIn, Known, Trusted, draft_of, known_for, read_code
from app.blueprints.visits.services import record
from app.errors import Forbidden, Invalid

OWN_WAYS = (Way.POSTER, Way.COUNTER)


@dataclass(frozen=True)
class Context:
    """What checking check-ins needs; `known` is None for who is no rider."""

    known: Known | None
    now: datetime


def prepare(session: Session, actor: User, items: Sequence[Item], now: datetime) -> Context:
    """The stations whose codes were read, and whom the rider rides for."""
    codes = [code for item in items if (code := _code(item.fields)) is not None]
    secret = counter_codes.secret_of(current_app.config["SECRET_KEY"])
    trusted = Trusted(terms_of(current_app.config).keys.published(), secret)
    try:
        return Context(known_for(session, actor, codes, trusted), now)
    except Forbidden:
        return Context(None, now)


def check(item: Item, context: Context) -> CheckInDraft:
    """A check-in's draft from its fields. Raises Invalid, or Forbidden for who is no rider."""
    if context.known is None:
        raise Forbidden
    code = _code(item.fields)
    if code is None:
        raise Invalid({"code": [_("This is no code of a station.")]})
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    said = CheckedIn(
        key=item.key,
        code=code,
        purpose=_purpose(item.fields),
        spot=spot_of(item.fields),
        at=item.captured_at + offset,
    )
    return draft_of(said, context.known, now=context.now)


def _code(fields: Mapping[str, Any]) -> PosterCode | CounterCode | None:
    way, text = fields.get("way"), fields.get("code")
    if way not in OWN_WAYS or not isinstance(text, str):
        return None
    return read_code(Way(way), text)


def _purpose(fields: Mapping[str, Any]) -> Purpose:
    purpose = fields.get("purpose")
    if not isinstance(purpose, str) or purpose not in tuple(Purpose):
        raise Invalid({"purpose": [_("Please choose what for.")]})
    return Purpose(purpose)


def write(session: Session, drafts: Sequence[CheckInDraft]) -> list[Recorded | Refused]:
    """Write them all; a key that somebody else used is refused."""
    return [
        Refused({"key": [_("That is not understood.")]}) if isinstance(one, Taken) else one
        for one in record(session, drafts)
    ]


CHECK_IN = Kind(frozenset({1}), prepare, check, write)
