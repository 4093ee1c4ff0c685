"""Vouchers that end without being handed out, and what administrators put right."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.accounts.models import User
from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.organisations.models import Role
from app.blueprints.points import ledger
from app.blueprints.points.books import MANY
from app.blueprints.points.requests import Order, Source
from app.blueprints.rewards import redeeming, steps
from app.blueprints.rewards.models import Redemption, RedemptionState
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lib.database import alone
from app.lib.text import clean

WARNED_BEFORE = timedelta(days=3)
MAX_REASON = 120


def due(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Open vouchers that have run out."""
    wanted = select(Redemption.id).where(
        Redemption.state == RedemptionState.HELD, Redemption.until <= now
    )
    ordered = wanted.order_by(Redemption.until, Redemption.id).limit(limit)
    return list(session.scalars(ordered))


def expire(session: Session, redemption_id: int, *, now: datetime) -> bool:
    """Give the points and the stock of a voucher back that has run out; answers whether it had."""
    alone(session, MANY)  # points that come back may settle debts with several budgets
    found = steps.locked(session, [redemption_id]).get(redemption_id)
    if found is None or found.state != RedemptionState.HELD or found.until > now:
        return False
    redeeming.undo(session, found, "expire", actor_id=None, now=now)
    steps.tell_rider(session, found, "voucher_expired", now=now)
    return True


def warn(session: Session, *, now: datetime, limit: int) -> int:
    """Tell riders of vouchers that run out within three days, once each; answers how many. One
    that was made for less is not spoken of."""
    wanted = (
        select(Redemption)
        .where(
            Redemption.state == RedemptionState.HELD, Redemption.warned_at.is_(None),
            Redemption.until > now, Redemption.until <= now + WARNED_BEFORE,
        )
        .options(joinedload(Redemption.reward))
        .order_by(Redemption.until, Redemption.id)
        .limit(limit)
        .with_for_update(of=Redemption, skip_locked=True, key_share=True)
    )  # fmt: skip
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    for row in rows:
        row.warned_at = now
    spoken = [row for row in rows if row.until - row.at > WARNED_BEFORE]
    notify_all(session, [_warning(row) for row in spoken], now=now)
    session.flush()
    return len(rows)


def recall(
    session: Session, actor: User, redemption_id: int, *, reason: str, now: datetime
) -> Redemption:
    """An administrator takes an open voucher back; points and stock come back, the rider is told
    why. Raises Forbidden, NotFound, Conflict, and Invalid at `reason`."""
    found, said = _checked(session, actor, redemption_id, reason)
    redeeming.undo(session, found, "recall", actor_id=actor.id, now=now, note=said)
    steps.tell_rider(session, found, "voucher_recalled", now=now, reason=said)
    return found


def refund(
    session: Session, actor: User, redemption_id: int, *, reason: str, now: datetime
) -> Redemption:
    """An administrator gives the points of something back that was handed out, or given to
    charity; the stock stays as it is. Raises Forbidden, NotFound, Conflict, and Invalid at
    `reason`."""
    found, said = _checked(session, actor, redemption_id, reason)
    transfer_id = found.hold.transfer_id if found.hold else None
    if transfer_id is None:
        raise Conflict
    steps.take(session, found, steps.REFUND, actor_id=actor.id, now=now, note=said)
    order = Order(
        steps.REFUND, f"{found.id}-{found.hold_id}",
        Source(redeeming.SOURCE, str(found.id)), actor_id=actor.id, reason=said,
    )  # fmt: skip
    ledger.reverse(session, order, transfer_id=transfer_id, now=now)
    steps.tell_rider(session, found, "voucher_refunded", now=now, reason=said)
    return found


def _checked(
    session: Session, actor: User, redemption_id: int, reason: str
) -> tuple[Redemption, str]:
    if not actor.has_role(Role.ADMINISTRATOR):
        raise Forbidden
    said = " ".join(clean(reason).split())
    if not said:
        raise Invalid({"reason": [_("Say why: the rider reads it.")]})
    if len(said) > MAX_REASON:
        raise Invalid({"reason": [_("At most %(most)s characters.", most=MAX_REASON)]})
    alone(session, MANY)
    found = steps.locked(session, [redemption_id]).get(redemption_id)
    if found is None:
        raise NotFound
    return found, said


def _warning(row: Redemption) -> Notice:
    data = {"reward": steps.name_of(row)}
    return Notice(row.rider_id, "voucher_expiring", data, steps.url_of(row))
