"""Check-ins before they are written, and what a phone's clock may say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.blueprints.visits.models import Mark, Purpose, Way, Who

AHEAD = timedelta(minutes=10)
"""How far a phone's time may be ahead before it cannot be right."""
EARNS_FOR = timedelta(days=7)
"""What reaches the server later than this is kept, and marked."""


@dataclass(frozen=True, slots=True)
class CheckInDraft:
    """A check-in, ready to be written by `record`. `recorder_id` is the host who wrote it down,
    None for the rider's own; `company_id` is the rider's at that time (companies.py)."""

    key: str
    station_id: int
    rider_id: int | None
    company_id: int | None
    who: Who
    people: int
    label: str
    way: Way
    purpose: Purpose
    at: datetime
    received_at: datetime
    recorder_id: int | None
    mark: Mark | None
    distance_m: int | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A check-in that is written, and where its rider sees it."""

    id: int
    number: str
    url: str = "/visits"


@dataclass(frozen=True, slots=True)
class Taken:
    """A check-in that was not written: its key was used before, by whomever."""

    key: str


def timed(said: datetime, received_at: datetime) -> tuple[datetime, Mark | None]:
    """When it was, by what a phone said, and what its clock says against it. A time that lies
    ahead was no time: then that of receipt stands for it."""
    if said > received_at + AHEAD:
        return received_at, Mark.CLOCK
    return said, None if said >= received_at - EARNS_FOR else Mark.CLOCK
