"""Writing down what became of pushes that were sent."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.blueprints.deliveries.models import Delivery, PushService, Subscription
from app.blueprints.deliveries.outcome import Outcome, What
from app.blueprints.deliveries.taking import Work
from app.blueprints.notifications.services import notify
from app.blueprints.organisations.holding import holders
from app.blueprints.organisations.models import Role
from app.lib.database import insert_of

FIRST_S, MOST_S = 5.0, 900.0
"""Of the pause before the next try: the first, and the longest."""
PAUSE_FIRST_S, PAUSE_MOST_S = 30.0, 600.0
"""The same of a push service that does not answer anybody."""


@dataclass(frozen=True)
class Done:
    """A push and what became of it; without an outcome it was not sent after all."""

    work: Work
    outcome: Outcome | None


def record(session: Session, done: Sequence[Done], *, now: datetime) -> None:
    """Write it down, inside the caller's transaction."""
    sent = [one.work.delivery_id for one in done if one.outcome and one.outcome.what == What.SENT]
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(sent))
        .values(work_state="done", lease_until=None, last_error=None, sent_at=now)
        .execution_options(synchronize_session=False)
    )
    for one in done:
        if one.outcome is None:
            give_back(session, one.work)
        elif one.outcome.what != What.SENT:
            _record_trouble(session, one.work, one.outcome, now)


def give_back(session: Session, work: Work) -> None:
    """It was taken and not tried."""
    _change(session, work, lease_until=None, attempts=work.attempts - 1)


def _record_trouble(session: Session, work: Work, outcome: Outcome, now: datetime) -> None:
    if outcome.what == What.GONE:
        session.execute(delete(Subscription).where(Subscription.id == work.subscription_id))
    elif outcome.what == What.WAIT:
        _wait(session, work, outcome, now)
    elif outcome.what == What.STOP:
        give_back(session, work)
        stop(session, work.push.origin, outcome.error, now=now)
    else:
        _change(
            session, work, work_state="failed", lease_until=None, last_error=outcome.error[:200]
        )


def _wait(session: Session, work: Work, outcome: Outcome, now: datetime) -> None:
    """Later again, after the longer of what the service asks and our own growing pause; never
    once nobody needs it any more."""
    pause = min(FIRST_S * 2 ** min(work.attempts - 1, 20), MOST_S) * random.uniform(0.5, 1)
    again = now + timedelta(seconds=max(pause, outcome.wait_s))
    state = "pending" if again < work.expires_at else "failed"
    _change(
        session, work, work_state=state, lease_until=None, next_try_at=again,
        last_error=outcome.error[:200],
    )  # fmt: skip


def _change(session: Session, work: Work, **values: object) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id == work.delivery_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def stop(session: Session, origin: str, reason: str, *, now: datetime) -> None:
    """A push service refuses us: nothing more goes there, and the administrators hear of it."""
    service = _service(session, origin)
    if service.stopped_at is not None:
        return
    service.stopped_at, service.reason = now, reason[:200]
    session.flush()
    data = {"service": origin, "reason": reason}
    people = holders(session, Role.ADMINISTRATOR)
    notify(session, people, kind="push_stopped", data=data, url="/deliveries", now=now)


def pause(session: Session, origin: str, *, wait_s: float, now: datetime) -> None:
    """A push service answers nobody: it is left alone for a while, longer each time."""
    service = _service(session, origin)
    own = min(PAUSE_FIRST_S * 2 ** min(service.failures, 20), PAUSE_MOST_S)
    service.paused_until = now + timedelta(seconds=max(own, wait_s))
    service.failures += 1
    session.flush()


def answers_again(session: Session, origins: Sequence[str]) -> None:
    """Push services that were paused have taken something."""
    session.execute(
        update(PushService)
        .where(PushService.origin.in_(origins))
        .values(paused_until=None, failures=0)
        .execution_options(synchronize_session=False)
    )


def paused_before(session: Session) -> frozenset[str]:
    """Those whose last pause has not been followed by an answer yet."""
    return frozenset(session.scalars(select(PushService.origin).where(PushService.failures > 0)))


def _service(session: Session, origin: str) -> PushService:
    session.execute(
        insert_of(session, PushService)
        .values(origin=origin, failures=0)
        .on_conflict_do_nothing(index_elements=["origin"])
    )
    locked = select(PushService).where(PushService.origin == origin).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()
