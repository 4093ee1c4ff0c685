"""Time as the handbooks of digital city management count it.

Urgent hours run round the clock. Working hours are those from 09:00 until 17:00, Suzhou time, of
working days; a working day is eight of them. Which days are worked follows the State Council's
arrangement of the year, public holidays and make-up days both, as the package `holidays` knows
it, and what the district says of single days goes before that.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from app.lib.clock import LOCAL, to_local

OPENS, CLOSES = time(9), time(17)
HOUR_S = 3600
WORKING_DAY_S = 8 * HOUR_S
LONGEST = timedelta(days=3 * 366)
"""No limit reaches further; it bounds every walk over days."""


class Unit(StrEnum):
    """What a limit is counted in."""

    URGENT_HOURS = "urgent_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


SECONDS = {
    Unit.URGENT_HOURS: HOUR_S,
    Unit.WORKING_HOURS: HOUR_S,
    Unit.WORKING_DAYS: WORKING_DAY_S,
}
"""How many seconds of its own kind one of a unit has."""


@lru_cache(maxsize=16)
def _arrangement(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days that are worked."""
    found = holidays.country_holidays("CN", years=year)
    return frozenset(found), frozenset(getattr(found, "weekend_workdays", ()))


def arrangement_known(year: int) -> bool:
    """Whether the State Council's arrangement of a year is known: every one has make-up days.
    Until it is, only the holidays that the law names count."""
    _off, made_up = _arrangement(year)
    return any(day.year == year for day in made_up)


class WorkingCalendar:
    """Which days are worked; `exceptions` go before the arrangement of the year."""

    def __init__(self, exceptions: Mapping[date, bool] | None = None) -> None:
        self._exceptions = dict(exceptions or {})

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        if day in self._exceptions:
            return self._exceptions[day]
        off, made_up = _arrangement(day.year)
        return day in made_up or (day.weekday() < 5 and day not in off)

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working time between two moments, as pairs of moments in order."""
        day = to_local(start).date()
        while (opens := datetime.combine(day, OPENS, LOCAL)) < end:
            if self.works(day):
                closes = datetime.combine(day, CLOSES, LOCAL)
                first, last = max(opens, start), min(closes, end)
                if first < last:
                    yield first, last
            day += timedelta(days=1)

    def add(self, start: datetime, seconds: int, unit: Unit) -> datetime:
        """The moment at which so many seconds of a unit's time have run since `start`.

        Raises OverflowError past three years.
        """
        if unit is Unit.URGENT_HOURS or seconds <= 0:
            return start + timedelta(seconds=max(seconds, 0))
        left = timedelta(seconds=seconds)
        for first, last in self.spans(start, start + LONGEST):
            if left <= last - first:
                return first + left
            left -= last - first
        raise OverflowError("a limit of more than three years")

    def days_before(self, end: datetime, days: int) -> datetime:
        """The latest moment since which so many working days have passed at `end`.

        Raises OverflowError past three years.
        """
        left, day = timedelta(seconds=days * WORKING_DAY_S), to_local(end).date()
        while end - datetime.combine(day, OPENS, LOCAL) < LONGEST:
            first = datetime.combine(day, OPENS, LOCAL)
            last = min(datetime.combine(day, CLOSES, LOCAL), end)
            if self.works(day) and first < last:
                if left <= last - first:
                    return last - left
                left -= last - first
            day -= timedelta(days=1)
        raise OverflowError("a limit of more than three years")

    def between(self, start: datetime, end: datetime, unit: Unit) -> int:
        """Seconds of a unit's time from one moment to a later one; 0 when it is not later."""
        if unit is Unit.URGENT_HOURS:
            return max(0, int((end - start).total_seconds()))
        return int(sum((last - first).total_seconds() for first, last in self.spans(start, end)))
