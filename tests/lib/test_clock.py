"""Times are UTC inside, Suzhou's on screen, milliseconds on the wire."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import clock

LAST_MS = 221_845_392_000_000 - 1  # the end of the year 8999


def test_now_knows_its_zone() -> None:
    assert clock.now().tzinfo is UTC


def test_local_time_is_eight_hours_ahead() -> None:
    assert clock.to_local(datetime(2026, 1, 1, 20, tzinfo=UTC)).isoformat() == (
        "2026-01-02T04:00:00+08:00"
    )


@given(st.integers(0, LAST_MS))
def test_milliseconds_come_back_within_one(milliseconds: int) -> None:
    assert abs(clock.to_ms(clock.from_ms(milliseconds)) - milliseconds) <= 1


@given(st.integers(max_value=-1) | st.integers(min_value=LAST_MS + 1))
def test_moments_out_of_bounds_are_refused(milliseconds: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        clock.from_ms(milliseconds)


def test_the_last_moment_taken_can_be_shown_and_reckoned_with() -> None:
    """A row that a page cannot show would keep everybody from the list it is in."""
    last = clock.from_ms(LAST_MS)
    assert clock.to_local(last).year == 9000


@given(st.integers(86_400_000, LAST_MS))
def test_a_day_begins_at_midnight_in_suzhou(milliseconds: int) -> None:
    moment = clock.from_ms(milliseconds)
    start = clock.start_of_day(moment)
    assert (start.hour, start.minute, start.second) == (0, 0, 0)
    assert start.date() == clock.to_local(moment).date()
    assert start <= moment
