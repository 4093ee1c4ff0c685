"""Logs: JSON lines with a request id, and nothing about anybody."""

import io
import json
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.support.outbox import filed, item, send_raw
from tests.support.people import Person


@pytest.fixture
def log(app: Flask) -> io.StringIO:
    """What the application writes to its log."""
    written = io.StringIO()
    [handler] = app.logger.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    return written


def _lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_line_a_request_with_its_id(client: FlaskClient, log: io.StringIO) -> None:
    answer = client.get("/sign-in")
    [line] = _lines(log)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", "accounts.sign_in", 200)
    assert line["took_ms"] >= 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0a1b2c3d4e5f", True), ("short", False), ("x" * 65, False), ('abcdefgh"},{', False),
     ("13912345678@example", False)],
)  # fmt: skip
def test_an_id_is_taken_over_only_in_its_form(
    client: FlaskClient, log: io.StringIO, given: str, kept: bool
) -> None:
    client.get("/sign-in", headers={"X-Request-Id": given})
    assert (_lines(log)[0]["request_id"] == given) is kept


def test_nobody_is_in_the_log(
    client: FlaskClient, rider: FlaskClient, rider_person: Person,
    log: io.StringIO,
) -> None:  # fmt: skip
    client.post("/sign-in?next=/me", data={"phone": rider_person.phone})
    page = client.get("/sign-in/code").text
    code = page.split('id="development-code">')[1][:6]
    client.post("/sign-in/code", data={"code": code}, headers={"User-Agent": "Agent 007"})
    filed(rider, place="秘密的地方", description="private words")
    rider.get("/reports?secret=query-words")
    send_raw(rider, json.dumps([item()]))
    rider.get("/nowhere/13912345678")
    text = log.getvalue() + log.getvalue().encode().decode("unicode_escape", "replace")
    cookie = rider.get_cookie("session")
    assert cookie is not None
    private = (
        rider_person.phone, rider_person.phone[3:], rider_person.name, code, "秘密的地方",
        "private words", "query-words", "Agent 007", "127.0.0.1", cookie.value, "31.3193",
        "13912345678",
    )  # fmt: skip
    assert _lines(log)
    assert [words for words in private if words in text] == []


def test_a_crash_is_logged_with_its_id_and_answered_with_it(make: MakeApp) -> None:
    app = make(PROPAGATE_ERRORS=False, TESTING=False)
    app.add_url_rule("/crash", view_func=lambda: 1 / 0)
    written = io.StringIO()
    app.logger.handlers[0].setStream(written)  # type: ignore[attr-defined]
    answer = app.test_client().get("/crash")
    crash = json.loads(written.getvalue().splitlines()[0])
    assert answer.status_code == 500
    assert crash["request_id"] in answer.text
    assert "ZeroDivisionError" in crash["exc_info"]
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_asking_for_health_writes_nothing(client: FlaskClient, log: io.StringIO) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert log.getvalue() == ""
