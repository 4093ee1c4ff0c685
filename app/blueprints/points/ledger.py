"""Funding, earning, and taking back. Each is done once per key, in the caller's transaction."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points import lots
from app.blueprints.points.books import (
    MANY,
    budget_account,
    district_account,
    locked,
    post,
    rider_account,
)
from app.blueprints.points.models import (
    Account,
    AccountKind,
    Debt,
    Entry,
    Hold,
    Lot,
    Transfer,
    TransferKind,
)
from app.blueprints.points.requests import MOST, Order, Source, claim
from app.errors import Conflict, Invalid, NotFound
from app.lib.database import alone

__all__ = ["BY_RULES", "earn", "fund", "reverse"]

BY_RULES = "rules"
REVERSIBLE = (TransferKind.EARN, TransferKind.CAPTURE, TransferKind.FUND)


class NotReversible(Conflict):
    """A reversal, an expiry and a settlement stand: what is wrong is put right by a new one."""

    message = _l("This cannot be taken back.")


def check_amount(amount: int) -> None:
    """Raises Invalid for what is no number of points from 1 to a million."""
    if not 0 < amount <= MOST:
        raise Invalid({"amount": [_l("From 1 to %(most)s points.") % {"most": MOST}]})


def fund(
    session: Session, order: Order, *, organisation_id: int, amount: int, now: datetime
) -> Transfer:
    """Give an organisation points to hand out. Raises Invalid, KeyReused."""
    check_amount(amount)
    alone(session, MANY)
    transfer, is_new = claim(
        session, order, TransferKind.FUND, now=now, organisation=organisation_id, amount=amount
    )
    if is_new:
        budget = budget_account(session, organisation_id, now=now)
        issue = district_account(session, AccountKind.ISSUE, budget.id, now=now)
        post(session, transfer, [(budget.id, amount), (issue, -amount)])
    return transfer


def earn(
    session: Session, order: Order, *, rider_id: int, amount: int, now: datetime,
    payer_id: int | None = None,
) -> Transfer:  # fmt: skip
    """Give a rider points, from the district or from the budget of the organisation `payer_id`.
    Debts are paid from them first. Raises Invalid, KeyReused, NotEnough."""
    check_amount(amount)
    account = rider_account(session, rider_id, now=now)
    transfer, is_new = claim(
        session, order, TransferKind.EARN, now=now, rider=rider_id, amount=amount, payer=payer_id
    )
    if is_new:
        payer = _payer(session, payer_id, account, now)
        post(session, transfer, [(account.id, amount), (payer, -amount)])
        session.add(
            Lot(
                account_id=account.id, transfer_id=transfer.id, amount=amount, remaining=amount,
                expires_at=lots.expiry(now),
            )
        )  # fmt: skip
        session.flush()
        settle(session, account, cause=f"transfer {transfer.id}", now=now)
    return transfer


def _payer(session: Session, payer_id: int | None, account: Account, now: datetime) -> int:
    if payer_id is None:
        return district_account(session, AccountKind.ISSUE, account.id, now=now)
    return budget_account(session, payer_id, now=now).id


def settle(session: Session, account: Account, *, cause: str, now: datetime) -> None:
    """Pay a rider's debts, oldest first, from what can be spent. `cause` is what brought points,
    once. The account is locked."""
    if not account.debt:
        return
    open_debts = select(Debt).where(Debt.account_id == account.id, Debt.remaining > 0)
    for debt in session.scalars(open_debts.order_by(Debt.id)).all():
        left = lots.open_lots(session, account.id)
        paid = min(debt.remaining, sum(lot.remaining for lot in left))
        if paid == 0:
            return
        source = Source("debt", str(debt.id))
        order = Order("settle", f"{debt.id} {cause}", source, reason=BY_RULES)
        transfer, _is_new = claim(session, order, TransferKind.SETTLE, now=now, amount=paid)
        post(session, transfer, [(account.id, -paid), (debt.creditor_id, paid)])
        lots.take(session, left, paid, transfer_id=transfer.id)
        debt.remaining -= paid
        account.debt -= paid
        session.flush()


def reverse(session: Session, order: Order, *, transfer_id: int, now: datetime) -> Transfer:
    """Take a transfer back by one that names it. What a rider has spent of an earning becomes a
    debt; points given back for a redemption return to the lots that they came from.

    Raises NotFound, NotReversible (also for what is taken back already), KeyReused, NotEnough."""
    original = session.get(Transfer, transfer_id)
    if original is None:
        raise NotFound
    if original.kind not in REVERSIBLE:
        raise NotReversible
    if original.kind == TransferKind.FUND:
        alone(session, MANY)
    accounts = _lock(session, original)
    before = session.scalars(select(Transfer).where(Transfer.reverses_id == transfer_id)).first()
    if before is not None and (before.scope, before.key) != (order.scope, order.key):
        raise NotReversible
    transfer, is_new = claim(session, order, TransferKind.REVERSE, now=now, reverses_id=transfer_id)
    if not is_new:
        return transfer
    match original.kind:
        case TransferKind.EARN:
            _take_back(session, original, transfer, accounts)
        case TransferKind.CAPTURE:
            _refund(session, original, transfer, accounts, now)
        case _:
            post(session, transfer, [(one.account_id, -one.amount) for one in original.entries])
    return transfer


def _lock(session: Session, original: Transfer) -> dict[int, Account]:
    """The accounts of a transfer's owners, locked: nobody else takes it back meanwhile."""
    owners = AccountKind.BUDGET if original.kind == TransferKind.FUND else AccountKind.RIDER
    found = select(Entry.account_id).join(Account, Account.id == Entry.account_id)
    theirs = found.where(Entry.transfer_id == original.id, Account.kind == owners)
    return locked(session, session.scalars(theirs).all())


def _take_back(
    session: Session, original: Transfer, transfer: Transfer, accounts: dict[int, Account]
) -> None:
    """From the lot that was earned, then from the others; the rest is owed."""
    gain = next(entry for entry in original.entries if entry.amount > 0)
    payer = next(entry for entry in original.entries if entry.amount < 0)
    account = accounts[gain.account_id]
    left = lots.open_lots(session, account.id)
    own_first = sorted(left, key=lambda lot: lot.transfer_id != original.id)
    taken = lots.take(session, own_first, gain.amount, transfer_id=transfer.id)
    if taken:
        post(session, transfer, [(account.id, -taken), (payer.account_id, taken)])
    owed = gain.amount - taken
    if owed:
        account.debt += owed
        session.add(
            Debt(
                account_id=account.id, creditor_id=payer.account_id, transfer_id=transfer.id,
                amount=owed, remaining=owed,
            )
        )  # fmt: skip
        session.flush()


def _refund(
    session: Session, original: Transfer, transfer: Transfer, accounts: dict[int, Account],
    now: datetime,
) -> None:  # fmt: skip
    spent = next(entry for entry in original.entries if entry.account_id in accounts)
    hold = session.scalars(select(Hold).where(Hold.transfer_id == original.id)).one()
    post(session, transfer, [(one.account_id, -one.amount) for one in original.entries])
    lots.give_back(session, hold.id, now=now)
    account = locked(session, [spent.account_id])[spent.account_id]
    settle(session, account, cause=f"transfer {transfer.id}", now=now)
