"""What tasks do by themselves."""

from collections.abc import Callable

from app.blueprints.tasks import expiring, repeating
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.jobs import job


@job("tasks_run_out")
def run_out() -> bool:
    """Let claims run out, close tasks whose time is over, and remind riders before that."""
    done = [_batch(step) for step in (expiring.remind, expiring.expire, expiring.end)]
    return any(count == expiring.BATCH for count in done)


@job("tasks_repeat")
def repeat() -> bool:
    """Make the next day's tasks of series."""
    return _batch(repeating.repeat) == repeating.BATCH


def _batch(step: Callable[..., int]) -> int:
    session = db.session()
    with transaction(session):
        return step(session, now=clock.now())
