"""Background work of the gates. Each job reads first and writes only if something is due; two
workers who come at once take turns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from app.blueprints.gates import closing, missing, retention
from app.extensions import db
from app.lib import clock
from app.lib.database import alone, transaction
from app.lib.jobs import job

PHONES = 50


@job("closing")
def close_compounds() -> bool:
    """End the presences of compounds that have closed; answers whether more wait."""
    session, now = db.session(), clock.now()
    if not closing.any_due(session, now=now):
        return False
    with transaction(session):
        alone(session, "closing")
        return closing.close(session, now=now) == closing.BATCH


@job("retention")
def delete_old_passes() -> bool:
    """Delete what is older than passes are kept; answers whether more is left."""
    session = db.session()
    old = retention.bounds(current_app.config["PASS_RETENTION_DAYS"], clock.now())
    if not retention.any_old(session, old):
        return False
    with transaction(session):
        alone(session, "retention")
        return retention.delete_old(session, old)


@job("missing_passes")
def note_missing_passes() -> bool:
    """Make conflicts of gaps in the chains of gate phones, and resolve those that have filled."""
    session, now = db.session(), clock.now()
    kept_since = now - timedelta(days=current_app.config["PASS_RETENTION_DAYS"])
    progress = missing.progress_of(session)
    phones = missing.phones_to_look_at(session, progress, kept_since=kept_since)
    for start in range(0, len(phones), PHONES):
        _look_at(session, progress, phones[start : start + PHONES], now)
    if come := missing.arrived(session):
        with transaction(session):
            missing.resolve(session, come, now=now)
    return False


def _look_at(
    session: Session, progress: missing.Progress, phones: Sequence[missing.Phone], now: datetime
) -> None:
    gaps = missing.gaps_of(session, phones)
    if any(gap.is_due(now) for gap in gaps):
        with transaction(session):
            alone(session, "missing passes")
            missing.note_gaps(session, missing.gaps_of(session, phones), now=now)
    missing.keep_progress(progress, phones, gaps, now=now)
