"""A process that earns, holds, captures, releases and takes back without end, to be killed."""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import app.models  # noqa: F401
from app.blueprints.points import expiring, holds, ledger
from app.blueprints.points.models import Account, Hold, HoldState, Transfer, TransferKind
from app.blueprints.points.requests import Order, Source
from app.errors import Conflict
from app.lib.database import configure_engine, transaction

NOW = datetime(2026, 5, 5, 4, tzinfo=UTC)
SOURCE = Source("case", "1")


def _newest(session: Session, chance: random.Random, **which: object) -> int | None:
    found = select(Hold.id).filter_by(**which).order_by(Hold.id.desc()).limit(5)
    ids = session.scalars(found).all()
    return chance.choice(ids) if ids else None


def one_act(session: Session, chance: random.Random, riders: list[int]) -> None:
    """Something by chance, with some rider's points."""
    key = Order("test", f"{chance.random()}", SOURCE)
    rider, amount = chance.choice(riders), chance.randint(1, 30)
    acts: list[Callable[[], object]] = [
        lambda: ledger.earn(session, key, rider_id=rider, amount=amount, now=NOW),
        lambda: holds.hold(session, key, rider_id=rider, amount=amount, now=NOW),
        lambda: _end(session, chance, captures=True),
        lambda: _end(session, chance, captures=False),
        lambda: _take_back(session, chance, key),
        lambda: _expire(session, rider),
    ]
    chance.choices(acts, weights=(5, 5, 3, 2, 2, 1))[0]()


def _end(session: Session, chance: random.Random, *, captures: bool) -> None:
    hold = _newest(session, chance, state=HoldState.PLACED)
    if hold is None:
        return
    if captures:
        holds.capture(session, Order("capture", f"hold {hold}", SOURCE), hold_id=hold, now=NOW)
    else:
        holds.release(session, hold_id=hold, now=NOW)


def _take_back(session: Session, chance: random.Random, key: Order) -> None:
    found = select(Transfer.id).where(Transfer.kind.in_((TransferKind.EARN, TransferKind.CAPTURE)))
    ids = session.scalars(found.order_by(Transfer.id.desc()).limit(9)).all()
    if ids:
        ledger.reverse(session, key, transfer_id=chance.choice(ids), now=NOW)


def _expire(session: Session, rider: int) -> None:
    account = session.scalars(select(Account.id).where(Account.user_id == rider)).first()
    if account:
        expiring.expire(session, account, now=NOW.replace(year=2026))


def main(url: str, seed: str, *riders: str) -> None:
    """Go on until killed."""
    engine = create_engine(url)
    configure_engine(engine)
    chance, session = random.Random(int(seed)), Session(engine)
    ids = [int(rider) for rider in riders]
    print("ready", flush=True)
    while True:
        try:
            with transaction(session):
                one_act(session, chance, ids)
        except Conflict:
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])
