"""Where a rider's points come from: lots, taken oldest first, given back to where they were.

Whoever calls holds the lock on the rider's account, so lots change one after another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Lot, LotUse
from app.lib.clock import start_of_day

GRACE = timedelta(days=30)
"""How long points that come back may be spent at least, whenever they would have expired."""
LASTS_MONTHS = 24
"""A lot expires at the end of the month so many months after that of its earning."""


def expiry(now: datetime) -> datetime:
    """When points earned now expire: a midnight in Suzhou."""
    first = start_of_day(now).replace(day=1)
    months = first.month - 1 + LASTS_MONTHS + 1
    return first.replace(year=first.year + months // 12, month=months % 12 + 1)


def open_lots(session: Session, account_id: int) -> Sequence[Lot]:
    """What remains of an account's lots, those that expire first at the front."""
    found = select(Lot).where(Lot.account_id == account_id, Lot.remaining > 0)
    return session.scalars(
        found.order_by(Lot.expires_at, Lot.id).execution_options(populate_existing=True)
    ).all()


def take(
    session: Session, lots: Sequence[Lot], amount: int, *,
    hold_id: int | None = None, transfer_id: int | None = None,
) -> int:  # fmt: skip
    """Take up to so many points from these lots, in their order; answers how many there were."""
    left = amount
    for lot in lots:
        taken = min(left, lot.remaining)
        if taken == 0:
            continue
        lot.remaining -= taken
        left -= taken
        session.add(LotUse(lot_id=lot.id, hold_id=hold_id, transfer_id=transfer_id, amount=taken))
    session.flush()
    return amount - left


def give_back(session: Session, hold_id: int, *, now: datetime) -> None:
    """Put what a hold took back into the same lots; what would expire soon gets a while more."""
    uses = session.execute(
        select(LotUse, Lot)
        .join(Lot, Lot.id == LotUse.lot_id)
        .where(LotUse.hold_id == hold_id)
        .execution_options(populate_existing=True)
    ).all()
    for use, lot in uses:
        lot.remaining += use.amount - use.returned
        use.returned = use.amount
        lot.expires_at = max(lot.expires_at, now + GRACE)
    session.flush()
