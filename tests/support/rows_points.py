"""A row in every table of points."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.points.models import (
    Account,
    Debt,
    Entry,
    Hold,
    Lot,
    LotUse,
    Occurrence,
    Rule,
    Transfer,
)
from app.lib import clock

HASH = "ab" * 32


def rows(session: Session, user: User) -> None:
    """A rider's points: earned, held, spent, expired, owed."""
    now = clock.now()
    account = Account(kind="rider", user_id=user.id, balance=1, held=1, debt=1, created_at=now)
    issue = Account(kind="issue", shard=0, balance=-1, created_at=now)
    source = {"source_kind": "case", "source_id": "1"}
    transfer = Transfer(
        scope="earn", key="1", request_hash=HASH, kind="earn", actor_id=user.id, at=now, **source
    )
    session.add_all([account, issue, transfer])
    session.flush()
    lot = Lot(
        account_id=account.id,
        transfer_id=transfer.id,
        amount=1,
        remaining=0,
        expires_at=now,
        warned_at=now,
    )
    hold = Hold(
        account_id=account.id,
        scope="h",
        key="1",
        request_hash=HASH,
        amount=1,
        placed_at=now,
        ended_at=now,
        **source,
    )
    session.add_all([lot, hold])
    session.flush()
    session.add_all(
        [
            Entry(transfer_id=transfer.id, account_id=account.id, amount=1, balance_after=1),
            Entry(transfer_id=transfer.id, account_id=issue.id, amount=-1, balance_after=-1),
            LotUse(lot_id=lot.id, hold_id=hold.id, amount=1),
            Debt(
                account_id=account.id,
                creditor_id=issue.id,
                transfer_id=transfer.id,
                amount=1,
                remaining=1,
            ),
        ]
    )
    session.flush()
    rule = Rule(
        occasion="case",
        name_zh="x",
        name_en="x",
        amount=1,
        daily_times=1,
        daily_points=1,
        place_daily_times=1,
        since=now,
        until=now,
        created_by_id=user.id,
        created_at=now,
        ended_by_id=user.id,
    )
    session.add(rule)
    session.flush()
    session.add(
        Occurrence(
            occasion="case",
            source_id=1,
            rider_id=user.id,
            at=now,
            worth=1,
            received_at=now,
            outcome="paid",
            amount=1,
            rule_id=rule.id,
            transfer_id=transfer.id,
            settled_at=now,
        )
    )
    session.flush()
