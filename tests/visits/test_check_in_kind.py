"""The outbox's kind `check_in`: a rider reads a station's poster, or its counter's screen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.accounts.models import User
from app.blueprints.badges.issuer_keys import IssuerKey
from app.blueprints.badges.models import Holder
from app.blueprints.organisations.models import Membership
from app.blueprints.stations import editing
from app.blueprints.stations.models import Station
from app.blueprints.stations.poster_codes import text_of
from app.blueprints.visits import recount
from app.blueprints.visits.models import CheckIn, VisitSum
from app.lib import clock
from app.lib.geo import EARTH_RADIUS_M
from tests.conftest import Clock
from tests.support.outbox import Item, send, send_one
from tests.support.people import People, Person
from tests.support.station_rows import PLACE, StationRows
from tests.support.stations import changed, counter_text, issuer_keys, poster_text
from tests.support.threads import at_once

Browser = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def at_noon(held_clock: Clock) -> Clock:
    """12:00 in Suzhou."""
    held_clock.moment = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
    return held_clock


@pytest.fixture
def here(stations: StationRows, session: Session) -> int:
    station_id = stations.station(radius_m=100)
    session.commit()
    return station_id


def item(code: str, way: str = "poster", *, at: datetime | None = None, **fields: Any) -> Item:
    """A check-in as a phone at the station sends it."""
    values = {"way": way, "code": code, "purpose": "water", "accuracy_m": 10, **PLACE} | fields
    return {
        "key": str(uuid7()), "kind": "check_in", "schema": 1, "fields": values, "photos": [],
        "captured_at": clock.to_ms(at or clock.now()), "server_offset": 0,
    }  # fmt: skip


def _only(session: Session) -> CheckIn:
    session.rollback()
    [found] = session.scalars(select(CheckIn)).all()
    return found


def _north(metres: float) -> float:
    return PLACE["latitude"] + metres / EARTH_RADIUS_M * 57.29577951308232


def test_by_the_poster(
    app: Flask, rider: FlaskClient, rider_person: Person, session: Session, here: int
) -> None:
    company = session.scalar(
        select(Membership.organisation_id).where(Membership.user_id == rider_person.id)
    )
    session.add(Holder(user_id=rider_person.id, company_id=company, created_at=clock.now()))
    session.commit()
    one = item(poster_text(app, here), purpose="charge")
    answer = send_one(rider, one)
    found = _only(session)
    assert (answer["verdict"], answer["url"]) == ("accepted", "/visits")
    assert (found.key, found.station_id, found.rider_id) == (one["key"], here, rider_person.id)
    assert (found.way, found.purpose, found.who, found.people) == ("poster", "charge", "rider", 1)
    assert (found.at, found.received_at) == (clock.now(), clock.now())
    assert (found.mark, found.leads, found.distance_m) == (None, True, 0)
    assert (found.latitude, found.longitude) == (PLACE["latitude"], PLACE["longitude"])
    assert (found.company_id, found.recorder_id) == (company, None)


def test_by_the_counters_screen_no_place_is_kept(
    app: Flask, rider: FlaskClient, session: Session, here: int
) -> None:
    one = item(counter_text(app, here), "counter", latitude=_north(5000))
    assert send_one(rider, one)["verdict"] == "accepted"
    found = _only(session)
    assert (found.way, found.mark, found.leads) == ("counter", None, True)
    assert (found.latitude, found.longitude, found.distance_m) == (None, None, None)


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "mark"),
    [(99.9, 0, None), (100.1, 0, "too_far"), (149.9, 50, None), (299.9, 9000, None),
     (300.1, 9000, "too_far"), (5000, 10, "too_far")],
)  # fmt: skip
def test_with_a_poster_the_place_must_fit(
    app: Flask, rider: FlaskClient, session: Session, here: int, metres: float,
    accuracy_m: int, mark: str | None,
) -> None:  # fmt: skip
    one = item(poster_text(app, here), latitude=_north(metres), accuracy_m=accuracy_m)
    assert send_one(rider, one)["verdict"] == "accepted"
    found = _only(session)
    assert (found.mark, found.leads, found.distance_m) == (mark, mark is None, round(metres))


def test_a_phone_that_knows_no_place(
    app: Flask, rider: FlaskClient, session: Session, here: int
) -> None:
    one = item(poster_text(app, here), latitude=None, longitude=None, accuracy_m=None)
    assert send_one(rider, one)["verdict"] == "accepted"
    assert (_only(session).mark, _only(session).leads) == ("no_place", False)


def test_a_screen_copied_and_used_five_minutes_later_is_marked(
    app: Flask, rider: FlaskClient, session: Session, here: int, at_noon: Clock
) -> None:
    copied = counter_text(app, here)
    at_noon.forward(minutes=5)
    assert send_one(rider, item(copied, "counter"))["verdict"] == "accepted"
    assert (_only(session).mark, _only(session).leads) == ("stale_code", False)


def test_what_was_captured_in_time_counts_however_late_it_comes(
    app: Flask, rider: FlaskClient, session: Session, here: int, at_noon: Clock
) -> None:
    one = item(counter_text(app, here), "counter")
    at_noon.forward(days=2)
    assert send_one(rider, one)["verdict"] == "accepted"
    found = _only(session)
    assert (found.mark, found.received_at - found.at) == (None, timedelta(days=2))


def test_the_phones_clock_is_corrected_by_what_it_knew(
    app: Flask, rider: FlaskClient, session: Session, here: int
) -> None:
    slow = item(counter_text(app, here), "counter", at=clock.now() - timedelta(hours=1))
    assert send_one(rider, slow | {"server_offset": 3_600_000})["verdict"] == "accepted"
    assert (_only(session).mark, _only(session).at) == (None, clock.now())


@pytest.mark.parametrize(("days", "kept"), [(-8, -8), (3000, 0)])
def test_a_time_that_cannot_be_right_is_marked(
    app: Flask, rider: FlaskClient, session: Session, here: int, days: int, kept: int
) -> None:
    one = item(poster_text(app, here), at=clock.now() + timedelta(days=days))
    assert send_one(rider, one)["verdict"] == "accepted"
    found = _only(session)
    assert (found.mark, found.leads) == ("clock", False)
    assert found.at == clock.now() + timedelta(days=kept)


def test_a_withdrawn_poster_is_marked(
    app: Flask, rider: FlaskClient, session: Session, here: int
) -> None:
    old, new = poster_text(app, here), poster_text(app, here, poster=2)
    session.get_one(Station, here).poster = 2
    session.commit()
    send(rider, item(old), item(new))
    marks = session.scalars(select(CheckIn.mark).order_by(CheckIn.id)).all()
    assert marks == ["old_poster", None]


def test_a_poster_read_before_it_was_withdrawn_is_good_however_late_it_is_sent(
    app: Flask, rider: FlaskClient, session: Session, here: int, at_noon: Clock
) -> None:
    first, second, third = (poster_text(app, here, poster=number) for number in (1, 2, 3))
    before = item(first)
    withdraw(session, here, at_noon)
    read = [item(first), item(second)]
    withdraw(session, here, at_noon)
    sent = [before, *read, item(second), item(third), item(poster_text(app, here, poster=4))]
    send(rider, *sent)
    marks = session.scalars(select(CheckIn.mark).order_by(CheckIn.id)).all()
    # Of the first poster it is only known that two have followed it.
    assert marks == ["old_poster", "old_poster", None, "old_poster", None, "old_poster"]


def withdraw(session: Session, station_id: int, at: Clock) -> None:
    """At the desk, ten minutes after what was before and ten before what follows."""
    at.forward(minutes=10)
    station = session.get_one(Station, station_id)
    host = session.get_one(User, StationRows(session).host(station_id).id)
    editing.withdraw_poster(session, host, station_id, poster=station.poster, now=clock.now())
    session.commit()
    at.forward(minutes=10)


def _foreign(app: Flask, here: int) -> str:
    """Another district's key, under a kid of ours."""
    kid = issuer_keys(app).signing(clock.now()).kid
    private_key = ec.generate_private_key(ec.SECP256R1())
    return text_of(IssuerKey(kid, clock.now(), private_key, Path("x")), station_id=here, poster=1)


@pytest.mark.parametrize(
    ("way", "written", "word"),
    [
        ("poster", lambda app, here: changed(poster_text(app, here), 50), "not made by"),
        ("poster", lambda app, here: changed(poster_text(app, here), 8), "not made by"),
        ("poster", _foreign, "not made by"),
        ("poster", lambda app, _here: poster_text(app, 999_999), "no such station"),
        ("poster", lambda app, here: counter_text(app, here), "no code of a station"),
        ("counter", lambda app, here: changed(counter_text(app, here), 20), "not made by"),
        ("counter", lambda app, here: changed(counter_text(app, here), 4), "not made by"),
        ("counter", lambda app, _here: counter_text(app, 999_999), "no such station"),
        ("counter", lambda app, here: poster_text(app, here), "no code of a station"),
        ("badge", lambda app, here: poster_text(app, here), "no code of a station"),
        ("poster", lambda _app, _here: "x" * 100_000, "no code of a station"),
        ("poster", lambda _app, _here: None, "no code of a station"),
    ],
)
def test_wrong_and_forged_codes_get_a_clear_answer(
    app: Flask, browser_of: Browser, rider_person: Person, session: Session, here: int, way: str,
    written: Callable[[Flask, int], Any], word: str,
) -> None:  # fmt: skip
    client = browser_of(rider_person)
    client.set_cookie("lang", "en")
    one = item(written(app, here), way)
    answer = client.post("/sync/items", json=[one], headers={"Accept-Language": "en"}).get_json()
    assert answer[0]["verdict"] == "rejected"
    assert word in answer[0]["errors"]["code"][0]
    assert session.scalars(select(CheckIn)).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("purpose", "sleep"), ("purpose", None), ("purpose", ["water"]), ("latitude", 91),
     ("accuracy_m", -1), ("longitude", "120")],
)  # fmt: skip
def test_fields_are_bounded(
    app: Flask, rider: FlaskClient, here: int, field: str, value: object
) -> None:
    one = item(poster_text(app, here))
    one["fields"][field] = value
    answer = send_one(rider, one)
    assert answer["verdict"] == "rejected"
    assert list(answer["errors"]) == [field]


def test_a_station_that_was_given_up_takes_what_was_before(
    app: Flask, rider: FlaskClient, session: Session, here: int, at_noon: Clock
) -> None:
    before = item(poster_text(app, here))
    at_noon.forward(minutes=10)
    session.get_one(Station, here).ended_at = clock.now()
    session.commit()
    verdicts = send(rider, before, item(poster_text(app, here)))
    assert [one["verdict"] for one in verdicts] == ["accepted", "rejected"]


def test_only_riders_check_in(app: Flask, dispatcher: FlaskClient, here: int) -> None:
    answer = send_one(dispatcher, item(poster_text(app, here)))
    assert (answer["verdict"], list(answer["errors"])) == ("rejected", ["item"])


def test_sent_again_it_is_the_same_and_another_persons_key_stays_theirs(
    app: Flask, rider: FlaskClient, browser_of: Browser, people: People, session: Session,
    here: int,
) -> None:  # fmt: skip
    one = item(poster_text(app, here))
    assert [send_one(rider, one)["verdict"] for _turn in range(2)] == ["accepted", "duplicate"]
    assert send_one(rider, one | {"captured_at": one["captured_at"] + 1})["verdict"] == "conflict"
    thief = browser_of(people.make("rider"))
    assert send_one(thief, one)["verdict"] == "rejected"
    assert _only(session).key == one["key"]
    assert list(recount.differences(session, here)) == []


def test_a_batch_of_many_stations_counts_each(
    app: Flask, rider: FlaskClient, stations: StationRows, session: Session
) -> None:
    ids = [stations.station() for _number in range(4)]
    session.commit()
    batch = [item(poster_text(app, ids[n % 4]), purpose="rest") for n in range(100)]
    assert {one["verdict"] for one in send(rider, *batch)} == {"accepted"}
    session.rollback()
    for station_id in ids:
        assert list(recount.differences(session, station_id)) == []
    sums = session.execute(
        select(VisitSum.station_id, VisitSum.check_ins, VisitSum.visits)
        .where(VisitSum.dimension == "who")
        .order_by(VisitSum.station_id)
    ).all()
    assert [tuple(one) for one in sums] == [(station_id, 25, 1) for station_id in ids]


def test_two_phones_of_a_rider_at_once_make_one_visit(
    app: Flask, browser_of: Browser, rider_person: Person, session: Session, here: int
) -> None:
    phones = [browser_of(rider_person) for _number in range(4)]
    items = [[item(poster_text(app, here)) for _turn in range(5)] for _phone in phones]
    verdicts = at_once(lambda number: send(phones[number], *items[number]), len(phones))
    assert {one["verdict"] for batch in verdicts for one in batch} == {"accepted"}
    session.rollback()
    assert sum(session.scalars(select(CheckIn.leads))) == 1
    assert list(recount.differences(session, here)) == []


def test_the_same_item_sent_by_many_at_once_is_written_once(
    app: Flask, browser_of: Browser, rider_person: Person, session: Session, here: int
) -> None:
    phones, one = [browser_of(rider_person) for _n in range(4)], item(poster_text(app, here))
    verdicts = at_once(lambda number: send_one(phones[number], one)["verdict"], len(phones))
    assert sorted(verdicts) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert _only(session).key == one["key"]
    assert list(recount.differences(session, here)) == []
