"""The centre decides; the rider reads why."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.organisations.models import Membership
from app.blueprints.reports.models import Report, ReportEvent, State
from app.lib import clock
from tests.support.outbox import days, filed, item, put_new, send_one
from tests.support.people import People, Person
from tests.support.threads import at_once

REASON = "那里已经有人在处理了，谢谢。"


@pytest.fixture
def report_id(rider: FlaskClient) -> int:
    return filed(rider, description="堆了两天 <b>bold</b>")


def _report(session: Session, report_id: int) -> Report:
    session.rollback()
    return session.get_one(Report, report_id, populate_existing=True)


def _steps(session: Session, report_id: int) -> list[tuple[str | None, str, str | None]]:
    events = select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.id)
    return [(one.from_state, one.to_state, one.note) for one in session.scalars(events)]


def test_the_desk_shows_what_came_in(
    dispatcher: FlaskClient, rider_person: Person, report_id: int
) -> None:
    listed, shown = dispatcher.get("/intake").text, dispatcher.get(f"/intake/{report_id}").text
    assert f"/intake/{report_id}" in listed
    for text in ("暴露垃圾", "东门垃圾桶旁", rider_person.name, "31.31930"):
        assert text in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown


def test_a_clock_that_is_wrong_is_shown(dispatcher: FlaskClient, rider: FlaskClient) -> None:
    ahead = item(put_new(rider)) | {"captured_at": clock.to_ms(clock.now()) + days(1)}
    report = send_one(rider, ahead)["url"].rsplit("/", 1)[1]
    page = dispatcher.get(f"/intake/{report}?lang=en").text
    assert "runs ahead" in page


def test_accepted(dispatcher: FlaskClient, report_id: int, session: Session) -> None:
    answer = dispatcher.post(f"/intake/{report_id}/accept")
    assert answer.status_code == 302
    assert _report(session, report_id).state == State.ACCEPTED
    assert _steps(session, report_id) == [
        (None, "received", None), ("received", "accepted", None),
    ]  # fmt: skip


def test_after_a_decision_comes_the_next_one_down_the_list(
    dispatcher: FlaskClient, rider: FlaskClient
) -> None:
    first, second, third = filed(rider), filed(rider), filed(rider)
    answer = dispatcher.post(f"/intake/{third}/accept?state=received&before=99")
    assert answer.location == f"/intake/{second}?state=received&before=99"
    answer = dispatcher.post(f"/intake/{second}/reject", data={"reason": REASON})
    assert answer.location == f"/intake/{first}?state=received"
    assert dispatcher.post(f"/intake/{first}/accept").location == "/intake?state=received"


def test_rejected_with_a_reason_that_the_rider_reads(
    dispatcher: FlaskClient, rider: FlaskClient, report_id: int, session: Session
) -> None:
    answer = dispatcher.post(f"/intake/{report_id}/reject", data={"reason": REASON})
    assert answer.status_code == 302
    assert _steps(session, report_id)[-1] == ("received", "rejected", REASON)
    assert REASON in rider.get(f"/reports/{report_id}").text


@pytest.mark.parametrize("reason", ["", "   ", "\u202e\u202c", "x" * 501])
def test_a_reason_is_needed_and_bounded(
    dispatcher: FlaskClient, report_id: int, session: Session, reason: str
) -> None:
    answer = dispatcher.post(f"/intake/{report_id}/reject", data={"reason": reason})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert _report(session, report_id).state == State.RECEIVED


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("second", ["accept", "reject"])
def test_a_second_decision_is_a_conflict(
    dispatcher: FlaskClient, report_id: int, session: Session, first: str, second: str
) -> None:
    dispatcher.post(f"/intake/{report_id}/{first}", data={"reason": REASON})
    decided = _report(session, report_id).state
    answer = dispatcher.post(f"/intake/{report_id}/{second}", data={"reason": REASON})
    assert answer.status_code == 409
    assert _report(session, report_id).state == decided
    assert len(_steps(session, report_id)) == 2


def test_the_list_is_by_state(dispatcher: FlaskClient, rider: FlaskClient) -> None:
    waiting, done = filed(rider), filed(rider)
    dispatcher.post(f"/intake/{done}/accept")
    lists = {
        state: dispatcher.get(f"/intake?state={state}").text
        for state in ("received", "accepted", "rejected", "all", "nonsense")
    }
    assert {state for state, page in lists.items() if f'data-report="{waiting}"' in page} == {
        "received", "all", "nonsense",
    }  # fmt: skip
    assert {state for state, page in lists.items() if f'data-report="{done}"' in page} == {
        "accepted", "all",
    }  # fmt: skip


@pytest.mark.parametrize("report", [999_999, 2**31, 2**64, 10**40])
@pytest.mark.parametrize("path", ["/intake/{}", "/intake/{}/accept", "/reports/{}"])
def test_a_report_that_there_is_not(dispatcher: FlaskClient, report: int, path: str) -> None:
    url = path.format(report)
    answer = dispatcher.post(url) if "accept" in path else dispatcher.get(url)
    assert answer.status_code == 404


@pytest.mark.parametrize("before", ["0", "-5", "x", str(2**31), str(10**40)])
def test_a_page_that_there_is_not(
    dispatcher: FlaskClient, rider: FlaskClient, report_id: int, before: str
) -> None:
    assert dispatcher.get(f"/intake?before={before}").status_code == 200
    assert rider.get(f"/reports?before={before}").status_code == 200


@pytest.mark.parametrize("role", ["rider", "guard", "handler", "company_manager"])
def test_nobody_else_decides(
    people: People, browser_of: Callable[[Person], FlaskClient], report_id: int, session: Session,
    role: str,
) -> None:  # fmt: skip
    browser = browser_of(people.make(role))
    assert browser.post(f"/intake/{report_id}/accept").status_code == 403
    assert _report(session, report_id).state == State.RECEIVED


def test_an_administrator_decides_too(
    people: People, browser_of: Callable[[Person], FlaskClient], report_id: int, session: Session
) -> None:
    browser_of(people.make("administrator")).post(f"/intake/{report_id}/accept")
    assert _report(session, report_id).state == State.ACCEPTED


def test_a_role_that_ended_decides_no_more(
    dispatcher: FlaskClient, dispatcher_person: Person, report_id: int, session: Session
) -> None:
    held = select(Membership).where(Membership.user_id == dispatcher_person.id)
    session.scalars(held).one().ended_at = clock.now()
    session.commit()
    assert dispatcher.post(f"/intake/{report_id}/accept").status_code == 403


def test_two_at_once_decide_once(
    people: People, browser_of: Callable[[Person], FlaskClient], report_id: int, session: Session
) -> None:
    browsers = [browser_of(people.make("dispatcher")) for _number in range(4)]
    acts = ("accept", "reject")

    def decide(number: int) -> int:
        url = f"/intake/{report_id}/{acts[number % 2]}"
        return browsers[number].post(url, data={"reason": REASON}).status_code

    assert sorted(at_once(decide, 4)) == [302, 409, 409, 409]
    assert len(_steps(session, report_id)) == 2
