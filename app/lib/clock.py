"""The one clock. Times are timezone-aware UTC inside, Asia/Shanghai on screen."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def to_local(moment: datetime) -> datetime:
    """The same moment as read off a clock in Suzhou."""
    return moment.astimezone(LOCAL)


def start_of_day(moment: datetime) -> datetime:
    """The midnight in Suzhou with which the day of this moment began."""
    return to_local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def from_ms(milliseconds: int) -> datetime:
    """Milliseconds since 1970-01-01 UTC as a moment.

    Raises ValueError outside the years 1970 to 8999: past them a phone's offset or the local
    zone could lead beyond what a datetime holds.
    """
    if not 0 <= milliseconds < 221_845_392_000_000:
        raise ValueError("outside the years 1970 to 8999")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def to_ms(moment: datetime) -> int:
    """A moment as whole milliseconds since 1970-01-01 UTC."""
    return int(moment.timestamp() * 1000)
