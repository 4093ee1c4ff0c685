"""Background work of the visits."""

from datetime import timedelta

from flask import current_app

from app.blueprints.visits import forgetting
from app.extensions import db
from app.lib import clock
from app.lib.database import alone, transaction
from app.lib.jobs import job


@job("visit_places")
def forget_places() -> bool:
    """Forget where phones were long ago; answers whether more is left."""
    session = db.session()
    before = clock.now() - timedelta(days=current_app.config["VISIT_PLACE_DAYS"])
    if not forgetting.any_old(session, before):
        return False
    with transaction(session):
        alone(session, "visit places")
        return forgetting.forget(session, before)
