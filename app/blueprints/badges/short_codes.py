"""A code of six digits for when the camera fails, typed by the guard and checked with no network.

Beside the protocol's own table, and always amber: it proves that somebody sees the rider's phone,
not that the phone is here. The server's secret gives each day (in Suzhou) a key; a gate has the
days' keys, a phone only what follows from them for its own badge:

    day key   = HMAC-SHA256(secret, "SK1-short-day" 0x00 "2026-11-24")
    badge key = HMAC-SHA256(day key, "SK1-short-badge" 0x00 status index, 4 bytes)
    code      = the six digits that RFC 4226, 5.3 takes from HMAC-SHA256(badge key, minute, 8 bytes)

What is typed is the status index and the code: "41 482913".
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.blueprints.badges.status_list import Status
from app.blueprints.badges.verdict import LIST_RED_S, ListInHand, Reason, Verdict
from app.lib.clock import to_local

STEP_S = 60
DIGITS = 6
DAYS_BEFORE, DAYS_AFTER = 1, 3
_TYPED = re.compile(r"([0-9]{1,10})[ -]?([0-9]{6})")


@dataclass(frozen=True)
class Typed:
    """What a guard typed."""

    status_index: int
    digits: str


def read(text: str) -> Typed | None:
    """Read what was typed, "41 482913" or "41482913"; None if it is no short code."""
    found = _TYPED.fullmatch(text.strip()) if len(text) <= 40 else None
    if found is None or int(found[1]) >= 2**32:
        return None
    return Typed(int(found[1]), found[2])


def secret_of(secret_key: str) -> bytes:
    """The secret of these codes, from the server's own: a key for this use alone."""
    return hmac.digest(secret_key.encode(), b"badge short code", "sha256")


def day_key(secret: bytes, day: date) -> bytes:
    """The key that gates hold for a day."""
    return hmac.digest(secret, b"SK1-short-day\0" + day.isoformat().encode(), "sha256")


def badge_key(key_of_day: bytes, status_index: int) -> bytes:
    """The key that a phone holds for its badge and a day."""
    message = b"SK1-short-badge\0" + status_index.to_bytes(4, "big")
    return hmac.digest(key_of_day, message, "sha256")


def day_keys(secret: bytes, now: datetime) -> dict[str, bytes]:
    """The days' keys that a gate holds, by date: from yesterday to three days ahead."""
    today = to_local(now).date()
    days = [today + timedelta(days=n) for n in range(-DAYS_BEFORE, DAYS_AFTER + 1)]
    return {day.isoformat(): day_key(secret, day) for day in days}


def badge_keys(secret: bytes, status_index: int, now: datetime) -> dict[str, bytes]:
    """The keys that a phone holds, of the same days."""
    return {day: badge_key(key, status_index) for day, key in day_keys(secret, now).items()}


def code_at(key_of_badge: bytes, step: int) -> str:
    """The six digits of a minute, counted from 1970-01-01 UTC."""
    mac = hmac.digest(key_of_badge, step.to_bytes(8, "big"), "sha256")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_right(typed: Typed, *, now_s: float, keys: Mapping[str, bytes]) -> bool:
    """Whether the digits are those of this minute, the one before or the one after."""
    now = int(now_s // STEP_S)
    return any(_is_right_at(typed, step, keys) for step in (now - 1, now, now + 1))


def _is_right_at(typed: Typed, step: int, keys: Mapping[str, bytes]) -> bool:
    day = to_local(datetime.fromtimestamp(step * STEP_S, UTC)).date().isoformat()
    key = keys.get(day)
    if key is None:
        return False
    right = code_at(badge_key(key, typed.status_index), step)
    return hmac.compare_digest(right.encode(), typed.digits.encode())


def judge_short(
    text: str, *, now_s: float, keys: Mapping[str, bytes], list_in_hand: ListInHand
) -> Verdict:
    """The verdict on what was typed: amber at best."""
    reason = _reason(text, now_s, keys, list_in_hand)
    return Verdict(reason.level, reason, None, None)


def _reason(text: str, now_s: float, keys: Mapping[str, bytes], list_in_hand: ListInHand) -> Reason:
    typed = read(text)
    if typed is None or not is_right(typed, now_s=now_s, keys=keys):
        return Reason.BAD_SHORT_CODE
    status = list_in_hand.status(typed.status_index) or Status.VALID
    if status != Status.VALID:
        return Reason.SUSPENDED if status == Status.SUSPENDED else Reason.REVOKED
    if now_s - list_in_hand.iat > LIST_RED_S or now_s >= list_in_hand.exp:
        return Reason.LIST_EXPIRED
    return Reason.SHORT_CODE
