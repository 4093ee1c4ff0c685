"""The directory: what stands in the file, when it is another one, and how large it is."""

from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.directory_texts import GAP, packed
from app.blueprints.stations.directory_wire import DAYS, first_day
from app.blueprints.stations.models import Facility, StationFacility
from app.blueprints.stations.services import set_facility, set_state
from app.lib import clock
from app.lib.opening_hours import is_open
from tests.conftest import Clock
from tests.support.people import Person, sign_in
from tests.support.statements import counted
from tests.support.station_crowd import build_crowd
from tests.support.station_rows import PLACE, StationRows

PATH = "/stations/directory.json"
MANY, MOST_BYTES = 5_000, 150_000


@pytest.fixture
def rows(session: Session) -> StationRows:
    return StationRows(session)


def fetched(client: FlaskClient, **headers: str) -> dict[str, Any]:
    answer = client.get(PATH, headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def texts_of(column: dict[str, Any], language: int = 0) -> list[str]:
    """What `packed` packed, put together once more."""
    numbers, texts = iter(column["numbers"]), []
    for at, pattern in enumerate(column["of"]):
        first = [next(numbers) for _gap in range(column["patterns"][0][pattern].count(GAP))]
        own = iter(column["others"].get(f"{language}.{at}", first) if language else first)
        pieces = column["patterns"][language][pattern].split(GAP)
        texts.append(pieces[0] + "".join(f"{next(own)}{piece}" for piece in pieces[1:]))
    return texts


LINES = st.text(st.characters(blacklist_categories=("Cc", "Cs"))) | st.from_regex(
    r"\A[号 0-9-]{0,12}\Z"
)


@given(st.lists(st.tuples(LINES, LINES), max_size=8))
def test_texts_come_back_as_they_were(pairs: list[tuple[str, str]]) -> None:
    zh, en = [one for one, _other in pairs], [other for _one, other in pairs]
    column = packed(zh, en)
    assert texts_of(column) == zh
    assert texts_of(column, 1) == en


def test_what_is_alike_is_told_once() -> None:
    column = packed(["东路1号", "东路22号", "西路1号"], ["1 East", "22 East", "9 West"])
    assert column["patterns"] == [["东路\n号", "西路\n号"], ["\n East", "\n West"]]
    assert column["numbers"] == [1, 22, 1]
    assert column["others"] == {"1.2": [9]}


def test_a_station_stands_in_it_with_all_that_riders_see(
    client: FlaskClient, rows: StationRows
) -> None:
    now = clock.now()
    one = rows.station(
        name_zh="湖东第5驿站", name_en="Hudong 5", number="SZ007", level=1, kind="filling",
        address_zh="星湖街218号", address_en="218 Xinghu Street", contact="0512-66668888",
        radius_m=60, poster=3, state="full", state_reason="开会",
        state_until=now + timedelta(hours=1), notice="有绿豆汤",
        notice_until=now + timedelta(hours=2),
    )  # fmt: skip
    other = rows.station(latitude=31.30001, longitude=120.70002, facilities=[])
    rows.session.add(StationFacility(station_id=one, facility=Facility.PHONE_CHARGING, count=6))
    rows.session.get_one(StationFacility, (one, Facility.WATER)).works = False
    rows.session.commit()

    data = fetched(client)
    assert list(accumulate(data["id"])) == [one, other]
    assert texts_of(data["number"])[0] == "SZ007"
    assert (texts_of(data["name"])[0], texts_of(data["name"], 1)[0]) == ("湖东第5驿站", "Hudong 5")
    assert texts_of(data["address"])[0] == "星湖街218号"
    assert texts_of(data["address"], 1)[0] == "218 Xinghu Street"
    assert texts_of(data["contact"]) == ["0512-66668888", ""]
    assert (data["level"], data["kinds"][data["kind"][0]]) == ([1, 2], "filling")
    places = [
        ((data["south"] + south) / data["per_degree"], (data["west"] + west) / data["per_degree"])
        for south, west in zip(data["latitude"], data["longitude"], strict=True)
    ]
    assert places == [(PLACE["latitude"], PLACE["longitude"]), (31.30001, 120.70002)]
    assert (data["radius"], data["poster"]) == ({"0": 60}, {"0": 3})
    end, told = clock.to_ms(now + timedelta(hours=1)), clock.to_ms(now + timedelta(hours=2))
    assert data["said"] == {"0": ["full", "开会", end, "有绿豆汤", told]}
    has = [name for bit, name in enumerate(data["facilities"]) if data["has"][0] & 1 << bit]
    assert has == ["water", "phone_charging", "rest"]
    assert (data["has"][1], data["broken"]) == (0, {"0": 1 << data["facilities"].index("water")})
    assert data["counts"] == [6, 0]


@pytest.mark.parametrize(
    "hours",
    [
        "24/7", "Mo-Fr 08:00-12:00,13:00-20:00; Sa 10:00-16:00", "Mo-Su 20:00-04:00",
        "Mo-Su 09:00-21:00; PH off", "Mo-Su 09:00-21:00; 2026 Jun 03 off",
    ],
)  # fmt: skip
def test_hours_are_told_to_the_minute_for_weeks_ahead(
    client: FlaskClient, rows: StationRows, held_clock: Clock, hours: str
) -> None:
    rows.station(hours=hours)
    rows.session.commit()
    data = fetched(client)
    edges = list(accumulate(data["hours"][data["hours_of"][0]]))
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    since = clock.from_ms(data["from"])
    for minute in range(0, data["days"] * 24 * 60, 30):
        at = since + timedelta(minutes=minute)
        assert any(opens <= minute < ends for opens, ends in spans) == is_open(hours, at), at


@pytest.mark.parametrize("day", [date(2026, 6, 1), date(2026, 6, 7), date(2027, 1, 1)])
def test_the_weeks_told_begin_on_a_monday_and_reach_three_weeks_ahead(day: date) -> None:
    now = datetime.combine(day, datetime.max.time(), clock.LOCAL)
    first = first_day(now)
    assert first.weekday() == 0
    assert first <= day
    assert first + timedelta(days=DAYS) >= day + timedelta(days=21)


def test_it_is_sent_once_until_something_is_new(client: FlaskClient, rows: StationRows) -> None:
    station = rows.station()
    rows.session.commit()
    first = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    host = rows.session.get_one(User, rows.host(station).id)
    set_facility(rows.session, host, station, facility=Facility.WATER, works=False, now=clock.now())
    rows.session.commit()
    changed = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json is not None
    assert changed.json["broken"] == {"0": 1}


def test_a_change_that_is_committed_late_is_not_overlooked(
    client: FlaskClient, rows: StationRows
) -> None:
    now = clock.now()
    late = rows.station()
    rows.station(changed_at=now + timedelta(seconds=9))
    host = rows.session.get_one(User, rows.host(late).id)
    rows.session.commit()
    before = client.get(PATH).headers["ETag"]
    set_state(
        rows.session, host, late, state="full", reason="", until=None,
        now=now + timedelta(seconds=5),
    )  # fmt: skip
    rows.session.commit()
    assert client.get(PATH).headers["ETag"] != before


def test_a_new_week_is_a_new_file(
    client: FlaskClient, rows: StationRows, held_clock: Clock
) -> None:
    rows.station()
    rows.session.commit()
    monday = client.get(PATH).headers["ETag"]
    held_clock.forward(days=6)
    assert client.get(PATH).headers["ETag"] == monday
    held_clock.forward(days=1)
    assert client.get(PATH).headers["ETag"] != monday


def test_hours_that_are_not_understood_count_as_closed_and_hide_no_other_station(
    client: FlaskClient, rows: StationRows
) -> None:
    for hours in ("after the rain", "24/7"):
        rows.station(hours=hours)
    rows.session.commit()
    data = fetched(client)
    bad, good = (data["hours"][of] for of in data["hours_of"])
    assert bad == []
    assert good


def test_what_was_given_up_is_not_in_it(client: FlaskClient, rows: StationRows) -> None:
    rows.station(ended_at=clock.now())
    rows.session.commit()
    assert fetched(client)["id"] == []


def test_it_is_made_once_for_all(app: Flask, client: FlaskClient, rows: StationRows) -> None:
    rows.station()
    rows.session.commit()
    client.get(PATH)
    ran = counted(app)
    client.get(PATH)
    assert len([one for one in ran if one.startswith("SELECT")]) == 1


def test_it_is_the_same_for_everybody_and_keeps_nobody(
    client: FlaskClient, rows: StationRows, rider_person: Person
) -> None:
    rows.station()
    rows.session.commit()
    nobody = client.get(PATH)
    sign_in(client, rider_person)
    somebody = client.get(PATH)
    assert nobody.data == somebody.data
    for answer in (nobody, somebody):
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.one_database
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_five_thousand_stations_are_less_than_150_kilobytes(
    client: FlaskClient, session: Session, encoding: str
) -> None:
    build_crowd(session, MANY, now=clock.now())
    session.commit()
    answer = client.get(PATH, headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding
    assert len(answer.data) < MOST_BYTES
