"""The codes of vouchers: both sides hold the same vectors."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges.issuer_keys import IssuerKey
from app.blueprints.rewards import voucher_codes

VECTORS = json.loads(Path("tests/vectors/voucher_codes.json").read_text(encoding="utf-8"))
KEYS = {int(kid): [bytes.fromhex(one) for one in points] for kid, points in VECTORS["keys"].items()}
VOUCHERS: list[dict[str, Any]] = VECTORS["vouchers"]
GOOD: str = VOUCHERS[0]["text"]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ids = st.integers(1, 2**31 - 1)
moments = st.integers(0, 2**32 - 1)
KEY = IssuerKey(
    7, datetime(2026, 11, 30, tzinfo=UTC), ec.generate_private_key(ec.SECP256R1()), Path("key.json")
)


def _is_good(text: str) -> bool:
    try:
        return voucher_codes.is_signed(voucher_codes.read(text), KEYS)
    except voucher_codes.Unreadable:
        return False


@pytest.mark.parametrize("vector", VOUCHERS, ids=[one["name"] for one in VOUCHERS])
def test_vouchers(vector: dict[str, Any]) -> None:
    if vector["reads"] is None:
        with pytest.raises(voucher_codes.Unreadable):
            voucher_codes.read(vector["text"])
        return
    code = voucher_codes.read(vector["text"])
    says = {"kid": code.kid, "redemption": code.redemption_id, "reward": code.reward_id}
    says |= {"station": code.station_id, "until_s": code.until_s}
    assert says == vector["reads"]
    assert voucher_codes.is_signed(code, KEYS) == vector["signed"]


@given(ids, ids, st.none() | ids, moments)
def test_a_voucher_says_what_was_written(
    redemption_id: int, reward_id: int, station_id: int | None, seconds: int
) -> None:
    until = datetime.fromtimestamp(seconds, UTC)
    text = voucher_codes.text_of(
        KEY, redemption_id=redemption_id, reward_id=reward_id, station_id=station_id, until=until
    )
    code = voucher_codes.read(text)
    said = (code.kid, code.redemption_id, code.reward_id, code.station_id, code.until)
    assert said == (KEY.kid, redemption_id, reward_id, station_id or 0, until)
    assert len(text) == voucher_codes.TEXT_LENGTH
    assert voucher_codes.is_signed(code, {KEY.kid: [KEY.point]})


def test_every_other_character_at_every_place_is_refused() -> None:
    """All 111 x 63 changes of one character, so every flipped bit as well."""
    start = len(voucher_codes.TEXT_PREFIX)
    for place in range(start, len(GOOD)):
        for other in ALPHABET:
            changed = GOOD[:place] + other + GOOD[place + 1 :]
            assert _is_good(changed) == (changed == GOOD)


@given(st.text(max_size=140) | st.from_regex(r"SKV1:[A-Za-z0-9_-]{111}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert not _is_good(text)
