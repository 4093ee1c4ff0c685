"""Opening hours as a form of days, and as the text in OpenStreetMap's notation that it means.

Only what a form can show is read: `Mo-Fr 08:00-12:00,13:00-20:00; Sa off; PH off; 2026 Dec 31 off`.
All else stays text, to be changed by hand.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
MOST_SPANS, DAY_MIN = 2, 24 * 60
ALWAYS = "24/7"
Spans = tuple[tuple[int, int], ...]
"""From minute to minute of a day; the second is less than the first over midnight. () is closed,
and (0, 1440) the whole day."""
_DAY = f"(?:{'|'.join(DAYS)})"
_DAYS = re.compile(rf"((?:{_DAY}|PH)(?:-{_DAY})?(?:,(?:{_DAY}|PH)(?:-{_DAY})?)*)(?: +(.+))?")
_DATE = r"(\d{4}) ([A-Z][a-z]{2}) (\d{1,2})"
_DATES = re.compile(rf"{_DATE}(?:-(?:(\d{{4}}) )?(?:([A-Z][a-z]{{2}}) )?(\d{{1,2}}))?(?: +(.+))?")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class NotOfDays(ValueError):
    """The text says more than a form of days can show."""


@dataclass(frozen=True)
class SpecialDays:
    """Days, both within, on which other hours hold."""

    first: date
    last: date
    spans: Spans


@dataclass(frozen=True)
class WeekHours:
    """Hours by day of the week from Monday on; on public holidays, None where those are as other
    days; and on days of their own, of which the later ones hold."""

    days: tuple[Spans, ...] = ((),) * 7
    holidays: Spans | None = None
    exceptions: tuple[SpecialDays, ...] = ()

    def text(self) -> str:
        """The same in the notation."""
        rules = [f"{_day_names(days)} {_span_text(spans)}" for spans, days in _grouped(self.days)]
        if self.holidays is not None:
            rules.append(f"PH {_span_text(self.holidays)}")
        rules += [f"{_dates_text(one)} {_span_text(one.spans)}" for one in self.exceptions]
        return "; ".join(rules)


def read_week(text: str) -> WeekHours:
    """What a text means. Raises NotOfDays."""
    found = WeekHours()
    for rule in text.split(";"):
        found = _with_rule(found, rule.strip())
    return found


def _with_rule(hours: WeekHours, rule: str) -> WeekHours:
    """A later rule holds over all of a day, so one of weekdays after one of dates is not shown."""
    dates = _DATES.fullmatch(rule)
    if dates:
        one = SpecialDays(*_dates(dates), _spans(dates[7]))
        return replace(hours, exceptions=(*hours.exceptions, one))
    if hours.exceptions:
        raise NotOfDays
    if rule == ALWAYS:
        rule = "Mo-Su"
    named = _DAYS.fullmatch(rule)
    names, said = (named[1], named[2]) if named else ("Mo-Su", rule)
    days, spans = _days(names), _spans(said)
    if hours.holidays is not None and days:
        raise NotOfDays
    week = tuple(spans if day in days else old for day, old in enumerate(hours.days))
    holidays = spans if "PH" in names.split(",") else hours.holidays
    return replace(hours, days=week, holidays=holidays)


def _days(names: str) -> set[int]:
    found: set[int] = set()
    for name in names.split(","):
        first, _dash, last = name.partition("-")
        if first == "PH":
            if last:
                raise NotOfDays
            continue
        since, until = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(since, until + (7 if until < since else 0) + 1)}
    return found


def _spans(text: str | None) -> Spans:
    if text is None:
        return ((0, DAY_MIN),)
    if text in ("off", "closed"):
        return ()
    parts = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
    if len(parts) > MOST_SPANS:
        raise NotOfDays
    return tuple(_minutes(part) for part in parts)


def _minutes(part: re.Match[str] | None) -> tuple[int, int]:
    if part is None:
        raise NotOfDays
    hour, minute, last_hour, last_minute = map(int, part.groups())
    begins, ends = hour * 60 + minute, last_hour * 60 + last_minute
    if begins >= DAY_MIN or ends > 2 * DAY_MIN or minute > 59 or last_minute > 59:
        raise NotOfDays
    return begins, ends if ends <= DAY_MIN else ends - DAY_MIN


def _dates(found: re.Match[str]) -> tuple[date, date]:
    year, month, day, last_year, last_month, last_day = found.groups()[:6]
    try:
        first = date(int(year), MONTHS.index(month) + 1, int(day))
        if last_day is None:
            return first, first
        month = last_month or month
        last = date(int(last_year or year), MONTHS.index(month) + 1, int(last_day))
    except ValueError as error:
        raise NotOfDays from error
    if last < first:
        raise NotOfDays
    return first, last


def _grouped(days: Sequence[Spans]) -> Iterable[tuple[Spans, list[int]]]:
    """Days with the same hours together, in the order of the first of each; not those closed."""
    found: dict[Spans, list[int]] = {}
    for day, spans in enumerate(days):
        if spans:
            found.setdefault(spans, []).append(day)
    return found.items()


def _day_names(days: Sequence[int]) -> str:
    """Three in a row and more are said as a range."""
    runs = groupby(enumerate(days), lambda pair: pair[1] - pair[0])
    return ",".join(_run([day for _index, day in run]) for _key, run in runs)


def _run(days: Sequence[int]) -> str:
    if len(days) < 3:
        return ",".join(DAYS[day] for day in days)
    return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"


def _span_text(spans: Spans) -> str:
    return ",".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in spans) or "off"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _dates_text(one: SpecialDays) -> str:
    first, last = (
        f"{day.year} {MONTHS[day.month - 1]} {day.day:02}" for day in (one.first, one.last)
    )
    return first if first == last else f"{first}-{last}"
