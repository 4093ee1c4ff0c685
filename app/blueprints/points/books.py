"""Accounts, and how points move between them.

Locks are taken in one order: riders' accounts by id, then all others by id. So no two transfers
ever wait for each other in a ring.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.points.models import SHARDS, Account, AccountKind, Entry, Transfer
from app.errors import Conflict
from app.lib.database import insert_of

MANY = "points of many"
"""Whoever moves points of several accounts that are no riders' is alone (`app.lib.database`), so
that no ring of waiting comes about."""
Posting = tuple[int, int]
"""An account's id and the points that come to it, below zero those that leave."""


class NotEnough(Conflict):
    """An account does not have the points."""

    message = _l("There are not enough points.")


def rider_account(session: Session, user_id: int, *, now: datetime) -> Account:
    """A rider's account, made when it is first needed, locked until the transaction ends."""
    return _own(session, now, kind=AccountKind.RIDER, user_id=user_id)


def budget_account(session: Session, organisation_id: int, *, now: datetime) -> Account:
    """An organisation's budget, made when it is first needed, locked."""
    return _own(session, now, kind=AccountKind.BUDGET, organisation_id=organisation_id)


def _own(session: Session, now: datetime, **whose: Any) -> Account:
    found = select(Account).filter_by(**whose).with_for_update()
    found = found.execution_options(populate_existing=True)
    account = session.scalars(found).first()
    if account is None:
        new = {**whose, "balance": 0, "held": 0, "debt": 0, "created_at": now}
        session.execute(insert_of(session, Account).values(**new).on_conflict_do_nothing())
        account = session.scalars(found).one()
    return account


def locked(session: Session, account_ids: Iterable[int]) -> dict[int, Account]:
    """Accounts of one kind by their ids, locked in the order of those."""
    found = (
        select(Account).where(Account.id.in_(set(account_ids))).order_by(Account.id)
    ).with_for_update()  # fmt: skip
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def district_account(session: Session, kind: AccountKind, nearby: int, *, now: datetime) -> int:
    """The id of a shard of one of the district's accounts: always the same for a number."""
    shard = nearby % SHARDS
    found = select(Account.id).where(Account.kind == kind, Account.shard == shard)
    account_id = session.scalar(found)
    if account_id is None:
        new = {"kind": kind, "shard": shard, "balance": 0, "held": 0, "debt": 0, "created_at": now}
        session.execute(insert_of(session, Account).values(**new).on_conflict_do_nothing())
        account_id = session.scalars(found).one()
    return account_id


def post(
    session: Session, transfer: Transfer, postings: Sequence[Posting], *, from_held: bool = False
) -> None:
    """Write a transfer's entries and move the balances. `from_held`: what leaves was held before.
    Riders' accounts among them are locked by the caller already. Raises NotEnough, and then the
    caller's transaction must be rolled back."""
    if sum(amount for _account, amount in postings) != 0:
        raise ValueError("a transfer that makes or loses points")
    rows = [
        {
            "transfer_id": transfer.id, "account_id": account_id, "amount": amount,
            "balance_after": _move(session, account_id, amount, from_held=from_held),
        }
        for account_id, amount in sorted(postings)
    ]  # fmt: skip
    session.execute(insert(Entry), rows)


def _move(session: Session, account_id: int, amount: int, *, from_held: bool) -> int:
    """Change a balance by a statement that checks it as well; answers what it is then."""
    changes: dict[str, Any] = {"balance": Account.balance + amount}
    held = from_held and amount < 0
    if held:
        changes["held"] = Account.held + amount
    moved = update(Account).where(Account.id == account_id)
    if amount < 0 and not held:
        free = Account.balance - Account.held >= -amount
        moved = moved.where((Account.kind == AccountKind.ISSUE) | free)
    after = session.scalar(
        moved.values(changes)
        .returning(Account.balance)
        .execution_options(synchronize_session=False)
    )
    if after is None:
        raise NotEnough
    return after
