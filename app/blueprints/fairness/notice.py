"""What a pattern finds: a question about a rider, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.blueprints.fairness.models import Pattern
from app.lib.clock import to_local


@dataclass(frozen=True)
class Notice:
    """`about` makes it one: the day, or the week and the other person."""

    pattern: Pattern
    rider_id: int
    about: str
    occurrence_ids: tuple[int, ...] = ()
    other_id: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def day_of(moment: datetime) -> date:
    """The local day."""
    return to_local(moment).date()


def week_of(moment: datetime) -> str:
    """The Monday of the local week."""
    day = day_of(moment)
    return (day - timedelta(days=day.weekday())).isoformat()
