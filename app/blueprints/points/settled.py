"""What was paid and taken back, told to the features above, which register to hear of it: within
the transaction that moved the points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion, Occurrence, Outcome


@dataclass(frozen=True, slots=True)
class Settled:
    """Points that a rider was paid, or below zero that were taken back, for what was done at a
    time. `told` when somebody else tells the rider why."""

    rider_id: int
    occasion: Occasion
    at: datetime
    points: int
    five_role: str
    place_id: int | None
    reason: str = ""
    told: bool = False


Hearing = Callable[[Session, Sequence[Settled], datetime], None]
_hearings: list[Hearing] = []


def hears(hearing: Hearing) -> Hearing:
    """Registers what is to hear, with the moment, of all that a batch settled."""
    if hearing not in _hearings:
        _hearings.append(hearing)
    return hearing


def settled_of(row: Occurrence) -> Settled | None:
    """What an occurrence that was just settled paid or gave back; None for nothing."""
    sign = {Outcome.PAID: 1, Outcome.UNDONE: -1}.get(row.outcome, 0)
    if sign * row.amount == 0:
        return None
    return Settled(
        row.rider_id, row.occasion, row.at, sign * row.amount, row.five_role, row.place_id,
        row.undo_reason, told=row.bar is not None,
    )  # fmt: skip


def tell(session: Session, rows: Sequence[Occurrence], *, now: datetime) -> None:
    """Tell whoever wants to hear of occurrences that were settled."""
    found = [one for row in rows if (one := settled_of(row)) is not None]
    if found:
        for hearing in _hearings:
            hearing(session, found, now)
