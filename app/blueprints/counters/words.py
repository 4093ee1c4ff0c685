"""What is said at a counter: how much of a supply is left, and for how long."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from app.blueprints.counters.models import Level
from app.blueprints.stations.words import Word
from app.lib.clock import start_of_day

LEVELS: dict[Level, Word] = {
    Level.ENOUGH: Word(_l("Enough left"), "circle-check", "ok"),
    Level.LOW: Word(_l("Running low"), "triangle-alert", "wait"),
    Level.OUT: Word(_l("Used up"), "circle-x", "bad"),
}
FOREVER, END_OF_DAY = "", "day"
STATE_LASTS = {
    FOREVER: _l("until I change it"), "60": _l("for 1 hour"), "120": _l("for 2 hours"),
    "240": _l("for 4 hours"), END_OF_DAY: _l("until the end of today"),
    "2days": _l("until the end of tomorrow"),
}  # fmt: skip
NOTICE_LASTS = {
    END_OF_DAY: _l("until the end of today"), "120": _l("for 2 hours"),
    "2days": _l("until the end of tomorrow"), "7days": _l("for 7 days"),
}  # fmt: skip


def until(choice: str, now: datetime) -> datetime | None:
    """When what lasts for a choice of these ends; None for never."""
    if choice == FOREVER:
        return None
    if choice.isdigit():
        return now + timedelta(minutes=int(choice))
    days = {END_OF_DAY: 1, "2days": 2, "7days": 7}[choice]
    return start_of_day(now) + timedelta(days=days)
