"""Bad input gets a clear answer, and nothing that was good is lost."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.reports.models import ClockFlag, Report
from app.lib import clock
from tests.support.outbox import days, item, put_new, send_one, send_raw


def _rejected_at(client: FlaskClient, **fields: Any) -> list[str]:
    verdict = send_one(client, item(put_new(client), **fields))
    assert verdict["verdict"] == "rejected", verdict
    assert all(messages and all(messages) for messages in verdict["errors"].values())
    return sorted(verdict["errors"])


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({"latitude": 999}, ["latitude"]),
        ({"longitude": -999}, ["longitude"]),
        ({"latitude": "north"}, ["latitude"]),
        ({"latitude": [31]}, ["latitude"]),
        ({"latitude": True}, ["latitude"]),
        ({"latitude": 10**400}, ["latitude"]),
        ({"latitude": None}, ["latitude"]),
        ({"accuracy_m": -5}, ["accuracy_m"]),
        ({"latitude": None, "longitude": None, "place": ""}, ["place"]),
        ({"category": "9999"}, ["category"]),
        ({"category": None}, ["category"]),
        ({"category": ["0102"]}, ["category"]),
        ({"category": {"a": 1}}, ["category"]),
        ({"category": 102}, ["category"]),
        ({"category": "\ud800"}, ["category"]),
        ({"place": "x" * 201}, ["place"]),
        ({"description": "x" * 501}, ["description"]),
    ],
    ids=str,
)
def test_the_field_that_is_wrong_is_marked(
    rider: FlaskClient, fields: dict[str, Any], marked: list[str]
) -> None:
    assert _rejected_at(rider, **fields) == marked


def test_a_text_of_a_megabyte_is_marked(rider: FlaskClient) -> None:
    assert _rejected_at(rider, description="x" * 1_000_000) == ["description"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_json_that_is_none_is_not_understood(rider: FlaskClient, number: str) -> None:
    body = json.dumps([item(put_new(rider))]).replace("31.3193", number)
    answer = send_raw(rider, body)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "not_understood"


def test_a_number_past_all_bounds_is_marked(rider: FlaskClient) -> None:
    body = json.dumps([item(put_new(rider))]).replace("31.3193", "1e999")
    answer = send_raw(rider, body)
    assert list(answer.json[0]["errors"]) == ["latitude"]


def test_emoji_are_kept_and_overrides_of_direction_removed(
    rider: FlaskClient, session: Session
) -> None:
    send_one(rider, item(put_new(rider), description="垃圾🗑️ \u202egnp.exe\u202c \u2066x\u2069"))
    assert session.scalars(select(Report)).one().description == "垃圾🗑️ gnp.exe x"


def test_control_characters_are_removed_and_lines_kept(
    rider: FlaskClient, session: Session
) -> None:
    send_one(
        rider, item(put_new(rider), description="one\x00\x07\ntwo\x1b \ud800", place="e\u0301")
    )
    report = session.scalars(select(Report)).one()
    assert report.description == "one\ntwo"
    assert report.place == "é"


def test_a_text_that_is_none_counts_as_empty(rider: FlaskClient, session: Session) -> None:
    send_one(rider, item(put_new(rider), description={"a": [1]}, place=7))
    report = session.scalars(select(Report)).one()
    assert (report.description, report.place) == ("", "")


def test_unknown_fields_do_no_harm(rider: FlaskClient) -> None:
    one = item(put_new(rider), state="accepted", reporter_id=1, points=10**6)
    assert send_one(rider, one)["verdict"] == "accepted"


@pytest.mark.parametrize("count", [101, 1000])
def test_too_many_items_are_refused_together(rider: FlaskClient, count: int) -> None:
    answer = send_raw(rider, json.dumps([{}] * count))
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"


def test_a_batch_past_a_megabyte_is_refused(rider: FlaskClient) -> None:
    answer = send_raw(rider, b" " * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"


@pytest.mark.parametrize("depth", [200, 900, 970, 1000, 100_000])
def test_a_json_bomb_is_answered(rider: FlaskClient, depth: int) -> None:
    body = json.dumps([item(put_new(rider))]).replace('"0102"', "[" * depth + "]" * depth)
    answer = send_raw(rider, body)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("body", ["", "{", "{}", "null", '"x"', "[1", "\x00"])
def test_what_is_no_batch_is_not_understood(rider: FlaskClient, body: str) -> None:
    answer = send_raw(rider, body)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "not_understood"


def _flag(rider: FlaskClient, session: Session, **change: Any) -> ClockFlag | None:
    assert send_one(rider, item(put_new(rider)) | change)["verdict"] == "accepted"
    return session.scalars(select(Report)).one().clock_flag


def test_a_clock_a_day_ahead_is_flagged(rider: FlaskClient, session: Session) -> None:
    ahead = clock.to_ms(clock.now()) + days(1)
    assert _flag(rider, session, captured_at=ahead) == ClockFlag.FUTURE


def test_a_clock_a_day_ahead_that_the_phone_owns_up_to_is_flagged_too(
    rider: FlaskClient, session: Session
) -> None:
    ahead = clock.to_ms(clock.now()) + days(1)
    assert _flag(rider, session, captured_at=ahead, server_offset=-days(1)) == ClockFlag.FUTURE


def test_a_time_before_the_account_is_flagged(rider: FlaskClient, session: Session) -> None:
    before = clock.to_ms(clock.now()) - days(60)
    assert _flag(rider, session, captured_at=before) == ClockFlag.BEFORE_ACCOUNT


def test_a_report_that_waited_a_week_is_not_flagged(rider: FlaskClient, session: Session) -> None:
    before = clock.to_ms(clock.now()) - days(7)
    assert _flag(rider, session, captured_at=before) is None
