"""Background work of the badges: riders enter the register, and hear when a badge runs out."""

from app.blueprints.badges import holders, telling
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job("riders")
def enter_riders() -> bool:
    """Make rows for riders who joined a company, a batch at a time; answers whether more wait."""
    session = db.session()
    if not holders.any_missing(session):  # nearly always; a transaction would hold up writers
        return False
    with transaction(session):
        return holders.enter_riders(session, now=clock.now()) == holders.BATCH


@job("badges_running_out")
def warn_of_running_out() -> bool:
    """Tell riders whose badge soon needs network, a batch at a time; answers whether more wait."""
    session = db.session()
    with transaction(session):
        return telling.warn_of_running_out(session, now=clock.now()) == telling.WARNED_TOGETHER
