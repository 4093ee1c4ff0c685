"""Figures equal a plain count over check-ins, and everybody sees their own."""

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.insight import figure_views
from app.blueprints.insight.figures import (
    OF_COMPANY,
    OF_STATIONS,
    Asked,
    Figures,
    figures,
    places_of,
)
from app.blueprints.insight.sums import Counted
from app.blueprints.organisations.models import Membership, Organisation, Role
from app.blueprints.visits.models import CheckIn, Purpose, Who
from app.extensions import db
from app.lib import clock
from app.lib.clock import to_local
from app.lib.periods import Period
from tests.support.people import People, Person, sign_in
from tests.support.statements import counted
from tests.support.station_visits import DAYS, FIRST, Visited, build, come

WHOLE = Period(FIRST, FIRST + timedelta(days=DAYS))
SPRING = "since=2026-01-01&until=2026-05-31"


@pytest.fixture(scope="module")
def visited(module_app: Flask) -> Visited:
    made = build(module_app)
    come(made, 400)
    return made


@pytest.fixture
def opened(visited: Visited) -> Iterator[Session]:
    """A session that shares no context with requests."""
    with visited.app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


def periods() -> list[Period]:
    """By chance, and those at which months begin and end."""
    chance = random.Random(5)
    days = [FIRST + timedelta(days=chance.randrange(DAYS)) for _day in range(24)]
    found = [Period(*sorted(days[place : place + 2])) for place in range(0, 24, 2)]
    return [
        *found, WHOLE, Period(date(2026, 2, 1), date(2026, 2, 28)),
        Period(date(2026, 3, 3), date(2026, 3, 29)), Period(date(2026, 1, 31), date(2026, 2, 1)),
        Period(date(2026, 1, 15), date(2026, 4, 16)),
    ]  # fmt: skip


def seen(session: Session, period: Period, where: Callable[[CheckIn], bool]) -> list[CheckIn]:
    """The check-ins of a period that count, one after the other."""
    return [
        one for one in session.scalars(select(CheckIn))
        if one.undone_at is None and where(one)
        and period.first <= to_local(one.at).date() <= period.last
    ]  # fmt: skip


def plain(rows: Sequence[CheckIn]) -> Counted:
    return Counted(len(rows), sum(one.people for one in rows), sum(one.leads for one in rows))


def by(rows: Sequence[CheckIn], key: Callable[[CheckIn], Any]) -> dict[Any, Counted]:
    """Counted by a key."""
    return {value: plain([one for one in rows if key(one) == value]) for value in map(key, rows)}


def looked(
    session: Session, who: Person, period: Period, of: str = OF_STATIONS, street: int | None = None
) -> Figures:
    actor = session.get_one(User, who.id)
    home = session.get_one(Organisation, street) if street else None
    return figures(session, Asked(actor, of, period, home), places_of(session, actor, of))


def stations_in(found: Figures) -> dict[int, Counted]:
    return {
        line.place.id: Counted(
            line.numbers.check_ins, line.numbers.people, line.numbers.visits
        )
        for line in found.lines
    }  # fmt: skip


@pytest.mark.parametrize("period", periods(), ids=lambda one: f"{one.first}..{one.last}")
def test_they_equal_a_plain_count(opened: Session, visited: Visited, period: Period) -> None:
    found = looked(opened, visited.administrator, period)
    rows = seen(opened, period, lambda _one: True)
    assert stations_in(found) == by(rows, lambda one: one.station_id)
    assert dict(enumerate(found.hours)) == dict.fromkeys(range(24), Counted()) | by(
        rows, lambda one: to_local(one.at).hour
    )
    assert dict(found.purposes) == dict.fromkeys(Purpose, Counted()) | by(
        rows, lambda one: Purpose(one.purpose)
    )
    assert dict(found.companies) == by(rows, lambda one: one.company_id or 0)
    workers = sum(one.people for one in rows if one.who == Who.WORKER)
    assert (found.total.workers, found.total.visits) == (workers, plain(rows).visits)


def test_there_is_something_to_tell_apart(opened: Session, visited: Visited) -> None:
    """Else the plain count would prove little."""
    rows = opened.scalars(select(CheckIn)).all()
    assert any(one.undone_at for one in rows)
    assert any(one.mark for one in rows)
    assert any(not one.leads and not one.mark and not one.undone_at for one in rows)
    assert {one.who for one in rows} == set(Who)


@pytest.mark.parametrize("period", periods()[::3], ids=lambda one: f"{one.first}..{one.last}")
def test_hosts_see_their_own_stations(opened: Session, visited: Visited, period: Period) -> None:
    for who, stations in (
        (visited.host, visited.used[:1]), (visited.street_host, visited.used[2:]),
    ):  # fmt: skip
        rows = seen(opened, period, lambda one, mine=stations: one.station_id in mine)  # type: ignore[misc]
        found = looked(opened, who, period)
        assert stations_in(found) == by(rows, lambda one: one.station_id)
        assert sum(found.hours, Counted()) == plain(rows)
        assert dict(found.companies) == by(rows, lambda one: one.company_id or 0)


@pytest.mark.parametrize("period", periods()[::3], ids=lambda one: f"{one.first}..{one.last}")
def test_a_manager_sees_the_own_company(opened: Session, visited: Visited, period: Period) -> None:
    rows = seen(opened, period, lambda one: one.company_id == visited.companies[0])
    found = looked(opened, visited.manager, period, OF_COMPANY)
    assert stations_in(found) == by(rows, lambda one: one.station_id)
    assert (found.hours, found.companies, found.unused) == ((), (), ())


@pytest.mark.parametrize("of", [OF_STATIONS, OF_COMPANY])
def test_a_street_narrows_them(opened: Session, visited: Visited, of: str) -> None:
    who = visited.administrator if of == OF_STATIONS else visited.manager
    found = looked(opened, who, WHOLE, of, visited.streets[0])
    rows = seen(
        opened, WHOLE, lambda one: one.station_id in visited.used[:2]
        and (of == OF_STATIONS or one.company_id == visited.companies[0]),
    )  # fmt: skip
    assert stations_in(found) == by(rows, lambda one: one.station_id)


def test_use_per_place_and_day(opened: Session, visited: Visited) -> None:
    found = looked(opened, visited.administrator, WHOLE)
    rows = seen(opened, WHOLE, lambda one: one.station_id == visited.used[0])
    people = Counter(dict.fromkeys(Purpose, 0))
    for one in rows:
        people[Purpose(one.purpose)] += one.people
    numbers = next(one.numbers for one in found.lines if one.place.id == visited.used[0])
    assert numbers.per_rest == pytest.approx(people[Purpose.REST] / 4 / WHOLE.days)
    assert numbers.per_plug == pytest.approx(people[Purpose.CHARGE] / 5 / WHOLE.days)
    assert numbers.per_day == pytest.approx(plain(rows).visits / WHOLE.days)
    ended = next(one.numbers for one in found.lines if one.place.id == visited.used[-1])
    assert (ended.days, ended.per_rest) == ((date(2026, 4, 1) - FIRST).days + 1, None)


def test_what_is_never_used(opened: Session, visited: Visited) -> None:
    before = Period(date(2025, 12, 1), date(2025, 12, 20))
    found = looked(opened, visited.administrator, before)
    last = {one.place.id: one.last for one in found.unused}
    assert last.pop(visited.idle) is None
    assert set(last) == set(visited.used[:-1])
    for station, month in last.items():
        rows = seen(opened, WHOLE, lambda one, here=station: one.station_id == here)  # type: ignore[misc]
        assert month == max(to_local(one.at).date() for one in rows).replace(day=1)
    born_later = Period(date(2025, 10, 1), date(2025, 10, 20))
    assert looked(opened, visited.administrator, born_later).unused == []


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
