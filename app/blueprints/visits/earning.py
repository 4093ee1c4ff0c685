"""What visits earn, told to the ledger: one deed a visit, that of the check-in that leads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion
from app.blueprints.points.occurrences import Deed, reconcile, tell_new


def tell(session: Session, leading: Mapping[int, Any], *, now: datetime) -> None:
    """Tell of check-ins just written that lead a visit, by their ids."""
    tell_new(session, Occasion.VISIT, {id: _deed(one) for id, one in leading.items()}, now=now)


def tell_moved(session: Session, leads: Mapping[int, Any | None], *, now: datetime) -> None:
    """Tell of check-ins that lead only now, by their ids; None for those that lead no longer."""
    deeds = {id: None if one is None else _deed(one) for id, one in leads.items()}
    reconcile(session, Occasion.VISIT, deeds, now=now, reason="visit")


def _deed(one: Any) -> Deed:
    return Deed(one.rider_id, one.at, place_id=one.station_id)
