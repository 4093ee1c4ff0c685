"""A station, its host's device, and riders with badges."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from uuid6 import uuid7

from app.blueprints.badges import short_codes
from app.blueprints.badges.terms import terms_of
from app.blueprints.reports.services import load_categories
from app.blueprints.visits.models import CheckIn
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import Desk
from tests.support.gate_site import Site
from tests.support.people import People, Person, sign_in
from tests.support.station_rows import StationRows

Item = dict[str, Any]


@dataclass
class Counter:
    """The device at a station's counter, and whoever else the tests need."""

    app: Flask
    station_id: int
    elsewhere_id: int
    host: Person
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.signed_in(self.host)

    def signed_in(self, person: Person) -> FlaskClient:
        """A browser of this person."""
        client: FlaskClient = self.app.test_client()
        sign_in(client, person)
        return client

    def another_host(self, organisation_id: int = 0, name: str = "周站长") -> Person:
        """One more host, of this station or another organisation."""
        with self.app.app_context():
            made = StationRows(db.session()).host(organisation_id or self.station_id, name)
            db.session.commit()
            db.session.remove()
        return made

    def item(self, **fields: Any) -> Item:
        """An item of somebody who came to rest; by hand unless said otherwise."""
        came = {"station": self.station_id, "way": "hand", "who": "rider", "people": 1}
        return self.any_item(**(came | {"purpose": "rest"} | fields))

    def undo(self, key: str) -> Item:
        """An item that takes another back."""
        return self.any_item(station=self.station_id, undo=key)

    def any_item(self, **fields: Any) -> Item:
        return {
            "key": str(uuid7()), "kind": "counter_log", "schema": 1, "fields": fields,
            "photos": [], "captured_at": clock.to_ms(clock.now()), "server_offset": 0,
        }  # fmt: skip

    def send(self, *items: Item, client: FlaskClient | None = None) -> list[dict[str, Any]]:
        """What the centre answers to each."""
        answer = (client or self.client).post("/sync/items", json=list(items))
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.get_json()
        return found

    def check_ins(self) -> list[CheckIn]:
        """What is kept, in the order of writing."""
        with self.app.app_context():
            found = list(db.session.scalars(select(CheckIn).order_by(CheckIn.id)))
            for row in found:
                db.session.expunge(row)
            db.session.remove()
            return found

    def here(self, client: FlaskClient | None = None) -> dict[str, Any]:
        """Who is here, as the device is told."""
        answer = (client or self.client).get(f"/counter/{self.station_id}/here.json")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found

    def short_code(self, status_index: int) -> str:
        """The digits below a badge's code now."""
        now = clock.now()
        with self.app.app_context():
            secret = terms_of(self.app.config).short_secret
        keys = short_codes.badge_keys(secret, status_index, now)
        key = keys[clock.to_local(now).date().isoformat()]
        return f"{status_index} {short_codes.code_at(key, int(now.timestamp() // 60))}"


@pytest.fixture
def counter(app: Flask, held_clock: Clock) -> Counter:
    """A station 月亮湾驿站 with the host 陈站长; another station is elsewhere."""
    with app.app_context():
        session = db.session()
        load_categories(session)
        rows = StationRows(session)
        station = rows.station(name_zh="月亮湾驿站", facilities=["water", "rest", "aed"])
        elsewhere, host = rows.station(), rows.host(station)
        session.commit()
        db.session.remove()
    return Counter(app, station, elsewhere, host)


@pytest.fixture
def site(app: Flask, people: People, held_clock: Clock) -> Site:
    """Makes riders with badges."""
    return Site(app, people, Desk(app, people.make("administrator")))


@pytest.fixture
def forward(held_clock: Clock) -> Callable[..., None]:
    return held_clock.forward
