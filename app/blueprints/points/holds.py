"""Points reserved, then captured or released. A hold has taken its lots, so nothing expires
under it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.points import lots
from app.blueprints.points.books import NotEnough, district_account, locked, post, rider_account
from app.blueprints.points.ledger import check_amount, settle
from app.blueprints.points.models import (
    Account,
    AccountKind,
    Hold,
    HoldState,
    Transfer,
    TransferKind,
)
from app.blueprints.points.requests import Order, claim, claim_hold
from app.errors import Conflict, NotFound


def hold(session: Session, order: Order, *, rider_id: int, amount: int, now: datetime) -> Hold:
    """Reserve so many of a rider's points. Raises Invalid, KeyReused, NotEnough."""
    check_amount(amount)
    account = rider_account(session, rider_id, now=now)
    made, is_new = claim_hold(session, order, account_id=account.id, amount=amount, now=now)
    if not is_new:
        return made
    reserved = session.scalar(
        update(Account)
        .where(Account.id == account.id, Account.balance - Account.held >= amount)
        .values(held=Account.held + amount)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    if reserved is None:
        raise NotEnough
    lots.take(session, lots.open_lots(session, account.id), amount, hold_id=made.id)
    return made


def capture(session: Session, order: Order, *, hold_id: int, now: datetime) -> Transfer:
    """Spend what a hold reserved. Raises NotFound, Conflict for one that was
    released, KeyReused."""
    found = _locked_hold(session, hold_id)
    transfer, is_new = claim(session, order, TransferKind.CAPTURE, now=now, hold=hold_id)
    if not is_new:
        return transfer
    _end(found, HoldState.CAPTURED, now)
    found.transfer_id = transfer.id
    session.flush()
    redeemed = district_account(session, AccountKind.REDEEMED, found.account_id, now=now)
    post(
        session, transfer, [(found.account_id, -found.amount), (redeemed, found.amount)],
        from_held=True,
    )  # fmt: skip
    return transfer


def release(session: Session, *, hold_id: int, now: datetime) -> Hold:
    """Give back what a hold reserved; releasing twice changes nothing more. Raises NotFound,
    Conflict for one that was captured."""
    found = _locked_hold(session, hold_id)
    if found.state == HoldState.RELEASED:
        return found
    _end(found, HoldState.RELEASED, now)
    session.flush()
    session.execute(
        update(Account)
        .where(Account.id == found.account_id)
        .values(held=Account.held - found.amount)
        .execution_options(synchronize_session=False)
    )
    lots.give_back(session, found.id, now=now)
    account = locked(session, [found.account_id])[found.account_id]
    settle(session, account, cause=f"hold {found.id}", now=now)
    return found


def _end(found: Hold, state: HoldState, now: datetime) -> None:
    if found.state != HoldState.PLACED:
        raise Conflict
    found.state, found.ended_at = state, now


def _locked_hold(session: Session, hold_id: int) -> Hold:
    """A hold whose account is locked, as it is now."""
    account_id = session.scalar(select(Hold.account_id).where(Hold.id == hold_id))
    if account_id is None:
        raise NotFound
    locked(session, [account_id])
    return session.get_one(Hold, hold_id, populate_existing=True)
