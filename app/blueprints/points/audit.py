"""Proves the books: everything that is kept beside the entries follows from them.

Each proof is one question to the database, whose answer is the first row that does not fit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.blueprints.points.models import (
    Account,
    AccountKind,
    Debt,
    Entry,
    Hold,
    HoldState,
    Lot,
    LotUse,
    Transfer,
    TransferKind,
)

Question = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Proof:
    """What is proved, in words, and the question whose rows are the exceptions."""

    words: str
    question: Callable[[], Question]


def _unbalanced() -> Question:
    total = func.sum(Entry.amount)
    return select(Entry.transfer_id, total).group_by(Entry.transfer_id).having(total != 0)


def _sums(column: Any, by: Any, *where: Any) -> Any:
    return select(by.label("of"), func.sum(column).label("total")).where(*where).group_by(by)


def _differs(kept: Any, sums: Any, key: Any = Account.id, *where: Any) -> Question:
    summed = sums.subquery()
    total = func.coalesce(summed.c.total, 0)
    joined = select(key, kept, total).outerjoin(summed, summed.c.of == key)
    return joined.where(kept != total, *where)


def _balances() -> Question:
    return _differs(Account.balance, _sums(Entry.amount, Entry.account_id))


def _last_balances() -> Question:
    last = select(Entry.account_id, func.max(Entry.id).label("id")).group_by(Entry.account_id)
    newest = last.subquery()
    return (
        select(Account.id, Account.balance, Entry.balance_after)
        .join(newest, newest.c.account_id == Account.id)
        .join(Entry, Entry.id == newest.c.id)
        .where(Account.balance != Entry.balance_after)
    )


def _held() -> Question:
    placed = Hold.state == HoldState.PLACED
    return _differs(Account.held, _sums(Hold.amount, Hold.account_id, placed))


def _spendable() -> Question:
    sums = _sums(Lot.remaining, Lot.account_id)
    rider = Account.kind == AccountKind.RIDER
    return _differs(Account.balance - Account.held, sums, Account.id, rider)


def _lots() -> Question:
    return _differs(
        Lot.amount - Lot.remaining, _sums(LotUse.amount - LotUse.returned, LotUse.lot_id), Lot.id
    )


def _lots_of_transfers() -> Question:
    """A lot is as large as the earning that it came from."""
    return (
        select(Lot.id, Lot.amount, Entry.amount)
        .join(Transfer, Transfer.id == Lot.transfer_id)
        .join(Entry, and_(Entry.transfer_id == Transfer.id, Entry.account_id == Lot.account_id))
        .where(or_(Entry.amount != Lot.amount, Transfer.kind != TransferKind.EARN))
    )


def _uses_of_holds() -> Question:
    """A hold that stands or was captured took as much from lots as it is worth, unless refunded."""
    sums = _sums(LotUse.amount - LotUse.returned, LotUse.hold_id)
    refund = aliased(Transfer)
    refunded = select(refund.id).where(refund.reverses_id == Hold.transfer_id).exists()
    stands = and_(Hold.state != HoldState.RELEASED, ~refunded)
    return _differs(Hold.amount, sums, Hold.id, stands)


def _captures() -> Question:
    """What was captured is what was held."""
    return (
        select(Hold.id, Hold.amount, Entry.amount)
        .join(Entry, and_(
            Entry.transfer_id == Hold.transfer_id, Entry.account_id == Hold.account_id
        ))
        .where(Entry.amount != -Hold.amount)
    )  # fmt: skip


def _debts() -> Question:
    return _differs(Account.debt, _sums(Debt.remaining, Debt.account_id))


def _reversals() -> Question:
    """A reversal gives back what the original took, or owes the rest."""
    original, back = aliased(Entry), aliased(Entry)
    owed = select(func.coalesce(func.sum(Debt.amount), 0)).where(Debt.transfer_id == Transfer.id)
    returned = func.coalesce(back.amount, 0)
    return (
        select(Transfer.id, original.amount, returned)
        .join(original, original.transfer_id == Transfer.reverses_id)
        .outerjoin(back, and_(
            back.transfer_id == Transfer.id, back.account_id == original.account_id
        ))
        .where(original.amount > 0, original.amount + returned != owed.scalar_subquery())
    )  # fmt: skip


def _empty_transfers() -> Question:
    """Every transfer has entries, but a reversal of which all is owed."""
    has = select(Entry.id).where(Entry.transfer_id == Transfer.id).exists()
    owes = select(Debt.id).where(Debt.transfer_id == Transfer.id).exists()
    return select(Transfer.id).where(~has, ~owes)


PROOFS = (
    Proof("the entries of each transfer sum to zero", _unbalanced),
    Proof("each transfer has entries", _empty_transfers),
    Proof("each balance is the sum of its entries", _balances),
    Proof("each balance is what the last entry left", _last_balances),
    Proof("what is held is the sum of the holds that stand", _held),
    Proof("what a rider may spend is what remains of the lots", _spendable),
    Proof("each lot lacks what was taken from it", _lots),
    Proof("each lot is as large as its earning", _lots_of_transfers),
    Proof("each hold took its points from lots", _uses_of_holds),
    Proof("each capture is its hold", _captures),
    Proof("each debt of a rider is the sum of what is owed", _debts),
    Proof("each reversal gives back what was given, or owes it", _reversals),
)


@dataclass(frozen=True)
class Found:
    """A proof, and the first row that does not fit, or None."""

    words: str
    row: tuple[Any, ...] | None


def audit(session: Session) -> Iterator[Found]:
    """The proofs, one after another, until the first that fails, that one included."""
    for proof in PROOFS:
        row = session.execute(proof.question().limit(1)).first()
        yield Found(proof.words, tuple(row) if row else None)
        if row:
            return
