"""Whatever a camera reads: never an exception, never green, never slow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.blueprints.badges.codec import decode, to_text
from app.blueprints.badges.verdict import Level, Verdict, judge
from tests.support.sk1 import NOW_S, Issuer, reader_of

ISSUER = Issuer()
LIVE = ISSUER.phone().show()
CHALLENGED = ISSUER.phone().show(NOW_S, b"12345678")
PRINTED = ISSUER.printed()
GOOD = (LIVE, CHALLENGED, PRINTED)
FIELDS = {
    "version": (0, 1), "flags": (1, 2), "kid": (2, 4), "badge_id": (4, 12),
    "status_index": (12, 16), "issued_at": (16, 20), "expires_at": (20, 24), "scope": (24, 26),
    "label": (26, 38), "portrait": (38, 46), "device_key": (46, 79), "signature": (79, 143),
    "time": (143, 147), "counter": (147, 149), "challenge": (149, 157),
    "proof signature": (157, 221),
}  # fmt: skip
"""Where each field of a challenged code stands."""


def _judge(text: str) -> Verdict:
    return judge(text, reader_of(ISSUER))


@settings(max_examples=400)
@given(st.text())
def test_any_text(text: str) -> None:
    assert _judge(text).level == Level.RED
    assert _judge("SK1:" + text).level == Level.RED


@settings(max_examples=400)
@given(st.integers(min_value=0, max_value=2 ** (8 * 230)))
def test_any_number(number: int) -> None:
    assert _judge(f"SK1:{number}").level == Level.RED


@settings(max_examples=400)
@given(st.one_of([st.binary(min_size=size, max_size=size) for size in (110, 143, 213, 221)]))
def test_any_payload_of_a_right_size(payload: bytes) -> None:
    assert _judge(to_text(payload)).level == Level.RED
    live = len(payload) > 110
    plausible = bytes([1, int(live), 2, 1]) + payload[4:26] + bytes(12) + payload[38:]
    assert _judge(to_text(plausible)).level == Level.RED


@settings(max_examples=300)
@given(st.sampled_from(GOOD), st.data())
def test_digits_changed(text: str, data: st.DataObject) -> None:
    changed = list(text)
    for _number in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(4, len(text) - 1))
        changed[place] = data.draw(st.sampled_from("0123456789 １a"))
    if "".join(changed) != text:
        assert _judge("".join(changed)).level == Level.RED


@given(st.sampled_from(GOOD), st.data())
def test_cut_and_spliced(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(GOOD))
    second = data.draw(st.integers(0, len(other)))
    for spliced in (text[:first], text[:first] + other[second:], text + other):
        if spliced not in GOOD:
            assert _judge(spliced).level == Level.RED


@pytest.mark.parametrize("first", GOOD)
@pytest.mark.parametrize("second", GOOD)
def test_credentials_with_the_proofs_of_others(first: str, second: str) -> None:
    one, other = decode(first), decode(second)
    spliced = one.credential.raw + other.payload[len(other.credential.raw) :]
    if spliced not in (one.payload, other.payload):
        assert _judge(to_text(spliced)).level == Level.RED


@pytest.mark.parametrize("field", FIELDS)
def test_a_bit_flipped_in_each_field(field: str) -> None:
    payload = decode(CHALLENGED).payload
    start, end = FIELDS[field]
    asked = reader_of(ISSUER, challenge=b"12345678")
    assert judge(CHALLENGED, asked).level == Level.GREEN
    for bit in range(8 * (end - start)):
        flipped = bytearray(payload)
        flipped[start + bit // 8] ^= 1 << bit % 8
        assert judge(to_text(bytes(flipped)), asked).level == Level.RED


@pytest.mark.parametrize("field", [name for name, (start, _end) in FIELDS.items() if start < 46])
def test_a_bit_flipped_in_a_printed_badge(field: str) -> None:
    payload = decode(PRINTED).payload
    start, end = FIELDS[field]
    for bit in range(8 * (end - start)):
        flipped = bytearray(payload)
        flipped[start + bit // 8] ^= 1 << bit % 8
        assert _judge(to_text(bytes(flipped))).level == Level.RED


def test_huge_texts_are_quick() -> None:
    began = time.perf_counter()
    for text in (
        "9" * 1_000_000,
        "SK1:" + "9" * 1_000_000,
        LIVE + "0" * 1_000_000,
        "\ud800" * 10**6,
    ):
        assert _judge(text).level == Level.RED
    assert time.perf_counter() - began < 0.5
