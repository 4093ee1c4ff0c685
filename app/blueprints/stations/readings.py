"""What riders think of stations: known to a feature above, which registers how to read it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Rated:
    """How a station was rated lately: the share of good ratings, 0 to 1, of how many."""

    good: float
    count: int


Reading = Callable[[Session, Collection[int]], Mapping[int, Rated]]
_readings: list[Reading] = []


def ratings_from(reading: Reading) -> Reading:
    """Registers a function that answers how stations were rated, by their ids."""
    _readings.append(reading)
    return reading


def ratings_of(session: Session, station_ids: Collection[int]) -> dict[int, Rated]:
    """How these stations were rated; those that nobody rated are missing."""
    return {
        station_id: rated
        for reading in _readings
        for station_id, rated in reading(session, station_ids).items()
    }
