"""Steps of cases that phones hand in: taken once, or refused, saying what came between."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import CasePart
from app.blueprints.organisations.models import Membership
from app.blueprints.reports.models import Report, ReportEvent
from app.blueprints.sync.models import SyncItem
from app.lib import clock
from tests.support.case_phones import CasePhones, case_step
from tests.support.outbox import put, put_new, send, send_one, send_raw
from tests.support.people import People, Person
from tests.support.pictures import picture, sha256
from tests.support.threads import at_once

Open = Callable[[Person], FlaskClient]


@pytest.fixture
def phones(app: Flask, rider_person: Person, browser_of: Open) -> CasePhones:
    return CasePhones.of(app, rider_person, browser_of)


@pytest.fixture
def handler(phones: CasePhones, browser_of: Open) -> FlaskClient:
    return browser_of(phones.scene.handler)


@pytest.fixture
def verifier(phones: CasePhones, browser_of: Open) -> FlaskClient:
    return browser_of(phones.scene.grid_worker)


@pytest.fixture
def rider_phone(phones: CasePhones, browser_of: Open) -> FlaskClient:
    return browser_of(phones.rider)


def _events(session: Session, case_id: int) -> list[ReportEvent]:
    session.rollback()
    found = select(ReportEvent).where(ReportEvent.report_id == case_id).order_by(ReportEvent.id)
    return list(session.scalars(found))


def _said(answer: dict[str, Any]) -> str:
    assert answer["verdict"] == "rejected", answer
    return str(answer["errors"]["item"][0])


def test_taken_and_finished_in_one_batch(
    phones: CasePhones, handler: FlaskClient, session: Session
) -> None:
    case_id, photo = phones.dispatched(), put_new(handler)
    first = case_step(case_id, "take", 3)
    second = case_step(case_id, "finish", 4, photo, note="已清走")
    answers = send(handler, first, second)
    assert [one["verdict"] for one in answers] == ["accepted", "accepted"]
    assert {one["reference"] for one in answers} == {session.get_one(Report, case_id).number}
    assert answers[0]["url"] == f"/field#{case_id}"
    assert phones.state(case_id) == ("handled", 5)
    last = _events(session, case_id)[-1]
    assert (last.step, last.note) == ("finish", "已清走")
    assert [one.sha256 for one in last.photos] == [photo]
    assert last.data == {"captured_at": second["captured_at"]}


def test_the_same_again_is_a_duplicate(
    phones: CasePhones, handler: FlaskClient, session: Session
) -> None:
    case_id = phones.dispatched()
    one = case_step(case_id, "take", 3)
    first, again = send_one(handler, one), send_one(handler, one)
    assert again == first | {"verdict": "duplicate"}
    assert phones.state(case_id) == ("handling", 4)
    both = send(handler, one, one | {"fields": one["fields"] | {"note": "x"}})
    assert [answer["verdict"] for answer in both] == ["duplicate", "conflict"]
    assert [event.step for event in _events(session, case_id)].count("take") == 1


def test_photos_that_have_not_arrived_are_asked_for(
    phones: CasePhones, handler: FlaskClient
) -> None:
    case_id, content = phones.dispatched(), picture(4711)
    phones.step(phones.scene.handler, case_id, "take")
    one = case_step(case_id, "finish", 4, sha256(content), note="已清走")
    assert send_one(handler, one)["missing"] == [sha256(content)]
    assert phones.state(case_id) == ("handling", 4)
    put(handler, content)
    assert send_one(handler, one)["verdict"] == "accepted"


def test_what_a_step_needs_is_said_at_its_fields(phones: CasePhones, handler: FlaskClient) -> None:
    case_id = phones.dispatched()
    phones.step(phones.scene.handler, case_id, "take")
    for fields, missing in (
        ({"step": "finish"}, {"note", "photos"}),
        ({"step": "return"}, {"note"}),
        ({"step": "ask_extension", "note": "缺配件"}, {"hours"}),
        ({"step": "ask"}, {"note"}),
    ):
        one = case_step(case_id, version=4, **fields)  # type: ignore[arg-type]
        answer = send_one(handler, one)
        assert (answer["verdict"], set(answer["errors"])) == ("rejected", missing)
    assert phones.state(case_id) == ("handling", 4)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"step": "fly"}, "step"),
        ({"step": "dispatch", "department_id": 1}, "step"),
        ({"step": "close"}, "step"),
        ({"step": ["take"]}, "step"),
        ({"step": None}, "step"),
        ({"report": 0}, "report"),
        ({"report": 2**31}, "report"),
        ({"report": "1"}, "report"),
        ({"report": True}, "report"),
        ({"report": 1.0}, "report"),
        ({"version": None}, "version"),
        ({"version": 10**400}, "version"),
        ({"version": "NaN"}, "version"),
        ({"note": "x" * 501}, "note"),
        ({"step": "ask_extension", "note": "x", "hours": 241}, "hours"),
        ({"step": "ask_extension", "note": "x", "hours": 1.5}, "hours"),
        ({"step": "verify", "latitude": 91, "longitude": 0}, "latitude"),
        ({"step": "verify", "latitude": "nan", "longitude": 0}, "latitude"),
        ({"step": "verify", "accuracy_m": -1}, "accuracy_m"),
    ],
)
def test_fields_have_bounds(
    phones: CasePhones, handler: FlaskClient, fields: dict[str, Any], named: str
) -> None:
    case_id = phones.dispatched()
    one = case_step(case_id, "take", 3)
    answer = send_one(handler, one | {"fields": one["fields"] | fields})
    assert (answer["verdict"], list(answer["errors"])) == ("rejected", [named])
    assert phones.state(case_id) == ("dispatched", 3)


def test_nan_in_the_body_is_no_json(phones: CasePhones, handler: FlaskClient) -> None:
    body = '[{"fields": {"report": 1, "step": "take", "version": NaN}}]'
    assert send_raw(handler, body).status_code == 400


def test_halves_of_characters_are_left_out(phones: CasePhones, handler: FlaskClient) -> None:
    case_id = phones.dispatched()
    answer = send_one(handler, case_step(case_id, "return", 3, note="不是\ud83d我们的\x00"))
    assert answer["verdict"] == "accepted"


def test_a_colleague_was_faster(
    phones: CasePhones, handler: FlaskClient, people: People, browser_of: Open
) -> None:
    case_id = phones.dispatched()
    other = browser_of(phones.colleague(people, phones.scene.handler))
    assert send_one(other, case_step(case_id, "take", 3))["verdict"] == "accepted"
    words = _said(send_one(handler, case_step(case_id, "take", 3)))
    assert "department乙 · 接单" in words, words
    assert phones.state(case_id) == ("handling", 4)


def test_a_refusal_holds_back_no_other_step_of_the_batch(
    phones: CasePhones, handler: FlaskClient, session: Session
) -> None:
    old, new, third = phones.dispatched(), phones.dispatched(), phones.dispatched()
    phones.step(phones.scene.handler, old, "take")
    answers = send(
        handler, case_step(new, "take", 3), case_step(old, "return", 3, note="不是我们的"),
        case_step(third, "finish", 3, note="x"), case_step(third, "take", 3),
    )  # fmt: skip
    assert [one["verdict"] for one in answers] == ["accepted", "rejected", "rejected", "accepted"]
    assert [phones.state(one)[0] for one in (old, new, third)] == ["handling"] * 3
    assert session.scalar(select(func.count()).select_from(SyncItem).where(
        SyncItem.kind == "case_step"
    )) == 2  # fmt: skip


def test_recalled_meanwhile_says_by_whom_and_why(phones: CasePhones, handler: FlaskClient) -> None:
    case_id = phones.dispatched()
    phones.step(phones.scene.dispatcher, case_id, "recall", note="派错了部门")
    words = _said(send_one(handler, case_step(case_id, "take", 3)))
    assert "中心" in words, words
    assert "派错了部门" in words
    phones.step(
        phones.scene.dispatcher, case_id, "dispatch", department_id=phones.another_department()
    )
    assert _said(send_one(handler, case_step(case_id, "take", 3))) == words


def test_handed_to_another_department_meanwhile(phones: CasePhones, handler: FlaskClient) -> None:
    case_id = phones.dispatched()
    phones.step(
        phones.scene.dispatcher, case_id, "redispatch", note="归水务管",
        department_id=phones.another_department(),
    )  # fmt: skip
    assert "归水务管" in _said(send_one(handler, case_step(case_id, "take", 3)))


@pytest.mark.parametrize("step", ["take", "finish", "note", "verify", "answer"])
def test_a_case_of_others_is_as_one_that_there_is_not(
    phones: CasePhones, people: People, browser_of: Open, step: str
) -> None:
    case_id = phones.dispatched()
    for role in ("handler", "grid_worker", "rider", "guard", "company_manager"):
        stranger = browser_of(people.make(role))
        photo = put_new(stranger)
        said = [
            _said(send_one(stranger, case_step(one, step, 3, photo, note="x")))
            for one in (case_id, 999_999)
        ]
        assert said[0] == said[1]
    assert phones.state(case_id) == ("dispatched", 3)


def test_a_role_takes_its_own_steps_alone(
    phones: CasePhones, handler: FlaskClient, verifier: FlaskClient, rider_phone: FlaskClient
) -> None:
    case_id = phones.handled()
    for browser, step in (
        (handler, "verify"), (handler, "fail"), (rider_phone, "verify"), (verifier, "take"),
        (verifier, "finish"), (rider_phone, "take"), (verifier, "reopen"),
    ):  # fmt: skip
        photo = put_new(browser)
        answer = send_one(browser, case_step(case_id, step, 5, photo, note="x", hours=8))
        assert answer["verdict"] == "rejected", step
    assert phones.state(case_id) == ("handled", 5)


def test_verified_on_the_spot_and_far_from_it(
    phones: CasePhones, verifier: FlaskClient, session: Session
) -> None:
    near, far = phones.handled(), phones.handled()
    photo = put_new(verifier)
    spot = {"latitude": 31.3194, "longitude": 120.6738, "accuracy_m": 8}
    answers = send(
        verifier, case_step(near, "verify", 5, photo, **spot),
        case_step(far, "fail", 5, photo, note="还在", **spot | {"latitude": 31.33}),
    )  # fmt: skip
    assert [one["verdict"] for one in answers] == ["accepted", "accepted"]
    data = [_events(session, one)[-1].data or {} for one in (near, far)]
    assert (data[0]["distance_m"], "far" in data[0]) == (11, False)
    assert data[1]["distance_m"] > 1000
    assert data[1]["far"] is True
    assert [phones.state(one)[0] for one in (near, far)] == ["verified", "rework"]


def test_a_part_of_another_department(
    phones: CasePhones, people: People, browser_of: Open, session: Session
) -> None:
    case_id = phones.dispatched()
    helper = people.make("handler")
    found = select(Membership.organisation_id).where(Membership.user_id == helper.id)
    department = session.scalars(found).one()
    session.add(CasePart(report_id=case_id, department_id=department, task="围挡"))
    session.commit()
    answer = send_one(browser_of(helper), case_step(case_id, "finish_part", 3, note="已围挡"))
    assert answer["verdict"] == "accepted"
    session.rollback()
    assert session.get_one(CasePart, (case_id, department)).done_at is not None


def test_a_later_step_waits_for_the_earlier_one_but_not_for_ever(
    phones: CasePhones, handler: FlaskClient
) -> None:
    case_id, photo = phones.dispatched(), put_new(handler)
    later = case_step(case_id, "finish", 4, photo, note="已清走")
    assert send_one(handler, later)["verdict"] == "retry"
    assert send_one(handler, case_step(case_id, "take", 3))["verdict"] == "accepted"
    assert send_one(handler, later)["verdict"] == "accepted"
    lost = case_step(phones.dispatched(), "return", 9, note="不是我们的")
    old = clock.to_ms(clock.now() - timedelta(days=3))
    assert send_one(handler, lost | {"captured_at": old})["verdict"] == "rejected"


def test_the_riders_own_steps(
    phones: CasePhones, rider_phone: FlaskClient, session: Session
) -> None:
    case_id = phones.filed()
    phones.step(phones.scene.dispatcher, case_id, "ask", note="哪一栋？")
    photo = put_new(rider_phone)
    answer = send_one(rider_phone, case_step(case_id, "answer", 2, photo, note="三栋"))
    assert (answer["verdict"], answer["url"]) == ("accepted", f"/reports/{case_id}")
    phones.step(phones.scene.dispatcher, case_id, "reject", note="不是城市问题")
    for one in (case_step(case_id, "appeal", 4, note="请再看"), case_step(case_id, "withdraw", 5)):
        assert send_one(rider_phone, one)["verdict"] == "accepted"
    assert phones.state(case_id) == ("withdrawn", 6)


def test_the_rider_rates_and_reopens(
    phones: CasePhones, rider_phone: FlaskClient, session: Session
) -> None:
    case_id = phones.handled()
    phones.step(phones.scene.dispatcher, case_id, "verify", note="看过照片")
    phones.step(phones.scene.dispatcher, case_id, "close")
    assert list(send_one(rider_phone, case_step(case_id, "rate", 7))["errors"]) == ["satisfied"]
    one = case_step(case_id, "rate", 7, satisfied=False)
    assert send_one(rider_phone, one)["verdict"] == "accepted"
    session.rollback()
    assert session.get_one(Report, case_id).satisfied is False
    again = case_step(case_id, "reopen", 7, note="又堆上了")
    assert send_one(rider_phone, again)["verdict"] == "accepted"
    words = _said(send_one(rider_phone, case_step(case_id, "reopen", 7, note="又堆上了")))
    assert "handler" not in words
    assert "department" not in words


def test_two_phones_at_once_have_one_winner(
    phones: CasePhones, people: People, browser_of: Open, session: Session
) -> None:
    case_id = phones.dispatched()
    people_of = [phones.colleague(people, phones.scene.handler) for _number in range(4)]
    browsers = [browser_of(one) for one in people_of]
    answers = at_once(lambda n: send_one(browsers[n], case_step(case_id, "take", 3)), 4)
    assert Counter(one["verdict"] for one in answers) == {"accepted": 1, "rejected": 3}
    assert all("接单" in _said(one) for one in answers if one["verdict"] == "rejected")
    assert phones.state(case_id) == ("handling", 4)
    assert [event.step for event in _events(session, case_id)].count("take") == 1


@pytest.mark.parametrize("step", ["take", "note"])
def test_one_item_many_times_at_once_is_taken_once(
    phones: CasePhones, browser_of: Open, session: Session, step: str
) -> None:
    case_id = phones.dispatched()
    one = case_step(case_id, step, 3, note="带了工具")
    browsers = [browser_of(phones.scene.handler) for _number in range(6)]
    answers = at_once(lambda n: send_one(browsers[n], one), 6)
    assert Counter(one["verdict"] for one in answers) == {"accepted": 1, "duplicate": 5}
    assert [event.step for event in _events(session, case_id)].count(step) == 1
