"""Proves the books: everything that is kept beside the entries follows from them.

Each proof is a question to the database whose rows do not fit. It is asked of a stretch of ids at
a time, so that it says how far it is and needs no more memory for more entries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
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
MANY, ACCOUNTS = 200_000, 2_000
"""Ids in a stretch. An account has many entries."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ids from `first` to `last`, both included."""

    first: int
    last: int

    def of(self, column: Any) -> ColumnElement[bool]:
        """That a column lies in it."""
        inside: ColumnElement[bool] = column.between(self.first, self.last)
        return inside


@dataclass(frozen=True)
class Proof:
    """What is proved, in words; by the ids of what; and the question whose rows are the
    exceptions."""

    words: str
    by: Any
    question: Callable[[Stretch], Question]

    @property
    def is_monthly(self) -> bool:
        """Whether it can be asked of the transfers of a month alone."""
        return self.by is Transfer.id


def _unbalanced(ids: Stretch) -> Question:
    total = func.sum(Entry.amount)
    grouped = select(Entry.transfer_id, total).where(ids.of(Entry.transfer_id))
    return grouped.group_by(Entry.transfer_id).having(total != 0)


def _unlinked(ids: Stretch) -> Question:
    """Whoever moves a balance holds its account, so the ids of its entries are in that order."""
    before = aliased(Entry)
    last = (
        select(before.balance_after)
        .where(before.account_id == Entry.account_id, before.id < Entry.id)
        .order_by(before.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    goes_on = func.coalesce(last, 0) + Entry.amount
    return select(Entry.id, Entry.balance_after, goes_on).where(
        ids.of(Entry.transfer_id), Entry.balance_after != goes_on
    )


def _sums(ids: Stretch, column: Any, by: Any, *where: Any) -> Any:
    return (
        select(by.label("of"), func.sum(column).label("total")).where(ids.of(by), *where)
    ).group_by(by)


def _differs(ids: Stretch, kept: Any, sums: Any, key: Any, *where: Any) -> Question:
    summed = sums.subquery()
    total = func.coalesce(summed.c.total, 0)
    joined = select(key, kept, total).outerjoin(summed, summed.c.of == key)
    return joined.where(ids.of(key), kept != total, *where)


def _balances(ids: Stretch) -> Question:
    return _differs(ids, Account.balance, _sums(ids, Entry.amount, Entry.account_id), Account.id)


def _last_balances(ids: Stretch) -> Question:
    last = select(Entry.account_id, func.max(Entry.id).label("id")).where(ids.of(Entry.account_id))
    newest = last.group_by(Entry.account_id).subquery()
    return (
        select(Account.id, Account.balance, Entry.balance_after)
        .join(newest, newest.c.account_id == Account.id)
        .join(Entry, Entry.id == newest.c.id)
        .where(Account.balance != Entry.balance_after)
    )


def _held(ids: Stretch) -> Question:
    placed = Hold.state == HoldState.PLACED
    sums = _sums(ids, Hold.amount, Hold.account_id, placed)
    return _differs(ids, Account.held, sums, Account.id)


def _spendable(ids: Stretch) -> Question:
    sums = _sums(ids, Lot.remaining, Lot.account_id)
    rider = Account.kind == AccountKind.RIDER
    return _differs(ids, Account.balance - Account.held, sums, Account.id, rider)


def _lots(ids: Stretch) -> Question:
    sums = _sums(ids, LotUse.amount - LotUse.returned, LotUse.lot_id)
    return _differs(ids, Lot.amount - Lot.remaining, sums, Lot.id)


def _lots_of_transfers(ids: Stretch) -> Question:
    """A lot is as large as the earning that it came from."""
    return (
        select(Lot.id, Lot.amount, Entry.amount)
        .join(Transfer, Transfer.id == Lot.transfer_id)
        .join(Entry, and_(Entry.transfer_id == Transfer.id, Entry.account_id == Lot.account_id))
        .where(
            ids.of(Lot.transfer_id),
            or_(Entry.amount != Lot.amount, Transfer.kind != TransferKind.EARN),
        )
    )


def _uses_of_holds(ids: Stretch) -> Question:
    """A hold that stands or was captured took as much from lots as it is worth, unless refunded."""
    sums = _sums(ids, LotUse.amount - LotUse.returned, LotUse.hold_id)
    refund = aliased(Transfer)
    refunded = select(refund.id).where(refund.reverses_id == Hold.transfer_id).exists()
    stands = and_(Hold.state != HoldState.RELEASED, ~refunded)
    return _differs(ids, Hold.amount, sums, Hold.id, stands)


def _captures(ids: Stretch) -> Question:
    """What was captured is what was held."""
    return (
        select(Hold.id, Hold.amount, Entry.amount)
        .join(Entry, and_(
            Entry.transfer_id == Hold.transfer_id, Entry.account_id == Hold.account_id
        ))
        .where(ids.of(Hold.transfer_id), Entry.amount != -Hold.amount)
    )  # fmt: skip


def _debts(ids: Stretch) -> Question:
    return _differs(ids, Account.debt, _sums(ids, Debt.remaining, Debt.account_id), Account.id)


def _reversals(ids: Stretch) -> Question:
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
        .where(
            ids.of(Transfer.id), original.amount > 0,
            original.amount + returned != owed.scalar_subquery(),
        )
    )  # fmt: skip


def _empty_transfers(ids: Stretch) -> Question:
    """Every transfer has entries, but a reversal of which all is owed."""
    has = select(Entry.id).where(Entry.transfer_id == Transfer.id).exists()
    owes = select(Debt.id).where(Debt.transfer_id == Transfer.id).exists()
    return select(Transfer.id).where(ids.of(Transfer.id), ~has, ~owes)


PROOFS = (
    Proof("the entries of each transfer sum to zero", Transfer.id, _unbalanced),
    Proof("each transfer has entries", Transfer.id, _empty_transfers),
    Proof("each entry goes on from the one before", Transfer.id, _unlinked),
    Proof("each balance is the sum of its entries", Account.id, _balances),
    Proof("each balance is what the last entry left", Account.id, _last_balances),
    Proof("what is held is the sum of the holds that stand", Account.id, _held),
    Proof("what a rider may spend is what remains of the lots", Account.id, _spendable),
    Proof("each lot lacks what was taken from it", Lot.id, _lots),
    Proof("each lot is as large as its earning", Transfer.id, _lots_of_transfers),
    Proof("each hold took its points from lots", Hold.id, _uses_of_holds),
    Proof("each capture is its hold", Transfer.id, _captures),
    Proof("each debt of a rider is the sum of what is owed", Account.id, _debts),
    Proof("each reversal gives back what was given, or owes it", Transfer.id, _reversals),
)


@dataclass(frozen=True)
class Found:
    """A proof, and the first row that does not fit, or None."""

    words: str
    row: tuple[Any, ...] | None


Progress = Callable[[str, float], None]
"""Is told what is proved, and which share of it is done."""


def _silent(_words: str, _share: float) -> None:
    pass


def proofs(month: tuple[datetime, datetime] | None = None) -> list[Proof]:
    """Those that are asked: all, or of the transfers of a month."""
    return [proof for proof in PROOFS if month is None or proof.is_monthly]


def audit(
    session: Session, *, month: tuple[datetime, datetime] | None = None,
    progress: Progress = _silent,
) -> Iterator[Found]:  # fmt: skip
    """The proofs, one after another, until the first that fails, that one included. `month`: its
    first moment and that of the next."""
    for proof in proofs(month):
        row = _first(session, proof, _all_of(session, proof.by, month), progress)
        yield Found(proof.words, row)
        if row:
            return


def _all_of(session: Session, by: Any, month: tuple[datetime, datetime] | None) -> Stretch:
    """All ids there are; those between the first and the last transfer of a month."""
    found = select(func.min(by), func.max(by))
    if month is not None:
        found = found.where(Transfer.at >= month[0], Transfer.at < month[1])
    first, last = session.execute(found).one()
    return Stretch(first or 1, last or 0)


def _first(
    session: Session, proof: Proof, ids: Stretch, progress: Progress
) -> tuple[Any, ...] | None:
    step = ACCOUNTS if proof.by is Account.id else MANY
    for first in range(ids.first, ids.last + 1, step):
        progress(proof.words, (first - ids.first) / (ids.last + 1 - ids.first))
        question = proof.question(Stretch(first, min(first + step - 1, ids.last)))
        row = session.execute(question.limit(1)).first()
        if row:
            return tuple(row)
    return None
