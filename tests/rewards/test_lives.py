"""Any sequence of what can happen to a reward, against a book kept on paper; and faults show."""

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
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.points.audit import audit
from app.blueprints.points.models import Account
from app.blueprints.rewards import ending, handing, redeeming, shelves, steps, stocking
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import HandOut, Redemption, RewardStock
from app.errors import Conflict, DomainError
from app.extensions import db
from tests.support.reward_rows import RewardRows, issuer_keys, stock_fits
from tests.support.station_rows import StationRows

START = datetime(2027, 1, 10, 4, tzinfo=UTC)
COST, VALID_DAYS = 10, 5
_numbers = count(1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["redeem", "redeem", "redeem", "again", "cancel", "give", "give", "give_before",
             "expire", "refund", "earn", "deliver", "recount", "days"]
        ),
        st.integers(0, 99),
    ),
    min_size=8, max_size=40,
)  # fmt: skip


@pytest.fixture
def life_session(module_app: Flask) -> Iterator[Session]:
    with module_app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session
        session.rollback()


@dataclass
class PlainVoucher:
    """A voucher as anybody would note it down: `day` it was made, `ended` it was cancelled."""

    id: int
    key: str
    day: int
    state: str = "held"
    ended: int = 0
    refunded: bool = False

    @property
    def until(self) -> int:
        return self.day + VALID_DAYS + 1


@dataclass
class Life:
    """A rider, a host and a shelf that are kept twice."""

    session: Session
    rider: User
    host: User
    boss: User
    station_id: int
    reward_id: int
    stock_id: int
    free: int = 0
    level: int = 0
    """What is free on the shelf, less what is missing."""
    day: int = 0
    counted: int | None = None
    vouchers: list[PlainVoucher] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def redeem(self, _value: int) -> None:
        key = f"k{next(_numbers)}"
        if self.free < COST or self.level < 1:
            with pytest.raises(Conflict), self.session.begin_nested():
                self._redeem(key)
            return
        made = self._redeem(key)
        self.vouchers.append(PlainVoucher(made.id, key, self.day))
        self.free, self.level = self.free - COST, self.level - 1

    def _redeem(self, key: str) -> Redemption:
        return redeeming.redeem(
            self.session, self.rider, reward_id=self.reward_id, station_id=self.station_id,
            key=key, keys=issuer_keys(), now=self.now,
        )  # fmt: skip

    def again(self, value: int) -> None:
        """The same form once more changes nothing."""
        for one in self._some(value):
            assert self._redeem(one.key).id == one.id

    def cancel(self, value: int) -> None:
        for one in self._some(value):
            if one.state != "held" or one.until <= self.day:
                with pytest.raises(Conflict), self.session.begin_nested():
                    redeeming.cancel(self.session, self.rider, one.id, now=self.now)
                continue
            redeeming.cancel(self.session, self.rider, one.id, now=self.now)
            self._came_back(one, "cancelled")

    def expire(self, value: int) -> None:
        for one in self._some(value):
            due = one.state == "held" and one.until <= self.day
            assert ending.expire(self.session, one.id, now=self.now) == due
            if due:
                self._came_back(one, "expired")

    def _came_back(self, one: PlainVoucher, state: str) -> None:
        one.state, one.ended = state, self.day
        self.free, self.level = self.free + COST, self.level + 1

    def give(self, value: int) -> None:
        """Handed out just now."""
        self._give(value, self.day)

    def give_before(self, value: int) -> None:
        """Handed out two days ago, heard of today."""
        self._give(value, self.day - 2)

    def _give(self, value: int, day: int) -> None:
        for one in self._some(value):
            expected = self._expected(one, day)
            found = self.session.get_one(Redemption, one.id)
            at = START + timedelta(days=day)
            draft = HandOutDraft(f"h{next(_numbers)}", self.host, self.station_id, at, found.code)
            [made] = handing.hand_out(self.session, [draft], now=self.now)
            assert isinstance(made, HandOut)
            assert made.outcome == expected
            if expected == "late":
                self.free, self.level = self.free - COST, self.level - 1
            if expected != "conflict":
                one.state = "given"
                self._put_right(one, day)

    def _put_right(self, one: PlainVoucher, day: int) -> None:
        """Whoever counted after that missed one that was gone."""
        if self.counted is not None and one.day <= day < self.counted:
            self.level += 1

    def _expected(self, one: PlainVoucher, day: int) -> str:
        if one.state == "held":
            return "given" if day < one.until else "conflict"
        early = one.state == "cancelled" and day < one.ended and not one.refunded
        late = early or one.state == "expired"
        return "late" if late and day < one.until and self.free >= COST else "conflict"

    def refund(self, value: int) -> None:
        for one in self._some(value):
            act = (self.session, self.boss, one.id)
            if one.state != "given":
                with pytest.raises(Conflict), self.session.begin_nested():
                    ending.refund(*act, reason="x", now=self.now)
                continue
            ending.refund(*act, reason="x", now=self.now)
            one.state, one.ended, one.refunded = "cancelled", self.day, True
            self.free += COST

    def earn(self, value: int) -> None:
        RewardRows(self.session).points(self.rider.id, value % 30 + 1, self.now)
        self.free += value % 30 + 1

    def deliver(self, value: int) -> None:
        stocking.deliver(
            self.session, self.boss, self.stock_id, amount=value % 3 + 1, reason="",
            key=f"m{next(_numbers)}", now=self.now,
        )  # fmt: skip
        self.level += value % 3 + 1

    def recount(self, value: int) -> None:
        """A count finds what somebody left on the shelf, from nothing to all."""
        waiting = sum(one.state == "held" for one in self.vouchers)
        on_shelf = value % (max(self.level, 0) + waiting + 1)
        stocking.count(
            self.session, self.host, self.stock_id, on_shelf=on_shelf, reason="x",
            key=f"m{next(_numbers)}", now=self.now,
        )  # fmt: skip
        self.level, self.counted = on_shelf - waiting, self.day

    def days(self, value: int) -> None:
        self.day += value % 4

    def _some(self, value: int) -> list[PlainVoucher]:
        return [self.vouchers[value % len(self.vouchers)]] if self.vouchers else []

    def agrees(self) -> None:
        self.session.expire_all()
        account = self.session.scalars(
            select(Account).where(Account.user_id == self.rider.id)
        ).first()
        assert (account.balance - account.held if account else 0) == self.free
        held = sum(one.state == "held" for one in self.vouchers) * COST
        assert (account.held if account else 0) == held
        stock = self.session.get_one(RewardStock, self.stock_id)
        assert (stock.left, stock.missing) == (max(self.level, 0), max(-self.level, 0))
        kept = self.session.execute(select(Redemption.id, Redemption.state)).all()
        assert dict(map(tuple, kept)) == {one.id: one.state for one in self.vouchers}


def _person(session: Session, role: Role) -> User:
    user = User(phone=None, name="甲", created_at=START)
    home = Organisation(kind=Kind.COMPANY, path="/", name_zh="甲", name_en="A")
    session.add_all([user, home])
    session.flush()
    join = Membership(user_id=user.id, organisation_id=home.id, role=role, created_at=START)
    session.add(join)
    session.flush()
    return user


def _live(session: Session, steps_taken: list[tuple[str, int]]) -> None:
    stations, rows = StationRows(session), RewardRows(session)
    station = stations.station()
    reward = rows.reward(cost=COST, valid_days=VALID_DAYS)
    host = session.get_one(User, stations.host(station).id)
    life = Life(
        session, _person(session, Role.RIDER), host, _person(session, Role.ADMINISTRATOR),
        station, reward, rows.stock(reward, station, 2), level=2,
    )  # fmt: skip
    life.earn(29)
    for step, value in steps_taken:
        getattr(life, step)(value)
        life.agrees()
    assert [found for found in audit(session) if found.row] == []
    assert stock_fits(session)


def _many_lives(session: Session, examples: int) -> None:
    @given(STEPS)
    @settings(max_examples=examples, database=None, phases=[Phase.generate])
    def lives(steps_taken: list[tuple[str, int]]) -> None:
        try:
            _live(session, steps_taken)
        finally:
            session.rollback()

    lives()


def test_vouchers_agree_with_a_book_on_paper(life_session: Session) -> None:
    _many_lives(life_session, 60)


def _never_sold_out(_take: Callable[..., Any]) -> Callable[..., Any]:
    def take(session: Session, redemption: Redemption, *, now: datetime) -> None:
        shelves.take_after(session, redemption, now=now)

    return take


def _nothing(*_args: Any, **_more: Any) -> None:
    return None


def _given_again(_leads: Callable[..., Any]) -> Callable[..., Any]:
    """The table of steps is not asked."""
    to = {"give": "given", "honour": "given", "cancel": "cancelled", "expire": "expired"}
    return lambda step, _state: to.get(step, "given")


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [(shelves, "take_one", _never_sold_out), (shelves, "put_back", lambda _old: _nothing),
     (redeeming, "_before", lambda _old: _nothing), (steps, "leads", _given_again),
     (redeeming, "capture", lambda _old: _nothing)],
    ids=["sold without stock", "stock that does not come back", "no idempotency",
         "no table of steps", "given without being paid"],
)  # fmt: skip
@pytest.mark.one_database
def test_a_faulty_shop_is_found_out(
    life_session: Session, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any
) -> None:
    monkeypatch.setattr(module, name, fault(getattr(module, name)))

    with pytest.raises((AssertionError, DomainError, SQLAlchemyError, pytest.fail.Exception)):
        _many_lives(life_session, 60)
