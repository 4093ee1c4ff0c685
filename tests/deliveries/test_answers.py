"""What becomes of a push by the answer of its service."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.deliveries.spreading import spread
from app.blueprints.deliveries.taking import take_pushes
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.deliveries.conftest import Post
from tests.support.people import People, Person
from tests.support.push_service import FINE, Answer, Taken
from tests.support.push_service import PushService as Stub


@pytest.fixture(autouse=True)
def at_noon(noon: None) -> None:
    """Nobody's night."""


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER)


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    then = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_a_push_is_what_the_protocol_says(post: Post, rider: Person, service: Stub) -> None:
    post.phone_of(rider)
    post.tell(rider, kind="case_ask", url="/reports/7")
    [request] = service.taken
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["TTL"] == str(3 * 86_400)
    assert request.headers["Urgency"] == "high"
    assert request.headers["Authorization"].startswith("vapid t=")
    [letter] = service.letters()
    shown = letter["notification"]
    assert letter["web_push"] == 8030
    assert letter["app_badge"] == 1
    assert shown["tag"] == request.headers["Topic"]
    assert "井盖缺失" in shown["body"]
    assert shown["navigate"].startswith("http://localhost/messages/")
    assert shown["data"]["url"] == "/reports/7"
    [row] = post.rows()
    assert (row.work_state, row.attempts, row.sent_at) == ("done", 1, clock.now())


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(
    post: Post, rider: Person, service: Stub, status: int
) -> None:
    post.phone_of(rider)
    service.answer = lambda _request: (status, {})
    post.tell(rider)
    assert post.subscriptions() == post.rows() == []


def test_what_is_too_large_is_sent_once_more_and_shorter(
    post: Post, rider: Person, service: Stub
) -> None:
    post.phone_of(rider)
    sizes: list[int] = []

    def fussy(request: Taken) -> Answer:
        sizes.append(len(request.body))
        return (413, {}) if len(sizes) == 1 else FINE

    service.answer = fussy
    post.tell(rider, kind="badge_suspended", reason="长" * 900)
    assert sizes[0] < 2_744
    assert sizes[1] < 750
    assert [row.work_state for row in post.rows()] == ["done"]
    service.answer = lambda _request: (413, {})
    post.tell(rider)
    assert [row.work_state for row in post.rows()] == ["done", "failed"]
    assert len(service.taken) == 4


@pytest.mark.parametrize("status", [429, 500, 503])
def test_who_is_asked_to_wait_waits_the_longer_time(
    post: Post,
    rider: Person,
    service: Stub,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post.phone_of(rider)
    service.answer = lambda _request: (status, {"Retry-After": "600"})
    post.tell(rider)
    [row] = post.rows()
    assert (row.work_state, row.last_error) == ("pending", f"status {status}")
    assert row.next_try_at == clock.now() + timedelta(seconds=600)
    service.answer = lambda _request: FINE
    later(monkeypatch, 599)
    post.work()
    assert len(service.taken) == 1
    later(monkeypatch, 2)
    post.work()
    [row] = post.rows()
    assert (row.work_state, row.attempts) == ("done", 2)


def test_trying_ends_when_nobody_needs_it_any_more(
    post: Post, rider: Person, service: Stub
) -> None:
    post.phone_of(rider)
    service.answer = lambda _request: (503, {"Retry-After": str(4 * 86_400)})
    post.tell(rider, kind="badge_running_out", until="18:00")
    [row] = post.rows()
    assert row.work_state == "failed"


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_service_that_refuses_us_is_left_alone_and_told_of(
    post: Post, people: People, rider: Person, service: Stub, session: Session, status: int
) -> None:
    administrator = people.make(Role.ADMINISTRATOR)
    post.phone_of(rider)
    service.answer = lambda _request: (status, {})
    post.tell(rider)
    [stopped] = post.push_services()
    assert (stopped.origin, stopped.reason) == (service.origin, f"status {status}")
    assert len(post.subscriptions()) == 1
    post.tell(rider)
    assert len(service.taken) == 1
    pushes = [row for row in post.rows() if row.way == "push"]
    assert [(row.work_state, row.attempts) for row in pushes] == [("pending", 0)] * 2
    told = select(Notification.user_id).where(Notification.kind == "push_stopped")
    assert session.scalars(told).all() == [administrator.id]


def test_a_redirect_is_not_followed(post: Post, rider: Person, service: Stub) -> None:
    post.phone_of(rider)
    inward = f"{service.origin}/push/inward"
    service.answer = lambda _request: (307, {"Location": inward})
    post.tell(rider)
    assert [one.name for one in service.taken] == ["0"]
    assert [row.work_state for row in post.rows()] == ["failed"]


def test_a_service_that_answers_nobody_is_paused_and_then_all_arrive(
    post: Post,
    people: People,
    service: Stub,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    riders = [people.make(Role.RIDER) for _one in range(120)]
    for one in riders:
        post.phone_of(one)
    port = int(service.origin.rpartition(":")[2])
    service.stop()
    post.tell(*riders)
    [paused] = post.push_services()
    assert paused.paused_until > clock.now()
    untried = [row for row in post.rows() if row.attempts == 0]
    assert untried, "the rest of a batch is given back untried"
    for _tenth in range(60):
        later(monkeypatch, 60)
        post.work()
    assert {row.work_state for row in post.rows()} == {"pending"}
    service.start(port)
    for _tenth in range(20):
        later(monkeypatch, 60)
        post.work()
    assert {row.work_state for row in post.rows()} == {"done"}
    assert sorted(int(one.name) for one in service.taken) == list(range(120))
    assert [one.failures for one in post.push_services()] == [0]


def test_a_clock_that_was_set_back_holds_nothing_up(
    post: Post, app: Flask, rider: Person, service: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.phone_of(rider)
    post.write(rider)
    key_id = post.subscriptions()[0].key_id
    with app.app_context():
        with transaction(db.session()):
            spread(db.session(), key_id=key_id, now=clock.now())
        with transaction(db.session()):  # a worker an hour ahead takes it, and dies
            ahead = clock.now() + timedelta(hours=1)
            assert take_pushes(db.session(), key_id=key_id, now=ahead, limit=9)
        db.session.remove()
    later(monkeypatch, 1)
    post.work()
    assert len(service.taken) == 1
