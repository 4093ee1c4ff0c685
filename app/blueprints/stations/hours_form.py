"""The form of a station's opening hours: round the clock, by day, or as text.

Rows are d0 to d6 for Monday to Sunday, d7 for public holidays, s0 and so on for special days. The
inputs of a row are `<row>_1a` to `<row>_1b` and `<row>_2a` to `<row>_2b`; all empty means closed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.stations.week_hours import (
    ALWAYS,
    DAY_MIN,
    DAYS,
    MOST_SPANS,
    NotOfDays,
    Spans,
    SpecialDays,
    WeekHours,
    read_week,
)
from app.lib.opening_hours import MAX_LENGTH, BadHours, check
from app.lib.text import clean

DAY_NAMES = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"),
    _l("Sunday"),
)  # fmt: skip
MOST_SPECIAL, SPARE_ROWS = 20, 3
MOST_DAYS = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 2020, 2100
_TIME = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::00)?")
_BLANK = (("", ""),) * MOST_SPANS


@dataclass
class Row:
    """A row as it was typed: from and to, twice; for special days the days too."""

    name: str
    spans: Sequence[tuple[str, str]] = _BLANK
    first: str = ""
    last: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return not any((self.first, self.last, *(text for pair in self.spans for text in pair)))

    @property
    def label(self) -> str:
        """The name of a day of the week."""
        return str(DAY_NAMES[int(self.name[1:])])


@dataclass
class HoursForm:
    """The form as it was typed, or with what is set; `how` is always, week or text."""

    how: str
    days: list[Row]
    holidays: Row
    own_holidays: bool = False
    special: list[Row] = field(default_factory=list)
    text: str = ""
    error: str = ""

    @property
    def has_errors(self) -> bool:
        rows = (*self.days, self.holidays, *self.special)
        return bool(self.error) or any(row.error for row in rows)

    def notation(self, today: date) -> str:
        """The hours in the notation, "" when something is wrong, which then stands in the form.
        Special days that are over are left out."""
        if self.how == "always":
            return ALWAYS
        text = self.text if self.how == "text" else self._week(today)
        if self.has_errors:
            return ""
        self.error = self._wrong(text)
        return "" if self.error else text

    def _week(self, today: date) -> str:
        days = tuple(_spans(row) for row in self.days)
        holidays = _spans(self.holidays) if self.own_holidays else None
        special = [_special(row) for row in self.special if not row.is_blank]
        kept = tuple(one for one in special if one is not None and one.last >= today)
        return WeekHours(days, holidays, kept).text()

    def _wrong(self, text: str) -> str:
        if len(text) > MAX_LENGTH:
            return str(_("That is too much: at most 400 characters of opening hours."))
        try:
            check(text)
        except BadHours:
            if self.how == "week":
                return str(_("It would never be open. Say at least one day, or close the station."))
            return str(
                _("Not understood as opening hours: write for example Mo-Fr 08:00-20:00; PH off.")
            )
        return ""


def form_of(hours: str) -> HoursForm:
    """The form with what is set."""
    try:
        week = read_week(hours)
    except NotOfDays:
        form = HoursForm("text", _rows(WeekHours().days), Row("d7"), text=hours)
    else:
        form = HoursForm("week", _rows(week.days), Row("d7", _shown(week.holidays or ())))
        form.own_holidays = week.holidays is not None
        form.special = [_shown_special(number, one) for number, one in enumerate(week.exceptions)]
        form.text = hours
        if hours == ALWAYS:
            form.how, form.days = "always", _rows(WeekHours().days)
    _add_spare(form)
    return form


def read_form(sent: Mapping[str, str]) -> HoursForm:
    """The form as it was sent; what is longer than any time or day is cut."""
    how = sent.get("how", "")
    form = HoursForm(
        how if how in ("always", "week", "text") else "week",
        [_read(sent, f"d{day}") for day in range(len(DAYS))],
        _read(sent, "d7"),
        own_holidays=sent.get("holidays") == "own",
        special=[_read(sent, f"s{number}") for number in range(MOST_SPECIAL)],
        text=" ".join(clean(sent.get("text", ""))[: 2 * MAX_LENGTH].split()),
    )
    form.special = [row for row in form.special if not row.is_blank]
    for number, row in enumerate(form.special):
        row.name = f"s{number}"
    _add_spare(form)
    return form


def _add_spare(form: HoursForm) -> None:
    count = len(form.special)
    spare = range(count, min(count + SPARE_ROWS, MOST_SPECIAL))
    form.special += [Row(f"s{number}") for number in spare]


def _read(sent: Mapping[str, str], name: str) -> Row:
    def said(end: str) -> str:
        return clean(sent.get(f"{name}_{end}", ""))[:10]

    spans = [(said(f"{number}a"), said(f"{number}b")) for number in range(1, MOST_SPANS + 1)]
    return Row(name, spans, said("first"), said("last"))


def _rows(days: Sequence[Spans]) -> list[Row]:
    return [Row(f"d{day}", _shown(spans)) for day, spans in enumerate(days)]


def _shown(spans: Spans) -> list[tuple[str, str]]:
    found = [(_clock(begins), _clock(ends)) for begins, ends in spans]
    return found + [("", "")] * (MOST_SPANS - len(found))


def _shown_special(number: int, one: SpecialDays) -> Row:
    last = "" if one.last == one.first else one.last.isoformat()
    return Row(f"s{number}", _shown(one.spans), one.first.isoformat(), last)


def _clock(minute: int) -> str:
    """As an input of a time takes it, which knows no 24:00."""
    minute %= DAY_MIN
    return f"{minute // 60:02}:{minute % 60:02}"


def _spans(row: Row) -> Spans:
    """The hours of a row; where they cannot be, the row says so."""
    try:
        found = [_span(begins, ends) for begins, ends in row.spans if begins or ends]
        _check_order(found)
    except _Refused as error:
        row.error = row.error or str(error)
        return ()
    return tuple(found)


class _Refused(ValueError):
    pass


def _span(begins: str, ends: str) -> tuple[int, int]:
    if not begins or not ends:
        raise _Refused(_("Say both, from when and until when."))
    since, until = _minute(begins), _minute(ends) or DAY_MIN
    if since == until or since >= DAY_MIN:
        raise _Refused(_("That is no stretch of time."))
    return since, until


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise _Refused(_("Say a time, such as 23:00."))
    minute = int(found[1]) * 60 + int(found[2])
    if minute > DAY_MIN:
        raise _Refused(_("Say a time, such as 23:00."))
    return minute


def _check_order(spans: Sequence[tuple[int, int]]) -> None:
    for (begins, ends), (later, _ends) in pairwise(spans):
        if ends <= begins or later < ends:
            raise _Refused(_("The second time must begin after the first has ended."))


def _special(row: Row) -> SpecialDays | None:
    spans = _spans(row)
    try:
        first = _day(row.first)
        last = _day(row.last) if row.last else first
        if not first <= last <= first + MOST_DAYS:
            raise _Refused(_("The last day is before the first, or more than a year after it."))
    except _Refused as error:
        row.error = row.error or str(error)
        return None
    return SpecialDays(first, last, spans)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise _Refused(_("Say the day.")) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _Refused(_("Say the day."))
    return found
