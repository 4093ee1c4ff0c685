"""A push service, an application that may speak with it, and people with phones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.blueprints.deliveries.models import Delivery, PushService, Subscription
from app.blueprints.deliveries.terms import terms_of
from app.blueprints.notifications import services
from app.blueprints.notifications.models import Notification, Preference, Wording
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.queue import run_until_done
from tests.conftest import MakeApp
from tests.support.people import People, Person, sign_in
from tests.support.push_service import Browser, running_push_service
from tests.support.push_service import PushService as Stub


@pytest.fixture
def service() -> Iterator[Stub]:
    """A push service that takes everything, until a test tells it otherwise."""
    with running_push_service() as stub:
        yield stub


@pytest.fixture
def app(make: MakeApp, service: Stub) -> Flask:
    return make(PUSH_SERVICES=service.origin)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at noon in Suzhou: nobody's night."""
    moment = clock.now().replace(hour=4, minute=0)
    monkeypatch.setattr(clock, "now", lambda: moment)


@dataclass
class Post:
    """What tests do with messages."""

    app: Flask
    service: Stub
    people: People

    def subscribe(self, client: FlaskClient, browser: Browser | None = None) -> Browser:
        """A browser of whoever is signed in there takes pushes from now on."""
        browser = browser or self.service.browser()
        answer = client.post("/push/subscriptions", json=self.offer(browser))
        assert answer.status_code == 204, answer.text
        return browser

    def offer(self, browser: Browser) -> dict[str, Any]:
        """What a browser sends of its subscription."""
        key_id = terms_of(self.app.config).key.id
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        return {"endpoint": browser.endpoint, "keys": keys, "key_id": key_id}

    def phone_of(self, person: Person) -> Browser:
        """A phone that the person is signed in on, which takes pushes."""
        client = self.app.test_client()
        sign_in(client, person)
        return self.subscribe(client)

    def tell(
        self, *people: Person, kind: str = "case_close", url: str = "/reports/1", **data: Any
    ) -> None:
        """Tell people something, and let the worker work."""
        self.write(*people, kind=kind, url=url, **data)
        self.work()

    def write(
        self, *people: Person, kind: str = "case_close", url: str = "/reports/1", **data: Any
    ) -> None:
        """Tell people something; the worker has not seen it yet."""
        said = {"case": "SK-1", "category": {"zh": "井盖缺失", "en": "Manhole"}} | data
        ids = [person.id for person in people]
        with self.app.app_context():
            with transaction(db.session()):
                services.notify(db.session(), ids, kind=kind, data=said, url=url, now=clock.now())
            db.session.remove()

    def announce(self, person: Person, title: str) -> None:
        """Tell somebody in an office's own words, and let the worker work."""
        with self.app.app_context():
            with transaction(db.session()):
                words = Wording(title_zh=title, title_en=title, body_zh="正文", body_en="body")
                db.session.add(words)
                db.session.flush()
                db.session.add(
                    Notification(
                        user_id=person.id, kind="announcement", data={}, url="/messages",
                        wording_id=words.id, created_at=clock.now(),
                    )
                )  # fmt: skip
            db.session.remove()
        self.work()

    def never_quiet(self, person: Person) -> None:
        """Somebody wants no quiet hours."""
        with self.app.app_context():
            with transaction(db.session()):
                db.session.add(
                    Preference(
                        user_id=person.id, quiet=False, quiet_from=0, quiet_until=0,
                        changed_at=clock.now(),
                    )
                )  # fmt: skip
            db.session.remove()

    def due_now(self) -> None:
        """Nothing waits any longer for its next try."""
        with self.app.app_context():
            with transaction(db.session()):
                db.session.execute(update(Delivery).values(next_try_at=clock.now()))
            db.session.remove()

    def work(self) -> None:
        """Do what the worker would."""
        with self.app.app_context():
            run_until_done(services.JOB)
            db.session.remove()

    def rows(self, model: type[Any] = Delivery) -> list[Any]:
        """All rows of a table, as they are now."""
        with self.app.app_context():
            found = list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))
            db.session.expunge_all()
            db.session.remove()
            return found

    def subscriptions(self) -> list[Any]:
        return self.rows(Subscription)

    def push_services(self) -> list[Any]:
        return self.rows(PushService)


@pytest.fixture
def post(app: Flask, service: Stub, people: People) -> Post:
    return Post(app, service, people)
