"""Exports hold exactly what the list shows, row by row, and no reporter but for a reason."""

import csv
import io
import random
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.audit.models import AuditEntry
from app.blueprints.cases import exports
from app.blueprints.reports.models import Report, State
from app.lib import clock
from tests.support.cases import WAYS, CaseDesk
from tests.support.people import Person, sign_in

ENTRY = re.compile(r'data-report="(\d+)"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
FILTERS = (
    {"queue": ["all", "received", "at_department", "closed", "overdue", "handled", "not_filed"]},
    {"category": ["", "0102", "0504"]},
    {"overdue": ["", "", "1"]},
    {"sort": ["", "newest", "due", "moved"]},
    {"since": ["", "2026-01-01"]},
)


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def browser(desk: CaseDesk, who: Person) -> FlaskClient:
    client = desk.app.test_client()
    sign_in(client, who)
    return client


def export(client: FlaskClient, query: dict[str, str], **fields: str) -> TestResponse:
    return client.post("/cases/export", query_string=query, data={"kind": "csv", **fields})


def rows(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200, answer.status_code
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def listed(client: FlaskClient, query: dict[str, str]) -> list[int]:
    """The ids of the list, paged to its end."""
    page = client.get("/cases", query_string=query).text
    found = [int(one) for one in ENTRY.findall(page)]
    while (onward := NEXT.search(page)) is not None:
        page = client.get(onward[1].replace("&amp;", "&")).text
        found += [int(one) for one in ENTRY.findall(page)]
    return found


def fill(desk: CaseDesk, session: Session) -> None:
    """Cases of all states, copied to more than a page, some of them overdue."""
    for state in WAYS:
        desk.at(state)
    for case in session.scalars(select(Report)).all():
        columns = {c.key: getattr(case, c.key) for c in Report.__table__.columns if c.key != "id"}
        for number in range(6):
            earlier = timedelta(days=number, minutes=7 * number)
            session.add(Report(**columns | {
                "received_at": case.received_at - earlier, "moved_at": case.moved_at - earlier,
                "due_at": case.due_at and case.due_at - earlier,
                "category_code": "0504" if number % 2 else case.category_code,
            }))  # fmt: skip
    session.commit()


def test_an_export_is_the_list_row_by_row(desk: CaseDesk, session: Session) -> None:
    fill(desk, session)
    chance = random.Random(5)
    for who in (desk.dispatcher, desk.handler):
        client = browser(desk, who)
        for _filter in range(8):
            query = {
                name: chance.choice(values) for part in FILTERS for name, values in part.items()
            }
            shown = {name: value for name, value in query.items() if value}
            exported = rows(export(client, shown))[1:]
            assert [int(row[0].split("-")[1]) for row in exported] == listed(client, shown), shown


def test_words_on_the_place_narrow_the_file_too(desk: CaseDesk) -> None:
    desk.filed(place="星湖街口")
    desk.filed(place="东门")
    exported = rows(export(browser(desk, desk.dispatcher), {"queue": "all"}, text="星湖"))
    assert [row[4] for row in exported[1:]] == ["星湖街口"]


def test_a_department_gets_no_reporter(desk: CaseDesk) -> None:
    desk.at(State.HANDLING)
    handler = browser(desk, desk.handler)
    assert export(handler, {}, reporters="1", reason="想知道").status_code == 403
    text = export(handler, {"queue": "all"}).data.decode("utf-8-sig")
    assert desk.rider.name not in text
    assert desk.rider.phone not in text


def test_the_centre_says_why_it_takes_reporters_away(desk: CaseDesk, session: Session) -> None:
    desk.at(State.HANDLING)
    dispatcher = browser(desk, desk.dispatcher)
    assert export(dispatcher, {}, reporters="1").status_code == 422
    assert session.scalars(select(AuditEntry)).all() == []
    session.rollback()
    row = rows(export(dispatcher, {"queue": "all"}, reporters="1", reason="回访"))[1]
    assert row[-2:] == [desk.rider.name, f"'{desk.rider.phone}"]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.what) == (desk.dispatcher.id, "case_export")
    assert entry.reason.startswith("回访")


def test_no_cell_is_a_formula(desk: CaseDesk) -> None:
    desk.filed(place="=HYPERLINK(1)", description="@SUM(1)")
    row = rows(export(browser(desk, desk.dispatcher), {"queue": "all"}))[1]
    assert row[4:6] == ["'=HYPERLINK(1)", "'@SUM(1)"]


def test_a_file_that_is_cut_says_so(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    for _case in range(3):
        desk.filed()
    exported = rows(export(browser(desk, desk.dispatcher), {"queue": "all"}))
    assert len(exported) == 4
    assert "2" in exported[-1][0]


def test_a_workbook_holds_the_same(desk: CaseDesk, session: Session) -> None:
    case = desk.filed()
    session.execute(update(Report).where(Report.id == case).values(received_at=clock.now()))
    session.commit()
    answer = export(browser(desk, desk.dispatcher), {"queue": "all"}, kind="xlsx")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert ".xlsx" in answer.headers["Content-Disposition"]
