"""What a rider's phone sends about its badge: checked and bounded."""

import json
import re
from base64 import urlsafe_b64decode
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
    shown = _object(body).get("badge")
    if shown is not None and not (isinstance(shown, str) and _BADGE_ID.fullmatch(shown)):
        raise _invalid("badge")
    return shown


def read_enrolment(body: bytes) -> Asked:
    """An enrolment. Raises Invalid naming the part that does not fit."""
    raw = _object(body)
    time_s, replace = raw.get("time"), raw.get("replace", False)
    if isinstance(time_s, bool) or not isinstance(time_s, int) or not 0 <= time_s < 2**32:
        raise _invalid("time")
    if not isinstance(replace, bool):
        raise _invalid("replace")
    enrolment = Enrolment(
        device_key=from_base64url(raw.get("device_key"), POINT_BYTES, "device_key"),
        time_s=time_s,
        signature=from_base64url(raw.get("signature"), SIGNATURE_BYTES, "signature"),
    )
    return Asked(enrolment, replace)


def from_base64url(text: object, size: int, field: str) -> bytes:
    """Exactly `size` bytes, written as base64url with or without padding. Raises Invalid."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,200}={0,2}", text):
        raise _invalid(field)
    bare = text.rstrip("=")
    try:
        content = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError as error:
        raise _invalid(field) from error
    if len(content) != size:
        raise _invalid(field)
    return content


def _object(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _invalid("body") from error
    if not isinstance(raw, dict):
        raise _invalid("body")
    return raw


def _invalid(field: str) -> Invalid:
    return Invalid({field: [_("That is not understood.")]})
