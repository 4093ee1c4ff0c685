"""Deadlines, worked out by hand across the holidays of 2026 and 2027, and what holds of any."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.clock import LOCAL
from app.lib.working_time import HOUR_S, SECONDS, Unit, WorkingCalendar

DAYS, HOURS, URGENT = Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.URGENT_HOURS
ANNOUNCED_2027 = {
    # As a district enters it once the arrangement of the year is known; these are made up.
    date(2027, 2, 11): False,
    date(2027, 2, 13): True,
    date(2027, 10, 6): False,
    date(2027, 10, 7): False,
    date(2027, 10, 9): True,
}


def local(text: str) -> datetime:
    """A time as it is read off a clock in Suzhou."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


BY_HAND = [
    # An ordinary week. Wed 3 June 15:00 to 17:00 is 2 h; Thu from 09:00 2 more: 11:00.
    ("2026-06-03 15:00", 4, HOURS, "2026-06-04 11:00"),
    # Before opening counts from 09:00, after closing from the next day's 09:00.
    ("2026-06-03 06:00", 4, HOURS, "2026-06-03 13:00"),
    ("2026-06-03 17:00", 1, HOURS, "2026-06-04 10:00"),
    # What ends with the day ends at 17:00, not at 09:00 of the next.
    ("2026-06-03 09:00", 1, DAYS, "2026-06-03 17:00"),
    # Friday 16:00: 1 h; the weekend is off; Monday 8 - 1 = 7 h: 16:00.
    ("2026-06-05 16:00", 1, DAYS, "2026-06-08 16:00"),
    # Spring Festival 2026: off 15 to 23 Feb, worked Sat 14 and Sat 28 Feb. Five days are 40 h.
    # Fri 13: 2; Sat 14: 10; Tue 24: 18; Wed 25: 26; Thu 26: 34; Fri 27: the last 6, 15:00.
    ("2026-02-13 15:00", 5, DAYS, "2026-02-27 15:00"),
    # 16 h. Fri 27: 4; Sat 28 is worked: 12; Sun off; Mon 2 March: the last 4, 13:00.
    ("2026-02-27 13:00", 2, DAYS, "2026-03-02 13:00"),
    # In the middle of the festival nothing counts until Tue 24.
    ("2026-02-18 12:00", 3, HOURS, "2026-02-24 12:00"),
    # Round the clock knows no festival.
    ("2026-02-16 23:00", 2, URGENT, "2026-02-17 01:00"),
    # Qingming 2026: off Sat 4 to Mon 6 April. Fri 3: 1 h; Tue 7: 7 h, 16:00.
    ("2026-04-03 16:00", 8, HOURS, "2026-04-07 16:00"),
    # Labour Day 2026: off Fri 1 to Tue 5 May. Thu 30 April: 2 h; Wed 6: 2 h, 11:00.
    ("2026-04-30 15:00", 4, HOURS, "2026-05-06 11:00"),
    # And Sat 9 May is worked: Thu 7, Fri 8, Sat 9.
    ("2026-05-07 09:00", 3, DAYS, "2026-05-09 17:00"),
    # National Day 2026: Sun 20 Sept is worked. Fri 18, Sun 20, Mon 21, Tue 22.
    ("2026-09-18 09:00", 4, DAYS, "2026-09-22 17:00"),
    # Off 1 to 7 Oct, Sat 10 worked. 24 h: Wed 30: 4; Thu 8: 12; Fri 9: 20; Sat 10: 4 more, 13:00.
    ("2026-09-30 13:00", 3, DAYS, "2026-10-10 13:00"),
    # Fifteen days from Mon 28 Sept 09:00: 28, 29, 30 Sept; 8, 9, 10 Oct; 12 to 16; 19 to 22.
    ("2026-09-28 09:00", 15, DAYS, "2026-10-22 17:00"),
    # Spring Festival 2027 by law, with days in lieu: off Fri 5 to Wed 10 Feb. 16 h: Thu 4: 4;
    # Thu 11: 12; Fri 12: 4 more, 13:00.
    ("2027-02-04 13:00", 2, DAYS, "2027-02-12 13:00"),
    # National Day 2027 by law: off Fri 1 to Tue 5 Oct. 8 h: Thu 30 Sept: 2; Wed 6 Oct: 6, 15:00.
    ("2027-09-30 15:00", 1, DAYS, "2027-10-06 15:00"),
]
ANNOUNCED_BY_HAND = [
    # Thu 11 Feb off as well and Sat 13 worked. Thu 4: 4; Fri 12: 12; Sat 13: 4 more, 13:00.
    ("2027-02-04 13:00", 2, DAYS, "2027-02-13 13:00"),
    # 6 and 7 Oct off as well and Sat 9 worked. Thu 30: 2; Fri 8: 10; Sat 9: 6 more, 15:00.
    ("2027-09-30 15:00", 2, DAYS, "2027-10-09 15:00"),
    ("2027-09-30 15:00", 6, URGENT, "2027-09-30 21:00"),
]


@pytest.mark.parametrize(("start", "limit", "unit", "due"), BY_HAND)
def test_by_hand(start: str, limit: int, unit: Unit, due: str) -> None:
    calendar = WorkingCalendar()
    assert calendar.add(local(start), limit * SECONDS[unit], unit) == local(due)
    assert calendar.between(local(start), local(due), unit) == limit * SECONDS[unit]


@pytest.mark.parametrize(("start", "limit", "unit", "due"), ANNOUNCED_BY_HAND)
def test_with_what_the_district_entered(start: str, limit: int, unit: Unit, due: str) -> None:
    calendar = WorkingCalendar(ANNOUNCED_2027)
    assert calendar.add(local(start), limit * SECONDS[unit], unit) == local(due)


@pytest.mark.parametrize(
    ("now", "days", "since"),
    [
        # Mon 8 June 12:00 minus 8 h: 3 of Monday, 5 of Friday from 12:00.
        ("2026-06-08 12:00", 1, "2026-06-05 12:00"),
        # At night nothing more has passed than at closing time.
        ("2026-06-08 23:00", 1, "2026-06-08 09:00"),
        # Tue 24 Feb 10:00 minus 16 h: 1; Sat 14: 9; Fri 13: 7 from 10:00.
        ("2026-02-24 10:00", 2, "2026-02-13 10:00"),
    ],
)
def test_since_when_so_many_days_have_passed(now: str, days: int, since: str) -> None:
    calendar = WorkingCalendar()
    found = calendar.days_before(local(now), days)
    assert found == local(since)
    assert calendar.between(found, local(now), DAYS) == days * SECONDS[DAYS]


def test_a_calendar_without_a_working_day_gives_up() -> None:
    never = WorkingCalendar({date(2026, 1, 1) + timedelta(days=day): False for day in range(1500)})
    with pytest.raises(OverflowError):
        never.add(local("2026-06-01 09:00"), HOUR_S, HOURS)
    with pytest.raises(OverflowError):
        never.days_before(local("2029-06-01 09:00"), 1)


FOUR_YEARS_S = 1461 * 24 * HOUR_S
MOMENTS = st.integers(0, FOUR_YEARS_S).map(
    lambda seconds: local("2025-01-01 00:00") + timedelta(seconds=seconds)
)
LIMITS = st.integers(0, 60 * SECONDS[DAYS])
UNITS = st.sampled_from(Unit)
CALENDARS = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.booleans(), max_size=20
).map(WorkingCalendar)


@given(CALENDARS, MOMENTS, LIMITS, UNITS)
def test_what_was_added_lies_between(
    calendar: WorkingCalendar, start: datetime, seconds: int, unit: Unit
) -> None:
    due = calendar.add(start, seconds, unit)
    assert due >= start
    assert calendar.between(start, due, unit) == seconds


@given(CALENDARS, MOMENTS, LIMITS, LIMITS, UNITS)
def test_a_clock_that_was_stopped_ends_no_earlier_and_counts_the_same(
    calendar: WorkingCalendar, start: datetime, first: int, second: int, unit: Unit
) -> None:
    stopped = calendar.add(start, first, unit)
    assert calendar.add(stopped, second, unit) == calendar.add(start, first + second, unit)


@given(CALENDARS, MOMENTS, st.integers(0, 10**7), LIMITS, UNITS)
def test_later_begun_ends_no_earlier(
    calendar: WorkingCalendar, start: datetime, later_s: int, seconds: int, unit: Unit
) -> None:
    later = start + timedelta(seconds=later_s)
    assert calendar.add(later, seconds, unit) >= calendar.add(start, seconds, unit)


@given(CALENDARS, MOMENTS, st.integers(1, 400))
def test_a_limit_ends_within_working_time(
    calendar: WorkingCalendar, start: datetime, hours: int
) -> None:
    due = calendar.add(start, hours * HOUR_S, HOURS)
    assert calendar.works(due.astimezone(LOCAL).date())
    assert 9 <= due.astimezone(LOCAL).hour <= 17


@given(MOMENTS, st.integers(1, 10))
def test_days_before_is_the_latest_such_moment(now: datetime, days: int) -> None:
    calendar = WorkingCalendar()
    since = calendar.days_before(now, days)
    assert calendar.between(since, now, DAYS) == days * SECONDS[DAYS]
    assert calendar.between(since + timedelta(seconds=1), now, DAYS) < days * SECONDS[DAYS]


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.booleans())
def test_what_the_district_says_of_a_day_goes_first(day: date, works: bool) -> None:
    assert WorkingCalendar({day: works}).works(day) is works
