"""What did not arrive, and push services that refuse us: looked at and dealt with by people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, literal_column, select, update
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.audit.services import note_look
from app.blueprints.deliveries.models import Delivery, PushService
from app.blueprints.notifications.services import JOB
from app.errors import Conflict
from app.lib import jobs, leases

PAGE = 50
MOST_COUNTED = 9_999
WHAT = "delivery"
_FAILED = Delivery.work_state == literal_column("'failed'")  # as the index has it


@dataclass(frozen=True)
class Failed:
    """Deliveries that were given up, the newest first; `before` begins the next page."""

    items: Sequence[Delivery]
    before: int | None


def failed(session: Session, *, before: int | None = None) -> Failed:
    """A page of what was given up."""
    wanted = select(Delivery).where(_FAILED).options(joinedload(Delivery.notification))
    if before is not None:
        wanted = wanted.where(Delivery.id < before)
    found = session.scalars(wanted.order_by(Delivery.id.desc()).limit(PAGE + 1)).all()
    return Failed(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def waiting(session: Session) -> int:
    """How many are on their way; 10,000 when there are that many or more."""
    pending = select(Delivery.id).where(leases.is_pending(Delivery)).limit(MOST_COUNTED + 1)
    return session.scalar(select(func.count()).select_from(pending.subquery())) or 0


def push_services(session: Session) -> Sequence[PushService]:
    """Every push service that was ever in trouble."""
    return session.scalars(select(PushService).order_by(PushService.origin)).all()


def retry(session: Session, actor: User, ids: Collection[int], *, now: datetime) -> int:
    """Try these once more from now on, unless nobody needs them any more; answers how many."""
    values = {"work_state": "pending", "attempts": 0, "next_try_at": now, "last_error": None}
    count = _change(session, ids, values, Delivery.expires_at > now)
    _note(session, actor, "deliveries", "retry", count, now)
    jobs.wake(session, JOB)
    return count


def discard(session: Session, actor: User, ids: Collection[int], *, now: datetime) -> int:
    """Give these up for good; answers how many."""
    count = _change(session, ids, {"work_state": "done"})
    _note(session, actor, "deliveries", "discard", count, now)
    return count


def resume(session: Session, actor: User, origin: str, *, now: datetime) -> None:
    """Speak with a push service again, after whatever made it refuse us is mended. Raises Conflict
    when it is not stopped."""
    resumed = session.execute(
        update(PushService)
        .where(PushService.origin == origin, PushService.stopped_at.is_not(None))
        .values(stopped_at=None, reason=None, paused_until=None, failures=0)
        .execution_options(synchronize_session=False)
    )
    if resumed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Nothing is stopped there any more."))
    note_look(session, actor, subject="push_service", what=WHAT, reason=origin, now=now)
    jobs.wake(session, JOB)


def _change(
    session: Session,
    ids: Collection[int],
    values: dict[str, object],
    also: ColumnElement[bool] | None = None,
) -> int:
    these = Delivery.id.in_(ids) & _FAILED
    changed = session.execute(
        update(Delivery)
        .where(these if also is None else these & also)
        .values(**values, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _note(session: Session, actor: User, subject: str, act: str, count: int, now: datetime) -> None:
    note_look(session, actor, subject=subject, what=WHAT, reason=f"{act}: {count}", now=now)
