"""Who is at a station now, and how many came today, hour by hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.badges.issuing import label_of
from app.blueprints.badges.models import Holder
from app.blueprints.visits.models import CheckIn, Dimension, VisitSum
from app.lib import clock

HERE_FOR = timedelta(hours=2)
"""As long as check-ins are one visit, whoever came counts as here."""
MOST = 100

Json = dict[str, Any]


@dataclass(frozen=True)
class Here:
    """Check-ins of the last two hours, newest first, at most 100; how many people they are in
    all; today's by hour; and the labels of riders."""

    rows: Sequence[CheckIn]
    people: int
    by_hour: Mapping[int, int]
    labels: Mapping[int, str]


def here_at(session: Session, station_id: int, *, now: datetime) -> Here:
    """Who is here. Who may see it is asked before."""
    recent = (
        CheckIn.station_id == station_id,
        CheckIn.at > now - HERE_FOR,
        CheckIn.undone_at.is_(None),
    )
    newest = select(CheckIn).where(*recent).order_by(CheckIn.at.desc(), CheckIn.id.desc())
    rows = session.scalars(newest.limit(MOST)).all()
    riders = {row.rider_id for row in rows if row.rider_id is not None and not row.label}
    return Here(rows, _people(session, recent), _by_hour(session, station_id, now),
                _labels(session, riders))  # fmt: skip


def _people(session: Session, recent: Iterable[Any]) -> int:
    """A rider is one however often, others are as many as were counted."""
    counted = select(
        func.count(CheckIn.rider_id.distinct()),
        func.coalesce(func.sum(CheckIn.people).filter(CheckIn.rider_id.is_(None)), 0),
    ).where(*recent)
    riders, others = session.execute(counted).one()
    return int(riders) + int(others)


def _by_hour(session: Session, station_id: int, now: datetime) -> Mapping[int, int]:
    today = select(VisitSum.value, VisitSum.people).where(
        VisitSum.station_id == station_id,
        VisitSum.dimension == Dimension.HOUR,
        VisitSum.day == clock.to_local(now).date(),
    )
    return dict(session.execute(today).all())


def _labels(session: Session, rider_ids: set[int]) -> Mapping[int, str]:
    if not rider_ids:
        return {}
    holders = session.scalars(select(Holder).where(Holder.user_id.in_(rider_ids)))
    return {holder.user_id: label_of(holder) for holder in holders}


def here_as_json(here: Here) -> Json:
    """The same as a counter is told it; times in milliseconds."""
    return {
        "people": here.people,
        "entries": [_entry(row, here.labels) for row in here.rows],
        "hours": [here.by_hour.get(hour, 0) for hour in range(24)],
    }


def _entry(row: CheckIn, labels: Mapping[int, str]) -> Json:
    return {
        "key": row.key,
        "at": clock.to_ms(row.at),
        "label": row.label or labels.get(row.rider_id or 0, ""),
        "who": row.who,
        "people": row.people,
        "way": row.way,
        "purpose": row.purpose,
        "mark": row.mark,
        "rider": row.rider_id,
        "by_host": row.recorder_id is not None,
    }
