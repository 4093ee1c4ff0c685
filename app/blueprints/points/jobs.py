"""What the ledger does by itself."""

from app.blueprints.points.awarding import BATCH, award
from app.blueprints.points.expiring import due_accounts, expire
from app.blueprints.points.occurrences import JOB
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job(JOB)
def award_points() -> bool:
    """Pay a batch of what happened, or take it back."""
    session = db.session()
    with transaction(session):
        return award(session, now=clock.now()) == BATCH


@job("points_run_out")
def expire_points() -> bool:
    """Take what has run out of a hundred riders' accounts, each by itself."""
    session, now = db.session(), clock.now()
    due = due_accounts(session, now=now, limit=BATCH)
    for account_id in due:
        with transaction(session):
            expire(session, account_id, now=now)
    return len(due) == BATCH
