"""Periods as months and days: each day once, and few of them read by the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.periods import LONGEST_DAYS, Period, parts_of, read_period

TODAY = date(2026, 6, 15)


def days_of(period: Period) -> set[date]:
    return {period.first + timedelta(days=number) for number in range(period.days)}


@given(first=st.dates(date(2024, 1, 1), date(2026, 12, 31)), length=st.integers(1, LONGEST_DAYS))
def test_each_day_counts_once(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    parts = parts_of(period)
    counted = dict.fromkeys(days_of(parts.months), 1) if parts.months else {}
    for sign, some in ((1, parts.more), (-1, parts.fewer)):
        for day in (day for one in some for day in days_of(one)):
            counted[day] = counted.get(day, 0) + sign
    assert {day: count for day, count in counted.items() if count} == dict.fromkeys(
        days_of(period), 1
    )
    assert sum(one.days for one in (*parts.more, *parts.fewer)) <= 31


def test_whole_months_need_no_day() -> None:
    parts = parts_of(Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert parts.months == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert (parts.more, parts.fewer) == ((), ())


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({}, (date(2026, 5, 17), TODAY)),
        ({"since": "2026-06-01", "until": "2026-06-10"}, (date(2026, 6, 1), date(2026, 6, 10))),
        ({"since": "2026-06-01", "until": "2030-01-01"}, (date(2026, 6, 1), TODAY)),
        ({"since": "2026-06-12", "until": "2026-06-10"}, (date(2026, 6, 10), date(2026, 6, 10))),
        ({"since": "2001-01-01"}, (date(2025, 6, 15), TODAY)),
        ({"since": "yesterday", "until": "9999-99-99"}, (date(2026, 5, 17), TODAY)),
    ],
    ids=str,
)
def test_what_an_address_asks_for(args: dict[str, str], expected: tuple[date, date]) -> None:
    assert read_period(args, TODAY) == Period(*expected)
