"""How any change of a station is written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Station, StationEvent


def note_change(
    session: Session, station: Station, actor: User, step: str, *,
    now: datetime, data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Count the change, and keep who did what: `data` is {field: [from, to]}, in JSON. Flushes."""
    keep_change(session, station, actor, step, now=now, data=data)
    session.flush()


def keep_change(
    session: Session, station: Station, actor: User, step: str, *,
    now: datetime, data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """The same without a flush: for many at once."""
    station.version += 1
    station.changed_at = now
    session.add(
        StationEvent(
            station_id=station.organisation_id, actor_id=actor.id, step=step,
            data=dict(data) if data else None, at=now,
        )
    )  # fmt: skip
