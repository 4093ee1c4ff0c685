"""What handlers and grid workers take along: theirs, all of it, and never who reported it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership, Role
from app.blueprints.reports.models import Report, State
from app.lib import clock
from tests.support.cases import CaseDesk
from tests.support.people import Person
from tests.support.statements import counted

Open = Callable[[Person], FlaskClient]


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def handler(desk: CaseDesk, browser_of: Open) -> FlaskClient:
    return browser_of(desk.handler)


@pytest.fixture
def verifier(desk: CaseDesk, browser_of: Open) -> FlaskClient:
    return browser_of(desk.grid_worker)


def _work(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/field/cases.json")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def _ids(client: FlaskClient) -> list[int]:
    return [one["id"] for one in _work(client)["cases"]]


def test_a_department_takes_its_open_cases_along(desk: CaseDesk, handler: FlaskClient) -> None:
    wanted = {
        desk.at(state)
        for state in ("dispatched", "handling", "rework", "extension_asked", "waiting", "handled",
                      "verified")
    }  # fmt: skip
    for state in ("received", "accepted", "returned", "closed", "rejected", "withdrawn"):
        desk.at(state)
    assert set(_ids(handler)) == wanted


def test_what_a_department_may_do_with_each(desk: CaseDesk, handler: FlaskClient) -> None:
    at = {state: desk.at(state) for state in ("dispatched", "handling", "rework", "waiting")}
    steps = {one["id"]: one["steps"] for one in _work(handler)["cases"]}
    assert steps[at["dispatched"]] == ["take", "return", "note"]
    assert steps[at["handling"]] == ["return", "ask_extension", "ask", "finish", "note"]
    assert steps[at["rework"]] == ["take", "finish", "note"]
    assert steps[at["waiting"]] == ["go_on"]


def test_nothing_of_another_department_or_another_grid(desk: CaseDesk, browser_of: Open) -> None:
    desk.at("dispatched")
    desk.at("handled")
    assert _ids(browser_of(desk.other_handler)) == []
    assert _ids(browser_of(desk.other_grid_worker)) == []


def test_a_grid_worker_takes_what_is_to_be_verified(
    desk: CaseDesk, verifier: FlaskClient, session: Session
) -> None:
    reopened, handled = desk.at("reopened"), desk.at("handled")
    for state in ("received", "dispatched", "verified", "closed"):
        desk.at(state)
    session.execute(
        update(Report).where(Report.id == handled).values(moved_at=clock.now() - timedelta(days=2))
    )
    session.commit()
    cases = _work(verifier)["cases"]
    assert [one["id"] for one in cases] == [handled, reopened]  # the longest waiting first
    assert [one["steps"] for one in cases] == [["verify", "fail", "note"], ["verify", "note"]]


def test_by_deadline_and_what_waits_last(
    desk: CaseDesk, handler: FlaskClient, session: Session
) -> None:
    waiting, late, soon = desk.at("waiting"), desk.at("dispatched"), desk.at("handling")
    due = clock.now()
    for case_id, hours in ((late, 5), (soon, 1)):
        session.execute(
            update(Report).where(Report.id == case_id).values(due_at=due + timedelta(hours=hours))
        )
    session.commit()
    assert _ids(handler) == [soon, late, waiting]


def test_an_own_part_of_anothers_case(desk: CaseDesk, browser_of: Open) -> None:
    case_id = desk.filed()
    desk.step(desk.dispatcher, case_id, "accept")
    desk.step(
        desk.dispatcher, case_id, "dispatch", department_id=desk.department_id,
        parts=((desk.other_department_id, "修剪树枝"),),
    )  # fmt: skip
    helper = browser_of(desk.other_handler)
    [one] = _work(helper)["cases"]
    assert (one["part"], one["steps"]) == ({"task": "修剪树枝", "done": False}, ["finish_part"])
    desk.step(desk.other_handler, case_id, "finish_part", note="剪好了")
    assert _ids(helper) == []


def test_somebody_in_two_departments_and_a_grid(
    desk: CaseDesk, handler: FlaskClient, session: Session
) -> None:
    for home, role in (
        (desk.third_department_id, Role.HANDLER), (desk.grid_id, Role.GRID_WORKER),
    ):  # fmt: skip
        session.add(
            Membership(
                user_id=desk.handler.id, organisation_id=home, role=role, created_at=clock.now()
            )
        )
    session.commit()
    there, here = desk.filed(), desk.at("handled")
    desk.step(desk.dispatcher, there, "accept")
    desk.step(desk.dispatcher, there, "dispatch", department_id=desk.third_department_id)
    work = _work(handler)
    assert {one["id"]: one["roles"] for one in work["cases"]} == {
        there: ["department", "verifier"], here: ["department", "verifier"],
    }  # fmt: skip
    assert len(work["departments"]) == 2
    assert len(work["areas"]) == 1


@pytest.mark.parametrize("state", [one for one in State if one != State.MERGED])
def test_never_who_reported_it(
    desk: CaseDesk, handler: FlaskClient, verifier: FlaskClient, state: State
) -> None:
    desk.at(state, description="灯坏了")
    for client in (handler, verifier):
        text = json.dumps(_work(client), ensure_ascii=False)
        assert desk.rider.name not in text
        assert desk.rider.phone not in text
        assert "reporter_id" not in text
        for person in (desk.handler, desk.dispatcher, desk.grid_worker):
            assert person.name not in text


def test_what_a_case_brings_along(desk: CaseDesk, handler: FlaskClient) -> None:
    case_id = desk.at("rework", place="南施街 12 号", description="灯坏了")
    [one] = _work(handler)["cases"]
    assert (one["id"], one["version"], one["state"], one["reworks"]) == (case_id, 6, "rework", 1)
    assert (one["place"], one["description"]) == ("南施街 12 号", "灯坏了")
    assert one["closing"]
    assert one["filing"]
    assert [step["step"] for step in one["history"]][-2:] == ["finish", "fail"]
    assert one["history"][-1]["note"] == "还在"
    assert one["history"][-1]["pictures"][0]["large"].startswith(f"/cases/{case_id}/events/")
    assert one["clock"]["due_at"] == one["clock"]["spans"][-1][1]
    assert (one["clock"]["unit"], one["clock"]["whole_s"]) == ("working_hours", 4 * 3600)


def test_a_clock_that_stands(desk: CaseDesk, handler: FlaskClient) -> None:
    desk.at("waiting")
    [one] = _work(handler)["cases"]
    assert set(one["clock"]) == {"unit", "left_s", "whole_s"}


def test_nothing_new_is_answered_with_nothing(
    held_clock: Any, desk: CaseDesk, browser_of: Open
) -> None:
    handler = browser_of(desk.handler)
    case_id = desk.at("dispatched", now=held_clock.now())
    first = handler.get("/field/cases.json")
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    held_clock.forward(minutes=5)
    assert handler.get("/field/cases.json", headers=tag).status_code == 304
    desk.step(desk.handler, case_id, "take", now=held_clock.now())
    assert handler.get("/field/cases.json", headers=tag).status_code == 200


def test_two_hundred_and_that_there_are_more(
    desk: CaseDesk, handler: FlaskClient, verifier: FlaskClient, session: Session
) -> None:
    for _number in range(202):
        desk.filed()
    for state, client in ((State.DISPATCHED, handler), (State.HANDLED, verifier)):
        session.execute(update(Report).values(state=state, department_id=desk.department_id))
        session.commit()
        work = _work(client)
        assert (len(work["cases"]), work["more"]) == (200, True)


def test_as_many_statements_however_many_cases(
    app: Flask, desk: CaseDesk, handler: FlaskClient
) -> None:
    def fill() -> None:
        for state in ("dispatched", "rework", "handled", "waiting"):
            desk.at(state)

    fill()
    _work(handler)
    said = counted(app)
    _work(handler)
    few = len(said)
    for _round in range(4):
        fill()
    said.clear()
    _work(handler)
    assert len(said) == few


def test_handed_in_long_ago_stays_at_the_centre(
    desk: CaseDesk, handler: FlaskClient, session: Session
) -> None:
    desk.at("handled")
    session.execute(update(Report).values(handled_at=clock.now() - timedelta(days=4)))
    session.commit()
    assert _ids(handler) == []


def test_who_has_no_work_there_is_refused(
    client: FlaskClient, rider: FlaskClient, dispatcher: FlaskClient
) -> None:
    assert (
        client.get("/field/cases.json", headers={"Accept": "application/json"}).status_code == 401
    )
    for other in (rider, dispatcher):
        assert other.get("/field/cases.json").status_code == 403


def test_the_page_knows_nobody(client: FlaskClient, handler: FlaskClient) -> None:
    anonymous, known = client.get("/field"), handler.get("/field")
    assert anonymous.status_code == known.status_code == 200
    assert anonymous.data == known.data
    assert b"data-user" not in known.data


@pytest.mark.parametrize("who", ["handler", "grid_worker"])
def test_their_day_begins_there(desk: CaseDesk, browser_of: Open, who: str) -> None:
    answer = browser_of(getattr(desk, who)).get("/")
    assert answer.headers["Location"] == "/field"
