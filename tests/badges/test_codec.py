"""The code as text and as bytes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges import codec
from app.blueprints.badges.codec import Unreadable, cut_label, decode, to_text
from tests.support.sk1 import NOW_S, Issuer

ISSUER = Issuer()


def _reason(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        decode(text)
    return caught.value.reason


def test_a_live_code_is_read_back() -> None:
    phone = ISSUER.phone(badge_id=b"\0\0badge!", status_index=2**32 - 1, scope=65535)
    code = decode(phone.show(NOW_S, b"12345678"))
    credential, proof = code.credential, code.proof
    assert credential.raw == phone.credential
    assert credential.device_key == phone.point
    assert (credential.badge_id, credential.kid) == (b"\0\0badge!", ISSUER.kid)
    assert (credential.status_index, credential.scope) == (2**32 - 1, 65535)
    assert credential.label == "飞速王**"
    assert proof is not None
    assert (proof.time_s, proof.counter, proof.challenge) == (NOW_S, 1, b"12345678")


def test_a_printed_code_is_read_back() -> None:
    code = decode(ISSUER.printed(label="x"))
    assert code.proof is None
    assert code.credential.device_key is None
    assert code.credential.label == "x"


def test_the_sizes_are_those_of_the_protocol() -> None:
    phone = ISSUER.phone()
    texts = (ISSUER.printed(), phone.show(), phone.show(NOW_S, bytes(8)))
    assert [len(decode(text).payload) for text in texts] == [110, 213, 221]
    assert max(len(text) for text in texts) == 4 + 533


@given(st.binary(max_size=300))
def test_leading_zeros_survive(payload: bytes) -> None:
    assert to_text(payload) == f"SK1:{int.from_bytes(bytes([1]) + payload, 'big')}"
    if len(payload) not in (110, 213, 221):
        assert _reason(to_text(payload)) == "malformed"


@pytest.mark.parametrize("text", ["", "SK1", "sk1:1", " SK1:1", "SK2:1", "ＳＫ1:1", "\ud800"])
def test_what_is_not_ours(text: str) -> None:
    assert _reason(text) == "not_ours"


@pytest.mark.parametrize(
    "digits",
    ["", "0", "00", " 1", "1 ", "1\n", "+1", "-1", "1_0", "1e5", "0x1", "١٢٣", "１２３", "²",
     "\ud800", "1" * 533, "9" * 534, "9" * 5000],
)  # fmt: skip
def test_what_is_no_number_of_ours(digits: str) -> None:
    assert _reason(f"SK1:{digits}") == "malformed"


@pytest.mark.parametrize(
    "text", ["9" * 1_000_000, "SK1:" + "9" * 1_000_000, "SK1:" + "١" * 1_000_000]
)
def test_a_megabyte_is_refused_at_once(text: str) -> None:
    began = time.perf_counter()
    for _repeat in range(100):
        _reason(text)
    assert time.perf_counter() - began < 0.5


def test_a_first_byte_that_is_not_one() -> None:
    text = ISSUER.printed()
    marked = int(text[4:])
    for first in (0, 2, 3, 255):
        number = marked - (1 << 880) + (first << 880)
        assert _reason(f"SK1:{number}") == "malformed"


@pytest.mark.parametrize(("place", "value"), [(0, 0), (0, 2), (1, 0), (1, 2), (1, 3), (1, 255)])
def test_an_unknown_version_or_flag(place: int, value: int) -> None:
    payload = bytearray(decode(ISSUER.phone().show()).payload)
    payload[place] = value
    assert _reason(to_text(bytes(payload))) == "malformed"


def test_a_printed_badge_must_not_say_that_it_is_live() -> None:
    payload = bytearray(decode(ISSUER.printed()).payload)
    payload[1] = codec.LIVE
    assert _reason(to_text(bytes(payload))) == "malformed"


@pytest.mark.parametrize("first", [0, 1, 4, 5, 255])
def test_a_device_key_that_is_no_compressed_point(first: int) -> None:
    payload = bytearray(decode(ISSUER.phone().show()).payload)
    payload[46] = first
    assert _reason(to_text(bytes(payload))) == "malformed"


@pytest.mark.parametrize("label", [b"\xff", b"\xe9\xa3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5"])
def test_a_label_that_is_no_utf8(label: bytes) -> None:
    payload = bytearray(decode(ISSUER.printed()).payload)
    payload[26:38] = label.ljust(12, b"\0")
    assert _reason(to_text(bytes(payload))) == "malformed"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_a_label_is_cut_between_characters(text: str) -> None:
    cut = cut_label(text)
    assert text.startswith(cut)
    assert len(cut.encode()) <= 12
    if cut != text:
        assert len((cut + text[len(cut)]).encode()) > 12
    assert decode(ISSUER.printed(label=text)).credential.label == cut


def test_a_counter_wraps() -> None:
    phone = ISSUER.phone()
    phone.counter = 2**16 - 1
    proof = decode(phone.show()).proof
    assert proof is not None
    assert proof.counter == 0


def test_fields_of_a_wrong_size_are_not_signed() -> None:
    for wrong in ({"badge_id": b"short"}, {"portrait": bytes(32)}):
        with pytest.raises(ValueError, match="8 bytes"):
            ISSUER.credential(None, **wrong)
