"""What a phone sends to become a gate's: checked and bounded."""

import json
from typing import Any

from flask_babel import gettext as _

from app.blueprints.badges.signatures import POINT_BYTES, SIGNATURE_BYTES
from app.blueprints.badges.wire import from_base64url
from app.blueprints.gates.enrolling import Enrolment
from app.errors import Invalid

MAX_BODY_BYTES = 4096
MAX_CODE = 40


def read_enrolment(body: bytes) -> Enrolment:
    """An enrolment. Raises Invalid naming the part that does not fit."""
    raw = _object(body)
    code, time_s = raw.get("code"), raw.get("time")
    if not isinstance(code, str) or not 1 <= len(code) <= MAX_CODE or not code.isascii():
        raise _invalid("code")
    if isinstance(time_s, bool) or not isinstance(time_s, int) or not 0 <= time_s < 2**32:
        raise _invalid("time")
    return Enrolment(
        code=code,
        device_key=from_base64url(raw.get("device_key"), POINT_BYTES, "device_key"),
        time_s=time_s,
        signature=from_base64url(raw.get("signature"), SIGNATURE_BYTES, "signature"),
    )


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
