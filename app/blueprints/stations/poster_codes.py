"""The code on a station's poster: which station, which poster, signed by the issuer of badges.

The text is base64url, without padding, of 73 bytes, numbers big-endian:

    version (1), kid (2), station (4), poster (2), signature (64)

The signature is that of the key `kid` over "SKP1" 0x00 and the 9 bytes before it; the prefix keeps
it apart from what the same key signs of badges. Whatever text comes, reading it gives a code of
this form or raises Unreadable; whether to believe it is for `is_signed`.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from struct import Struct

from app.blueprints.badges import signatures
from app.blueprints.badges.issuer_keys import IssuerKey, IssuerKeys
from app.blueprints.stations.models import Station

VERSION = 1
MAX_POSTER = 2**16 - 1
_PREFIX = b"SKP1\0"
_FIELDS = Struct(">BHIH")
_TEXT = re.compile(r"[A-Za-z0-9_-]{98}")
_LAST = "AQgw"
"""73 bytes leave 4 bits of the last character unused: they are 0, so that a code has one text."""


class Unreadable(ValueError):
    """The text is no code of a poster."""


@dataclass(frozen=True, slots=True)
class PosterCode:
    """What a poster says."""

    kid: int
    station_id: int
    poster: int
    signature: bytes
    signed: bytes
    """The message that the issuer signed, prefix and all."""


def text_of(key: IssuerKey, *, station_id: int, poster: int) -> str:
    """The text of a poster's code."""
    fields = _FIELDS.pack(VERSION, key.kid, station_id, poster)
    signature = signatures.sign(key.private_key, _PREFIX + fields)
    return urlsafe_b64encode(fields + signature).decode().rstrip("=")


@lru_cache(maxsize=8192)
def read(text: str) -> PosterCode:
    """Read a code; many riders read the same. Raises Unreadable."""
    if not _TEXT.fullmatch(text) or text[-1] not in _LAST:
        raise Unreadable
    content = urlsafe_b64decode(text + "==")
    fields, signature = content[: _FIELDS.size], content[_FIELDS.size :]
    version, kid, station_id, poster = _FIELDS.unpack(fields)
    if version != VERSION:
        raise Unreadable
    return PosterCode(kid, station_id, poster, signature, _PREFIX + fields)


def is_signed(code: PosterCode, published_keys: Mapping[int, Sequence[bytes]]) -> bool:
    """Whether one of these keys (compressed points by kid) signed it."""
    points = published_keys.get(code.kid, ())
    return any(_is_signed_by(point, code.signature, code.signed) for point in points)


@lru_cache(maxsize=8192)
def _is_signed_by(point: bytes, signature: bytes, signed: bytes) -> bool:
    """Many riders read the same poster."""
    return signatures.verify(point, signature, signed)


def address_of(station: Station, keys: IssuerKeys, root: str, *, now: datetime) -> str:
    """What the poster's code holds: an address that a phone's own camera opens. `root` is that of
    the site, without the last slash. Raises NoIssuerKey."""
    key = keys.signing(now)
    text = text_of(key, station_id=station.organisation_id, poster=station.poster)
    return f"{root}/check-in#p={text}"
