"""Background work on doubles and flags: a report is compared once its photos have been seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.blueprints.cases import doubles, flags
from app.blueprints.photos.models import Photo
from app.blueprints.reports.models import Report, ReportPhoto
from app.blueprints.reports.services import COMPARE
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job

BATCH = 20
LEASE = timedelta(minutes=2)
"""How long a report is left alone that a worker began with and did not finish."""


@job(COMPARE, after="photos")
def compare_new_reports() -> bool:
    """Keep what new reports may be doubles of, and flag what is odd; answers whether more wait."""
    session, now = db.session(), clock.now()
    if session.scalar(_due(now).limit(1)) is None:  # nearly always
        return False
    with transaction(session):
        ids = _lease(session, now)
    for report_id in ids:
        with transaction(session):
            _compare(session, report_id, now)
    return len(ids) == BATCH


def _due(now: datetime) -> Select[int]:
    """Reports to be compared whose photos have all been seen, the longest waiting first."""
    unseen = (
        select(ReportPhoto.report_id)
        .join(Photo, Photo.sha256 == ReportPhoto.sha256)
        .where(ReportPhoto.report_id == Report.id, Photo.work_state == "pending")
    )
    return (
        select(Report.id)
        .where(Report.compare_at <= now, ~unseen.exists())
        .order_by(Report.compare_at)
    )


def _lease(session: Session, now: datetime) -> Sequence[int]:
    """Take a batch: should this worker die, another finds them when the lease has run out."""
    chosen = _due(now).limit(BATCH).with_for_update(skip_locked=True, key_share=True, of=Report)
    ids = session.scalars(chosen).all()
    session.execute(update(Report).where(Report.id.in_(ids)).values(compare_at=now + LEASE))
    return ids


def _compare(session: Session, report_id: int, now: datetime) -> None:
    case = session.get(Report, report_id, populate_existing=True)
    if case is None:
        return
    doubles.keep(session, case, now=now)
    flags.keep(session, case, now=now)
    case.compare_at = None
