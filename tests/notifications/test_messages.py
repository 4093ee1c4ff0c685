"""Messages: who is told, how they read, and that they are one's own."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases import telling
from app.blueprints.notifications import queries
from app.blueprints.notifications.kinds import KINDS, shown
from app.blueprints.notifications.models import Notification
from app.blueprints.reports.models import State
from app.lib import clock
from tests.support.cases import CaseDesk
from tests.support.people import Person, sign_in


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def browser(desk: CaseDesk, who: Person) -> FlaskClient:
    client = desk.app.test_client()
    sign_in(client, who)
    return client


def told(session: Session, who: Person) -> list[str]:
    session.rollback()
    found = select(Notification.kind).where(Notification.user_id == who.id)
    return list(session.scalars(found.order_by(Notification.id)))


def test_each_is_told_what_concerns_them_and_never_of_their_own_step(
    desk: CaseDesk, session: Session
) -> None:
    desk.at(State.REOPENED)
    assert told(session, desk.rider) == ["case_accept", "case_close"]
    assert told(session, desk.handler) == ["case_dispatch"]
    assert told(session, desk.grid_worker) == ["case_finish"]
    assert told(session, desk.dispatcher) == ["case_reopen"]
    for nobody in (desk.other_handler, desk.other_grid_worker, desk.other_rider):
        assert told(session, nobody) == []


def test_everybody_who_reported_the_problem_hears_of_their_own_report(
    desk: CaseDesk, session: Session
) -> None:
    main, double = desk.at(State.ACCEPTED), desk.filed(desk.other_rider)
    desk.step(desk.dispatcher, double, "merge", into_id=main)
    desk.step(desk.dispatcher, main, "ask", note="哪一侧?")
    found = session.scalars(select(Notification).where(Notification.kind == "case_ask"))
    urls = {(one.user_id, one.url) for one in found}
    assert urls == {
        (desk.rider.id, f"/reports/{main}"), (desk.other_rider.id, f"/reports/{double}"),
    }  # fmt: skip


def test_departments_hear_when_a_case_comes_and_goes(desk: CaseDesk, session: Session) -> None:
    case_id = desk.at(State.ACCEPTED)
    desk.step(
        desk.dispatcher, case_id, "dispatch", department_id=desk.department_id,
        parts=((desk.third_department_id, "围挡"),),
    )  # fmt: skip
    desk.step(
        desk.dispatcher, case_id, "redispatch", department_id=desk.other_department_id, note="换"
    )
    desk.step(desk.dispatcher, case_id, "recall", note="再看")
    assert told(session, desk.handler) == ["case_dispatch", "case_gone"]
    assert told(session, desk.other_handler) == ["case_redispatch", "case_gone"]
    assert told(session, desk.third_handler) == ["case_part", "case_gone"]


def test_every_kind_that_is_sent_has_its_words(app: Flask) -> None:
    steps = (*telling.TO_REPORTER, *telling.TO_DEPARTMENT, *telling.TO_CENTRE, "finish")
    assert {f"case_{step}" for step in steps} <= set(KINDS)
    with app.test_request_context():
        for kind in (*KINDS, "of an older version"):
            text = shown(Notification(kind=kind, data={"category": {"zh": "垃圾"}})).text
            assert text
            assert "%(" not in text


def test_read_one_read_all_and_the_count(desk: CaseDesk, session: Session) -> None:
    case_id = desk.at(State.CLOSED)
    rider = browser(desk, desk.rider)
    page = rider.get("/messages").text
    assert page.count('class="message unread"') == 2
    assert "暴露垃圾" in page
    first = re.findall(r'action="(/messages/\d+)"', page)[0]
    opened = rider.post(first)
    assert (opened.status_code, opened.location) == (303, f"/reports/{case_id}")
    assert rider.get("/messages").text.count('class="message unread"') == 1
    up_to = first.rsplit("/", 1)[1]
    rider.post("/messages/read-all", data={"up_to": up_to})
    assert "message unread" not in rider.get("/messages").text
    assert browser(desk, desk.other_rider).post(first).status_code == 404


def test_nothing_to_read_says_so(desk: CaseDesk) -> None:
    assert "没有消息" in browser(desk, desk.other_handler).get("/messages").text


def test_pages_follow_each_other_without_a_gap(desk: CaseDesk, session: Session) -> None:
    rows = [
        Notification(
            user_id=desk.rider.id, kind="case_accept", data={}, url="/", created_at=clock.now()
        )
        for _number in range(queries.PAGE * 2 + 5)
    ]
    session.add_all(rows)
    session.commit()
    client, url, seen = browser(desk, desk.rider), "/messages", list[str]()
    for size in (queries.PAGE, queries.PAGE, 5):
        page = client.get(url).text
        found = re.findall(r'action="(/messages/\d+)"', page)
        assert len(found) == size
        seen += found
        further = re.search(r"/messages\?after=\d+", page)
        url = further[0] if further else ""
    assert url == ""
    assert len(set(seen)) == len(rows)
    assert "65" in client.get("/me").text
