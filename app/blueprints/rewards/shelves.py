"""Stock that goes and comes back. A rider's account is locked before, if one is touched at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.blueprints.rewards.models import (
    MoveKind,
    Redemption,
    RedemptionState,
    RewardStock,
    ServiceSlot,
    StockMove,
)
from app.errors import Conflict


class SoldOut(Conflict):
    """Nothing is left."""

    message = _l("There is none left here. Choose another station or come back later.")


def take_one(session: Session, redemption: Redemption, *, now: datetime) -> None:
    """Take what a rider redeems: from the shelf, and a place of its slot. Raises SoldOut."""
    left = RewardStock.left
    taken = session.execute(
        update(RewardStock)
        .where(
            RewardStock.id == redemption.stock_id, RewardStock.offered,
            left.is_(None) | (left >= 1),
        )
        .values(left=left - 1)
        .returning(left)
        .execution_options(synchronize_session=False)
    ).first()  # fmt: skip
    if taken is None or not _take_place(session, redemption.slot_id):
        raise SoldOut
    if taken[0] is not None:
        _move_of(session, redemption, MoveKind.REDEEM, -1, now)


def take_after(session: Session, redemption: Redemption, *, now: datetime) -> None:
    """Take what went over the counter already: if nothing is left, it is missing."""
    _take_place(session, redemption.slot_id)
    if shift(session, redemption.stock_id, -1) is not None:
        _move_of(session, redemption, MoveKind.REDEEM, -1, now)


def put_back(session: Session, redemption: Redemption, *, now: datetime) -> None:
    """Put back what a rider does not fetch."""
    if shift(session, redemption.stock_id, 1) is not None:
        _move_of(session, redemption, MoveKind.RETURN, 1, now)
    if redemption.slot_id is not None:
        session.execute(
            update(ServiceSlot)
            .where(ServiceSlot.id == redemption.slot_id, ServiceSlot.taken > 0)
            .values(taken=ServiceSlot.taken - 1)
            .execution_options(synchronize_session=False)
        )


def shift(session: Session, stock_id: int, by: int) -> int | None:
    """Move what is free up or down; below zero it is missing. Answers what is free less what is
    missing then; None for stock that is not counted."""
    level = RewardStock.left - RewardStock.missing + by
    return session.scalar(
        update(RewardStock)
        .where(RewardStock.id == stock_id, RewardStock.left.is_not(None))
        .values(left=case((level > 0, level), else_=0), missing=case((level < 0, -level), else_=0))
        .returning(RewardStock.left - RewardStock.missing)
        .execution_options(synchronize_session=False)
    )


def lock(session: Session, stock_ids: Iterable[int]) -> dict[int, datetime | None]:
    """Keep these from others until the transaction ends, in the order of their ids; answers when
    each was counted last."""
    wanted = select(RewardStock.id, RewardStock.counted_at)
    wanted = wanted.where(RewardStock.id.in_(set(stock_ids)))
    rows = session.execute(wanted.order_by(RewardStock.id).with_for_update()).all()
    return {row.id: row.counted_at for row in rows}


def correct_count(
    session: Session, redemption: Redemption, counted: Mapping[int, datetime | None], *,
    at: datetime, now: datetime,
) -> None:  # fmt: skip
    """Of what was handed out before the last count and heard of after it: whoever counted thought
    it was on the shelf still, or had come back, and found one too few."""
    counted_at = counted.get(redemption.stock_id)
    if counted_at is None or not redemption.at <= at < counted_at:
        return
    if shift(session, redemption.stock_id, 1) is not None:
        _move_of(session, redemption, MoveKind.HEARD, 1, now)


def waiting(session: Session, stock_id: int) -> int:
    """How many of a stock lie there for open vouchers."""
    counted = select(func.count()).select_from(Redemption)
    return (
        session.scalar(
            counted.where(Redemption.stock_id == stock_id, Redemption.state == RedemptionState.HELD)
        )
        or 0
    )


def _take_place(session: Session, slot_id: int | None) -> bool:
    if slot_id is None:
        return True
    taken = session.scalar(
        update(ServiceSlot)
        .where(ServiceSlot.id == slot_id, ServiceSlot.taken < ServiceSlot.places)
        .values(taken=ServiceSlot.taken + 1)
        .returning(ServiceSlot.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _move_of(
    session: Session, redemption: Redemption, kind: MoveKind, amount: int, now: datetime
) -> None:
    session.add(
        StockMove(
            stock_id=redemption.stock_id, kind=kind, amount=amount,
            redemption_id=redemption.id, at=now,
        )
    )  # fmt: skip
    session.flush()
