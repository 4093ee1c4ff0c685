"""The desk: what it shows of a case and to whom, and what it does to one."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership
from app.blueprints.reports.models import Report, ReportEvent, State
from app.lib import clock
from tests.support.cases import CaseDesk
from tests.support.outbox import days, filed, item, put_new, send_one
from tests.support.people import People, Person
from tests.support.threads import at_once

REASON = "那里已经有人在处理了，谢谢。"
BrowserOf = Callable[[Person], FlaskClient]


@pytest.fixture
def report_id(rider: FlaskClient) -> int:
    return filed(rider, description="堆了两天 <b>bold</b>")


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def _report(session: Session, report_id: int) -> Report:
    session.rollback()
    return session.get_one(Report, report_id, populate_existing=True)


def _steps(session: Session, report_id: int) -> list[tuple[str | None, str, str | None]]:
    events = select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.id)
    return [(one.from_state, one.to_state, one.note) for one in session.scalars(events)]


def test_the_desk_shows_what_came_in(dispatcher: FlaskClient, report_id: int) -> None:
    listed, shown = dispatcher.get("/cases").text, dispatcher.get(f"/cases/{report_id}").text
    assert f"/cases/{report_id}" in listed
    for text in ("暴露垃圾", "东门垃圾桶旁", "31.31930"):
        assert text in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown


def test_a_clock_that_is_wrong_is_shown(dispatcher: FlaskClient, rider: FlaskClient) -> None:
    ahead = item(put_new(rider)) | {"captured_at": clock.to_ms(clock.now()) + days(1)}
    report = send_one(rider, ahead)["url"].rsplit("/", 1)[1]
    page = dispatcher.get(f"/cases/{report}?lang=en").text
    assert "runs ahead" in page


def test_filed(dispatcher: FlaskClient, report_id: int, session: Session) -> None:
    answer = dispatcher.post(f"/cases/{report_id}/accept")
    assert answer.status_code == 302
    assert _report(session, report_id).state == State.ACCEPTED
    assert _steps(session, report_id) == [
        (None, "received", None), ("received", "accepted", None),
    ]  # fmt: skip


def test_after_a_decision_comes_the_next_one_down_the_list(
    dispatcher: FlaskClient, rider: FlaskClient
) -> None:
    first, second, third = filed(rider), filed(rider), filed(rider)
    answer = dispatcher.post(f"/cases/{third}/accept?queue=received&grid=&before=x")
    assert answer.location == f"/cases/{second}?queue=received&before=x"
    answer = dispatcher.post(f"/cases/{second}/reject", data={"note": REASON})
    assert answer.location == f"/cases/{first}?queue=received"
    assert dispatcher.post(f"/cases/{first}/accept").location == "/cases?queue=received"


def test_what_stays_in_the_list_stays_open(dispatcher: FlaskClient, report_id: int) -> None:
    answer = dispatcher.post(f"/cases/{report_id}/note", data={"note": "问过物业"})
    assert answer.location == f"/cases/{report_id}?queue=received"
    answer = dispatcher.post(f"/cases/{report_id}/accept?queue=all")
    assert answer.location == f"/cases/{report_id}?queue=all"


def test_not_filed_for_a_reason_that_the_rider_reads(
    dispatcher: FlaskClient, rider: FlaskClient, report_id: int, session: Session
) -> None:
    answer = dispatcher.post(f"/cases/{report_id}/reject", data={"note": REASON})
    assert answer.status_code == 302
    assert _steps(session, report_id)[-1] == ("received", "rejected", REASON)
    assert REASON in rider.get(f"/reports/{report_id}").text


@pytest.mark.parametrize("reason", ["", "   ", "\u202e\u202c", "x" * 501])
def test_a_reason_is_needed_and_bounded(
    dispatcher: FlaskClient, report_id: int, session: Session, reason: str
) -> None:
    answer = dispatcher.post(f"/cases/{report_id}/reject", data={"note": reason})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert reason.strip("\u202e\u202c ") in answer.text
    assert _report(session, report_id).state == State.RECEIVED


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("second", ["accept", "reject"])
def test_a_second_decision_is_a_conflict(
    dispatcher: FlaskClient, report_id: int, session: Session, first: str, second: str
) -> None:
    dispatcher.post(f"/cases/{report_id}/{first}", data={"note": REASON})
    decided = _report(session, report_id).state
    answer = dispatcher.post(f"/cases/{report_id}/{second}", data={"note": REASON})
    assert answer.status_code == 409
    assert _report(session, report_id).state == decided
    assert len(_steps(session, report_id)) == 2


def test_who_comes_second_reads_who_was_faster_and_loses_no_word(
    cases: CaseDesk, browser_of: BrowserOf
) -> None:
    case = cases.at(State.RECEIVED)
    browser_of(cases.dispatcher).post(f"/cases/{case}/accept", data={"version": "1"})
    late = browser_of(cases.other_dispatcher)
    for step in ("note", "reject"):  # one is still possible, the other is not
        answer = late.post(f"/cases/{case}/{step}", data={"version": "1", "note": REASON})
        assert answer.status_code == 409
        assert "李派遣 · 立案" in answer.text
        assert REASON in answer.text


def test_who_comes_second_reads_where_the_case_was_sent(
    cases: CaseDesk, browser_of: BrowserOf
) -> None:
    case = cases.at(State.DISPATCHED)
    late = browser_of(cases.other_dispatcher)
    answer = late.post(f"/cases/{case}/reject", data={"version": "1", "note": REASON})
    assert answer.status_code == 409
    assert "李派遣 · 派遣：市容环卫" in answer.text


def test_the_list_is_by_queue(dispatcher: FlaskClient, rider: FlaskClient) -> None:
    waiting, done = filed(rider), filed(rider)
    dispatcher.post(f"/cases/{done}/accept")
    lists = {
        queue: dispatcher.get(f"/cases?queue={queue}").text
        for queue in ("received", "to_dispatch", "not_filed", "all", "nonsense", "mine")
    }
    assert {queue for queue, page in lists.items() if f'data-report="{waiting}"' in page} == {
        "received", "all", "nonsense", "mine",
    }  # fmt: skip
    assert {queue for queue, page in lists.items() if f'data-report="{done}"' in page} == {
        "to_dispatch", "all",
    }  # fmt: skip


@pytest.mark.parametrize("report", [999_999, 2**31, 2**64, 10**40])
@pytest.mark.parametrize("path", ["/cases/{}", "/cases/{}/accept"])
def test_a_case_that_there_is_not(dispatcher: FlaskClient, report: int, path: str) -> None:
    url = path.format(report)
    answer = dispatcher.post(url) if "accept" in path else dispatcher.get(url)
    assert answer.status_code == 404


@pytest.mark.parametrize("step", ["nonsense", "answer", "withdraw", "rate", "appeal"])
def test_a_step_that_is_no_desks(dispatcher: FlaskClient, report_id: int, step: str) -> None:
    assert dispatcher.post(f"/cases/{report_id}/{step}").status_code == 404


@pytest.mark.parametrize("token", ["0", "-5", "x", str(2**31), "0..1", "0.1.1", "1..2", "9" * 40])
def test_a_page_that_there_is_not(dispatcher: FlaskClient, report_id: int, token: str) -> None:
    for name in ("after", "before"):
        assert dispatcher.get(f"/cases?{name}={token}").status_code == 200
        assert dispatcher.get(f"/cases?sort=due&{name}={token}").status_code == 200


@pytest.mark.parametrize("role", ["rider", "guard", "company_manager"])
def test_nobody_else_decides(
    people: People, browser_of: BrowserOf, report_id: int, session: Session, role: str
) -> None:
    browser = browser_of(people.make(role))
    assert browser.post(f"/cases/{report_id}/accept").status_code == 403
    assert _report(session, report_id).state == State.RECEIVED


def test_an_administrator_decides_too(
    people: People, browser_of: BrowserOf, report_id: int, session: Session
) -> None:
    browser_of(people.make("administrator")).post(f"/cases/{report_id}/accept")
    assert _report(session, report_id).state == State.ACCEPTED


def test_a_role_that_ended_decides_no_more(
    dispatcher: FlaskClient, dispatcher_person: Person, report_id: int, session: Session
) -> None:
    held = select(Membership).where(Membership.user_id == dispatcher_person.id)
    session.scalars(held).one().ended_at = clock.now()
    session.commit()
    assert dispatcher.post(f"/cases/{report_id}/accept").status_code == 403


def test_two_at_once_decide_once(
    people: People, browser_of: BrowserOf, report_id: int, session: Session
) -> None:
    browsers = [browser_of(people.make("dispatcher")) for _number in range(4)]
    acts = ("accept", "reject")

    def decide(number: int) -> int:
        url = f"/cases/{report_id}/{acts[number % 2]}"
        return browsers[number].post(url, data={"note": REASON}).status_code

    assert sorted(at_once(decide, 4)) == [302, 409, 409, 409]
    assert len(_steps(session, report_id)) == 2
