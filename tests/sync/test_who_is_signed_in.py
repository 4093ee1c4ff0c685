"""The phone asks first whose session this is; without one the queue waits."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.lib import clock
from tests.support.outbox import item, put, put_new, send_one, send_raw
from tests.support.people import Person
from tests.support.pictures import picture


def test_whoami_names_the_person_the_time_and_the_schemas(
    rider: FlaskClient, rider_person: Person
) -> None:
    answer = rider.get("/sync/whoami").get_json()
    assert answer["user"] == rider_person.id
    assert abs(answer["now"] - clock.to_ms(clock.now())) < 5_000
    assert answer["schemas"] == {
        "case_step": [1], "check_in": [1], "counter_log": [1], "hand_out": [1], "pass": [1],
        "rating": [1], "report": [1, 2], "self_pass": [1], "task_step": [1], "wish": [1],
    }  # fmt: skip


@pytest.mark.parametrize("ended", [True, False])
def test_without_a_session_every_call_is_answered_401_in_json(
    client: FlaskClient, rider: FlaskClient, ended: bool
) -> None:
    browser = rider if ended else client
    if ended:
        rider.post("/sign-out")
    answers = [
        browser.get("/sync/whoami"),
        send_raw(browser, "[]"),
        put(browser, picture(1)),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == "sign_in_required"


def test_an_item_sent_before_and_after_a_session_ended_counts_once(
    rider: FlaskClient, browser_of: Callable[[Person], FlaskClient], rider_person: Person
) -> None:
    one = item(put_new(rider))
    first = send_one(rider, one)
    rider.post("/sign-out")
    assert send_raw(rider, "[]").status_code == 401
    assert send_one(browser_of(rider_person), one) == first | {"verdict": "duplicate"}
