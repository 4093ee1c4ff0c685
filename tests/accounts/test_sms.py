"""Codes go out over a gateway that may be slow, wrong or away."""

import socket
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts import sms
from app.blueprints.accounts.models import SignInCode
from app.blueprints.accounts.sms import HttpSmsGateway, SmsFailed
from app.blueprints.accounts.sms import gateway as chosen
from tests.accounts.conftest import PHONE, SignIn
from tests.conftest import Clock, MakeApp
from tests.support.gateway import Gateway
from tests.support.people import People

RunJobs = Callable[[], None]
MESSAGE = ("+8613912345678", "sign-in-code", {"code": "123456"})


@pytest.fixture
def known(people: People, held_clock: Clock) -> None:
    people.make("rider", phone=f"+86{PHONE}")


def _row(session: Session) -> SignInCode:
    session.rollback()
    return session.scalars(select(SignInCode).execution_options(populate_existing=True)).one()


def test_a_message_is_posted_with_the_token(gateway: Gateway) -> None:
    HttpSmsGateway(gateway.url, "a-token").send(*MESSAGE)
    assert gateway.taken == [dict(zip(("phone", "template", "params"), MESSAGE, strict=True))]
    assert gateway.tokens == ["Bearer a-token"]


@pytest.mark.parametrize("status", [301, 302, 400, 401, 429, 500, 503])
def test_anything_but_success_is_a_failure(gateway: Gateway, status: int) -> None:
    gateway.status = status
    with pytest.raises(SmsFailed, match=f"status {status}"):
        HttpSmsGateway(gateway.url, "t").send(*MESSAGE)


def test_a_redirect_is_not_followed(gateway: Gateway) -> None:
    gateway.status, gateway.location = 307, gateway.url
    with pytest.raises(SmsFailed):
        HttpSmsGateway(gateway.url, "t").send(*MESSAGE)
    assert len(gateway.refused) == 1


def test_a_gateway_that_is_away_is_a_failure() -> None:
    with pytest.raises(SmsFailed) as caught:
        HttpSmsGateway("http://127.0.0.1:9/", "t").send(*MESSAGE)
    assert PHONE not in str(caught.value)


def test_a_gateway_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sms, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(SmsFailed, match="Timeout"):
            HttpSmsGateway(url, "t").send(*MESSAGE)


@pytest.mark.usefixtures("known")
def test_a_failure_is_tried_again_until_it_goes_out(
    pages: SignIn, run_jobs: RunJobs, held_clock: Clock, session: Session
) -> None:
    pages.gateway.status = 503
    pages.ask()
    run_jobs()
    assert (_row(session).work_state, _row(session).last_error) == ("pending", "status 503")
    pages.gateway.status = 200
    run_jobs()
    assert pages.gateway.taken == []  # not before its time
    held_clock.forward(seconds=5)
    run_jobs()
    assert _row(session).work_state == "done"
    assert pages.enter(pages.gateway.taken[0]["params"]["code"]).status_code == 302


@pytest.mark.usefixtures("known")
def test_each_code_goes_out_once(pages: SignIn, run_jobs: RunJobs) -> None:
    pages.ask()
    for _time in range(3):
        run_jobs()
    assert len(pages.gateway.taken) == 1


@pytest.mark.usefixtures("known")
def test_a_code_that_expired_meanwhile_is_not_sent(
    pages: SignIn, run_jobs: RunJobs, held_clock: Clock, session: Session
) -> None:
    pages.ask()
    held_clock.forward(minutes=6)
    run_jobs()
    assert pages.gateway.taken == []
    assert _row(session).work_state == "done"


@pytest.mark.usefixtures("known")
def test_asking_does_not_wait_for_the_gateway(pages: SignIn) -> None:
    """The worker sends; a gateway that is away does not keep the page."""
    pages.gateway.status = 500
    assert pages.ask().status_code == 302
    assert pages.gateway.refused == []


def test_without_a_gateway_the_page_shows_the_code(make: MakeApp, people: People) -> None:
    people.make("rider", phone=f"+86{PHONE}")
    client = make(SMS_GATEWAY_URL="").test_client()
    page = client.get(client.post("/sign-in", data={"phone": PHONE}).location).text
    code = page.split('id="development-code">')[1][:6]
    assert client.post("/sign-in/code", data={"code": code}).location == "/"


def test_the_settings_choose() -> None:
    assert isinstance(chosen("https://sms.example/", "t"), HttpSmsGateway)
    assert isinstance(chosen("", ""), sms.DevelopmentSmsGateway)
