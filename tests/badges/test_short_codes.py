"""The typed code: its digits, its minutes, its days, and that it is never green."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges import short_codes
from app.blueprints.badges.short_codes import (
    Typed,
    badge_key,
    badge_keys,
    code_at,
    day_key,
    day_keys,
    judge_short,
    read,
)
from app.blueprints.badges.status_list import Status, StatusList, pack
from app.blueprints.badges.verdict import Level

SECRET = bytes(range(32))
MIDNIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""The start of 2026-11-24 in Suzhou."""
MIDNIGHT_S = int(MIDNIGHT.timestamp())
NOW = datetime(2026, 11, 24, 4, 0, 30, tzinfo=UTC)
NOW_S = int(NOW.timestamp())


def _shown(at_s: int, index: int = 41, held_since: datetime = NOW) -> str:
    """What a phone shows: it holds its own keys alone."""
    day = datetime.fromtimestamp(at_s // 60 * 60, short_codes.to_local(NOW).tzinfo).date()
    key = badge_keys(SECRET, index, held_since)[day.isoformat()]
    return f"{index} {code_at(key, at_s // 60)}"


def _list(statuses: dict[int, Status] | None = None, age_s: int = 60) -> StatusList:
    return StatusList(NOW_S - age_s, NOW_S + 9999, 300, pack(statuses or {}, 100))


def _judge(text: str, now_s: int = NOW_S, listed: StatusList | None = None) -> str:
    verdict = judge_short(
        text, now_s=now_s, keys=day_keys(SECRET, NOW), list_in_hand=listed or _list()
    )
    assert verdict.level != Level.GREEN
    return str(verdict.reason)


def test_digits_that_stay_the_same_in_every_implementation() -> None:
    """Written down once from this code; the browser's module is held to them too."""
    key = badge_key(day_key(SECRET, date(2026, 11, 24)), 41)
    assert key.hex() == "4b3689fea4b771d98dcce1c862c17c8f13787ec62f151b1213d03caeac3b8f31"
    assert code_at(key, NOW_S // 60) == "464079"


@pytest.mark.parametrize(
    ("late_s", "reason"),
    [(0, "short_code"), (60, "short_code"), (-60, "short_code"), (120, "bad_short_code"),
     (-120, "bad_short_code"), (3600, "bad_short_code")],
)  # fmt: skip
def test_the_minute_before_and_after_count_too(late_s: int, reason: str) -> None:
    assert _judge(_shown(NOW_S), NOW_S + late_s) == reason


@pytest.mark.parametrize("off_s", [-61, -60, -1, 0, 1, 59, 60])
def test_over_midnight_in_suzhou(off_s: int) -> None:
    text = _shown(MIDNIGHT_S + off_s)
    for now_s in (MIDNIGHT_S - 1, MIDNIGHT_S):
        near = abs((MIDNIGHT_S + off_s) // 60 - now_s // 60) <= 1
        assert _judge(text, now_s) == ("short_code" if near else "bad_short_code")


def test_a_phone_and_a_gate_that_were_offline_for_three_days() -> None:
    three_days_s = 3 * 86_400
    keys = day_keys(SECRET, NOW)
    assert list(keys) == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]
    listed = StatusList(NOW_S + three_days_s - 60, NOW_S + 9**9, 300, bytes(100))
    assert _judge(_shown(NOW_S + three_days_s), NOW_S + three_days_s, listed) == "short_code"
    assert _judge("41 000000", NOW_S + 4 * 86_400, listed) == "bad_short_code"


def test_the_code_is_of_one_badge() -> None:
    digits = _shown(NOW_S, 41).split()[1]
    assert _judge(f"42 {digits}") == "bad_short_code"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(Status.REVOKED, "revoked"), (Status.SUSPENDED, "suspended"), (Status.UNKNOWN, "revoked")],
)
def test_the_list_counts_here_too(status: Status, reason: str) -> None:
    assert _judge(_shown(NOW_S), listed=_list({41: status})) == reason
    assert _judge(_shown(NOW_S), listed=_list(age_s=73 * 3600)) == "list_expired"


@pytest.mark.parametrize("text", ["41 482913", " 41 482913 ", "41482913", "41-482913"])
def test_ways_to_type_it(text: str) -> None:
    assert read(text) == Typed(41, "482913")


@pytest.mark.parametrize(
    "text",
    ["", "482913", "41 48291", "41  482913", "41 48291３", "x", "9" * 16, "4294967296 123456",
     "1 " * 10**6, "-1 123456"],
)  # fmt: skip
def test_what_is_no_short_code(text: str) -> None:
    assert read(text) is None
    assert _judge(text) == "bad_short_code"


@given(st.text(max_size=50))
def test_any_text_is_red(text: str) -> None:
    assert _judge(text) == "bad_short_code"


def test_each_day_and_each_badge_has_a_key_of_its_own() -> None:
    keys = day_keys(SECRET, NOW)
    of_badges = [badge_key(key, index) for key in keys.values() for index in range(10)]
    assert len({*keys.values(), *of_badges}) == 55
    assert short_codes.secret_of("a") != short_codes.secret_of("b")
