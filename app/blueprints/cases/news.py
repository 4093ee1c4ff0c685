"""What moved while somebody looks at the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import desk_queries
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.queues import Sight
from app.blueprints.reports.models import Report, ReportEvent

MOST_NEW = 99
MOST_ROWS = 60
RECOUNTED_EVERY_S = 300
"""What grows overdue does so without a step: counts are renewed that often at least."""


@dataclass(frozen=True)
class News:
    """Counts by queue; the rows in view that have moved; how many cases came into the list."""

    counts: Mapping[str, int]
    rows: Sequence[Report]
    new: int


def pulse(session: Session, now: datetime) -> str:
    """Changes with every step of any case: one look at the end of an index."""
    newest = session.scalar(select(func.max(ReportEvent.id))) or 0
    return f"{newest}.{int(now.timestamp()) // RECOUNTED_EVERY_S}"


def news(
    session: Session, actor: User, wanted: CaseFilter, sight: Sight, *,
    seen: Mapping[int, int], since: datetime,
) -> News:  # fmt: skip
    """What is new to somebody who saw these rows, by id and version, at a moment."""
    ids = list(seen)[:MOST_ROWS]
    rows = desk_queries.rows(session, actor, ids)
    came = (
        desk_queries.found(actor, wanted, sight)
        .where(Report.moved_at > since, Report.id.not_in(ids))
        .with_only_columns(Report.id)
        .limit(MOST_NEW)
    )
    return News(
        counts=desk_queries.counts(session, actor, sight),
        rows=[row for row in rows if row.version != seen[row.id]],
        new=session.scalar(select(func.count()).select_from(came.subquery())) or 0,
    )
