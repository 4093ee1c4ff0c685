"""Background work of announcements: telling their audiences."""

from app.blueprints.announcements import sending
from app.blueprints.announcements.services import JOB
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job(JOB)
def announce() -> bool:
    """Write one chunk of what is due; answers whether more may wait."""
    session, now = db.session(), clock.now()
    due = sending.any_due(session, now=now)
    session.rollback()
    if not due:
        return False
    with transaction(session):
        return sending.send_some(session, now=now)
