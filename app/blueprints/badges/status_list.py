"""Which badges are revoked or suspended, as one signed list that a reader keeps.

The form is that of the IETF Token Status List (draft-ietf-oauth-status-list): 2 bits an entry,
least significant bits first, zlib, base64url in `status_list.lst` of a JWT signed with ES256.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from app.blueprints.badges.signatures import public_key

TYPE = "statuslist+jwt"
MEDIA_TYPE = f"application/{TYPE}"
ENTRIES_A_BYTE = 4
MAX_TOKEN_CHARS = 4 * 1024 * 1024
MAX_LIST_BYTES = 4 * 1024 * 1024
"""Of the unpacked list: 16 million badges."""


class BadList(ValueError):
    """It is no status list that one of our keys signed."""


class Status(IntEnum):
    """An entry's value. The fourth is nobody's yet, and read as revoked."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    UNKNOWN = 3


@dataclass(frozen=True)
class StatusList:
    """A list as a reader holds it. Times in seconds since 1970-01-01 UTC."""

    iat: int
    exp: int
    ttl: int
    packed: bytes

    def status(self, index: int) -> Status | None:
        """The status of a badge; None past the end: the list is too old to know it."""
        place, shift = divmod(index, ENTRIES_A_BYTE)
        if place >= len(self.packed):
            return None
        return Status(self.packed[place] >> 2 * shift & 0b11)


def pack(statuses: Mapping[int, int], size: int) -> bytes:
    """At least `size` entries, valid but for those given by index."""
    packed = bytearray(-(-size // ENTRIES_A_BYTE))
    for index, status in statuses.items():
        place, shift = divmod(index, ENTRIES_A_BYTE)
        packed[place] |= status << 2 * shift
    return bytes(packed)


def make(found: StatusList, *, subject: str, kid: int, key: ec.EllipticCurvePrivateKey) -> str:
    """The list as a JWT; `subject` is the address at which it is found."""
    packed = zlib.compress(found.packed, 9)
    claims = {
        "sub": subject,
        "iat": found.iat,
        "exp": found.exp,
        "ttl": found.ttl,
        "status_list": {"bits": 2, "lst": urlsafe_b64encode(packed).decode().rstrip("=")},
    }
    return jwt.encode(claims, key, algorithm="ES256", headers={"typ": TYPE, "kid": str(kid)})


def open_list(token: str, keys: Mapping[int, Sequence[bytes]]) -> StatusList:
    """Read a list that one of these keys (compressed points by kid) signed. Raises BadList.

    Whether it is too old is for the verdict.
    """
    if len(token) > MAX_TOKEN_CHARS or not token.isascii():
        raise BadList("no token")
    claims = _verified(token, _candidates(token, keys))
    try:
        iat, exp, ttl = (_whole(claims[name]) for name in ("iat", "exp", "ttl"))
        listed = claims["status_list"]
        if listed["bits"] != 2:
            raise BadList("bits")
        return StatusList(iat, exp, ttl, _inflate(listed["lst"]))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise BadList("claims") from error


def _candidates(token: str, keys: Mapping[int, Sequence[bytes]]) -> Sequence[bytes]:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise BadList("no token") from error
    kid = header.get("kid", "")
    if header.get("typ") != TYPE or not (kid.isascii() and kid.isdigit() and len(kid) <= 5):
        raise BadList("header")
    return keys.get(int(kid), ())


def _verified(token: str, candidates: Sequence[bytes]) -> dict[str, Any]:
    for point in candidates:
        try:
            content = jwt.PyJWS().decode(token, public_key(point), algorithms=["ES256"])
            claims: dict[str, Any] = json.loads(content)
            return claims
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            continue
    raise BadList("signature")


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadList("times")
    return value


def _inflate(lst: str) -> bytes:
    """What is packed, bounded: a small text can unpack to gigabytes."""
    packed = urlsafe_b64decode(lst + "=" * (-len(lst) % 4))
    inflater = zlib.decompressobj()
    content = inflater.decompress(packed, MAX_LIST_BYTES)
    if not inflater.eof:
        raise BadList("too large or cut short")
    return content
