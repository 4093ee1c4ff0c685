"""Opening hours in the notation of OpenStreetMap, on a clock in Suzhou with China's holidays.

https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from app.lib.clock import to_local

log = logging.getLogger(__name__)
MAX_LENGTH = 400
DAY_MIN = 24 * 60
Span = tuple[int, int]
"""From minute to minute since a first local midnight; the second is no longer open."""


class BadHours(ValueError):
    """A text that is no opening hours."""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> OpeningHours:
    """A kept text that is not understood (any more) counts as closed: it must not take every other
    station with it."""
    if not validate(text):
        log.warning("opening hours not understood", extra={"hours": text})
        text = "off"
    return OpeningHours(text, country="CN", max_interval_days=366)


def check(text: str) -> None:
    """Raises BadHours for what is not understood, is longer than 400 characters, or never open."""
    if not text.strip() or len(text) > MAX_LENGTH or not validate(text):
        raise BadHours(text)
    hours = OpeningHours(text, country="CN", max_interval_days=366)
    if hours.is_closed() and hours.next_change() is None:
        raise BadHours(text)


def is_open(text: str, at: datetime) -> bool:
    """Whether these hours are open at a moment."""
    return bool(_parsed(text).is_open(to_local(at).replace(tzinfo=None)))


def open_spans(text: str, first: date, days: int) -> Sequence[Span]:
    """When it is open in these days, in order; spans that touch are one."""
    start = datetime.combine(first, time())
    end = start + timedelta(days=days)
    spans: list[Span] = []
    for since, until, state, _comment in _parsed(text).intervals(start, end):
        if state != State.OPEN:
            continue
        begins, ends = _minutes(since, start), _minutes(min(until or end, end), start)
        if spans and spans[-1][1] == begins:
            begins = spans.pop()[0]
        spans.append((begins, ends))
    return spans


def _minutes(at: datetime, start: datetime) -> int:
    return int((at.replace(tzinfo=None) - start).total_seconds()) // 60
