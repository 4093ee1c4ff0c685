"""What a phone sends about its badge: checked and bounded. Gate phones share the parts."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.blueprints.badges.services import Enrolment
from app.blueprints.badges.signatures import POINT_BYTES, SIGNATURE_BYTES
from app.errors import Invalid

MAX_BODY_BYTES = 4096
_BADGE_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Asked:
    """An enrolment, and whether it may end the badge of another phone."""

    enrolment: Enrolment
    replace: bool


def read_shown(body: bytes) -> str | None:
    """The id of the badge that a phone shows (hex), or None. Raises Invalid."""
    shown = json_object(body).get("badge")
    if shown is not None and not (isinstance(shown, str) and _BADGE_ID.fullmatch(shown)):
        raise not_understood("badge")
    return shown


def read_enrolment(body: bytes) -> Asked:
    """An enrolment. Raises Invalid naming the part that does not fit."""
    raw = json_object(body)
    replace = raw.get("replace", False)
    if not isinstance(replace, bool):
        raise not_understood("replace")
    enrolment = Enrolment(
        device_key=from_base64url(raw.get("device_key"), POINT_BYTES, "device_key"),
        time_s=time_of(raw),
        signature=from_base64url(raw.get("signature"), SIGNATURE_BYTES, "signature"),
    )
    return Asked(enrolment, replace)


def time_of(raw: Mapping[str, Any]) -> int:
    """The time that a phone signed, in seconds since 1970. Raises Invalid."""
    time_s = raw.get("time")
    if isinstance(time_s, bool) or not isinstance(time_s, int) or not 0 <= time_s < 2**32:
        raise not_understood("time")
    return time_s


def from_base64url(text: object, size: int, field: str) -> bytes:
    """Exactly `size` bytes, written as base64url with or without padding. Raises Invalid."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,200}={0,2}", text):
        raise not_understood(field)
    bare = text.rstrip("=")
    try:
        content = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError as error:
        raise not_understood(field) from error
    if len(content) != size:
        raise not_understood(field)
    return content


def json_object(body: bytes) -> dict[str, Any]:
    """A request's body as a JSON object. Raises Invalid."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise not_understood("body") from error
    if not isinstance(raw, dict):
        raise not_understood("body")
    return raw


def not_understood(field: str) -> Invalid:
    """What is said of a field that no phone of ours sends so."""
    return Invalid({field: [_("That is not understood.")]})
