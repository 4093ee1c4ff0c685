"""The map counts what the list holds, of what each person may see, within bounds and bounded."""

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.blueprints.cases import map_queries
from app.blueprints.organisations.models import Area
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from tests.support.cases import CaseDesk
from tests.support.people import Person, sign_in

HERE = {"s": "31.2", "w": "120.6", "n": "31.4", "e": "120.9", "zoom": "12", "queue": "all"}
SQUARE = (
    '{"type": "Polygon", "coordinates": '
    "[[[120.7, 31.3], [120.72, 31.3], [120.72, 31.32], [120.7, 31.32], [120.7, 31.3]]]}"
)


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def browser(desk: CaseDesk, who: Person) -> FlaskClient:
    client = desk.app.test_client()
    sign_in(client, who)
    return client


def shown(client: FlaskClient, **asked: str) -> dict[str, Any]:
    answer = client.get("/cases/map/cases.json", query_string={**HERE, **asked})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    assert len(found["features"]) <= map_queries.MOST
    return found


def scatter(desk: CaseDesk, session: Session, count: int) -> list[tuple[float, float]]:
    """Many cases like one, all over the bounds."""
    like = session.get_one(Report, desk.filed())
    columns = {c.key: getattr(like, c.key) for c in Report.__table__.columns if c.key != "id"}
    chance = random.Random(2)
    points = [
        (chance.uniform(31.21, 31.39), chance.uniform(120.61, 120.89)) for _case in range(count)
    ]
    session.add_all(
        Report(**columns | {"latitude": latitude, "longitude": longitude})
        for latitude, longitude in points
    )
    session.commit()
    return [*points, (31.31, 120.71)]


def test_few_are_shown_one_by_one(desk: CaseDesk) -> None:
    case = desk.at(State.HANDLING)
    (feature,) = shown(browser(desk, desk.dispatcher))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.71, 31.31]}
    assert feature["properties"]["id"] == case
    assert feature["properties"]["look"] == {"word": "处置中", "icon": "play", "tone": "going"}


def test_many_are_counted_and_none_is_lost(desk: CaseDesk, session: Session) -> None:
    points = scatter(desk, session, 400)
    client = browser(desk, desk.dispatcher)
    for zoom in ("8", "11", "13", "19"):
        found = shown(client, zoom=zoom)
        assert sum(one["properties"]["count"] for one in found["features"]) == len(points)
        for one in found["features"]:
            south, west, north, east = one["properties"]["bounds"]
            inside = [
                point for point in points
                if south - 1e-6 <= point[0] <= north + 1e-6
                and west - 1e-6 <= point[1] <= east + 1e-6
            ]  # fmt: skip
            assert len(inside) >= one["properties"]["count"]
            longitude, latitude = one["geometry"]["coordinates"]
            assert south - 1e-5 <= latitude <= north + 1e-5
            assert west - 1e-5 <= longitude <= east + 1e-5
    part = shown(client, n="31.3")
    assert part["total"] == sum(latitude <= 31.3 for latitude, _longitude in points)


def test_nearer_there_are_more_clusters_then_cases(desk: CaseDesk, session: Session) -> None:
    scatter(desk, session, 400)
    client = browser(desk, desk.dispatcher)
    assert len(shown(client, zoom="8")["features"]) < len(shown(client, zoom="11")["features"])
    near = shown(client, s="31.3", n="31.32", w="120.7", e="120.72", zoom="15")
    assert all("id" in one["properties"] for one in near["features"])


def test_the_filter_of_the_desk_narrows_the_map(desk: CaseDesk) -> None:
    desk.at(State.HANDLING)
    waiting = desk.filed()
    client = browser(desk, desk.dispatcher)
    (one,) = shown(client, queue="received")["features"]
    assert one["properties"]["id"] == waiting
    assert shown(client, category="0504")["features"] == []


def test_a_wide_map_of_what_has_ended_shows_the_last_days_and_says_so(desk: CaseDesk) -> None:
    long_ago = clock.now() - timedelta(days=40)
    desk.at(State.CLOSED, now=long_ago)
    old = desk.at(State.HANDLING, now=long_ago)
    client = browser(desk, desk.dispatcher)
    wide = shown(client)
    assert (wide["total"], wide["days"]) == (0, 30)
    (still_open,) = shown(client, queue="at_department")["features"]
    assert still_open["properties"]["id"] == old
    near = shown(client, s="31.3", n="31.32", w="120.7", e="120.72")
    assert (near["total"], near["days"]) == (2, None)
    since = f"{long_ago - timedelta(days=2):%Y-%m-%d}"
    assert shown(client, since=since)["total"] == 2


def test_everybody_sees_their_own(desk: CaseDesk) -> None:
    case = desk.at(State.HANDLING)
    desk.filed()
    assert shown(browser(desk, desk.dispatcher))["total"] == 2
    (own,) = shown(browser(desk, desk.handler))["features"]
    assert own["properties"]["id"] == case
    assert shown(browser(desk, desk.other_handler))["features"] == []
    assert shown(browser(desk, desk.grid_worker))["total"] == 2
    assert shown(browser(desk, desk.other_grid_worker))["total"] == 0


def test_nobody_reads_a_reporter_from_the_map(desk: CaseDesk) -> None:
    desk.at(State.HANDLING)
    text = str(shown(browser(desk, desk.handler)))
    assert desk.rider.name not in text
    assert desk.rider.phone not in text


@pytest.mark.parametrize(
    "bounds",
    [{"s": "nan"}, {"s": "32"}, {"zoom": "99"}, {"e": "1e9"}, {"w": ""}, {"zoom": "x"}],
    ids=str,
)
def test_bounds_that_are_none(desk: CaseDesk, bounds: dict[str, str]) -> None:
    client = browser(desk, desk.dispatcher)
    assert client.get("/cases/map/cases.json", query_string=HERE | bounds).status_code == 422


def test_outlines_of_the_grids_within(desk: CaseDesk, session: Session) -> None:
    session.add(
        Area(
            organisation_id=desk.grid_id, polygon=SQUARE, south=31.3, west=120.7, north=31.32,
            east=120.72, loaded_at=clock.now(),
        )
    )  # fmt: skip
    session.commit()
    client = browser(desk, desk.grid_worker)
    answer = client.get("/cases/map/areas.json", query_string=HERE).get_json()
    assert [one["properties"]["name"] for one in answer["features"]] == ["一号网格"]
    away = HERE | {"s": "31.33"}
    assert client.get("/cases/map/areas.json", query_string=away).get_json()["features"] == []
    page = client.get("/cases/map").text
    assert 'data-south="31.3"' in page


def test_few_statements_however_many_cases(desk: CaseDesk, session: Session) -> None:
    """As many for four hundred as for one: counted by the database's own log."""
    counted: list[int] = []
    client = browser(desk, desk.dispatcher)
    with desk.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *_all: counted.append(1))
    desk.filed()
    counted.clear()
    shown(client)
    few = len(counted)
    scatter(desk, session, 400)
    counted.clear()
    shown(client)
    assert len(counted) <= few + 1
