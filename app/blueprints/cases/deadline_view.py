"""How much time a case has left, as it is shown: words, a bar, and what a page needs to count on
by itself."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g
from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.cases.deadlines import left_s, limit_s, working_calendar
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from app.lib.working_time import HOUR_S, WORKING_DAY_S, Unit, WorkingCalendar

_HANDLED = (State.HANDLED, State.VERIFIED, State.CLOSED)
SPANS = 3
"""So many stretches of working time go with a page: it is loaded anew long before they end."""
LEFT_WORDS: dict[str, Any] = {
    "left_days": _l("{days} working days {hours} h left"),
    "left_working": _l("{hours} working h {minutes} min left"),
    "left_hours": _l("{hours} h {minutes} min left"),
    "left_minutes": _l("{minutes} min {seconds} s left"),
}
"""For the server and for js/ui/countdown.js, by the same keys."""


@dataclass(frozen=True)
class TimeLeft:
    """`share` of the whole limit that is left, 0 to 1. `tone` is ok, wait (the last quarter), bad
    (over), or still (no clock runs).

    While a clock runs: `due_at` in ms since 1970; `spans` the next stretches in which it counts,
    as pairs of such ms; `after_s` the seconds that are left behind them; `whole_s` the whole
    limit; `over` the words from the moment it ends.
    """

    words: str
    share: float
    tone: str
    unit: str
    due_at: int | None = None
    spans: tuple[tuple[int, int], ...] = ()
    after_s: int = 0
    whole_s: int = 0
    over: str = ""

    def as_json(self) -> dict[str, Any]:
        """For pages that are made on the phone."""
        return asdict(self)


def time_left(case: Report, calendar: WorkingCalendar, now: datetime) -> TimeLeft | None:
    """What to show of a case's deadline; None when it has none."""
    unit = Unit(case.category.limit_unit)
    if case.due_at is not None:
        return _running(case, case.due_at, unit, calendar, now)
    if case.state in _HANDLED and case.late is not None:
        words = _("Handled too late") if case.late else _("Handled in time")
        return TimeLeft(words, 0.0 if case.late else 1.0, "bad" if case.late else "ok", unit)
    if case.left_s is not None:
        words = str(_("The clock is stopped: %(left)s", left=left_words(case.left_s, unit)))
        return TimeLeft(words, _share(case.left_s, _whole(case)), "still", unit)
    return None


def _running(
    case: Report, due_at: datetime, unit: Unit, calendar: WorkingCalendar, now: datetime
) -> TimeLeft:
    whole = _whole(case)
    over = str(_("Overdue since %(due)s", due=_moment(due_at)))
    due_ms = clock.to_ms(due_at)
    if due_at <= now:
        return TimeLeft(over, 0.0, "bad", unit, due_ms, whole_s=whole, over=over)
    left = left_s(calendar, case, now) or 0
    spans = next_spans(calendar, unit, now, due_at)
    covered = sum(end - start for start, end in spans) // 1000
    share = _share(left, whole)
    return TimeLeft(
        left_words(left, unit), share, "wait" if share <= 0.25 else "ok", unit, due_ms, spans,
        max(0, left - covered), whole, over,
    )  # fmt: skip


def next_spans(
    calendar: WorkingCalendar, unit: Unit, now: datetime, due_at: datetime
) -> tuple[tuple[int, int], ...]:
    """The next stretches of a unit's time until a case is due, in ms since 1970."""
    if unit is Unit.URGENT_HOURS:
        return ((clock.to_ms(now), clock.to_ms(due_at)),)
    found = zip(range(SPANS), calendar.spans(now, due_at), strict=False)
    return tuple((clock.to_ms(start), clock.to_ms(end)) for _number, (start, end) in found)


def left_words(seconds: int, unit: Unit) -> str:
    """How much is left, as one says it."""
    key, values = "left_minutes", {"minutes": seconds // 60, "seconds": seconds % 60}
    if unit is not Unit.URGENT_HOURS and seconds >= WORKING_DAY_S:
        days, rest = divmod(seconds, WORKING_DAY_S)
        key, values = "left_days", {"days": days, "hours": rest // HOUR_S}
    elif seconds >= HOUR_S:
        key = "left_hours" if unit is Unit.URGENT_HOURS else "left_working"
        values = {"hours": seconds // HOUR_S, "minutes": seconds % HOUR_S // 60}
    return str(LEFT_WORDS[key]).format(**values)


def _whole(case: Report) -> int:
    return case.limit_s or limit_s(case.category)


def _share(left: int, whole: int) -> float:
    return round(min(1.0, left / whole), 4) if whole else 0.0


def _moment(moment: datetime) -> str:
    chinese = str(get_locale()) != "en"
    return str(format_datetime(moment, "M月d日 HH:mm" if chinese else "d MMM, HH:mm"))


def calendar_of_request() -> WorkingCalendar:
    """The calendar, read once for a request however many cases it shows."""
    if "working_calendar" not in g:
        g.working_calendar = working_calendar(db.session())
    calendar: WorkingCalendar = g.working_calendar
    return calendar


def init_app(app: Flask) -> None:
    """Give the macro `ui.time_left` what it draws."""

    @app.template_global("time_left_of")
    def of_case(case: Report) -> TimeLeft | None:
        return time_left(case, calendar_of_request(), clock.now())

    app.jinja_env.globals["left_words"] = lambda: {k: str(v) for k, v in LEFT_WORDS.items()}
