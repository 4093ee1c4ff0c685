"""Whether whoever shows a code may enter: docs/protocols/badge.md, "Verdict".

Pure: what the reader knows comes in, a verdict goes out. Checked in the order of Reason; the first
that applies is the answer, so a red always beats an amber.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from app.blueprints.badges import signatures
from app.blueprints.badges.codec import (
    CREDENTIAL_PREFIX,
    Code,
    Credential,
    Proof,
    Unreadable,
    decode,
)
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.status_list import Status

HOUR_S = 3600
CLOCK_RED_S, CLOCK_AMBER_S = 600, 90
LIST_RED_S, LIST_AMBER_S = 72 * HOUR_S, 24 * HOUR_S


class Level(StrEnum):
    """What the guard sees first."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Reason(StrEnum):
    """Why, in the order in which it is checked. The last two stand outside the code's own table:
    a short code typed by hand (short_codes.py)."""

    NOT_OURS = "not_ours"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    WRONG_SCOPE = "wrong_scope"
    GATE_CLOSED = "gate_closed"
    BAD_PROOF = "bad_proof"
    CLOCK = "clock"
    REPLAYED = "replayed"
    LIST_EXPIRED = "list_expired"
    CLOCK_SKEW = "clock_skew"
    PRINTED = "printed"
    LIST_STALE = "list_stale"
    OK = "ok"
    SHORT_CODE = "short_code"
    BAD_SHORT_CODE = "bad_short_code"

    @property
    def level(self) -> Level:
        """The colour that goes with it."""
        if self == Reason.OK:
            return Level.GREEN
        return Level.AMBER if self in _AMBER else Level.RED


_AMBER = frozenset({Reason.CLOCK_SKEW, Reason.PRINTED, Reason.LIST_STALE, Reason.SHORT_CODE})


class ListInHand(Protocol):
    """A status list that a reader holds; times in seconds since 1970-01-01 UTC."""

    @property
    def iat(self) -> int: ...
    @property
    def exp(self) -> int: ...
    def status(self, index: int) -> Status | None:
        """None for an index past the end."""
        ...


def no_rules(_code: Code) -> str | None:
    """A gate that refuses nothing."""
    return None


@dataclass(frozen=True)
class Reader:
    """What a reader knows. `now_s` is its clock, corrected by its server offset; `keys` are
    compressed points by kid; `scopes` the groups of its compound; `challenge` what it asked for,
    else empty; `gate_refuses` answers which of the gate's own rules says no, or None.
    """

    now_s: float
    keys: Mapping[int, Sequence[bytes]]
    scopes: frozenset[int]
    list: ListInHand
    challenge: bytes
    gate_refuses: Callable[[Code], str | None]
    replays: Replays


@dataclass(frozen=True)
class Verdict:
    """The answer; `code` is what was read, if anything could be; `detail` the gate's rule."""

    level: Level
    reason: Reason
    detail: str | None
    code: Code | None


def judge(text: str, reader: Reader) -> Verdict:
    """Judge a text. What is not red is remembered in `reader.replays` as accepted."""
    try:
        code = decode(text)
    except Unreadable as error:
        reason = Reason(error.reason)
        return Verdict(reason.level, reason, None, None)
    reason, detail = _reason(code, reader)
    if code.proof and reason.level != Level.RED:
        reader.replays.accept(code.credential.badge_id, code.proof, reader.now_s)
    return Verdict(reason.level, reason, detail, code)


def _reason(code: Code, reader: Reader) -> tuple[Reason, str | None]:
    credential, proof = code.credential, code.proof
    if red := _issuer_says_no(credential, reader):
        return red, None
    status = reader.list.status(credential.status_index)
    if red := _list_says_no(status):
        return red, None
    if credential.scope and credential.scope not in reader.scopes:
        return Reason.WRONG_SCOPE, None
    if detail := reader.gate_refuses(code):
        return Reason.GATE_CLOSED, detail
    if proof and (red := _proof_says_no(credential, proof, reader)):
        return red, None
    return _by_age(proof, status, reader), None


def _issuer_says_no(credential: Credential, reader: Reader) -> Reason | None:
    keys = reader.keys.get(credential.kid)
    if not keys:
        return Reason.UNKNOWN_KEY
    if not any(_issuer_signed(key, credential.raw) for key in keys):
        return Reason.BAD_SIGNATURE
    if reader.now_s < credential.issued_at * 60:
        return Reason.NOT_YET_VALID
    return Reason.EXPIRED if reader.now_s >= credential.expires_at * 60 else None


@lru_cache(maxsize=8192)
def _issuer_signed(key: bytes, raw: bytes) -> bool:
    """Whether this key signed a credential. Kept: it is shown again and again until renewed."""
    fields, signature = raw[: -signatures.SIGNATURE_BYTES], raw[-signatures.SIGNATURE_BYTES :]
    return signatures.verify(key, signature, CREDENTIAL_PREFIX + fields)


def _list_says_no(status: Status | None) -> Reason | None:
    if status is None or status == Status.VALID:
        return None
    return Reason.SUSPENDED if status == Status.SUSPENDED else Reason.REVOKED


def _proof_says_no(credential: Credential, proof: Proof, reader: Reader) -> Reason | None:
    if proof.challenge != reader.challenge:
        return Reason.BAD_PROOF
    if not signatures.verify(credential.device_key or b"", proof.signature, proof.signed):
        return Reason.BAD_PROOF
    if abs(proof.time_s - reader.now_s) > CLOCK_RED_S:
        return Reason.CLOCK
    replayed = reader.replays.seen(credential.badge_id, proof, reader.now_s)
    return Reason.REPLAYED if replayed else None


def _by_age(proof: Proof | None, status: Status | None, reader: Reader) -> Reason:
    """What is left: the age of the list and of the proof, and whether the badge is printed."""
    age_s = reader.now_s - reader.list.iat
    if age_s > LIST_RED_S or reader.now_s >= reader.list.exp:
        return Reason.LIST_EXPIRED
    if proof and abs(proof.time_s - reader.now_s) > CLOCK_AMBER_S:
        return Reason.CLOCK_SKEW
    if proof is None:
        return Reason.PRINTED
    return Reason.LIST_STALE if age_s > LIST_AMBER_S or status is None else Reason.OK
