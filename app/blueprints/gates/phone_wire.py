"""What a gate's phone sends: checked and bounded."""

from app.blueprints.badges.signatures import POINT_BYTES, SIGNATURE_BYTES
from app.blueprints.badges.wire import from_base64url, json_object, not_understood, time_of
from app.blueprints.gates.enrolling import Enrolment

MAX_BODY_BYTES = 4096
MAX_CODE = 40


def read_enrolment(body: bytes) -> Enrolment:
    """An enrolment. Raises Invalid naming the part that does not fit."""
    raw = json_object(body)
    code = raw.get("code")
    if not isinstance(code, str) or not 1 <= len(code) <= MAX_CODE or not code.isascii():
        raise not_understood("code")
    return Enrolment(
        code=code,
        device_key=from_base64url(raw.get("device_key"), POINT_BYTES, "device_key"),
        time_s=time_of(raw),
        signature=from_base64url(raw.get("signature"), SIGNATURE_BYTES, "signature"),
    )


def read_search(body: bytes) -> str:
    """What a guard looks for; how much of it counts is the search's. Raises Invalid."""
    text = json_object(body).get("q")
    if not isinstance(text, str):
        raise not_understood("q")
    return text
