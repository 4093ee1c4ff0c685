"""The administrators' page of what did not arrive."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.audit.models import AuditEntry
from app.blueprints.organisations.models import Role
from tests.deliveries.conftest import Post
from tests.support.people import People, Person, sign_in
from tests.support.push_service import FINE
from tests.support.push_service import PushService as Stub


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER)


@pytest.fixture
def administrator(app: Flask, people: People) -> FlaskClient:
    client = app.test_client()
    sign_in(client, people.make(Role.ADMINISTRATOR))
    return client


@pytest.fixture(autouse=True)
def at_noon(noon: None) -> None:
    """Nobody's night."""


def states(post: Post) -> list[str]:
    return [row.work_state for row in post.rows() if row.way == "push"]


def test_what_was_given_up_is_tried_once_more_or_discarded(
    post: Post, rider: Person, service: Stub, administrator: FlaskClient, session: Session
) -> None:
    post.phone_of(rider)
    assert "没有放弃的消息" in administrator.get("/deliveries").text
    service.answer = lambda _request: (418, {})
    post.tell(rider)
    post.tell(rider)
    page = administrator.get("/deliveries").text
    assert page.count("status 418") == 2
    assert rider.name not in page
    service.answer = lambda _request: FINE
    assert administrator.post("/deliveries/retry", data={"id": "1"}).status_code == 303
    administrator.post("/deliveries/discard", data={"id": ["2", "1", "x", "-1"]})
    post.work()
    assert states(post) == ["done", "done"]
    assert len(service.taken) == 3
    assert [row.sent_at is not None for row in post.rows()] == [True, False]
    noted = session.scalars(select(AuditEntry.reason).order_by(AuditEntry.id)).all()
    assert noted == ["retry: 1", "discard: 1"]


def test_a_stopped_service_goes_on_when_somebody_has_looked(
    post: Post, rider: Person, service: Stub, administrator: FlaskClient
) -> None:
    post.phone_of(rider)
    service.answer = lambda _request: (403, {})
    post.tell(rider)
    assert service.origin in administrator.get("/deliveries").text
    service.answer = lambda _request: FINE
    post.work()
    assert states(post) == ["pending"]
    resumed = {"origin": service.origin}
    assert administrator.post("/deliveries/resume", data=resumed).status_code == 303
    assert administrator.post("/deliveries/resume", data=resumed).status_code == 409
    post.work()
    assert states(post) == ["done"]
