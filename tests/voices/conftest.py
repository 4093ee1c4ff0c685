"""A station with a host, a rider who comes there, and how items travel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.blueprints.visits.models import CheckIn, Mark
from app.blueprints.voices.models import Rating, Wish, WishEvent
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.people import People, Person, sign_in
from tests.support.station_rows import StationRows
from tests.support.threads import at_once


@dataclass
class Voices:
    """Two stations of a street, each with a host; the street's host; riders."""

    app: Flask
    station: int
    other_station: int
    host: Person
    other_host: Person
    street_host: Person
    administrator: Person
    rider: Person
    other_rider: Person

    def browser(self, person: Person) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, person)
        return client

    def check_in(
        self, *, rider: Person | None = None, station: int | None = None,
        mark: Mark | None = None, **ago: float,
    ) -> str:  # fmt: skip
        """The key of a check-in so long ago."""
        now, key = clock.now(), str(uuid7())
        with self.app.app_context():
            db.session.add(
                CheckIn(
                    key=key, station_id=station or self.station, mark=mark, leads=mark is None,
                    rider_id=(rider or self.rider).id, way="poster", purpose="rest",
                    at=now - timedelta(**ago), received_at=now,
                )
            )  # fmt: skip
            db.session.commit()
            db.session.remove()
        return key

    def rated(self, check_in: str, score: int = 3, words: str = "", **ago: float) -> dict[str, Any]:
        """An item of the outbox."""
        return item("rating", {"check_in": check_in, "score": score, "words": words}, **ago)

    def wished(self, text: str, station: object = None, **ago: float) -> dict[str, Any]:
        return item("wish", {"station": station or self.station, "text": text}, **ago)

    def send(self, *items: dict[str, Any], by: Person | None = None) -> list[dict[str, Any]]:
        """What the centre answers to a batch."""
        answer = self.browser(by or self.rider).post("/sync/items", json=list(items))
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.get_json()
        return found

    def verdicts(self, *items: dict[str, Any], by: Person | None = None) -> list[str]:
        return [one["verdict"] for one in self.send(*items, by=by)]

    def at_once(self, batches: list[dict[str, Any]]) -> list[str]:
        """The verdicts of items that as many phones of the rider's send at the same moment."""
        phones = [self.browser(self.rider) for _one in batches]
        answers = at_once(
            lambda number: phones[number].post("/sync/items", json=[batches[number]]).get_json(),
            len(batches),
        )
        return [one["verdict"] for [one] in answers]

    def wish(self, text: str = "挂雨衣的钩子") -> int:
        """The id of a wish that was sent."""
        [answer] = self.send(self.wished(text))
        assert answer["verdict"] == "accepted", answer
        return int(answer["reference"])

    def rating(self, words: str = "水很热", score: int = 3, *, hours: int = 1) -> int:
        """The id of a rating that was sent, of a visit so long ago."""
        [answer] = self.send(self.rated(self.check_in(hours=hours), score, words))
        assert answer["verdict"] == "accepted", answer
        return int(answer["reference"])

    def voices(self, more: str = "") -> str:
        return f"/stations/desk/{self.station}/voices{more}"

    def answer(
        self, wish_id: int, step: str, text: str = "好的", *, seen: str = "open",
        by: Person | None = None,
    ) -> int:  # fmt: skip
        """The status of an answer by the form."""
        data = {"step": step, "answer": text, "seen": seen}
        return (
            self.browser(by or self.host)
            .post(self.voices(f"/wishes/{wish_id}"), data=data)
            .status_code
        )

    def act(self, what: str, number: int, deed: str, by: Person, reason: str = "骂人") -> int:
        """Hide or unhide a wish ("wishes") or a rating ("ratings"): the status."""
        path = self.voices(f"/{what}/{number}/{deed}")
        return self.browser(by).post(path, data={"reason": reason}).status_code

    def hide_wish(self, wish_id: int) -> None:
        assert self.act("wishes", wish_id, "hide", self.host) == 303


def item(kind: str, fields: dict[str, Any], **ago: float) -> dict[str, Any]:
    """An item captured so long ago."""
    captured = clock.to_ms(clock.now() - timedelta(**ago))
    return {
        "key": str(uuid7()), "kind": kind, "schema": 1, "fields": fields, "photos": [],
        "captured_at": captured, "server_offset": 0,
    }  # fmt: skip


@pytest.fixture
def voices(app: Flask, people: People, held_clock: Clock) -> Voices:
    with app.app_context():
        rows = StationRows(db.session())
        street = rows.street()
        station = rows.station(street, name_zh="湖东驿站", name_en="Hudong Station", number="HD-1")
        other = rows.station(street, number="HD-2")
        hosts = [rows.host(one) for one in (station, other, street)]
        db.session.commit()
        db.session.remove()
    return Voices(
        app, station, other, *hosts, people.make(Role.ADMINISTRATOR),
        people.make(Role.RIDER, name="王小明"), people.make(Role.RIDER, name="李四光"),
    )  # fmt: skip


@pytest.fixture
def wishes(session: Session) -> Callable[[], list[Wish]]:
    def found() -> list[Wish]:
        session.rollback()
        return list(session.scalars(select(Wish).order_by(Wish.id)))

    return found


@pytest.fixture
def ratings(session: Session) -> Callable[[], list[Rating]]:
    def found() -> list[Rating]:
        session.rollback()
        return list(session.scalars(select(Rating).order_by(Rating.id)))

    return found


@pytest.fixture
def events(session: Session) -> Callable[[], list[tuple[str, str, str]]]:
    """Step, state and note of each event."""

    def found() -> list[tuple[str, str, str]]:
        session.rollback()
        rows = session.scalars(select(WishEvent).order_by(WishEvent.id))
        return [(one.step, one.to_state, one.note) for one in rows]

    return found


@pytest.fixture
def told(session: Session) -> Callable[[Person], list[tuple[str, str]]]:
    """Kind and address of what somebody was told."""

    def found(person: Person) -> list[tuple[str, str]]:
        session.rollback()
        wanted = select(Notification).where(Notification.user_id == person.id)
        rows = session.scalars(wanted.order_by(Notification.id))
        return [(one.kind, one.url) for one in rows]

    return found
