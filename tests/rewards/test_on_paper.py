"""Any sequence of redeeming, cancelling, handing out and running out, against a shop kept on
paper; and that faults of a shop show."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.points import holds
from app.blueprints.points.audit import audit
from app.blueprints.points.books import NotEnough
from app.blueprints.points.models import Account
from app.blueprints.rewards import ending, handing, redeeming, shelves
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import HandOut, Redemption, RewardStock
from app.blueprints.rewards.redeeming import NotForYou
from app.blueprints.rewards.shelves import SoldOut
from app.errors import Conflict
from app.extensions import db
from tests.support.plain_shop import PlainShop
from tests.support.reward_rows import RewardRows, issuer_keys, stock_fits
from tests.support.station_rows import StationRows

START = datetime(2026, 1, 10, 4, tzinfo=UTC)
"""Noon, so that a day more is a day more by the calendar as well."""
VALID_DAYS = 5
_numbers = count(1)
LIVES, STEPS = 16, 60
WEIGHTS = {"redeem": 6, "again": 1, "cancel": 2, "give": 5, "days": 2, "expire": 2}
"""So that shelves, purses and limits are all reached, and vouchers run out."""
POINTS = (31, 17)


@pytest.fixture
def session(module_app: Flask) -> Iterator[Session]:
    with module_app.app_context():
        engine = db.engine
    with Session(engine) as opened:
        yield opened
        opened.rollback()


@dataclass
class Life:
    """A station with two rewards and two riders, kept twice."""

    session: Session
    host: User
    station: int
    stocks: dict[int, int]
    riders: dict[int, User]
    paper: PlainShop
    day: int = 0
    made: list[Redemption] = field(default_factory=list)
    keys: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def redeem(self, value: int) -> None:
        rider = list(self.riders)[value % 2]
        reward = list(self.stocks)[value // 2 % 2]
        key = f"key {next(_numbers)}"
        wanted = self.paper.redeem(rider, reward, self.day)
        if wanted:
            errors = {"NotForYou": NotForYou, "NotEnough": NotEnough, "SoldOut": SoldOut}
            with pytest.raises(errors[wanted]), self.session.begin_nested():
                self._redeem(rider, reward, key)
            return
        self.made.append(self._redeem(rider, reward, key))
        self.keys.append((key, rider, reward))

    def again(self, value: int) -> None:
        """The same form once more changes nothing."""
        if self.made:
            number = value % len(self.made)
            key, rider, reward = self.keys[number]
            assert self._redeem(rider, reward, key).id == self.made[number].id

    def _redeem(self, rider: int, reward: int, key: str) -> Redemption:
        return redeeming.redeem(
            self.session, self.riders[rider], reward_id=reward, station_id=self.station, key=key,
            keys=issuer_keys(), now=self.now,
        )  # fmt: skip

    def cancel(self, value: int) -> None:
        for number in self._some(value):
            made = self.made[number]
            if self.paper.cancel(number, self.day):
                self._cancel(made)
                continue
            with pytest.raises(Conflict), self.session.begin_nested():
                self._cancel(made)

    def _cancel(self, made: Redemption) -> None:
        redeeming.cancel(self.session, self.riders[made.rider_id], made.id, now=self.now)

    def give(self, value: int) -> None:
        """A host's word of today, or of up to nine days ago that was heard of only now."""
        for number in self._some(value):
            days_ago = (0, 1, 1, 2, 9)[value // 99 % 5]
            wanted = self.paper.give(number, self.day - days_ago, self.day)
            draft = HandOutDraft(
                f"given {next(_numbers)}", self.host, self.station,
                self.now - timedelta(days=days_ago), code=self.made[number].code,
            )  # fmt: skip
            [answer] = handing.hand_out(self.session, [draft], now=self.now)
            assert isinstance(answer, HandOut)
            assert answer.outcome == wanted

    def days(self, value: int) -> None:
        self.day += (0, 1, 1, 2, 6)[value % 5]

    def expire(self, _value: int) -> None:
        for redemption_id in ending.due(self.session, now=self.now, limit=99):
            ending.expire(self.session, redemption_id, now=self.now)
        self.paper.expire(self.day)

    def _some(self, value: int) -> list[int]:
        return [value % len(self.made)] if self.made else []

    def agrees(self) -> None:
        fresh = {"populate_existing": True}
        accounts = select(Account).where(Account.user_id.in_(self.riders))
        for one in self.session.scalars(accounts, execution_options=fresh):
            assert one.user_id is not None
            free, held = self.paper.free[one.user_id], self.paper.held.get(one.user_id, 0)
            assert (one.balance - one.held, one.held) == (free, held)
        stocks = select(RewardStock).where(RewardStock.id.in_(self.stocks.values()))
        for stock in self.session.scalars(stocks, execution_options=fresh):
            level = None if stock.left is None else stock.left - stock.missing
            assert level == self.paper.shelf[stock.reward_id]
        states = select(Redemption.state).where(Redemption.station_id == self.station)
        kept = list(self.session.scalars(states.order_by(Redemption.id)))
        assert kept == [one.state for one in self.paper.vouchers]


def _open_shop(session: Session) -> Life:
    stations, rows = StationRows(session), RewardRows(session)
    station = stations.station()
    host = session.get_one(User, stations.host(station).id)
    scarce = rows.reward(cost=10, valid_days=VALID_DAYS)
    plenty = rows.reward(cost=7, valid_days=VALID_DAYS, per_rider_total=3)
    stocks = {scarce: rows.stock(scarce, station, 3), plenty: rows.stock(plenty, station, None)}
    riders = {one.id: one for one in (_rider(session) for _points in POINTS)}
    purses = dict(zip(riders, POINTS, strict=True))
    for rider, points in purses.items():
        rows.points(rider, points)
    paper = PlainShop(
        VALID_DAYS, {scarce: 10, plenty: 7}, {scarce: None, plenty: 3}, {scarce: 3, plenty: None},
        purses,
    )  # fmt: skip
    return Life(session, host, station, stocks, riders, paper)


def _rider(session: Session) -> User:
    home = Organisation(kind=Kind.COMPANY, path="/0/", name_zh="甲", name_en="A")
    user = User(phone=None, name="甲", created_at=START)
    session.add_all([home, user])
    session.flush()
    session.add(
        Membership(
            user_id=user.id, organisation_id=home.id, role=Role.RIDER, created_at=START
        )
    )  # fmt: skip
    session.flush()
    session.refresh(user)
    return user


def _live(session: Session, chance: random.Random) -> None:
    life = _open_shop(session)
    for step in chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=STEPS):
        getattr(life, step)(chance.randrange(1000))
        life.agrees()
    session.flush()
    assert [found for found in audit(session) if found.row] == []
    assert stock_fits(session)


def _many_lives(session: Session) -> None:
    for seed in range(LIVES):
        try:
            _live(session, random.Random(seed))
        finally:
            session.rollback()


def test_redemptions_agree_with_a_shop_on_paper(session: Session) -> None:
    _many_lives(session)


def _nothing(_function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *_args, **_more: None


def _never_sold_out(_take: Callable[..., Any]) -> Callable[..., Any]:
    """What is left is read, reckoned and written back."""

    def take(session: Session, redemption: Redemption, *, now: datetime) -> None:
        shelves.take_after(session, redemption, now=now)

    return take


def _given_twice(judge: Callable[..., Any]) -> Callable[..., Any]:
    """A voucher is taken for open once more a while after it was given."""

    def lenient(
        session: Session, draft: Any, found: Redemption, at: datetime, now: datetime
    ) -> Any:
        step, why = judge(session, draft, found, at, now)
        return ("honour", None) if why == "given_before" else (step, why)

    return lenient


def _for_ever(judge: Callable[..., Any]) -> Callable[..., Any]:
    """Nobody looks at when a voucher ends."""

    def lenient(
        session: Session, draft: Any, found: Redemption, at: datetime, now: datetime
    ) -> Any:
        step, why = judge(session, draft, found, at, now)
        return ("give", None) if why == "expired" and found.state == "held" else (step, why)

    return lenient


def _unpaid(_can_pay: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *_args: True


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [(redeeming, "_before", _nothing), (redeeming, "check_limits", _nothing),
     (shelves, "take_one", _never_sold_out), (shelves, "put_back", _nothing),
     (shelves, "take_after", _nothing), (holds, "release", _nothing),
     (redeeming, "capture", _nothing), (handing, "_judge", _given_twice),
     (handing, "_judge", _for_ever), (handing, "_can_pay", _unpaid)],
    ids=["no idempotency", "no limits", "sold though none is left", "stock does not come back",
         "late ones take no stock", "points do not come back", "points are not spent",
         "given twice", "good for ever", "given without points"],
)  # fmt: skip
@pytest.mark.one_database
def test_a_faulty_shop_is_found_out(
    session: Session, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any
) -> None:
    monkeypatch.setattr(module, name, fault(getattr(module, name)))

    with pytest.raises((AssertionError, Conflict, SQLAlchemyError, pytest.fail.Exception)):
        _many_lives(session)
