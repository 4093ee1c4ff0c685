"""What tests of rewards share: a station, its host, a rider with points, something to be had."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.points.audit import audit
from app.blueprints.points.models import Account
from app.blueprints.rewards import handing, redeeming
from app.blueprints.rewards.handing import HandOutDraft
from app.blueprints.rewards.models import HandOut, Redemption, Reward
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.issuing import ensure_issuer_key
from tests.support.people import People, Person
from tests.support.reward_rows import RewardRows, issuer_keys, stock_fits
from tests.support.station_rows import StationRows

Browser = Callable[[Person], FlaskClient]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


@dataclass
class Shop:
    """A station that has one reward of 10 points, 3 of it; a rider with 100 points."""

    app: Flask
    station_id: int
    other_station_id: int
    reward_id: int
    stock_id: int
    host: Person
    other_host: Person
    rider: Person
    now: datetime

    def act(self, what: Callable[[Session], Any]) -> Any:
        """Something in a transaction of its own."""
        with self.app.app_context():
            session = Session(db.engine, expire_on_commit=False)
            try:
                with transaction(session):
                    return what(session)
            finally:
                session.close()

    def user(self, session: Session, person: Person) -> User:
        return session.get_one(User, person.id)

    def redeem(self, key: str = "k1", rider: Person | None = None, **more: Any) -> Redemption:
        values = {
            "reward_id": self.reward_id, "station_id": self.station_id, "key": key,
            "keys": issuer_keys(), "now": self.now,
        } | more  # fmt: skip
        made: Redemption = self.act(
            lambda session: redeeming.redeem(
                session, self.user(session, rider or self.rider), **values
            )
        )
        return made

    def cancel(self, redemption: Redemption, *, now: datetime | None = None) -> None:
        self.act(
            lambda session: redeeming.cancel(
                session, self.user(session, self.rider), redemption.id, now=now or self.now
            )
        )

    def give(
        self, redemption: Redemption, key: str = "h1", *, host: Person | None = None,
        station_id: int | None = None, at: datetime | None = None, now: datetime | None = None,
        by_number: bool = False,
    ) -> HandOut:  # fmt: skip
        def one(session: Session) -> Any:
            draft = HandOutDraft(
                key=key, host=self.user(session, host or self.host),
                station_id=station_id or self.station_id, at=at or self.now,
                code="" if by_number else redemption.code,
                number=redemption.number if by_number else "",
            )  # fmt: skip
            return handing.hand_out(session, [draft], now=now or self.now)[0]

        made: HandOut = self.act(one)
        return made

    def change(self, **columns: Any) -> None:
        """Change the reward past the desk."""

        def change(session: Session) -> None:
            for name, value in columns.items():
                setattr(session.get_one(Reward, self.reward_id), name, value)

        self.act(change)

    def redemption(self, redemption: Redemption) -> Redemption:
        found: Redemption = self.act(lambda session: session.get_one(Redemption, redemption.id))
        return found

    def points(self) -> tuple[int, int]:
        """What the rider has free, and held."""

        def look(session: Session) -> tuple[int, int]:
            account = session.query(Account).filter_by(user_id=self.rider.id).one()
            return account.balance - account.held, account.held

        found: tuple[int, int] = self.act(look)
        return found

    def fits(self) -> None:
        """The books and the shelves are right."""

        def look(session: Session) -> None:
            assert [found for found in audit(session) if found.row] == []
            assert stock_fits(session)

        self.act(look)


@pytest.fixture
def shop(app: Flask, people: People) -> Shop:
    rider = people.make(Role.RIDER, name="王小明")
    people.make(Role.ADMINISTRATOR, name="赵主管")
    with app.app_context(), transaction(db.session()):
        stations, rows = StationRows(db.session()), RewardRows(db.session())
        station, other = stations.station(), stations.station()
        host, other_host = stations.host(station), stations.host(other)
        reward = rows.reward()
        stock = rows.stock(reward, station, 3)
        rows.points(rider.id, 100)
    now = clock.now() + timedelta(seconds=1)
    return Shop(app, station, other, reward, stock, host, other_host, rider, now)


@pytest.fixture
def rider_browser(shop: Shop, browser_of: Browser) -> FlaskClient:
    ensure_issuer_key(shop.app.config["DATA_FOLDER"])
    return browser_of(shop.rider)


@pytest.fixture
def desk(shop: Shop, people: People, browser_of: Browser) -> FlaskClient:
    """An administrator's browser."""
    return browser_of(people.make(Role.ADMINISTRATOR, name="钱主管"))


@pytest.fixture
def counter(shop: Shop, browser_of: Browser) -> FlaskClient:
    """The host's browser."""
    return browser_of(shop.host)
