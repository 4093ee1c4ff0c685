"""The desk's list: as many statements for thirty cases as for one, searching, news in place."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.blueprints.cases.models import CasePart, RoutingRule
from app.blueprints.reports.models import Report, State
from app.lib import clock
from tests.conftest import Clock
from tests.support.cases import WAYS, CaseDesk
from tests.support.people import Person
from tests.support.statements import counted

BrowserOf = Callable[[Person], FlaskClient]


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def _full_case(session: Session, cases: CaseDesk, state: State = State.HANDLING) -> int:
    """A case with photos, a part, flags and supervision."""
    photos = (cases.photo(cases.rider), cases.photo(cases.rider))
    case = cases.walk(cases.filed(photos=photos), WAYS[state])
    session.rollback()
    session.add(CasePart(report_id=case, department_id=cases.other_department_id, task="围挡"))
    now = clock.now()
    session.execute(update(Report).where(Report.id == case).values(flagged=True, supervised_at=now))
    session.commit()
    return case


@pytest.mark.parametrize("who", ["dispatcher", "handler", "grid_worker"])
@pytest.mark.parametrize("sort", ["newest", "due", "moved"])
def test_thirty_cases_take_no_more_statements_than_one(
    app: Flask, session: Session, cases: CaseDesk, browser_of: BrowserOf, who: str, sort: str
) -> None:
    browser, path = browser_of(getattr(cases, who)), f"/cases?queue=all&sort={sort}"
    case = _full_case(session, cases)
    browser.get(path)
    ran = counted(app)

    def statements(*paths: str) -> int:
        ran.clear()
        for one in paths:
            assert browser.get(one).status_code == 200
        return len(ran)

    news = "/cases/news.json?rows="
    few = [statements(path), statements(f"/cases/{case}?queue=all"), statements(f"{news}{case}.0")]
    ids = [case, *(_full_case(session, cases) for _case in range(29))]
    many = [
        statements(path), statements(f"/cases/{case}?queue=all"),
        statements(news + "-".join(f"{one}.0" for one in ids)),
    ]  # fmt: skip
    assert many[0] <= few[0]
    assert many[1] <= few[1] + 4  # doubles are there now, and looked for
    assert many[2] <= few[2]


def test_a_number_leads_to_its_case(cases: CaseDesk, browser_of: BrowserOf) -> None:
    case, desk = cases.filed(), browser_of(cases.dispatcher)
    for text in (f"2026-{case:06}", str(case)):
        answer = desk.post("/cases/find", data={"text": text})
        assert answer.location == f"/cases/{case}?queue=received"
    assert "没有这个编号" in desk.post("/cases/find", data={"text": "99999"}).text


def test_words_on_the_place_narrow_the_list_and_stand_in_no_address(
    cases: CaseDesk, browser_of: BrowserOf
) -> None:
    east, west = cases.filed(place="东门王小明家"), cases.filed(place="西门")
    page = browser_of(cases.dispatcher).post("/cases/find", data={"text": "王小明"}).text
    assert f'data-report="{east}"' in page
    assert f'data-report="{west}"' not in page
    assert "?text" not in page
    assert "&amp;text" not in page


def test_news_are_nothing_until_something_moves(
    held_clock: Clock, cases: CaseDesk, browser_of: BrowserOf
) -> None:
    desk, case = browser_of(cases.dispatcher), cases.filed()
    since = clock.to_ms(clock.now())
    ask = f"/cases/news.json?queue=received&rows={case}.1&case={case}.1&since={since}"
    first = desk.get(ask)
    assert first.get_json() | {"counts": {}} == {"counts": {}, "new": 0, "rows": {}, "case": ""}
    tag = {"If-None-Match": first.headers["ETag"]}
    assert desk.get(ask, headers=tag).status_code == 304
    held_clock.forward(seconds=5)
    cases.step(cases.other_dispatcher, case, "accept")
    cases.filed()
    cases.filed()
    news = desk.get(ask, headers=tag).get_json()
    assert news["new"] == 2
    assert news["counts"]["received"] == 2
    assert list(news["rows"]) == [str(case)]
    assert "已立案" in news["rows"][str(case)]["cell"]
    assert "周派遣 · 立案" in news["case"]


@pytest.mark.parametrize(
    "query", ["rows=x", "rows=1.1.1-..", "rows=99999999999.1", "since=x", "since=" + "9" * 30,
              "case=1", "case=99999.1", "rows=" + "1.1-" * 900],
)  # fmt: skip
def test_news_of_nonsense(cases: CaseDesk, browser_of: BrowserOf, query: str) -> None:
    assert browser_of(cases.dispatcher).get(f"/cases/news.json?{query}").status_code == 200


def test_nobody_has_news_of_what_is_not_theirs(cases: CaseDesk, browser_of: BrowserOf) -> None:
    case = cases.filed()
    news = browser_of(cases.handler).get(f"/cases/news.json?rows={case}.0&case={case}.0").get_json()
    assert news["rows"] == {}
    assert news["case"] == ""


def test_filing_sends_on_what_a_rule_sends(
    app: Flask, cases: CaseDesk, browser_of: BrowserOf, session: Session
) -> None:
    session.add(RoutingRule(
        category_code="0102", department_id=cases.other_department_id, automatic=True,
        created_at=clock.now(),
    ))  # fmt: skip
    session.commit()
    case, desk = cases.filed(), browser_of(cases.dispatcher)
    assert "立案后自动派遣到园林绿化" in desk.get(f"/cases/{case}").text
    desk.post(f"/cases/{case}/accept", data={"version": "1"})
    session.rollback()
    found = session.get_one(Report, case)
    assert (found.state, found.department_id) == ("dispatched", cases.other_department_id)


def test_the_grid_by_hand(cases: CaseDesk, browser_of: BrowserOf, session: Session) -> None:
    case, desk = cases.filed(), browser_of(cases.dispatcher)
    assert desk.post(f"/cases/{case}/place", data={"grid": "二号网格"}).status_code == 302
    session.rollback()
    assert session.get_one(Report, case).grid_id == cases.other_grid_id
    assert desk.post(f"/cases/{case}/place", data={"grid": "没有的"}).status_code == 422
    assert desk.post(f"/cases/{case}/place", data={"grid": ""}).status_code == 302
    session.rollback()
    assert session.get_one(Report, case).grid_id is None
