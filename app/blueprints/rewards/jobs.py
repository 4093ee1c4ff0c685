"""What vouchers do by themselves."""

from app.blueprints.rewards import ending
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job

BATCH = 100


@job("vouchers_run_out")
def expire_vouchers() -> bool:
    """Give the points of a hundred vouchers back that have run out, each by itself."""
    session, now = db.session(), clock.now()
    found = ending.due(session, now=now, limit=BATCH)
    for redemption_id in found:
        with transaction(session):
            ending.expire(session, redemption_id, now=now)
    return len(found) == BATCH


@job("vouchers_running_out")
def warn_riders() -> bool:
    """Tell the riders of a batch that their vouchers run out soon."""
    session = db.session()
    with transaction(session):
        return ending.warn(session, now=clock.now(), limit=BATCH) == BATCH
