"""What a gate phone signs: a pass, or a pass taken back. Read, checked, bounded; not yet believed.

The statement is JSON text that stays as the phone made it, because that text is what is signed:
ECDSA (P-256, SHA-256) with the phone's key over "SK1-pass" 0x00 and the text in UTF-8. Each names
the SHA-256 of the one before; the first, of "SK1-chain" 0x00 and the phone's compressed key.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.blueprints.badges.signatures import verify
from app.blueprints.gates.models import Directions, Method, Outcome
from app.lib import clock
from app.lib.database import MAX_ROW_ID
from app.lib.text import clean

VERSION = 1
PREFIX, CHAIN_PREFIX = b"SK1-pass\0", b"SK1-chain\0"
MAX_BYTES = 4000
MAX_GUARD, MAX_CODE, MAX_SHORT = 30, 600, 20
MAX_SECONDS = 2**32 - 1
BY_PHONE = (Method.LIVE, Method.PRINTED, Method.SHORT, Method.MANUAL)
_HASH = re.compile(r"[0-9a-f]{64}")
_CHALLENGE = re.compile(r"[0-9a-f]{16}")
_WORD = re.compile(r"[a-z_]{1,20}")
_DETAIL = re.compile(r"[a-z0-9_ .:-]{1,40}")
_SHORT = re.compile(r"[0-9 -]{1,20}")
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ANY_TEXT = re.compile(r"[^\0]{0,600}", re.DOTALL)


class Unclear(ValueError):
    """It is no statement; the text names the part that is wrong."""


@dataclass(frozen=True)
class Head:
    """What every statement has. `text` is what was signed, `hash` its SHA-256."""

    text: str
    hash: str
    scanner_id: int
    seq: int
    prev: str
    at: datetime
    gate_id: int
    guard: str


@dataclass(frozen=True)
class PassStatement:
    """A pass as the phone saw it. Of `code`, `short` and `rider_id` there is the one that the
    method goes by."""

    head: Head
    direction: Directions
    vehicle: str
    method: Method
    code: str | None
    short: str | None
    rider_id: int | None
    level: str
    reason: str
    detail: str | None
    outcome: Outcome
    challenge: bytes


@dataclass(frozen=True)
class UndoStatement:
    """A pass taken back, by the key of its item."""

    head: Head
    pass_key: str


Statement = PassStatement | UndoStatement


def read(text: object) -> Statement:
    """Read a statement. What is not known of it is left alone. Raises Unclear."""
    if not isinstance(text, str) or len(text) > MAX_BYTES:
        raise Unclear("statement")
    raw = _object(text)
    if _whole(raw, "v", 1, MAX_ROW_ID) != VERSION:
        raise Unclear("v")
    head = _head(raw, text)
    match raw.get("kind"):
        case "pass":
            return _pass(raw, head)
        case "undo":
            return UndoStatement(head, _text(raw, "undo", _KEY))
    raise Unclear("kind")


def is_signed(statement: Statement, signature: bytes, device_key: bytes) -> bool:
    """Whether the phone with this key signed it."""
    return verify(device_key, signature, PREFIX + statement.head.text.encode())


def first_hash(device_key: bytes) -> str:
    """What the first statement of a phone names as the one before."""
    return sha256(CHAIN_PREFIX + device_key).hexdigest()


def _object(text: str) -> dict[str, Any]:
    try:
        if len(text.encode()) > MAX_BYTES:
            raise Unclear("statement")
        raw = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # a lone surrogate is a ValueError too
        raise Unclear("statement") from error
    if not isinstance(raw, dict):
        raise Unclear("statement")
    return raw


def _refuse(name: str) -> float:
    raise ValueError(name)


def _head(raw: dict[str, Any], text: str) -> Head:
    guard = raw.get("guard")
    if not isinstance(guard, str) or len(guard) > MAX_GUARD:
        raise Unclear("guard")
    return Head(
        text=text,
        hash=sha256(text.encode()).hexdigest(),
        scanner_id=_whole(raw, "scanner", 1, MAX_ROW_ID),
        seq=_whole(raw, "seq", 1, MAX_ROW_ID),
        prev=_text(raw, "prev", _HASH),
        at=_moment(raw),
        gate_id=_whole(raw, "gate", 1, MAX_ROW_ID),
        guard=clean(guard)[:MAX_GUARD],
    )


def _pass(raw: dict[str, Any], head: Head) -> PassStatement:
    verdict = raw.get("verdict")
    if not isinstance(verdict, dict):
        raise Unclear("verdict")
    challenge = _optional(raw, "challenge", _CHALLENGE)
    _whole(raw, "list_iat", 0, MAX_SECONDS)
    statement = PassStatement(
        head=head,
        direction=Directions(_one_of(raw, "direction", (Directions.ENTRY, Directions.EXIT))),
        vehicle=_one_of(raw, "vehicle", ("foot", "ebike")),
        method=Method(_one_of(raw, "method", BY_PHONE)),
        code=_optional(raw, "code", _ANY_TEXT),
        short=_optional(raw, "short", _SHORT),
        rider_id=None if raw.get("rider") is None else _whole(raw, "rider", 1, MAX_ROW_ID),
        level=_one_of(verdict, "level", ("green", "amber", "red")),
        reason=_text(verdict, "reason", _WORD),
        detail=_optional(verdict, "detail", _DETAIL),
        outcome=Outcome(_one_of(raw, "outcome", tuple(Outcome))),
        challenge=bytes.fromhex(challenge) if challenge else b"",
    )
    if _shown_by(statement) is None:
        raise Unclear("method")
    return statement


def _shown_by(statement: PassStatement) -> str | int | None:
    """What the method goes by."""
    match statement.method:
        case Method.SHORT:
            return statement.short
        case Method.MANUAL:
            return statement.rider_id
    return statement.code


def _whole(raw: dict[str, Any], name: str, least: int, most: int) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Unclear(name)
    return value


def _moment(raw: dict[str, Any]) -> datetime:
    try:
        return clock.from_ms(_whole(raw, "at", 0, 2**53))
    except ValueError as error:
        raise Unclear("at") from error


def _text(raw: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Unclear(name)
    return value


def _optional(raw: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str | None:
    return None if raw.get(name) is None else _text(raw, name, pattern)


def _one_of(raw: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or value not in choices:
        raise Unclear(name)
    return value
