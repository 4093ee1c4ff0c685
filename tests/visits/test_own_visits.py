"""What a rider sees of own visits, and what is forgotten of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.blueprints.visits.models import CheckIn
from app.blueprints.visits.services import record
from app.lib import clock
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.people import People, Person
from tests.support.statements import counted
from tests.support.station_rows import StationRows
from tests.visits.conftest import make_draft


@pytest.fixture(autouse=True)
def at_noon(held_clock: Clock) -> Clock:
    """12:00 in Suzhou, in the middle of a month."""
    held_clock.moment = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
    return held_clock


@pytest.fixture
def here(stations: StationRows, session: Session) -> int:
    station_id = stations.station(name_zh="湖东驿站")
    session.commit()
    return station_id


def _write(
    session: Session, station_id: int, rider: Person, *minutes: int, **columns: object
) -> None:
    with transaction(session):
        record(session, [make_draft(station_id, rider.id, at=at, **columns) for at in minutes])


def test_the_page_to_check_in_knows_nobody(client: FlaskClient, rider: FlaskClient) -> None:
    answers = [one.get("/check-in") for one in (client, rider)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert answers[0].headers["Cache-Control"] == "no-cache"


def test_nothing_yet(rider: FlaskClient) -> None:
    page = rider.get("/visits").text
    assert 'href="/check-in"' in page
    assert "visit-counts" not in page


def test_visits_of_this_month_and_of_all(
    rider: FlaskClient, rider_person: Person, session: Session, here: int
) -> None:
    day = 24 * 60
    _write(session, here, rider_person, -10, -60, -2 * day, -20 * day)
    page = rider.get("/visits").text
    assert "湖东驿站" in page
    numbers = [part.split("<")[0] for part in page.split('<dd class="number">')[1:]]
    assert numbers == ["2", "3"]
    assert page.count("status ok") == 3
    assert page.count("data-rate=") == 2  # older ones are no longer asked about


@pytest.mark.parametrize("mark", ["too_far", "no_place", "stale_code", "old_poster", "clock"])
def test_a_mark_is_explained(
    rider: FlaskClient, rider_person: Person, session: Session, here: int, mark: str
) -> None:
    _write(session, here, rider_person, -10, mark=mark, distance_m=740)
    rider.set_cookie("lang", "en")
    page = rider.get("/visits").text
    assert "status wait" in page
    assert ("740" in page) == (mark == "too_far")
    assert "data-rate=" not in page


def test_nobody_sees_anothers(
    rider: FlaskClient, people: People, session: Session, here: int
) -> None:
    _write(session, here, people.make("rider"), -10)
    assert "湖东驿站" not in rider.get("/visits").text


def test_pages_of_thirty_by_their_times_in_few_statements(
    app: Flask, rider: FlaskClient, rider_person: Person, session: Session, here: int
) -> None:
    for start in (0, 2, 1):  # what came late stands where it belongs
        _write(session, here, rider_person, *range(-start - 1, -64 * 5, -15))
    ran = counted(app)
    first = rider.get("/visits").text
    reading = [one for one in ran if one.startswith("SELECT")]
    assert len(reading) <= 8
    before = first.split("/visits?before=")[1].split('"')[0]
    second = rider.get(f"/visits?before={before}").text
    third = rider.get(f"/visits?before={second.split('/visits?before=')[1].split(chr(34))[0]}").text
    times = [
        part.split('"')[0]
        for page in (first, second, third)
        for part in page.split('<time class="number" datetime="')[1:]
    ]
    assert times == sorted(times, reverse=True)
    assert len(times) == session.scalar(select(func.count()).select_from(CheckIn))
    for wrong in ("0", "-5", "99999999999999999999", "x"):
        assert rider.get(f"/visits?before={wrong}").status_code == 200


def test_places_are_forgotten_after_a_time(
    app: Flask, rider_person: Person, session: Session, here: int,
    run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    place = {"latitude": 31.3, "longitude": 120.7, "distance_m": 12}
    _write(session, here, rider_person, *range(-600, 0), **place)
    session.execute(
        update(CheckIn)
        .where(CheckIn.at < clock.now() - timedelta(minutes=50))
        .values(received_at=clock.now() - timedelta(days=91))
    )
    session.commit()
    run_jobs()
    session.rollback()
    kept = session.scalar(select(func.count()).where(CheckIn.latitude.is_not(None)))
    assert kept == session.scalar(select(func.count()).where(CheckIn.longitude.is_not(None))) == 50
    assert session.scalar(select(func.count()).where(CheckIn.distance_m == 12)) == 600
