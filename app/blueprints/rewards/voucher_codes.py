"""The code of a voucher: what was redeemed, where it is handed out, until when; signed by the
issuer of badges, so that a counter without network can judge it.

What a QR code shows is "SKV1:" and base64url, without padding, of 83 bytes, numbers big-endian:

    version (1), kid (2), redemption (4), reward (4), station (4; 0 is any), until (4; seconds since
    1970-01-01 UTC), signature (64)

The signature is that of the key `kid` over "SKV1" 0x00 and the 19 bytes before it; the prefix
keeps it apart from what the same key signs of badges and posters. Whatever text comes, reading it
gives a code of this form or raises Unreadable; whether to believe it is for `is_signed`.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from struct import Struct

from app.blueprints.badges import signatures
from app.blueprints.badges.issuer_keys import IssuerKey
from app.lib.database import MAX_ROW_ID

TEXT_PREFIX = "SKV1:"
VERSION = 1
ANY_STATION = 0
_PREFIX = b"SKV1\0"
_FIELDS = Struct(">BHIIII")
_TEXT = re.compile(r"SKV1:[A-Za-z0-9_-]{111}")
_LAST = "AEIMQUYcgkosw048"
"""83 bytes leave 2 bits of the last character unused: they are 0, so that a code has one text."""
TEXT_LENGTH = len(TEXT_PREFIX) + 111


class Unreadable(ValueError):
    """The text is no code of a voucher."""


@dataclass(frozen=True, slots=True)
class VoucherCode:
    """What a voucher says."""

    kid: int
    redemption_id: int
    reward_id: int
    station_id: int
    """ANY_STATION if it may be handed out anywhere."""
    until_s: int
    """Seconds since 1970-01-01 UTC; the voucher counts before, not at it."""
    signature: bytes
    signed: bytes
    """The message that the issuer signed, prefix and all."""

    @property
    def until(self) -> datetime:
        """The same as a moment."""
        return datetime.fromtimestamp(self.until_s, UTC)


def text_of(
    key: IssuerKey, *, redemption_id: int, reward_id: int, station_id: int | None, until: datetime
) -> str:
    """The text of a voucher's code, with its prefix. `until` is cut to whole seconds."""
    seconds, station = int(until.timestamp()), station_id or ANY_STATION
    fields = _FIELDS.pack(VERSION, key.kid, redemption_id, reward_id, station, seconds)
    signature = signatures.sign(key.private_key, _PREFIX + fields)
    return TEXT_PREFIX + urlsafe_b64encode(fields + signature).decode().rstrip("=")


def read(text: str) -> VoucherCode:
    """Read a code. Raises Unreadable."""
    if not _TEXT.fullmatch(text) or text[-1] not in _LAST:
        raise Unreadable
    content = urlsafe_b64decode(text.removeprefix(TEXT_PREFIX) + "=")
    fields, signature = content[: _FIELDS.size], content[_FIELDS.size :]
    version, kid, redemption, reward, station, until_s = _FIELDS.unpack(fields)
    if version != VERSION:
        raise Unreadable
    signed = _PREFIX + fields
    return VoucherCode(kid, redemption, reward, station, until_s, signature, signed)


def redemption_in(text: str) -> int | None:
    """The id of the redemption that a code names, whoever signed it; None for what is no code, or
    names more than a row's id can be."""
    try:
        named = read(text).redemption_id
    except Unreadable:
        return None
    return named if named <= MAX_ROW_ID else None


def is_signed(code: VoucherCode, published_keys: Mapping[int, Sequence[bytes]]) -> bool:
    """Whether one of these keys (compressed points by kid) signed it."""
    points = published_keys.get(code.kid, ())
    return any(signatures.verify(point, code.signature, code.signed) for point in points)
