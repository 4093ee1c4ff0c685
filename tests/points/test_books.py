"""Any sequence of what can happen to points, against books kept on paper; and that faults show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.points import books, expiring, holds, ledger, lots, requests
from app.blueprints.points.audit import audit
from app.blueprints.points.models import Account, Lot, Transfer
from app.blueprints.points.requests import Order, Source
from app.errors import Conflict
from app.extensions import db
from tests.support.plain_books import PlainBooks

START = datetime(2026, 1, 10, 4, tzinfo=UTC)
_numbers = count(1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["earn", "earn", "again", "hold", "hold", "capture", "release", "reverse", "refund",
             "days", "expire"]
        ),
        st.integers(0, 999),
    ),
    min_size=8, max_size=40,
)  # fmt: skip


@pytest.fixture
def books_session(module_app: Flask) -> Iterator[Session]:
    with module_app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session
        session.rollback()


@dataclass
class Life:
    """A rider whose points are kept twice."""

    session: Session
    rider_id: int
    paper: PlainBooks = field(default_factory=lambda: PlainBooks(lots.GRACE.days))
    day: int = 0
    earned: list[tuple[str, int, Transfer]] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    captured: dict[int, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def order(self, scope: str, key: str | None = None) -> Order:
        return Order(scope, key or f"{self.rider_id} {next(_numbers)}", Source("case", "1"))

    def amount(self, value: int) -> int:
        """Drawn from what is there: uniform amounts rarely meet an edge."""
        free = self.paper.free
        return max(1, (1, free // 2, free, free + 1)[value % 4])

    def earn(self, value: int) -> None:
        order, amount = self.order("test"), value % 40 + 1
        transfer = ledger.earn(
            self.session, order, rider_id=self.rider_id, amount=amount, now=self.now
        )
        self.earned.append((order.key, amount, transfer))
        self.paper.earn(order.key, amount, (lots.expiry(self.now) - START).days)

    def again(self, value: int) -> None:
        """The same request once more changes nothing."""
        if self.earned:
            key, amount, transfer = self.earned[value % len(self.earned)]
            same = ledger.earn(
                self.session, self.order("test", key), rider_id=self.rider_id, amount=amount,
                now=self.now,
            )  # fmt: skip
            assert same.id == transfer.id

    def hold(self, value: int) -> None:
        amount = self.amount(value)
        if not self.paper.hold(amount):
            with pytest.raises(books.NotEnough), self.session.begin_nested():
                self._hold(amount)
            return
        self.held.append(self._hold(amount))

    def _hold(self, amount: int) -> int:
        order = self.order("test")
        return holds.hold(
            self.session, order, rider_id=self.rider_id, amount=amount, now=self.now
        ).id

    def capture(self, value: int) -> None:
        for number in self._some(value):
            hold = self.paper.holds[number]
            if hold.state == "placed":
                order = self.order("capture", f"hold {self.held[number]}")
                made = holds.capture(self.session, order, hold_id=self.held[number], now=self.now)
                self.captured[number], hold.state = made.id, "captured"

    def release(self, value: int) -> None:
        for number in self._some(value):
            hold = self.paper.holds[number]
            if hold.state == "captured":
                with pytest.raises(Conflict):
                    holds.release(self.session, hold_id=self.held[number], now=self.now)
                continue
            holds.release(self.session, hold_id=self.held[number], now=self.now)
            if hold.state == "placed":
                self.paper.release(hold, self.day)

    def reverse(self, value: int) -> None:
        if not self.earned:
            return
        key, _amount, transfer = self.earned[value % len(self.earned)]
        if key in self.paper.reversed:
            with pytest.raises(Conflict):
                self._reverse(transfer.id)
            return
        self._reverse(transfer.id)
        self.paper.reverse_earning(key)

    def refund(self, value: int) -> None:
        if not self.captured:
            return
        number = sorted(self.captured)[value % len(self.captured)]
        if number in self.paper.refunded:
            with pytest.raises(Conflict):
                self._reverse(self.captured[number])
            return
        self._reverse(self.captured[number])
        self.paper.refund(number, self.day)

    def _reverse(self, transfer_id: int) -> None:
        ledger.reverse(self.session, self.order("test"), transfer_id=transfer_id, now=self.now)

    def days(self, value: int) -> None:
        self.day += value

    def expire(self, _value: int) -> None:
        account = self.account()
        if account:
            expiring.expire(self.session, account.id, now=self.now)
        self.paper.expire(self.day)

    def _some(self, value: int) -> list[int]:
        return [value % len(self.held)] if self.held else []

    def account(self) -> Account | None:
        found = select(Account).where(Account.user_id == self.rider_id)
        return self.session.scalars(found.execution_options(populate_existing=True)).first()

    def agrees(self) -> None:
        account = self.account()
        if account is None:
            assert not self.paper.lots
            return
        assert account.balance - account.held == self.paper.free
        assert (account.held, account.debt) == (self.paper.held, self.paper.debt)
        kept = select(Lot.remaining).where(Lot.account_id == account.id).order_by(Lot.id)
        assert list(self.session.scalars(kept)) == [lot.remaining for lot in self.paper.lots]


def _live(session: Session, steps: list[tuple[str, int]]) -> None:
    user = User(phone=None, name="甲", created_at=START)
    session.add(user)
    session.flush()
    life = Life(session, user.id)
    for step, value in steps:
        getattr(life, step)(value)
        life.agrees()
    session.flush()
    assert [found for found in audit(session) if found.row] == []


def _many_lives(session: Session) -> None:
    @given(STEPS)
    @settings(max_examples=150, database=None, phases=[Phase.generate])
    def lives(steps: list[tuple[str, int]]) -> None:
        try:
            _live(session, steps)
        finally:
            session.rollback()

    lives()


def test_the_ledger_agrees_with_books_on_paper(books_session: Session) -> None:
    _many_lives(books_session)


def _always_new(once: Callable[..., Any]) -> Callable[..., Any]:
    """A key is forgotten at once: whatever comes again is done again."""

    def fresh(session: Session, model: Any, values: dict[str, object]) -> Any:
        made = values | {"key": f"{values['key']} {next(_numbers)}"}
        return once(session, model, made)

    return fresh


def _no_check(_move: Callable[..., Any]) -> Callable[..., Any]:
    """A balance is read, reckoned and written back, without what is held."""

    def write(session: Session, account_id: int, amount: int, *, from_held: bool) -> int:
        account = session.get_one(Account, account_id, populate_existing=True)
        account.balance = account.balance + amount
        session.flush()
        return account.balance

    return write


def _lost_lot(take: Callable[..., Any]) -> Callable[..., Any]:
    """The newest lot is forgotten where more than one is left."""

    def some(session: Session, left: Any, amount: int, **by: Any) -> int:
        return take(session, list(left)[:-1] if len(left) > 1 else left, amount, **by)

    return some


def _nothing_back(_give_back: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *_args, **_more: None


def _no_debts(_settle: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *_args, **_more: None


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [(requests, "_once", _always_new), (books, "_move", _no_check), (lots, "take", _lost_lot),
     (lots, "give_back", _nothing_back), (ledger, "settle", _no_debts)],
    ids=["no idempotency", "no check", "a lost lot", "nothing comes back", "debts forgotten"],
)  # fmt: skip
@pytest.mark.one_database
def test_a_faulty_ledger_is_found_out(
    books_session: Session, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any
) -> None:
    monkeypatch.setattr(module, name, fault(getattr(module, name)))

    with pytest.raises((AssertionError, Conflict, SQLAlchemyError)):
        _many_lives(books_session)
