"""What stars do by themselves."""

from app.blueprints.stars import reckoning, warnings
from app.blueprints.stars.hearing import JOB
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job(JOB)
def reckon_stars() -> bool:
    """Reckon a batch of levels: first those that changed, then the day's round."""
    session, now = db.session(), clock.now()
    if not reckoning.any_due(session, now=now):  # nearly always; a transaction holds up writers
        return False
    with transaction(session):
        done = reckoning.reckon_due(session, now=now) or reckoning.reckon_day(session, now=now)
    return done > 0


@job("points_expiring")
def warn_of_expiring() -> bool:
    """Tell a batch of riders of points that run out within 30 days."""
    session, now = db.session(), clock.now()
    if not warnings.any_unwarned(session, now=now):
        return False
    with transaction(session):
        return warnings.warn(session, now=now) == warnings.BATCH
