"""What a counter sends of somebody who came, or of one that it takes back: checked and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.blueprints.badges import short_codes
from app.blueprints.badges.codec import CHALLENGED_BYTES
from app.blueprints.visits.models import Purpose, Way, Who
from app.errors import Invalid
from app.lib.database import MAX_ROW_ID
from app.lib.phone import normalise
from app.lib.text import clean

BY_HOST = (Way.BADGE, Way.NUMBER, Way.HAND)
MOST_PEOPLE, MAX_LABEL, MAX_NUMBER = 99, 40, 32
MAX_CODE, KEY_CHARS = 3 * CHALLENGED_BYTES, 36
"""A byte takes less than three digits."""


@dataclass(frozen=True, slots=True)
class Log:
    """Somebody came, as the host wrote it down at `at`. Of `code` (a badge's text), `number` (as
    typed) and `label` (the host's words) there is what the way goes by, else "".
    """

    key: str
    station_id: int
    way: Way
    purpose: Purpose
    who: Who
    people: int
    code: str
    number: str
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A log with this key was a mistake."""

    key: str
    station_id: int
    undone: str
    at: datetime


def read(key: str, fields: Mapping[str, Any], at: datetime) -> Log | TakeBack:
    """A log, or its taking back. Raises Invalid naming the field that does not fit."""
    station_id = _whole(fields, "station", MAX_ROW_ID)
    if fields.get("undo") is not None:
        return TakeBack(key, station_id, _text(fields, "undo", KEY_CHARS), at)
    way = Way(_one_of(fields, "way", BY_HOST))
    who = Who(_one_of(fields, "who", tuple(Who))) if way == Way.HAND else Who.RIDER
    people = _whole(fields, "people", MOST_PEOPLE) if who == Who.WORKER else 1
    return Log(
        key=key, station_id=station_id, way=way,
        purpose=Purpose(_one_of(fields, "purpose", tuple(Purpose))), who=who, people=people,
        code=_text(fields, "code", MAX_CODE) if way == Way.BADGE else "",
        number=_number(fields) if way == Way.NUMBER else "",
        label=_label(fields) if way == Way.HAND else "", at=at,
    )  # fmt: skip


def _number(fields: Mapping[str, Any]) -> str:
    """A mobile number, or the digits below a badge's code."""
    typed = _text(fields, "number", MAX_NUMBER)
    if normalise(typed) is None and short_codes.read(typed) is None:
        raise Invalid({"number": [_("That is no mobile number and no badge's digits.")]})
    return typed


def _label(fields: Mapping[str, Any]) -> str:
    """What the host wrote, on one line; it may be nothing."""
    if fields.get("label") is None:
        return ""
    return " ".join(clean(_text(fields, "label", MAX_LABEL, least=0)).split())


def _whole(fields: Mapping[str, Any], name: str, most: int) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise _unclear(name)
    return value


def _one_of(fields: Mapping[str, Any], name: str, choices: tuple[Any, ...]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or value not in choices:
        raise _unclear(name)
    return value


def _text(fields: Mapping[str, Any], name: str, most: int, *, least: int = 1) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not least <= len(value) <= most or "\0" in value:
        raise _unclear(name)
    return value


def _unclear(name: str) -> Invalid:
    return Invalid({name: [_("That is not understood.")]})
