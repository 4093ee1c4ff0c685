"""Points that run out: taken lot by lot, oldest first, what is held not among them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points import lots
from app.blueprints.points.books import district_account, locked, post
from app.blueprints.points.ledger import BY_RULES
from app.blueprints.points.models import AccountKind, Lot, TransferKind
from app.blueprints.points.requests import Order, Source, claim
from app.lib.clock import to_ms


def due_accounts(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Accounts with points that have run out."""
    due = select(Lot.account_id).where(Lot.remaining > 0, Lot.expires_at <= now)
    return list(session.scalars(due.distinct().order_by(Lot.account_id).limit(limit)))


def expire(session: Session, account_id: int, *, now: datetime) -> int:
    """Take what has run out of an account; answers how many points."""
    locked(session, [account_id])
    due = [lot for lot in lots.open_lots(session, account_id) if lot.expires_at <= now]
    return sum(_expire(session, lot, now) for lot in due)


def _expire(session: Session, lot: Lot, now: datetime) -> int:
    amount = lot.remaining
    # A lot may run out once more, later, when a hold gave back to it.
    order = Order(
        "expire", f"{lot.id} {to_ms(lot.expires_at)}", Source("lot", str(lot.id)), reason=BY_RULES
    )
    transfer, is_new = claim(session, order, TransferKind.EXPIRE, now=now, amount=amount)
    if not is_new:
        return 0
    expired = district_account(session, AccountKind.EXPIRED, lot.account_id, now=now)
    post(session, transfer, [(lot.account_id, -amount), (expired, amount)])
    lots.take(session, [lot], amount, transfer_id=transfer.id)
    return amount
