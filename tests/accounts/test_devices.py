"""Where somebody is signed in, for how long, and signing out."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.device_labels import device_label
from app.blueprints.accounts.models import Device
from tests.conftest import Clock
from tests.support.people import People, Person, sign_in

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.fixture
def person(people: People, held_clock: Clock) -> Person:
    return people.make("rider")


def _is_in(client: FlaskClient) -> bool:
    return client.get("/sync/whoami").status_code == 200


def test_ninety_days_from_the_last_use(
    person: Person, client: FlaskClient, held_clock: Clock
) -> None:
    sign_in(client, person)
    for _use in range(4):
        held_clock.forward(days=89)
        assert _is_in(client)
    held_clock.forward(days=90)
    assert not _is_in(client)


def test_the_cookie_is_renewed_with_the_session(
    person: Person, client: FlaskClient, held_clock: Clock
) -> None:
    sign_in(client, person)
    client.get("/sync/whoami")
    assert "Set-Cookie" not in client.get("/sync/whoami").headers
    held_clock.forward(hours=2)
    assert "session=" in client.get("/sync/whoami").headers["Set-Cookie"]


def test_all_devices_are_listed(app: Flask, person: Person) -> None:
    labels = ["Android · Chrome", "iPhone · Safari"]
    clients = [app.test_client() for _label in labels]
    for client, label in zip(clients, labels, strict=True):
        sign_in(client, person, label=label)
    page = clients[0].get("/me").text
    assert all(label in page for label in labels)
    assert page.count("/sign-out") >= 2


def test_another_device_is_signed_out(app: Flask, person: Person) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, person)
    device = sign_in(there, person)
    assert here.post(f"/me/devices/{device}/sign-out").location == "/me"
    assert _is_in(here)
    assert not _is_in(there)
    assert here.post(f"/me/devices/{device}/sign-out").status_code == 404


def test_nobody_elses_device_is_signed_out(
    app: Flask, person: Person, people: People, client: FlaskClient
) -> None:
    victim = app.test_client()
    device = sign_in(victim, people.make("rider"))
    sign_in(client, person)
    assert client.post(f"/me/devices/{device}/sign-out").status_code == 404
    assert _is_in(victim)


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, person: Person, client: FlaskClient
) -> None:
    sign_in(client, person)
    stolen = client.get_cookie("session")
    assert stolen is not None
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert not _is_in(thief)
    assert not _is_in(client)


def test_the_secret_is_kept_as_a_hash(
    person: Person, client: FlaskClient, session: Session
) -> None:
    sign_in(client, person)
    with client.session_transaction() as cookie:
        _device, secret = cookie["device"]
    assert secret not in [str(value) for value in session.execute(select(Device.__table__)).one()]


@pytest.mark.parametrize(
    "device", [None, "x", [], [1], [1, ""], ["1", "x"], [1, None], [1, "wrong"],
               {"a": 1}],
)  # fmt: skip
def test_a_cookie_with_anything_else_is_nobody(
    person: Person, client: FlaskClient, device: object
) -> None:
    sign_in(client, person)
    with client.session_transaction() as cookie:
        cookie["device"] = device
    assert not _is_in(client)


def test_a_cookie_that_was_forged_is_nobody(person: Person, client: FlaskClient) -> None:
    sign_in(client, person)
    held = client.get_cookie("session")
    assert held is not None
    client.set_cookie("session", held.value[:-2] + "xx")
    assert not _is_in(client)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Android · Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (Linux; Android 12; HarmonyOS) HuaweiBrowser/14", "HarmonyOS · Huawei"),
        ("Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0 Chrome/1", "Android · WeChat"),
        ("curl/8", "? · ?"),
        ("", "? · ?"),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent: str, label: str) -> None:
    assert device_label(agent) == label


def test_roles_and_half_the_number_are_shown(
    browser_of: Callable[[Person], FlaskClient], person: Person
) -> None:
    page = browser_of(person).get("/me").text
    assert person.name in page
    assert person.phone not in page
    assert f"****{person.phone[-4:]}" in page
