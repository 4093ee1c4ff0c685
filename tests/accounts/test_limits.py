"""Guessing and flooding are bounded per number and per address."""

import contextlib
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts import services
from app.blueprints.accounts.codes import Secrets
from app.blueprints.accounts.models import SignInCode
from app.errors import TooMany
from app.extensions import db
from app.lib.database import transaction
from tests.accounts.conftest import PHONE, SignIn, wrong
from tests.conftest import Clock, MakeApp
from tests.support.people import People

pytestmark = pytest.mark.usefixtures("held_clock")
E164 = f"+86{PHONE}"


def test_a_minute_between_two_codes(pages: SignIn, held_clock: Clock) -> None:
    assert pages.ask().status_code == 302
    answer = pages.ask()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    held_clock.forward(seconds=61)
    assert pages.ask().status_code == 302


def test_five_codes_an_hour_ten_a_day_for_a_number(pages: SignIn, held_clock: Clock) -> None:
    given = []
    for minute in range(25 * 60 // 2):
        if pages.ask().status_code == 302:
            given.append(minute * 2)
        held_clock.forward(minutes=2)
    assert given[:10] == [0, 2, 4, 6, 8, 60, 62, 64, 66, 68]
    assert given[10] == 24 * 60


def test_thirty_codes_an_hour_for_an_address(
    other_browser: Callable[[], SignIn], session: Session
) -> None:
    statuses = [other_browser().ask(f"139{number:08d}").status_code for number in range(35)]
    assert statuses == [302] * 30 + [429] * 5
    assert session.scalar(select(func.count()).select_from(SignInCode)) == 30


def test_another_address_is_free(client: FlaskClient, other_browser: Callable[[], SignIn]) -> None:
    for number in range(31):
        other_browser().ask(f"139{number:08d}")
    elsewhere = other_browser().ask("13800000000", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert elsewhere.status_code == 302


def test_twenty_wrong_codes_a_day_for_a_number(
    people: People, other_browser: Callable[[], SignIn], held_clock: Clock
) -> None:
    """From any number of addresses; then even the right one is refused for the day."""
    people.make("rider", phone=E164)
    statuses = []
    for attempt in range(6):
        pages = other_browser()
        where = {"environ_base": {"REMOTE_ADDR": f"203.0.113.{attempt}"}}
        pages.ask(**where)
        code = pages.sent()
        statuses += [pages.enter(wrong(code), **where).status_code for _try in range(5)]
        held_clock.forward(minutes=13)
    assert statuses == [422] * 20 + [429] * 10
    assert pages.enter(code).status_code == 429


def test_a_hundred_wrong_codes_an_hour_for_an_address(
    people: People, other_browser: Callable[[], SignIn]
) -> None:
    statuses = []
    for number in range(22):
        people.make("rider", phone=f"+86137{number:08d}")
        pages = other_browser()
        pages.ask(f"137{number:08d}")
        code = pages.sent()
        statuses += [pages.enter(wrong(code)).status_code for _try in range(5)]
    assert statuses == [422] * 100 + [429] * 10


def test_ten_thousand_wrong_codes_never_get_in(
    app: Flask, people: People, held_clock: Clock
) -> None:
    """A fortnight of guessing at one number from ever new addresses, with new codes as often as
    they are given: so few guesses are looked at that the odds stay near one in four thousand."""
    people.make("rider", phone=E164)
    secrets, looked_at = Secrets(app.config["SECRET_KEY"]), 0
    with app.app_context(), transaction(db.session()):
        for attempt in range(10_000):
            known = {
                "secrets": secrets, "number": E164, "now": held_clock.now(),
                "address": f"203.0.{attempt % 250}.{attempt // 250}",
            }  # fmt: skip
            if attempt % 6 == 0:
                with contextlib.suppress(TooMany):
                    services.request_code(db.session(), **known)
            with contextlib.suppress(TooMany):
                assert (
                    services.verify_code(db.session(), code=_wrong_code(secrets), **known) is None
                )
                looked_at += 1
            held_clock.forward(minutes=2)
        counted = db.session.scalar(select(func.sum(SignInCode.wrong_tries)))
    assert 20 <= counted <= 20 * 15
    assert looked_at < 10_000


def _wrong_code(secrets: Secrets) -> str:
    """Never the newest code, which alone could be right."""
    newest = select(SignInCode.nonce).order_by(SignInCode.id.desc()).limit(1)
    return wrong(secrets.code(db.session.scalar(newest) or ""))


def test_requests_are_bounded_per_minute(make: MakeApp) -> None:
    client = make(RATELIMIT_ENABLED=True).test_client()
    statuses = [client.post("/sign-in", data={"phone": "no"}).status_code for _try in range(32)]
    assert statuses == [422] * 30 + [429] * 2


def test_health_is_asked_without_bound(make: MakeApp) -> None:
    client = make(RATELIMIT_ENABLED=True).test_client()
    assert {client.get("/healthz").status_code for _time in range(700)} == {200}
