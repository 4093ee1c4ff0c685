"""What travels between an outbox and the server: checked, bounded, hashed.

The shapes are those of docs/protocols/outbox.md.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.blueprints.photos.services import MAX_PHOTOS
from app.lib import clock

MAX_ITEMS = 100
MAX_OFFSET_MS = 10 * 365 * 86_400_000
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class Malformed(ValueError):
    """The item or the batch is not of the wire's form; the text names the part."""


@dataclass(frozen=True)
class Item:
    """One capture as a phone sends it."""

    key: str
    kind: str
    schema: int
    fields: Mapping[str, Any]
    photos: tuple[str, ...]
    captured_at: datetime
    server_offset_ms: int | None
    sent_at: datetime | None
    content_hash: str


def parse_batch(body: bytes) -> list[Any]:
    """The JSON list of a request. Raises Malformed; OverflowError past 100 items."""
    try:
        batch = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error
    if not isinstance(batch, list):
        raise Malformed("list")
    if len(batch) > MAX_ITEMS:
        raise OverflowError
    return batch


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def parse_item(raw: Any) -> Item:
    """One entry of a batch. Raises Malformed naming the first part that is wrong."""
    if not isinstance(raw, dict):
        raise Malformed("item")
    photos = raw.get("photos", [])
    if not _are_hashes(photos):
        raise Malformed("photos")
    fields = raw.get("fields")
    if not isinstance(fields, dict):
        raise Malformed("fields")
    return Item(
        key=_text(raw, "key", KEY),
        kind=_text(raw, "kind", re.compile(r"[a-z_]{1,20}")),
        schema=_whole(raw, "schema", 1, 1000),
        fields=fields,
        photos=tuple(photos),
        captured_at=_moment(raw, "captured_at"),
        server_offset_ms=_optional_whole(raw, "server_offset", MAX_OFFSET_MS),
        sent_at=_moment(raw, "sent_at") if raw.get("sent_at") is not None else None,
        content_hash=content_hash(raw),
    )


def content_hash(raw: Mapping[str, Any]) -> str:
    """SHA-256 of what a person captured, as canonical JSON; sending leaves it unchanged."""
    parts = {name: raw.get(name) for name in ("kind", "schema", "fields", "photos", "captured_at")}
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _are_hashes(photos: Any) -> bool:
    return (
        isinstance(photos, list)
        and len(photos) <= MAX_PHOTOS
        and all(isinstance(photo, str) and SHA256.fullmatch(photo) for photo in photos)
        and len(set(photos)) == len(photos)
    )


def _text(raw: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed(name)
    return value


def _whole(raw: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Malformed(name)
    return value


def _optional_whole(raw: Mapping[str, Any], name: str, bound: int) -> int | None:
    return None if raw.get(name) is None else _whole(raw, name, -bound, bound)


def _moment(raw: Mapping[str, Any], name: str) -> datetime:
    try:
        return clock.from_ms(_whole(raw, name, 0, 2**53))
    except ValueError as error:
        raise Malformed(name) from error
