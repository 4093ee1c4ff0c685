"""A rider's phone and the desk of the rider's company, as the server sees them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.accounts.models import User
from app.blueprints.badges import portraits, queries, services, signatures
from app.blueprints.badges.models import Holder, Portrait
from app.blueprints.organisations.models import Membership, Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.people import Person
from tests.support.pictures import picture
from tests.support.sk1 import Phone

JSON = {"Accept": "application/json"}


def base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def enrolment(phone: Phone, *, replace: bool = False, time_s: int | None = None) -> dict[str, Any]:
    """What a phone sends to enrol."""
    at = int(clock.now().timestamp()) if time_s is None else time_s
    message = services.Enrolment(phone.point, at, b"").message()
    return {
        "device_key": base64url(phone.point),
        "time": at,
        "signature": base64url(signatures.sign(phone.key, message)),
        "replace": replace,
    }


@dataclass
class RiderPhone:
    """A browser that a rider is signed in on, with a key in its storage."""

    client: FlaskClient
    phone: Phone = field(default_factory=Phone)
    badge: str | None = None

    def enrol(self, *, replace: bool = False) -> TestResponse:
        """Make this phone the badge, and keep what the card says."""
        body = enrolment(self.phone, replace=replace)
        answer = self.client.post("/badge/enrol", json=body, headers=JSON)
        if answer.status_code == 201:
            self._keep(answer.get_json())
        return answer

    def renew(self) -> dict[str, Any]:
        """Ask for the card, and keep it."""
        answer = self.client.post("/badge/renew", json={"badge": self.badge}, headers=JSON)
        assert answer.status_code == 200, answer.text
        return self._keep(answer.get_json())

    def _keep(self, card: dict[str, Any]) -> dict[str, Any]:
        badge = card["badge"] or {}
        if badge.get("here") or self.badge is None:
            self.badge = badge.get("badge")
        if badge.get("credential"):
            self.phone.credential = from_base64url(badge["credential"])
        return card

    def send_portrait(self, content: bytes | None = None) -> TestResponse:
        """Send a portrait as the page does."""
        file = (BytesIO(picture(5, size=(300, 400)) if content is None else content), "me.jpg")
        return self.client.post("/badge/portrait", data={"portrait": file}, headers=JSON)

    def show(self) -> str:
        """The code on its screen now."""
        return self.phone.show(int(clock.now().timestamp()))


@dataclass
class Desk:
    """Somebody who acts on riders."""

    app: Flask
    person: Person

    @contextmanager
    def acting(self) -> Iterator[tuple[Session, User]]:
        """A transaction in which this person acts."""
        with self.app.app_context():
            session = db.session()
            with transaction(session):
                yield session, session.get_one(User, self.person.id)
            db.session.remove()

    def decide(
        self, rider: Person, *, approve: bool = True, reason: str = "", seen: int | None = None
    ) -> None:
        """Decide on what the rider sent last, or on the portrait with the id that was seen."""
        with self.acting() as (session, actor):
            holder = session.get_one(Holder, rider.id)
            newest = queries.newest_portrait(session, rider.id)
            assert newest
            chosen = Portrait(id=seen) if seen else newest
            portraits.decide_portrait(
                session, actor, holder, chosen, approve=approve, reason=reason, now=clock.now()
            )

    def do(self, act: Callable[..., Any], rider: Person, **arguments: Any) -> Any:
        """One of the services that act on a rider."""
        with self.acting() as (session, actor):
            holder = session.get_one(Holder, rider.id)
            return act(session, actor, holder, now=clock.now(), **arguments)

    def suspend(self, rider: Person, reason: str = "证件过期") -> None:
        self.do(services.suspend, rider, reason=reason)

    def resume(self, rider: Person, reason: str = "已补办") -> None:
        self.do(services.resume, rider, reason=reason)

    def revoke(self, rider: Person, reason: str = "已离职") -> None:
        self.do(services.revoke, rider, reason=reason)


def join(app: Flask, person: Person, role: Role, organisation_id: int) -> None:
    """Give a person a role in an organisation that there is."""
    with app.app_context():
        db.session.add(
            Membership(
                user_id=person.id,
                organisation_id=organisation_id,
                role=role,
                created_at=clock.now(),
            )
        )
        db.session.commit()
        db.session.remove()


def company_of(app: Flask, rider: Person) -> int:
    """The company that a rider rides for."""
    with app.app_context():
        found = db.session().get_one(User, rider.id).memberships[0].organisation_id
        db.session.remove()
        return found
