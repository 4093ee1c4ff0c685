"""Pages to find a station by: the plain list, one station, and where riders come from."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.blueprints.stations.models import Facility, StationFacility, StationPicture
from app.blueprints.stations.readings import Rated, ratings_from
from app.lib import clock
from tests.conftest import Clock
from tests.support.people import Person
from tests.support.station_rows import StationRows

ALL = "/stations/all"


@pytest.fixture
def rows(session: Session) -> StationRows:
    return StationRows(session)


def numbers(client: FlaskClient, query: str = "") -> list[str]:
    """The numbers of the stations that a page lists, in order."""
    answer = client.get(f"{ALL}{query}")
    assert answer.status_code == 200
    return re.findall(r'muted number">([^<]+)<', answer.text)


def test_the_list_has_all_but_those_given_up_in_the_order_of_numbers(
    client: FlaskClient, rows: StationRows
) -> None:
    for number, columns in (("B2", {}), ("A1", {}), ("A9", {"ended_at": clock.now()})):
        rows.station(number=number, **columns)
    rows.session.commit()
    assert numbers(client) == ["A1", "B2"]


def test_pages_follow_each_other_without_a_gap(client: FlaskClient, rows: StationRows) -> None:
    wanted = [f"P{number:03}" for number in range(65)]
    for number in reversed(wanted):
        rows.station(number=number)
    rows.session.commit()
    found, query = list[str](), "?has=water&q=%E9%A9%BF"
    for _page in range(3):
        found += numbers(client, query)
        link = re.search(r'href="/stations/all(\?after=[^"]+)"', client.get(f"{ALL}{query}").text)
        query = link[1].replace("&amp;", "&") if link else ""
    assert (found, query) == (wanted, "")


def test_open_now_goes_by_hours_and_by_what_the_host_says(
    client: FlaskClient, rows: StationRows, held_clock: Clock
) -> None:
    now = held_clock.now()  # 12:00 in Suzhou
    for number, columns in {
        "OPEN": {"hours": "Mo-Su 08:00-20:00"},
        "AFTER": {"hours": "Mo-Su 20:00-22:00"},
        "CLOSED": {"state": "closed", "state_reason": "维修"},
        "FULL": {"state": "full", "state_until": now + timedelta(hours=1)},
        "OVER": {"state": "closed", "state_until": now},
    }.items():
        rows.station(number=number, **columns)
    rows.session.commit()
    assert numbers(client, "?open=1") == ["OPEN", "OVER"]
    held_clock.forward(hours=8)
    assert numbers(client, "?open=1") == ["AFTER", "FULL", "OVER"]


def test_only_what_works_is_offered(client: FlaskClient, rows: StationRows) -> None:
    rows.station(number="BOTH", facilities=[Facility.AED, Facility.SHOWER])
    rows.station(number="ONE", facilities=[Facility.AED])
    broken = rows.station(number="BROKEN", facilities=[Facility.AED])
    rows.session.get_one(StationFacility, (broken, Facility.AED)).works = False
    rows.session.commit()
    assert numbers(client, "?has=aed") == ["BOTH", "ONE"]
    assert numbers(client, "?has=aed&has=shower") == ["BOTH"]


def test_words_are_looked_for_in_name_address_and_number(
    client: FlaskClient, rows: StationRows
) -> None:
    rows.station(number="X1", name_zh="湖东加油站", address_en="8 Lake Road")
    rows.station(number="X2", name_zh="老街100%站")
    rows.session.commit()
    assert numbers(client, "?q=湖东") == ["X1"]
    assert numbers(client, "?q=LAKE+road") == ["X1"]
    assert numbers(client, "?q=x2") == ["X2"]
    assert numbers(client, "?q=0%25") == ["X2"]
    assert numbers(client, "?q=_") == []


@pytest.mark.parametrize(
    "query", ["?has=nothing", "?open=yes", "?after=%27%22%3B--", "?q=%00", f"?q={'x' * 5000}"]
)
def test_what_is_not_understood_does_no_harm(
    client: FlaskClient, rows: StationRows, query: str
) -> None:
    rows.station()
    rows.session.commit()
    assert client.get(f"{ALL}{query}").status_code == 200


def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    page = client.get(f"{ALL}?open=1").text
    assert "没有符合条件的驿站" in page
    assert 'href="/stations/all"' in page


def test_a_station_shows_all_that_helps_to_get_there(
    client: FlaskClient, rows: StationRows, held_clock: Clock
) -> None:
    held_clock.forward(hours=2)  # to 14:00 in Suzhou
    now = held_clock.now()
    station = rows.station(
        number="S1", name_zh="湖东<b>站", contact="0512-6666",
        hours="Mo-Su 08:00-12:00,13:00-20:00",
        state="full", state_reason="开会", notice="有绿豆汤", notice_until=now + timedelta(hours=1),
        latitude=31.3, longitude=120.7, facilities=[Facility.BIKE_CHARGING],
    )  # fmt: skip
    rows.session.get_one(StationFacility, (station, Facility.BIKE_CHARGING)).count = 8
    picture = StationPicture(
        station_id=station, position=1, sha256="ab" * 32, width=4, height=3, created_at=now
    )
    rows.session.add(picture)
    rows.session.commit()
    page = client.get(f"/stations/{station}").text
    for text in (
        "湖东&lt;b&gt;站", "红蜂暖新驿站", "S1", "已满", "开会", "有绿豆汤", "星湖街1号",
        "电动车充电 · 8",
        "08:00–12:00、13:00–20:00", 'href="tel:0512-6666"', 'href="geo:31.3,120.7"',
        f"/stations/pictures/{'ab' * 32}.jpg",
    ):  # fmt: skip
        assert text in page
    held_clock.forward(hours=9)
    later = client.get(f"/stations/{station}").text
    assert "未开放" in later
    assert "有绿豆汤" not in later


def test_it_speaks_english(client: FlaskClient, rows: StationRows) -> None:
    station = rows.station(name_en="Hudong station", facilities=[Facility.AED])
    rows.session.commit()
    client.set_cookie("lang", "en")
    page = client.get(f"/stations/{station}").text
    for text in ("Hudong station", "1 Xinghu Street", "Open now", "Round the clock", "AED"):
        assert text in page


def test_how_it_was_rated_is_shown(
    client: FlaskClient, rows: StationRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, other = rows.station(), rows.station()
    rows.session.commit()
    monkeypatch.setattr("app.blueprints.stations.readings._readings", [])

    @ratings_from
    def known(_session: Session, _stations: object) -> Mapping[int, Rated]:
        return {station: Rated(0.946, 37)}

    assert "37 条评价，好评 95%" in client.get(f"/stations/{station}").text
    assert "条评价" not in client.get(f"/stations/{other}").text


@pytest.mark.parametrize("path", ["/stations/999999", "/stations/0"])
def test_a_station_that_is_none_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_station_that_was_given_up_is_not_found(client: FlaskClient, rows: StationRows) -> None:
    station = rows.station(ended_at=clock.now())
    rows.session.commit()
    assert client.get(f"/stations/{station}").status_code == 404


def test_the_page_that_phones_keep_knows_nobody(
    client: FlaskClient, rider: FlaskClient, rider_person: Person, rows: StationRows
) -> None:
    station = rows.station(name_zh="湖东第五站")
    rows.session.commit()
    page = rider.get("/stations")
    assert page.data == client.get("/stations").data
    assert rider_person.name not in page.text
    assert "湖东第五站" not in page.text
    assert f"/stations/{station}" not in page.text
    assert page.headers["Cache-Control"] == "no-cache"


def test_every_phone_keeps_the_page_and_the_map(client: FlaskClient) -> None:
    worker = client.get("/sw.js").text
    setup = json.loads(worker.split("serve(")[1].rsplit(")", 1)[0])
    kept = " ".join(setup["precache"])
    for name in ("js/stations/page.js", "js/stations/map_view.js", "css/stations.css", "leaflet.js",
                 "leaflet.css", "gcoord.esm-browser.prod.js"):  # fmt: skip
        assert name in kept
    assert "/stations" in setup["shells"]


def test_a_riders_tabs_and_first_page_lead_to_stations_and_to_what_waits(
    rider: FlaskClient,
) -> None:
    home = rider.get("/").text
    assert _links(home, '<nav class="tabs"', "</nav>") == [
        "/",
        "/stations",
        "/reports/new",
        "/tasks",
        "/me",
    ]
    assert _links(home, '<header class="bar"', "</header>") == ["/outbox", "/messages", "/badge"]
    tiles = re.findall(r'class="tile[^"]*" href="([^"]+)"', home)
    assert tiles == ["/reports/new", "/check-in", "/tasks"]
    assert 'id="near-stations"' in home
    mine = _links(rider.get("/me").text, "<main", "</main>")
    assert {"/outbox", "/visits", "/reports"} <= set(mine)


def _links(page: str, start: str, end: str) -> list[str]:
    return re.findall(r'<a[^>]* href="([^"]+)"', page.split(start)[1].split(end)[0])
