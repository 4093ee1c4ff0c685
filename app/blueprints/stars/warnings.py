"""Points that soon run out: their riders are told once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.notifications.services import Notice, notify_all
from app.blueprints.points.models import Account, Lot
from app.lib.clock import to_local

WARNED_BEFORE = timedelta(days=30)
BATCH = 200
URL = "/points"


def any_unwarned(session: Session, *, now: datetime) -> bool:
    """Whether anybody is to be warned, asked without a lock."""
    return session.scalar(select(Lot.id).where(*_unwarned(now)).limit(1)) is not None


def warn(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Tell a batch of riders how much runs out on which day, each day once; answers how many
    riders. The caller is inside a transaction."""
    due = select(Lot.account_id).where(*_unwarned(now)).distinct().order_by(Lot.account_id)
    accounts = session.scalars(due.limit(limit)).all()
    owners = _locked(session, accounts)
    lots = session.execute(
        select(Lot.id, Lot.account_id, Lot.expires_at, Lot.remaining).where(
            Lot.account_id.in_(accounts), *_unwarned(now)
        )
    ).all()
    _note_warned(session, [lot.id for lot in lots], now)
    notify_all(session, _notices(lots, owners), now=now)
    return len(accounts)


def _unwarned(now: datetime) -> tuple[Any, ...]:
    return (
        Lot.remaining > 0, Lot.warned_at.is_(None), Lot.expires_at > now,
        Lot.expires_at <= now + WARNED_BEFORE,
    )  # fmt: skip


def _locked(session: Session, accounts: Sequence[int]) -> dict[int, int]:
    """Whose accounts they are. What remains of their lots does not change meanwhile."""
    found = select(Account.id, Account.user_id).where(Account.id.in_(accounts))
    rows = session.execute(found.order_by(Account.id).with_for_update())
    return {row.id: row.user_id for row in rows}


def _note_warned(session: Session, lot_ids: Sequence[int], now: datetime) -> None:
    session.execute(
        update(Lot)
        .where(Lot.id.in_(lot_ids))
        .values(warned_at=now)
        .execution_options(synchronize_session=False)
    )


def _notices(lots: Sequence[Any], owners: dict[int, int]) -> list[Notice]:
    """One for each rider and day."""
    sums: dict[tuple[datetime, int], int] = defaultdict(int)
    for lot in lots:
        sums[lot.expires_at, owners[lot.account_id]] += lot.remaining
    return [
        Notice(
            user_id, "points_expiring", {"points": points, "day": f"{to_local(at):%Y-%m-%d}"}, URL
        )
        for (at, user_id), points in sorted(sums.items())
    ]
