"""Signing in by number and one-time code, through the pages."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.codes import Secrets
from app.blueprints.accounts.models import SignInCode, User
from app.blueprints.accounts.services import CODE_LIFE, WRONG_TRIES_PER_CODE
from app.lib import clock
from tests.accounts.conftest import PHONE, SignIn, wrong
from tests.conftest import Clock, MakeApp
from tests.support.people import People, Person

E164 = f"+86{PHONE}"


@pytest.fixture
def person(people: People, held_clock: Clock) -> Person:
    return people.make("rider", phone=E164)


@pytest.mark.usefixtures("person")
def test_from_number_to_first_page(pages: SignIn) -> None:
    assert pages.client.get("/").location.startswith("/sign-in")
    assert pages.ask("139 1234 5678").location == "/sign-in/code"
    code = pages.sent()
    assert pages.gateway.taken == [
        {"phone": E164, "template": "sign-in-code", "params": {"code": code}}
    ]
    assert pages.enter(code).location == "/"
    assert pages.client.get("/").status_code == 200


@pytest.mark.usefixtures("person")
def test_the_page_shows_half_the_number_and_never_the_code(pages: SignIn) -> None:
    pages.ask()
    page = pages.client.get("/sign-in/code").text
    assert "139****5678" in page
    assert pages.sent() not in page
    assert PHONE not in page


@pytest.mark.usefixtures("person")
def test_a_code_with_blanks_around_is_taken(pages: SignIn) -> None:
    pages.ask()
    assert pages.enter(f" {pages.sent()} ").status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "hello", "1" * 40, "<script>"])
def test_what_is_no_number_is_marked(pages: SignIn, typed: str) -> None:
    answer = pages.ask(typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６７"])
def test_what_is_no_code_is_marked_and_not_counted(
    pages: SignIn, session: Session, typed: str
) -> None:
    pages.ask()
    assert pages.enter(typed).status_code == 422
    assert session.scalars(select(SignInCode.wrong_tries)).one() == 0


def _without_ids(answer: object) -> tuple[object, ...]:
    text = re.sub(r"\d{3}\*{4}\d{4}", "NUMBER", answer.text)  # type: ignore[attr-defined]
    headers = {
        name: value for name, value in answer.headers  # type: ignore[attr-defined]
        if name not in ("X-Request-Id", "Set-Cookie")
    }  # fmt: skip
    return answer.status_code, headers, text  # type: ignore[attr-defined]


@pytest.mark.usefixtures("person")
def test_an_unknown_number_is_answered_alike(other_browser: Callable[[], SignIn]) -> None:
    known, unknown = other_browser(), other_browser()
    assert _without_ids(known.ask()) == _without_ids(unknown.ask("13800000000"))
    known.sent()
    assert [message["phone"] for message in known.gateway.taken] == [E164]
    pages = [one.client.get("/sign-in/code") for one in (known, unknown)]
    assert _without_ids(pages[0]) == _without_ids(pages[1])
    tries = [one.enter("000000") for one in (known, unknown)]
    assert _without_ids(tries[0]) == _without_ids(tries[1])
    limits = [known.ask(), unknown.ask("13800000000")]
    assert limits[0].status_code == limits[1].status_code == 429


def test_an_unknown_number_never_gets_in(app: Flask, pages: SignIn, session: Session) -> None:
    """Not even with the code that would be right."""
    pages.ask()
    nonce = session.scalars(select(SignInCode.nonce)).one()
    assert pages.enter(Secrets(app.config["SECRET_KEY"]).code(nonce)).status_code == 422
    assert not pages.is_in()


@pytest.mark.usefixtures("person")
def test_a_code_expires(pages: SignIn, held_clock: Clock) -> None:
    pages.ask()
    code = pages.sent()
    held_clock.moment += CODE_LIFE
    assert pages.enter(code).status_code == 422
    assert not pages.is_in()


@pytest.mark.usefixtures("person")
def test_a_code_is_good_until_it_expires(pages: SignIn, held_clock: Clock) -> None:
    pages.ask()
    code = pages.sent()
    held_clock.moment += CODE_LIFE
    held_clock.forward(seconds=-1)
    assert pages.enter(code).status_code == 302


@pytest.mark.usefixtures("person")
def test_a_code_is_good_once(pages: SignIn, other_browser: Callable[[], SignIn]) -> None:
    pages.ask()
    code = pages.sent()
    thief = other_browser()
    with thief.client.session_transaction() as cookie:
        cookie["number"] = E164
    assert pages.enter(code).status_code == 302
    assert thief.enter(code).status_code == 422
    assert not thief.is_in()


@pytest.mark.usefixtures("person")
def test_only_the_newest_code_is_good(pages: SignIn, held_clock: Clock) -> None:
    pages.ask()
    old = pages.sent()
    held_clock.forward(seconds=61)
    pages.client.post("/sign-in/again")
    new = pages.sent()
    assert old != new
    assert pages.enter(old).status_code == 422
    assert pages.enter(new).status_code == 302


@pytest.mark.usefixtures("person")
def test_after_five_wrong_tries_the_right_code_is_worth_nothing(pages: SignIn) -> None:
    pages.ask()
    code = pages.sent()
    for _try in range(WRONG_TRIES_PER_CODE):
        assert pages.enter(wrong(code)).status_code == 422
    assert pages.enter(code).status_code == 422
    assert not pages.is_in()


@pytest.mark.usefixtures("person")
def test_the_code_stands_nowhere_in_the_database(pages: SignIn, session: Session) -> None:
    pages.ask()
    code = pages.sent()
    row = session.execute(select(SignInCode.__table__)).one()
    assert code not in [str(value) for value in row]
    assert E164 not in [str(value) for value in row]


def test_in_production_no_page_holds_the_code(make: MakeApp, pages: SignIn) -> None:
    """The development start shows it on the page when there is no gateway to send it."""
    production = make(PRODUCTION=True)
    client = production.test_client()
    answer = client.post("/sign-in", data={"phone": PHONE})
    page = client.get(answer.location)
    assert "development-code" not in page.text
    assert not re.search(r"\b\d{6}\b", page.text.split("<main", 1)[-1])


@pytest.mark.usefixtures("person")
def test_a_disabled_person_gets_no_code_and_is_put_out(
    pages: SignIn, other_browser: Callable[[], SignIn], held_clock: Clock, session: Session
) -> None:
    pages.ask()
    pages.enter(pages.sent())
    assert pages.is_in()
    session.execute(update(User).values(disabled_at=clock.now()))
    session.commit()
    assert not pages.is_in()
    held_clock.forward(minutes=2)
    count = len(pages.gateway.taken)
    late = other_browser()
    late.ask()
    late.sent()
    assert len(late.gateway.taken) == count


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/reports/new", "/reports/new"), ("/cases?queue=all", "/cases?queue=all"),
     ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/")],
)  # fmt: skip
def test_afterwards_the_page_that_was_wanted(pages: SignIn, wanted: str, reached: str) -> None:
    pages.client.post("/sign-in", query_string={"next": wanted}, data={"phone": PHONE})
    assert pages.enter(pages.sent()).location == reached


def test_the_way_to_a_page_goes_through_the_sign_in(client: FlaskClient) -> None:
    assert client.get("/reports/7?x=1").location == "/sign-in?next=/reports/7?x%3D1"


@pytest.mark.usefixtures("person")
def test_who_is_signed_in_needs_no_form(pages: SignIn) -> None:
    pages.ask()
    pages.enter(pages.sent())
    assert pages.client.get("/sign-in?next=/me").location == "/me"
    assert pages.client.get("/sign-in?next=//evil.example").location == "/"


def test_without_a_number_there_is_no_code_to_enter(pages: SignIn) -> None:
    assert pages.client.get("/sign-in/code").location == "/sign-in"
    assert pages.enter("123456").location == "/sign-in"


@pytest.mark.usefixtures("person")
def test_the_session_is_new_after_signing_in(pages: SignIn) -> None:
    pages.ask()
    before = pages.client.get_cookie("session")
    pages.enter(pages.sent())
    with pages.client.session_transaction() as cookie:
        assert set(cookie) <= {"_permanent", "_fresh", "device"}
    assert pages.client.get_cookie("session") != before
