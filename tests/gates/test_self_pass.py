"""The outbox's kind `self_pass`: a rider reports a pass where there is no guard."""

from collections.abc import Callable
from math import cos, degrees, radians
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from uuid6 import uuid7

from app.blueprints.badges.models import Badge, Holder
from app.blueprints.gates.models import CompoundGroupMember, Gate, Pass, Presence
from app.blueprints.gates.places import Known, SelfReport, _apart_m, _verdict
from app.extensions import db
from app.lib import clock
from app.lib.geo import EARTH_RADIUS_M, MOST_ACCURACY_M, Spot
from tests.conftest import Clock
from tests.support.badges import Desk, RiderPhone
from tests.support.gate_site import Site
from tests.support.people import People, Person

CODE, HERE = "LakesideEast0001", (31.3, 120.7)


@pytest.fixture
def site(app: Flask, people: People, held_clock: Clock) -> Site:
    """A gate with a place, and a rider 王小明 with a badge."""
    site = Site(app, people, Desk(app, people.make("administrator")))
    site.rules(place_code=CODE, latitude=HERE[0], longitude=HERE[1], radius_m=80)
    return site


@pytest.fixture
def phone(site: Site) -> RiderPhone:
    return site.rider("王小明")


def north(metres: float) -> float:
    """The latitude so many metres north of the gate."""
    return HERE[0] + degrees(metres / EARTH_RADIUS_M)


def item(**fields: Any) -> dict[str, Any]:
    values = {
        "gate": CODE, "latitude": HERE[0], "longitude": HERE[1], "accuracy_m": 9.5,
        "direction": "entry",
    }  # fmt: skip
    return {
        "key": str(uuid7()), "kind": "self_pass", "schema": 1, "fields": values | fields,
        "photos": [], "captured_at": clock.to_ms(clock.now()), "server_offset": 0,
    }  # fmt: skip


def send(client: FlaskClient, *items: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/sync/items", json=list(items))
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()
    return found


def test_near_enough_it_is_a_pass_and_the_rider_is_inside(site: Site, phone: RiderPhone) -> None:
    [answer] = send(phone.client, one := item())
    assert answer["verdict"] == "accepted"
    [passed] = site.passes()
    assert (passed.key, passed.method, passed.outcome) == (one["key"], "self", "entered")
    assert (passed.phone_level, passed.phone_reason) == ("amber", "self")
    assert (passed.server_level, passed.server_reason) == ("amber", "self")
    assert (passed.rider_id, passed.distance_m) == (site.riders["王小明"].id, 0)
    assert (passed.at, passed.label) == (clock.now(), phone_label(phone))
    assert site.conflicts() == []
    with site.app.app_context():
        assert db.session.query(Presence).filter_by(left_at=None).count() == 1
        db.session.remove()


def phone_label(phone: RiderPhone) -> str:
    label: str = phone.renew()["rider"]["label"]
    return label


def test_twice_is_once(site: Site, phone: RiderPhone) -> None:
    one = item()
    assert [send(phone.client, one)[0]["verdict"] for _time in range(2)] == [
        "accepted", "duplicate",
    ]  # fmt: skip
    assert len(site.passes()) == 1


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "near"),
    [(80, 0, True), (81, 0, False), (100, 21, True), (280, 200, True), (281, 200, False),
     (281, 5000, False), (281, None, False), (79, None, True)],
)  # fmt: skip
def test_how_near_is_near_enough(
    site: Site, phone: RiderPhone, metres: float, accuracy_m: float | None, near: bool
) -> None:
    [answer] = send(phone.client, item(latitude=north(metres - 0.01), accuracy_m=accuracy_m))
    assert answer["verdict"] == "accepted"
    [passed] = site.passes()
    expected = ("entered", "amber", "self") if near else ("refused", "red", "too_far")
    assert (passed.outcome, passed.phone_level, passed.phone_reason) == expected
    assert passed.distance_m == metres


@pytest.mark.parametrize("missing", ["latitude", "longitude"])
def test_a_phone_that_knows_no_place(site: Site, phone: RiderPhone, missing: str) -> None:
    assert send(phone.client, item(**{missing: None}))[0]["verdict"] == "accepted"
    [passed] = site.passes()
    assert (passed.outcome, passed.phone_reason) == ("refused", "no_place")
    assert passed.distance_m is None


def test_a_gate_whose_place_nobody_set(site: Site, phone: RiderPhone) -> None:
    site.rules(latitude=None, longitude=None)
    send(phone.client, item())
    assert site.passes()[0].phone_reason == "no_place"


@pytest.mark.parametrize(
    ("rules", "direction", "reason", "detail"),
    [
        ({"opens_min": 8 * 60, "closes_min": 9 * 60}, "entry", "gate_closed", "hours"),
        ({"opens_min": 8 * 60, "closes_min": 9 * 60}, "exit", "self", None),
        ({"direction": "exit"}, "entry", "gate_closed", "direction"),
        ({"live_only": True, "printed_cap": 0}, "entry", "self", None),
    ],
)
def test_the_gates_rules_count(
    site: Site, phone: RiderPhone, rules: dict[str, Any], direction: str, reason: str,
    detail: str | None,
) -> None:  # fmt: skip
    site.rules(**rules)  # it is noon
    send(phone.client, item(direction=direction))
    [passed] = site.passes()
    assert (passed.phone_reason, passed.phone_detail) == (reason, detail)
    assert passed.outcome == ("entered" if reason == "self" else "refused")


def test_scope_counts(site: Site) -> None:
    elsewhere = site.rider("李四", scope=9)
    send(elsewhere.client, item())
    with site.desk.acting() as (session, _actor):
        session.add(CompoundGroupMember(compound_id=site.compound_id, number=9))
    send(elsewhere.client, item())
    assert [one.phone_reason for one in site.passes()] == ["wrong_scope", "self"]


@pytest.mark.parametrize(("act", "reason"), [("suspend", "suspended"), ("revoke", "revoked")])
def test_a_rider_who_does_not_count(site: Site, phone: RiderPhone, act: str, reason: str) -> None:
    getattr(site.desk, act)(site.riders["王小明"])
    assert send(phone.client, item())[0]["verdict"] == "accepted"
    [passed] = site.passes()
    assert (passed.outcome, passed.phone_reason) == ("refused", reason)


def test_a_rider_without_a_badge(site: Site, rider: FlaskClient, rider_person: Person) -> None:
    send(rider, item())
    [passed] = site.passes()
    assert (passed.outcome, passed.phone_reason) == ("refused", "no_badge")
    assert passed.rider_id == rider_person.id


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"gate": "unknown"}, "gate"), ({"gate": None}, "gate"), ({"gate": 7}, "gate"),
        ({"gate": "x" * 9999}, "gate"), ({"gate": ["x"]}, "gate"), ({"gate": "\0"}, "gate"),
        ({"direction": "both"}, "direction"), ({"direction": None}, "direction"),
        ({"direction": []}, "direction"),
        ({"latitude": 91}, "latitude"), ({"longitude": "1"}, "longitude"),
        ({"latitude": True}, "latitude"), ({"accuracy_m": -1}, "accuracy_m"),
        ({"accuracy_m": 10**400}, "accuracy_m"), ({"accuracy_m": {}}, "accuracy_m"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_does_not_fit_is_named_at_its_field(
    site: Site, phone: RiderPhone, fields: dict[str, Any], field: str
) -> None:
    wrong, right = send(phone.client, item(**fields), item())
    assert wrong["verdict"] == "rejected"
    assert list(wrong["errors"]) == [field]
    assert right["verdict"] == "accepted"
    assert len(site.passes()) == 1


def test_only_riders_report_themselves(
    site: Site, browser_of: Callable[[Person], FlaskClient], people: People
) -> None:
    guard = browser_of(people.make("guard"))
    assert send(guard, item())[0]["verdict"] == "rejected"
    assert site.passes() == []


def test_a_batch_costs_no_more_queries_than_one(site: Site, phone: RiderPhone) -> None:
    counts = []
    for size in (1, 20):
        said: list[str] = []

        def count(*given: Any, said: list[str] = said) -> None:
            said.append(given[2])  # SQLite hands out ids one by one, so inserts are not counted

        with site.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        send(phone.client, *(item() for _item in range(size)))
        event.remove(engine, "before_cursor_execute", count)
        counts.append(sum(one.startswith("SELECT") for one in said))
    assert counts[1] <= counts[0] + 1


@given(st.floats(0, 2000), st.floats(0, 360), st.floats(0, 10_000), st.integers(20, 500))
def test_near_is_a_matter_of_distance_alone(
    metres: float, bearing: float, accuracy_m: float, radius_m: int
) -> None:
    """Whichever way the rider stands from the gate."""
    gate = Gate(
        latitude=HERE[0], longitude=HERE[1], radius_m=radius_m, weekdays=127, opens_min=0,
        closes_min=0, live_only=False, printed_cap=None, vehicles="any", direction="both",
    )  # fmt: skip
    up, right = metres * cos(radians(bearing)), metres * cos(radians(bearing - 90))
    spot = Spot(
        north(up), HERE[1] + degrees(right / EARTH_RADIUS_M / cos(radians(HERE[0]))), accuracy_m
    )
    reach = radius_m + min(accuracy_m, MOST_ACCURACY_M)
    if abs(metres - reach) < 1:  # the flat reckoning here is good to a metre
        return
    report = SelfReport("k", CODE, "entry", spot, clock.now())
    known = Known(1, {CODE: gate}, {}, *_in_good_standing())
    said = _verdict(report, gate, _apart_m(gate, spot), known)
    assert (said.level == "amber") == (metres < reach)


def _in_good_standing() -> tuple[Holder, Badge]:
    return Holder(standing="active", scope=0), Badge(standing="active")


def test_the_model_says_what_such_a_pass_lacks(site: Site, phone: RiderPhone) -> None:
    send(phone.client, item())
    passed: Pass = site.passes()[0]
    assert (passed.scanner_id, passed.statement, passed.chain) == (None, None, "none")
