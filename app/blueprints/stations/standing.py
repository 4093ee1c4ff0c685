"""How a station stands at a moment: by its hours, and by what its host says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.blueprints.stations.models import Station, StationState
from app.lib import clock
from app.lib.opening_hours import DAY_MIN, is_open, open_spans

DAYS_SHOWN = 7


@dataclass(frozen=True)
class Day:
    """When a station is open on a day: pairs of "08:00" and "20:00", up to "24:00"."""

    date: date
    spans: Sequence[tuple[str, str]]

    @property
    def whole(self) -> bool:
        """Open from midnight to midnight."""
        return list(self.spans) == [("00:00", "24:00")]


def said_of(station: Station, now: datetime) -> StationState:
    """What the host says of it, while that holds."""
    until = station.state_until
    return StationState.OPEN if until is not None and until <= now else station.state


def standing(station: Station, now: datetime) -> StationState:
    """Whether somebody may go in."""
    return said_of(station, now) if is_open(station.hours, now) else StationState.CLOSED


def notice_of(station: Station, now: datetime) -> str:
    """The host's word to riders, while it holds."""
    until = station.notice_until
    return "" if until is not None and until <= now else station.notice


def week_of(station: Station, now: datetime) -> list[Day]:
    """Seven days from today."""
    first = clock.to_local(now).date()
    spans = open_spans(station.hours, first, DAYS_SHOWN)
    return [
        Day(first + timedelta(days=number), _within(spans, number * DAY_MIN))
        for number in range(DAYS_SHOWN)
    ]


def _within(spans: Sequence[tuple[int, int]], midnight: int) -> list[tuple[str, str]]:
    end = midnight + DAY_MIN
    return [
        (_time(max(opens, midnight) - midnight), _time(min(closes, end) - midnight))
        for opens, closes in spans
        if opens < end and closes > midnight
    ]


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
