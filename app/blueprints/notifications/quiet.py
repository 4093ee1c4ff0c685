"""Quiet hours: when a message waits for the morning. Minutes count from midnight in Suzhou."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SUZHOU = ZoneInfo("Asia/Shanghai")
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Quiet:
    """From when until when, over midnight if it begins later than it ends. Of no length, or
    switched off, there is none."""

    on: bool = True
    begins: int = 22 * 60
    ends: int = 7 * 60

    def night(self, now: datetime) -> tuple[datetime, datetime] | None:
        """The beginning and end of the quiet hours that we are in, or None outside them."""
        if not self.on or self.begins == self.ends:
            return None
        local = now.astimezone(SUZHOU)
        minutes = local.hour * 60 + local.minute
        since = (minutes - self.begins) % DAY_MINUTES
        length = (self.ends - self.begins) % DAY_MINUTES
        if since >= length:
            return None
        begun = datetime.combine(local.date(), time(), SUZHOU) + timedelta(minutes=minutes - since)
        return begun, begun + timedelta(minutes=length)


DEFAULT = Quiet()
"""22:00 to 07:00."""
