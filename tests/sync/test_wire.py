"""What travels: bounded, hashed in one canonical form, never a crash."""

import contextlib
import json
import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.sync.wire import (
    MAX_ITEMS,
    Item,
    Malformed,
    content_hash,
    parse_batch,
    parse_item,
)
from tests.support.outbox import item

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
HASH = "0f" * 32


def _shuffled(value: Any, seed: int) -> Any:
    """The same JSON with the members of every object in another order."""
    if isinstance(value, list):
        return [_shuffled(one, seed) for one in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    random.Random(seed).shuffle(names)
    return {name: _shuffled(value[name], seed) for name in names}


@given(st.dictionaries(st.text(), JSON), st.integers())
def test_the_order_of_members_changes_no_hash(fields: dict[str, Any], seed: int) -> None:
    one = item(HASH) | {"fields": fields}
    assert content_hash(one) == content_hash(_shuffled(one, seed))


@given(st.dictionaries(st.text(), JSON))
def test_the_way_over_the_wire_changes_no_hash(fields: dict[str, Any]) -> None:
    one = item(HASH) | {"fields": fields}
    assert content_hash(json.loads(json.dumps(one))) == content_hash(one)


@pytest.mark.parametrize("name", ["kind", "schema", "fields", "photos", "captured_at"])
def test_what_was_captured_counts(name: str) -> None:
    one = item(HASH)
    assert content_hash(one | {name: "other"}) != content_hash(one)


@pytest.mark.parametrize("name", ["sent_at", "server_offset", "attempts", "state"])
def test_how_it_was_sent_does_not_count(name: str) -> None:
    one = item(HASH)
    assert content_hash(one | {name: 7}) == content_hash(one)


@given(JSON)
def test_anything_is_an_item_or_malformed(raw: Any) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(parse_item(raw), Item)


@given(st.sampled_from([*item(HASH), "more"]), JSON)
def test_an_item_with_anything_in_one_place_is_an_item_or_malformed(name: str, value: Any) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(parse_item(item(HASH) | {name: value}), Item)


@given(st.binary())
def test_any_bytes_are_a_batch_or_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(parse_batch(body), list)


@pytest.mark.parametrize("depths", [range(1, 800, 50), range(800, 1010), (100_000,)], ids=str)
def test_deep_nesting_is_an_item_or_malformed(depths: Iterable[int]) -> None:
    """Reading gives up at one depth, hashing at a slightly other one."""
    whole = json.dumps([item(HASH)])
    for depth in depths:
        body = whole.replace('"0102"', "[" * depth + "]" * depth)
        with contextlib.suppress(Malformed):
            assert isinstance(parse_item(parse_batch(body.encode())[0]), Item)


@pytest.mark.parametrize(
    "body", [b"[NaN]", b"[Infinity]", b"{}", b'"x"', b"null", b"", b"[", b"\xff"]
)
def test_what_is_no_batch(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_batch(body)


def test_a_hundred_items_and_no_more() -> None:
    assert len(parse_batch(b"[" + b"1," * (MAX_ITEMS - 1) + b"1]")) == MAX_ITEMS
    with pytest.raises(OverflowError):
        parse_batch(b"[" + b"1," * MAX_ITEMS + b"1]")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"key": "not-a-uuid"}, "key"),
        ({"key": "0190A8C0-0000-7000-8000-000000000000"}, "key"),
        ({"key": "0190a8c0-0000-4000-8000-000000000000"}, "key"),
        ({"key": None}, "key"),
        ({"kind": "Report!"}, "kind"),
        ({"schema": True}, "schema"),
        ({"schema": 1.5}, "schema"),
        ({"fields": []}, "fields"),
        ({"photos": ["../../etc/passwd"]}, "photos"),
        ({"photos": [HASH, HASH]}, "photos"),
        ({"photos": [f"{number:064x}" for number in range(5)]}, "photos"),
        ({"captured_at": "2026-06-01"}, "captured_at"),
        ({"captured_at": -1}, "captured_at"),
        ({"captured_at": 10**15}, "captured_at"),
        ({"server_offset": 10**12}, "server_offset"),
        ({"sent_at": "now"}, "sent_at"),
    ],
)
def test_the_part_that_is_wrong_is_named(change: dict[str, Any], part: str) -> None:
    with pytest.raises(Malformed, match=f"^{part}$"):
        parse_item(item(HASH) | change)
