"""Spans of local days, as people ask for them, and how they fall into months."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.lib.clock import LOCAL

LONGEST_DAYS = 366
USUAL_DAYS = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def until(self) -> datetime:
        """The moment at which it has ended."""
        return datetime.combine(self.last + _DAY, time(), LOCAL)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def args(self) -> dict[str, str]:
        """The period as parts of an address."""
        return {"since": self.first.isoformat(), "until": self.last.isoformat()}


@dataclass(frozen=True)
class Parts:
    """A period as what is kept by months and by days: months as one span of whole ones, if there
    are any, then days to be added to them, and days that are to be taken away again."""

    months: Period | None
    more: tuple[Period, ...]
    fewer: tuple[Period, ...]


def parts_of(period: Period) -> Parts:
    """As few days as there can be: of a month that is in the period for half of it or more, all is
    taken but the days outside."""
    months: list[Period] = []
    more: list[Period] = []
    fewer: list[Period] = []
    for month in _months(period):
        inside = Period(max(month.first, period.first), min(month.last, period.last))
        if 2 * inside.days < month.days:
            more.append(inside)
            continue
        months.append(month)
        outside = Period(month.first, inside.first - _DAY), Period(inside.last + _DAY, month.last)
        fewer += [one for one in outside if one.days]
    whole = Period(months[0].first, months[-1].last) if months else None
    return Parts(whole, tuple(more), tuple(fewer))


def _months(period: Period) -> Iterator[Period]:
    first = period.first.replace(day=1)
    while first <= period.last:
        following = (first + timedelta(days=32)).replace(day=1)
        yield Period(first, following - _DAY)
        first = following


def read_period(args: Mapping[str, str], today: date) -> Period:
    """The days that an address asks for by `since` and `until`, none after today and a year at
    most; the last thirty where it asks for nothing that makes sense."""
    last = min(_day(args, "until") or today, today)
    first = _day(args, "since") or last - timedelta(days=USUAL_DAYS - 1)
    first = min(max(first, last - timedelta(days=LONGEST_DAYS - 1)), last)
    return Period(first, last)


def _day(args: Mapping[str, str], name: str) -> date | None:
    try:
        day = date.fromisoformat(args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 < day.year < 9000 else None
