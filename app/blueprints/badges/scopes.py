"""Where a badge can open: the whole district, or a group of compounds.

Which groups there are is known to a feature above this one, which registers how to read them.
"""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

WHOLE_DISTRICT = 0
Reading = Callable[[Session], Mapping[int, str]]
_readings: list[Reading] = []


def groups_from(reading: Reading) -> Reading:
    """Registers a function that answers the names of groups by their numbers."""
    _readings.append(reading)
    return reading


def groups(session: Session) -> dict[int, str]:
    """The names of all groups of compounds, by number."""
    return {number: name for reading in _readings for number, name in reading(session).items()}
