"""Many tries at the same moment count as many, not as one."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, SignInCode
from tests.accounts.conftest import PHONE, SignIn, wrong
from tests.support.people import People
from tests.support.threads import THREADS, at_once


@pytest.fixture
def asked(people: People, other_browser: Callable[[], SignIn]) -> list[SignIn]:
    """Browsers at the same number, for which one code was sent."""
    people.make("rider", phone=f"+86{PHONE}")
    browsers = [other_browser() for _number in range(THREADS)]
    browsers[0].ask()
    for browser in browsers:
        with browser.client.session_transaction() as cookie:
            cookie["number"] = f"+86{PHONE}"
    return browsers


def test_one_code_goes_out_for_many_requests(
    people: People, other_browser: Callable[[], SignIn], session: Session
) -> None:
    people.make("rider", phone=f"+86{PHONE}")
    browsers = [other_browser() for _number in range(THREADS)]
    statuses = at_once(lambda number: browsers[number].ask().status_code)
    assert Counter(statuses) == {302: 1, 429: THREADS - 1}
    assert session.scalar(select(func.count()).select_from(SignInCode)) == 1


def test_a_code_lets_in_one_of_many(asked: list[SignIn], session: Session) -> None:
    code = asked[0].sent()
    statuses = at_once(lambda number: asked[number].enter(code).status_code)
    assert Counter(statuses) == {302: 1, 422: THREADS - 1}
    assert session.scalar(select(func.count()).select_from(Device)) == 1


def test_every_wrong_try_is_counted(asked: list[SignIn], session: Session) -> None:
    code = asked[0].sent()
    at_once(lambda number: asked[number].enter(wrong(code)))
    assert session.scalar(select(SignInCode.wrong_tries)) == 5
    assert asked[0].enter(code).status_code == 422
