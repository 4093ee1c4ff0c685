"""The outbox's kind `self_pass`: a rider says to have passed a gate that has no guard."""

import math
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
from app.blueprints.gates.places import Known, SelfReport, Spot, draft_of, known_for
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.wire import Item
from app.errors import Forbidden, Invalid

MAX_CODE = 40
BOUNDS = {"latitude": (-90, 90), "longitude": (-180, 180), "accuracy_m": (0, 1_000_000)}


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
        spot=_spot(item.fields),
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


def _spot(fields: Mapping[str, Any]) -> Spot | None:
    """Where the phone was, or None if it did not know."""
    numbers = {name: _number(fields, name) for name in BOUNDS}
    latitude, longitude = numbers["latitude"], numbers["longitude"]
    if latitude is None or longitude is None:
        return None
    return Spot(latitude, longitude, numbers["accuracy_m"] or 0.0)


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    value, (least, most) = fields.get(name), BOUNDS[name]
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or not math.isfinite(value):
        raise Invalid({name: [_("That is no number.")]})
    return float(value)


SELF_PASS = Kind(frozenset({1}), prepare, check, record)
"""Passes have no page of their own: the receipt's address is empty."""
