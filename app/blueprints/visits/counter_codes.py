"""The code on the screen of a station's counter: another one every 30 s, which shows that whoever
read it was there.

The server's secret gives each station and day (in Suzhou) a key; the counter has those of a few
days, and so goes on without network:

    day key = HMAC-SHA256(secret, "SKC1-day" 0x00 station (4 bytes) "2026-11-24")
    mac     = the first 10 bytes of HMAC-SHA256(day key, "SKC1-code" 0x00 station, slot (4 bytes))

A slot is the number of half minutes since 1970-01-01 UTC; its day is that of its beginning. The
text is base64url, without padding, of version (1 byte), station (4), slot (4), mac (10); numbers
are big-endian. js/check_in/counter_code.js makes the same.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from struct import Struct

from app.lib.clock import to_local

VERSION = 1
SLOT_S = 30
STALE_AFTER_S = 90
"""So long after its slot began a code may be read, and so far ahead the counter's clock may be."""
DAYS_AROUND = 1
MAC_BYTES = 10
_FIELDS = Struct(">BII")
_TEXT = re.compile(r"[A-Za-z0-9_-]{26}")
_LAST = "AQgw"
"""19 bytes leave 4 bits of the last character unused: they are 0, so that a code has one text."""


class Unreadable(ValueError):
    """The text is no code of a counter."""


class Judged(StrEnum):
    """What a code proves."""

    RIGHT = "right"
    STALE = "stale"
    """It was on the screen, but not then."""
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class CounterCode:
    """What a screen said."""

    station_id: int
    slot: int
    mac: bytes


def secret_of(secret_key: str) -> bytes:
    """The secret of these codes, from the server's own: a key for this use alone."""
    return hmac.digest(secret_key.encode(), b"station counter code", "sha256")


def day_key(secret: bytes, station_id: int, day: date) -> bytes:
    """The key of a station's counter for a day."""
    message = b"SKC1-day\0" + station_id.to_bytes(4, "big") + day.isoformat().encode()
    return hmac.digest(secret, message, "sha256")


def day_keys(secret: bytes, station_id: int, now: datetime) -> dict[str, bytes]:
    """The keys that a counter holds, by day: of yesterday, today and tomorrow."""
    today = to_local(now).date()
    days = [today + timedelta(days=n) for n in range(-DAYS_AROUND, DAYS_AROUND + 1)]
    return {day.isoformat(): day_key(secret, station_id, day) for day in days}


def slot_at(moment: datetime) -> int:
    """The slot that a moment lies in."""
    return int(moment.timestamp()) // SLOT_S


def text_at(station_id: int, key: bytes, slot: int) -> str:
    """The code of a slot, by the key of its day."""
    fields = _FIELDS.pack(VERSION, station_id, slot)
    content = fields + _mac(station_id, key, slot)
    return urlsafe_b64encode(content).decode().rstrip("=")


def _mac(station_id: int, key: bytes, slot: int) -> bytes:
    message = b"SKC1-code\0" + station_id.to_bytes(4, "big") + slot.to_bytes(4, "big")
    return hmac.digest(key, message, "sha256")[:MAC_BYTES]


def read(text: str) -> CounterCode:
    """Read a code. Raises Unreadable."""
    if not _TEXT.fullmatch(text) or text[-1] not in _LAST:
        raise Unreadable
    content = urlsafe_b64decode(text + "==")
    version, station_id, slot = _FIELDS.unpack_from(content)
    if version != VERSION:
        raise Unreadable
    return CounterCode(station_id, slot, content[_FIELDS.size :])


def judge(code: CounterCode, *, secret: bytes, at: datetime) -> Judged:
    """What a code that was read at a moment proves."""
    key = day_key(secret, code.station_id, to_local(_began(code)).date())
    if not hmac.compare_digest(_mac(code.station_id, key, code.slot), code.mac):
        return Judged.FORGED
    return Judged.RIGHT if is_fresh(code, at) else Judged.STALE


def is_fresh(code: CounterCode, at: datetime) -> bool:
    """Whether the screen may have shown it at a moment."""
    return abs((at - _began(code)).total_seconds()) <= STALE_AFTER_S


def _began(code: CounterCode) -> datetime:
    return datetime.fromtimestamp(code.slot * SLOT_S, UTC)
