"""Background work of figures."""

from app.blueprints.insight import demand
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job("demand")
def count_demand() -> bool:
    """Count a batch of each source into where and when riders are; answers whether more waits."""
    session, now, more = db.session(), clock.now(), False
    for source in demand.SOURCES:
        if demand.is_due(session, source, now=now):
            with transaction(session):
                more = demand.count_some(session, source, now=now) or more
    return more
