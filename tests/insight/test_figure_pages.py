"""The page of figures and its files: each sees what they may, and all of it."""

import csv
import io
from datetime import date
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.blueprints.insight import figure_views
from app.blueprints.organisations.models import Membership, Role
from app.blueprints.visits.models import Purpose
from app.extensions import db
from app.lib import clock
from app.lib.periods import Period
from tests.support.people import People, Person, sign_in
from tests.support.statements import counted
from tests.support.station_visits import FIRST, Visited, looked

SPRING = "since=2026-01-01&until=2026-05-31"


def page(visited: Visited, who: Person, query: str = SPRING) -> str:
    answer = browser(visited, who).get(f"/stations/figures?{query}")
    assert answer.status_code == 200
    return answer.text


def browser(visited: Visited, who: Person) -> FlaskClient:
    client = visited.app.test_client()
    sign_in(client, who)
    client.set_cookie("lang", "en")
    return client


def test_the_pages_of_each(visited: Visited) -> None:
    everything = page(visited, visited.administrator)
    assert "Idle Station" in everything
    assert "never yet" in everything
    assert "By purpose" in everything
    own = page(visited, visited.host)
    assert "Idle Station" not in own
    assert own.count('<tr><th scope="row">Station') == 1
    company = page(visited, visited.manager)
    assert "By purpose" not in company
    assert "Other outdoor workers" not in company


def test_who_is_both_chooses(visited: Visited) -> None:
    both = People(visited.app).make(Role.HOST)
    with visited.app.app_context():
        with_company = Membership(
            user_id=both.id, organisation_id=visited.companies[0], role=Role.COMPANY_MANAGER,
            created_at=clock.now(),
        )  # fmt: skip
        db.session.add(with_company)
        db.session.commit()
        db.session.remove()
    assert "Nothing to count yet" in page(visited, both)
    assert "Station" in page(visited, both, f"{SPRING}&of=company")
    assert "Nothing to count yet" in page(visited, visited.host, "until=2025-01-01&of=company")


@pytest.mark.parametrize("role", [Role.RIDER, Role.DISPATCHER, Role.GRID_WORKER])
def test_others_may_not(visited: Visited, role: Role) -> None:
    people = People(visited.app, count(500 + list(Role).index(role)))
    client = browser(visited, people.make(role))
    assert client.get("/stations/figures").status_code == 403
    assert client.post("/stations/figures/export", data={"kind": "csv"}).status_code == 403
    assert client.get("/stations/coverage").status_code == 403


def test_nonsense_in_the_address_is_left_out(visited: Visited) -> None:
    for query in ("of=x&street=y&after=z&sort=w", "street=-1&since=x", "after=99999999999999"):
        page(visited, visited.administrator, query)


def test_pages_hold_every_station_once(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page(visited, visited.administrator, f"{SPRING}&sort=people")
    monkeypatch.setattr(figure_views, "PAGE_LINES", 2)
    client, path = (
        browser(visited, visited.administrator),
        f"/stations/figures?{SPRING}&sort=people",
    )
    found: list[str] = []
    while path:
        text = client.get(path).text
        found += rows_of(text)
        start = text.find('rel="next"')
        path = (
            text[start:].split('href="')[1].split("#")[0].replace("&amp;", "&") if start > 0 else ""
        )
    assert found == rows_of(whole)
    assert len(found) == len(visited.used)


def rows_of(text: str) -> list[str]:
    body = text.split("wide-numbers")[1].split("<tbody>")[1].split("</tbody>")[0]
    return [row.split("</th>")[0] for row in body.split('<th scope="row">')[1:]]


def table(visited: Visited, who: Person, by_what: str, kind: str = "csv") -> list[list[str]]:
    answer = browser(visited, who).post(
        f"/stations/figures/export?{SPRING}", data={"by": by_what, "kind": kind}
    )
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_files_have_what_the_page_has(opened: Session, visited: Visited) -> None:
    period = Period(FIRST, date(2026, 5, 31))
    found = looked(opened, visited.administrator, period)
    head, *rows, total = table(visited, visited.administrator, "station")
    assert head[:4] == ["Number", "Station", "Visits", "People"]
    assert [(row[0], row[2]) for row in rows] == [
        (one.place.number, str(one.numbers.visits)) for one in found.lines
    ]
    assert total[2] == str(found.total.visits)
    assert len(table(visited, visited.administrator, "hour")) == 25
    assert len(table(visited, visited.administrator, "purpose")) == 1 + len(Purpose)
    assert [row[1] for row in table(visited, visited.administrator, "company")[1:]] == [
        str(one.visits) for _company, one in found.companies
    ]
    assert [row[1] for row in table(visited, visited.administrator, "unused")[1:]] == [
        "Idle Station"
    ]


def test_a_workbook_too(visited: Visited) -> None:
    client = browser(visited, visited.street_host)
    answer = client.post("/stations/figures/export", data={"by": "company", "kind": "xlsx"})
    assert answer.data[:2] == b"PK"


def test_a_file_of_what_there_is_not(visited: Visited) -> None:
    client = browser(visited, visited.manager)
    for form in ({"kind": "exe"}, {"kind": "csv", "by": "company"}, {"kind": "csv", "by": "x"}):
        assert client.post("/stations/figures/export", data=form).status_code == 422


def test_few_statements_and_no_check_in_is_read(visited: Visited) -> None:
    client = browser(visited, visited.administrator)
    client.get("/stations/figures")
    ran = counted(visited.app)
    client.get(f"/stations/figures?{SPRING}")
    assert len(ran) <= 14
    assert not any("check_ins.id" in one or "FROM check_ins" in one for one in ran)
