"""Working time between many moments: the calendar is walked once, each pair is a subtraction."""

from datetime import date, timedelta

from app.lib.working_time import CLOSES, OPENS, WORKING_DAY_S, WorkingCalendar

AHEAD_S, DAY_S = 8 * 3600, 86_400
"""Suzhou is eight hours ahead of UTC the whole year, since 1991."""
_OPENS_S, _CLOSES_S = OPENS.hour * 3600, CLOSES.hour * 3600
_EPOCH = date(1970, 1, 1)


class WorkedSeconds:
    """Seconds worked since a first day, for moments from it until a last day, both included."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self._first = (first - _EPOCH).days
        self._works: list[bool] = []
        self._before: list[int] = []
        worked = 0
        for number in range((last - first).days + 1):
            works = calendar.works(first + timedelta(days=number))
            self._works.append(works)
            self._before.append(worked)
            worked += WORKING_DAY_S if works else 0

    def until(self, moment_s: int) -> int:
        """Seconds worked from the first day until a moment, in seconds since 1970. Raises
        IndexError past the last day."""
        day, clock_s = divmod(moment_s + AHEAD_S, DAY_S)
        index = day - self._first
        if index < 0:
            return 0
        if not self._works[index]:
            return self._before[index]
        return self._before[index] + min(max(clock_s, _OPENS_S), _CLOSES_S) - _OPENS_S
