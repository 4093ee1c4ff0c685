"""Background work of fairness."""

from app.blueprints.fairness.noticing import is_due, look_at_some
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job("fairness")
def look_for_patterns() -> bool:
    """Look at a batch of what is new; answers whether more waits."""
    session, now = db.session(), clock.now()
    if not is_due(session, now=now):  # nearly always
        return False
    with transaction(session):
        return look_at_some(session, now=now)
