"""What a counter keeps, and who is here: of the host's own stations alone."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.blueprints.badges import status_list
from app.blueprints.badges.holders import enter_riders
from app.blueprints.badges.terms import terms_of
from app.blueprints.stations.models import Station
from app.blueprints.visits import counter_codes
from app.blueprints.visits.services import record
from app.extensions import db
from app.lib import clock
from tests.counters.conftest import Counter
from tests.support.badges import JSON
from tests.support.gate_site import Site
from tests.support.people import People
from tests.support.statements import counted
from tests.support.station_rows import StationRows
from tests.visits.conftest import make_draft

Forward = Callable[..., None]


def bundle(client: FlaskClient, query: str = "", **headers: str) -> Any:
    return client.get(f"/counter/bundle.json{query}", headers=JSON | headers)


def test_the_page_knows_nobody(counter: Counter) -> None:
    mine = counter.client.get("/counter")
    anybody = counter.app.test_client().get("/counter")
    assert mine.status_code == anybody.status_code == 200
    assert mine.data == anybody.data
    assert "no-store" not in mine.headers["Cache-Control"]


def test_the_hosts_stations_with_the_keys_of_their_screens(counter: Counter) -> None:
    content = bundle(counter.client).get_json()
    assert content["user"] == counter.host.id
    assert content["now"] == clock.to_ms(clock.now())
    [station] = content["stations"]
    assert (station["id"], station["zh"], station["state"]) == (
        counter.station_id, "月亮湾驿站", "open",
    )  # fmt: skip
    now = clock.now()
    today = clock.to_local(now).date().isoformat()
    assert len(station["keys"]) == 3
    key = urlsafe_b64decode(station["keys"][today] + "=")
    text = counter_codes.text_at(counter.station_id, key, counter_codes.slot_at(now))
    secret = counter_codes.secret_of(counter.app.config["SECRET_KEY"])
    code = counter_codes.read(text)
    assert counter_codes.judge(code, secret=secret, at=now) == counter_codes.Judged.RIGHT


@pytest.mark.parametrize("said", ["²", "9" * 30, str(2**31), "-1", "x"])
def test_a_station_that_cannot_be_is_none(counter: Counter, said: str) -> None:
    assert len(bundle(counter.client, f"?station={said}").get_json()["stations"]) == 1


def test_the_status_list_is_signed_by_a_key_in_the_bundle(counter: Counter, site: Site) -> None:
    site.rider("王小明")
    site.desk.revoke(site.riders["王小明"])
    content = bundle(counter.client).get_json()
    keys = {
        int(kid): [bytes.fromhex(point) for point in points]
        for kid, points in content["issuer_keys"].items()
    }
    with counter.app.app_context():
        assert keys == terms_of(counter.app.config).keys.published()
    opened = status_list.open_list(content["status_list"], keys)
    assert opened.status(1) == status_list.Status.REVOKED


def test_nothing_new_is_304_until_something_is(counter: Counter, forward: Forward) -> None:
    tag = bundle(counter.client).headers["ETag"]
    forward(seconds=1)
    assert bundle(counter.client, **{"If-None-Match": tag}).status_code == 304
    with counter.app.app_context():
        db.session.get_one(Station, counter.station_id).state = "full"
        db.session.commit()
        db.session.remove()
    assert bundle(counter.client, **{"If-None-Match": tag}).status_code == 200


def test_hosts_of_a_street_or_a_company_have_all_of_theirs_and_no_ended_one(
    counter: Counter,
) -> None:
    with counter.app.app_context():
        session = db.session()
        rows = StationRows(session)
        street, company = rows.street(), rows.street("某公司")
        below, run = rows.station(street), rows.station(operator_id=company)
        rows.station(street, ended_at=clock.now() - timedelta(days=1))
        people = [rows.host(street), rows.host(company)]
        session.commit()
        db.session.remove()
    found = [
        [one["id"] for one in bundle(counter.signed_in(who)).get_json()["stations"]]
        for who in people
    ]
    assert found == [[below], [run]]


def test_an_administrator_names_the_station_that_is_meant(
    counter: Counter, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.blueprints.counters.bundle.MOST_STATIONS", 1)
    client = counter.signed_in(people.make("administrator"))
    first = bundle(client).get_json()
    assert (first["more"], len(first["stations"])) == (True, 1)
    wanted = bundle(client, f"?station={counter.elsewhere_id}").get_json()
    assert wanted["stations"][0]["id"] == counter.elsewhere_id
    own = bundle(counter.client, f"?station={counter.elsewhere_id}").get_json()
    assert [one["id"] for one in own["stations"]] == [counter.station_id]
    assert bundle(client, "?station=x").status_code == 200


def test_the_bundle_costs_the_same_however_many_stations(counter: Counter) -> None:
    ran = counted(counter.app)
    bundle(counter.client)
    ran.clear()
    bundle(counter.client)
    few = len(ran)
    with counter.app.app_context():
        rows, home = StationRows(db.session()), counter.station_id
        for _station in range(5):
            rows.station(home)
        db.session.commit()
        db.session.remove()
    assert len(bundle(counter.client).get_json()["stations"]) == 6
    ran.clear()
    bundle(counter.client)
    assert len(ran) == few


def test_who_is_here_and_today_by_hour(counter: Counter, site: Site, forward: Forward) -> None:
    phone = site.rider("王小明")
    counter.send(counter.item(who="worker", people=3))
    forward(hours=2, minutes=1)
    counter.send(counter.item(way="badge", code=phone.show()), counter.item(label="师傅"))
    here = counter.here()
    assert here["people"] == 2
    assert [(one["label"], one["people"], one["by_host"]) for one in here["entries"]] == [
        ("师傅", 1, True), (here["entries"][1]["label"], 1, True),
    ]  # fmt: skip
    assert here["entries"][1]["label"].endswith("王**")
    assert (here["hours"][12], here["hours"][14], sum(here["hours"])) == (3, 2, 5)
    assert here["day"] == "2026-06-01"


def test_a_riders_own_check_in_shows_the_label_of_the_badge_and_no_name(
    counter: Counter, people: People
) -> None:
    rider = people.make("rider", name="王小明")
    with counter.app.app_context():
        enter_riders(db.session(), now=clock.now())
        record(db.session(), [make_draft(counter.station_id, rider.id)])
        db.session.commit()
        db.session.remove()
    [entry] = counter.here()["entries"]
    assert entry["label"].endswith("王**")
    assert entry["by_host"] is False
    assert "小明" not in str(counter.here())


def test_here_is_of_the_station_alone_and_of_its_hosts(counter: Counter, people: People) -> None:
    counter.send(counter.item())
    for client in (
        counter.signed_in(counter.another_host(counter.elsewhere_id)),
        counter.signed_in(people.make("host")),
    ):
        assert client.get(f"/counter/{counter.station_id}/here.json").status_code == 404
    administrator = counter.signed_in(people.make("administrator"))
    assert administrator.get(f"/counter/{counter.elsewhere_id}/here.json").get_json()["people"] == 0


def test_here_costs_the_same_however_many_came(counter: Counter) -> None:
    ran = counted(counter.app)
    counter.send(counter.item())
    counter.here()
    ran.clear()
    counter.here()
    few = len(ran)
    counter.send(*(counter.item(label=f"{n}") for n in range(30)))
    ran.clear()
    assert len(counter.here()["entries"]) == 31
    assert len(ran) == few


def test_here_is_304_while_nobody_comes(counter: Counter, forward: Forward) -> None:
    path = f"/counter/{counter.station_id}/here.json"
    tag = counter.client.get(path).headers["ETag"]
    forward(seconds=5)
    assert counter.client.get(path, headers={"If-None-Match": tag}).status_code == 304
    counter.send(counter.item())
    assert counter.client.get(path, headers={"If-None-Match": tag}).status_code == 200
