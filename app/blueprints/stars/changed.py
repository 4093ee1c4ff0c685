"""Who wants to know when levels change: features above register, and hear of it within the
transaction."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

Hearing = Callable[[Session, Mapping[int, int]], None]
"""With the new levels by the riders' ids."""
_hearings: list[Hearing] = []


def hears(hearing: Hearing) -> Hearing:
    """Registers what is to hear of new levels."""
    if hearing not in _hearings:
        _hearings.append(hearing)
    return hearing


def tell(session: Session, levels: Mapping[int, int]) -> None:
    """Tell of levels that have changed."""
    if levels:
        for hearing in _hearings:
            hearing(session, levels)
