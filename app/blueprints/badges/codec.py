"""The badge's code as text and as bytes: docs/protocols/badge.md, "Text form" and after.

Whatever text comes, reading it either gives a code of the right form or raises Unreadable, in
time bounded by the longest code that there is. Whether to believe it is for verdict.py.
"""

from dataclasses import dataclass
from struct import Struct
from typing import Literal

from app.blueprints.badges.signatures import POINT_BYTES, SIGNATURE_BYTES, is_point

PREFIX = "SK1:"
VERSION = 1
LIVE = 1
"""The one flag that there is: the badge has a device key."""
ID_BYTES = 8
LABEL_BYTES = 12
CHALLENGE_BYTES = 8
PRINTED_BYTES, LIVE_BYTES, CHALLENGED_BYTES = 110, 213, 221
CREDENTIAL_BYTES = 143
"""Of a live badge; a printed badge is nothing but its credential."""
CREDENTIAL_PREFIX, PROOF_PREFIX = b"SK1-cred\0", b"SK1-proof\0"

_HEAD = Struct(">BBH8sIIIH12s8s")
_TIME_AND_COUNTER = Struct(">IH")
_MOST_DIGITS = len(str(int.from_bytes(b"\1" + b"\xff" * CHALLENGED_BYTES, "big")))

Why = Literal["not_ours", "malformed"]


class Unreadable(ValueError):
    """The text is no code of this form; `reason` is a verdict's reason."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason: Why = reason


@dataclass(frozen=True, slots=True)
class Credential:
    """What the issuer says. Times in minutes since 1970-01-01 UTC."""

    kid: int
    badge_id: bytes
    status_index: int
    issued_at: int
    expires_at: int
    scope: int
    label: str
    portrait: bytes
    device_key: bytes | None
    signature: bytes
    signed: bytes
    """The message that the issuer signed, prefix and all."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What the phone adds at the moment of showing."""

    time_s: int
    counter: int
    challenge: bytes
    signature: bytes
    signed: bytes
    """The message that the phone signed, prefix and all."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code as it was read; a printed one has no proof."""

    credential: Credential
    proof: Proof | None
    payload: bytes


def decode(text: str) -> Code:
    """Read a code. Raises Unreadable."""
    payload = _payload(text)
    size = PRINTED_BYTES if len(payload) == PRINTED_BYTES else CREDENTIAL_BYTES
    credential = read_credential(payload[:size])
    rest = payload[size:]
    return Code(credential, _read_proof(credential, rest) if rest else None, payload)


def to_text(payload: bytes) -> str:
    """The text of a payload."""
    return PREFIX + str(int.from_bytes(b"\1" + payload, "big"))


def _payload(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise Unreadable("not_ours")
    if len(text) > len(PREFIX) + _MOST_DIGITS:  # before int(), whose work grows with the square
        raise Unreadable("malformed")
    digits = text[len(PREFIX) :]
    if not (digits.isascii() and digits.isdigit()) or digits[0] == "0":
        raise Unreadable("malformed")
    number = int(digits)
    marked = number.to_bytes((number.bit_length() + 7) // 8, "big")
    sizes = (PRINTED_BYTES, LIVE_BYTES, CHALLENGED_BYTES)
    if marked[0] != 1 or len(marked) - 1 not in sizes:
        raise Unreadable("malformed")
    return marked[1:]


def read_credential(raw: bytes) -> Credential:
    """Read a credential of 110 or 143 bytes. Raises Unreadable."""
    if len(raw) not in (PRINTED_BYTES, CREDENTIAL_BYTES):
        raise Unreadable("malformed")
    version, flags, kid, badge_id, index, issued_at, expires_at, scope, label, portrait = (
        _HEAD.unpack_from(raw)
    )
    live = len(raw) == CREDENTIAL_BYTES
    if version != VERSION or flags != (LIVE if live else 0):
        raise Unreadable("malformed")
    fields, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    return Credential(
        kid=kid,
        badge_id=badge_id,
        status_index=index,
        issued_at=issued_at,
        expires_at=expires_at,
        scope=scope,
        label=_read_label(label),
        portrait=portrait,
        device_key=_read_point(fields[-POINT_BYTES:]) if live else None,
        signature=signature,
        signed=CREDENTIAL_PREFIX + fields,
        raw=raw,
    )


def _read_label(padded: bytes) -> str:
    try:
        return padded.rstrip(b"\0").decode()
    except UnicodeDecodeError as error:
        raise Unreadable("malformed") from error


def _read_point(point: bytes) -> bytes:
    if not is_point(point):
        raise Unreadable("malformed")
    return point


def _read_proof(credential: Credential, rest: bytes) -> Proof:
    fields, signature = rest[:-SIGNATURE_BYTES], rest[-SIGNATURE_BYTES:]
    time_s, counter = _TIME_AND_COUNTER.unpack_from(fields)
    return Proof(
        time_s=time_s,
        counter=counter,
        challenge=fields[_TIME_AND_COUNTER.size :],
        signature=signature,
        signed=PROOF_PREFIX + credential.raw + fields,
    )


def credential_fields(
    *,
    kid: int,
    badge_id: bytes,
    status_index: int,
    issued_at: int,
    expires_at: int,
    scope: int,
    label: str,
    portrait: bytes,
    device_key: bytes | None,
) -> bytes:
    """The fields that the issuer signs, after CREDENTIAL_PREFIX; the signature comes behind them.

    Times in minutes since 1970-01-01 UTC; a printed badge has no device key.
    """
    if len(badge_id) != ID_BYTES or len(portrait) != ID_BYTES:
        raise ValueError("badge_id and portrait have 8 bytes")
    padded = cut_label(label).encode().ljust(LABEL_BYTES, b"\0")
    flags = 0 if device_key is None else LIVE
    head = _HEAD.pack(
        VERSION, flags, kid, badge_id, status_index, issued_at, expires_at, scope, padded, portrait
    )
    return head + (device_key or b"")


def proof_fields(*, time_s: int, counter: int, challenge: bytes = b"") -> bytes:
    """The fields that the phone signs, after PROOF_PREFIX and the credential."""
    return _TIME_AND_COUNTER.pack(time_s, counter % 2**16) + challenge


def cut_label(text: str) -> str:
    """As much of a label as its 12 bytes hold, cut between two characters."""
    return text.encode()[:LABEL_BYTES].decode(errors="ignore")
