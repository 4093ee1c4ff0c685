"""Which subscriptions are taken, whose they are, and when they end."""

import socket

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.deliveries.endpoints import NotAllowed, PublicResolver, PushServices
from app.blueprints.deliveries.sending import run_apart
from app.blueprints.organisations.models import Role
from tests.deliveries.conftest import Post
from tests.support.people import People, Person, sign_in
from tests.support.push_service import PushService as Stub

PUBLIC = PushServices.parse("")


@pytest.fixture(autouse=True)
def at_noon(noon: None) -> None:
    """Nobody's night."""


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER)


@pytest.fixture
def client(app: Flask, rider: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, rider)
    return client


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "https://fcm.googleapis.com"),
        ("https://web.push.apple.com/x", "https://web.push.apple.com"),
        ("https://updates.push.services.mozilla.com:443/wpush/v2/x",
         "https://updates.push.services.mozilla.com"),
        ("https://FCM.googleapis.com/x", "https://fcm.googleapis.com"),
    ],
)  # fmt: skip
def test_public_services_are_taken(endpoint: str, origin: str) -> None:
    assert PUBLIC.origin_of(endpoint) == origin


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.example.net/x",
        "https://evilpush.apple.com.example/x",
        "https://xpush.apple.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https://fcm.googleapis.com/\r\nHost: x",
        "https://fcm.googleapis.com:99999/x",
        "file:///etc/passwd",
        "",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_nothing_else_is(endpoint: str) -> None:
    with pytest.raises(NotAllowed):
        PUBLIC.origin_of(endpoint)


@given(st.text(max_size=80))
def test_whatever_is_offered_ends_at_an_allowed_host_or_nowhere(text: str) -> None:
    for endpoint in (text, f"https://{text}", f"https://fcm.googleapis.com{text}"):
        try:
            origin = PUBLIC.origin_of(endpoint)
        except NotAllowed:
            continue
        assert origin == "https://fcm.googleapis.com" or origin.endswith(
            (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
        )


def test_a_name_that_points_inward_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(host: str, port: int, *_args: object, **_named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)

    async def resolve(services: PushServices, port: int) -> list[str]:
        found = await PublicResolver(services).resolve("push.example", port)
        return [one["host"] for one in found]

    with pytest.raises(OSError, match="no public address"):
        run_apart(resolve(PushServices.parse("push.example"), 443))
    own = PushServices.parse("https://push.example:8443")
    assert run_apart(resolve(own, 8443)) == ["10.0.0.8"]
    with pytest.raises(OSError, match="no public address"):
        run_apart(resolve(own, 443))


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://127.0.0.1:22/x"},
        {"endpoint": 5},
        {"endpoint": "ü"},
        {"keys": None},
        {"keys": {"p256dh": "AAAA", "auth": "A" * 22}},
        {"keys": {"p256dh": "B" + "A" * 86, "auth": "A" * 22}},
        {"keys": {"p256dh": "?", "auth": "?"}},
        {"key_id": "x" * 201},
    ],
)
def test_what_is_no_subscription_is_refused(
    post: Post, client: FlaskClient, service: Stub, wrong: dict[str, object]
) -> None:
    offer = post.offer(service.browser()) | wrong
    wants = {"Accept": "application/json"}
    answer = client.post("/push/subscriptions", json=offer, headers=wants)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["errors"]
    assert post.subscriptions() == []


def test_the_same_browser_twice_is_one_subscription(
    post: Post, client: FlaskClient, service: Stub
) -> None:
    browser = service.browser()
    post.subscribe(client, browser)
    post.subscribe(client, browser)
    assert len(post.subscriptions()) == 1


def test_a_browser_follows_whoever_signs_in_on_it(
    post: Post, app: Flask, people: People, client: FlaskClient, rider: Person, service: Stub
) -> None:
    browser, other = service.browser(), people.make(Role.RIDER)
    post.subscribe(client, browser)
    post.write(rider)
    second = app.test_client()
    sign_in(second, other)
    post.subscribe(second, browser)
    post.work()
    post.tell(rider)
    assert service.taken == []
    post.tell(other)
    assert len(service.taken) == 1


def test_only_its_person_ends_it(
    post: Post, app: Flask, people: People, client: FlaskClient, service: Stub
) -> None:
    browser = post.subscribe(client)
    stranger = app.test_client()
    sign_in(stranger, people.make(Role.RIDER))
    for who, left in ((stranger, 1), (client, 0), (client, 0)):
        answer = who.post("/push/unsubscribe", json={"endpoint": browser.endpoint})
        assert answer.status_code == 204
        assert len(post.subscriptions()) == left


def test_whoever_signed_out_hears_nothing(
    post: Post, client: FlaskClient, rider: Person, service: Stub
) -> None:
    post.subscribe(client)
    post.write(rider)
    client.post("/sign-out")
    post.work()
    assert service.taken == []


def test_signing_out_between_spreading_and_sending_counts(
    post: Post, client: FlaskClient, rider: Person, service: Stub
) -> None:
    post.subscribe(client)
    service.answer = lambda _request: (503, {})
    post.tell(rider)
    service.answer = lambda _request: (201, {})
    client.post("/sign-out")
    post.due_now()
    post.work()
    assert len(service.taken) == 1
    assert [row.work_state for row in post.rows()] == ["done"]


def test_a_person_has_ten_at_most(post: Post, client: FlaskClient, service: Stub) -> None:
    browsers = [post.subscribe(client) for _one in range(12)]
    kept = {one.endpoint for one in post.subscriptions()}
    assert kept == {one.endpoint for one in browsers[2:]}


def test_with_another_key_old_subscriptions_are_left_alone(
    post: Post, app: Flask, client: FlaskClient, rider: Person, service: Stub
) -> None:
    post.subscribe(client)
    app.config["VAPID_KEY"].unlink()
    app.test_cli_runner().invoke(args=["push", "make-key"])
    post.tell(rider)
    assert service.taken == []
    post.subscribe(client)
    post.tell(rider)
    assert len(service.taken) == 1
