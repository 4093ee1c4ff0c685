"""What transfers are for, in words and with a link: known to the features above, which register
how to read it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Shown:
    """What people call a source, and where it is to be seen ("" for nowhere)."""

    name: str
    url: str = ""


Reading = Callable[[Session, Collection[int]], Mapping[int, Shown]]
_readings: dict[str, Reading] = {}


def shows(kind: str) -> Callable[[Reading], Reading]:
    """Registers how sources of a kind are shown, by their ids."""

    def register(reading: Reading) -> Reading:
        _readings[kind] = reading
        return reading

    return register


def shown(session: Session, kind: str, ids: Collection[int]) -> Mapping[int, Shown]:
    """Sources of a kind; what nobody knows any more is missing."""
    reading = _readings.get(kind)
    return reading(session, ids) if reading and ids else {}
