"""The outbox's kind `self_pass`: a rider says to have passed a gate that has no guard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.drafts import PassDraft
from app.blueprints.gates.models import Directions
from app.blueprints.gates.passes import record
from app.blueprints.gates.places import Known, SelfReport, draft_of, known_for
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.spots import spot_of
from app.blueprints.sync.wire import Item
from app.errors import Forbidden, Invalid

MAX_CODE = 40


@dataclass(frozen=True)
class Context:
    """What checking self-reports needs; `known` is None for who is no rider."""

    known: Known | None
    now: datetime


def prepare(session: Session, actor: User, items: Sequence[Item], now: datetime) -> Context:
    """The gates whose codes are named, and how it stands with the rider."""
    codes = [item.fields.get("gate") for item in items]
    named = [code for code in codes if isinstance(code, str) and len(code) <= MAX_CODE]
    try:
        return Context(known_for(session, actor, named), now)
    except Forbidden:
        return Context(None, now)


def check(item: Item, context: Context) -> PassDraft:
    """A pass's draft from its fields. Raises Invalid, or Forbidden for who is no rider."""
    if context.known is None:
        raise Forbidden
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    report = SelfReport(
        key=item.key,
        code=_code(item.fields),
        direction=_direction(item.fields),
        spot=spot_of(item.fields),
        at=item.captured_at + offset,
    )
    return draft_of(report, context.known, now=context.now)


def _code(fields: Mapping[str, Any]) -> str:
    code = fields.get("gate")
    if not isinstance(code, str) or not 0 < len(code) <= MAX_CODE:
        raise Invalid({"gate": [_("There is no gate with this code.")]})
    return code


def _direction(fields: Mapping[str, Any]) -> Directions:
    direction = fields.get("direction")
    if direction not in (Directions.ENTRY, Directions.EXIT):
        raise Invalid({"direction": [_("Either entry or exit.")]})
    return Directions(direction)


SELF_PASS = Kind(frozenset({1}), prepare, check, record)
"""Passes have no page of their own: the receipt's address is empty."""
