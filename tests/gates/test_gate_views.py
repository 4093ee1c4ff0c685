"""The gate's pages, portraits, looking riders up, and the list of today."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges.models import Portrait
from app.blueprints.gates import queries
from app.blueprints.gates.models import Compound, Gate
from app.blueprints.organisations.models import Organisation, Role
from app.extensions import db
from tests.conftest import Clock
from tests.support.badges import JSON, Desk, RiderPhone, join
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone
from tests.support.people import People

RED = {"level": "red", "reason": "expired", "detail": None}


@pytest.mark.parametrize("path", ["/gate", "/gate/enrol"])
def test_pages_that_know_nobody(client: FlaskClient, gate_phone: GatePhone, path: str) -> None:
    nobody, known = client.get(path), gate_phone.client.get(path)
    assert nobody.status_code == 200
    assert nobody.data == known.data
    assert nobody.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in nobody.headers


def test_a_portrait_is_found_by_what_the_badge_says(
    gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    sha256 = session.scalars(select(Portrait.sha256)).one()
    answer = gate_phone.client.get(f"/gate/portraits/{sha256[:16]}.jpg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("prefix", ["0" * 16, "x" * 16, "%25" * 5, "0" * 15, "A" * 16, "0" * 64])
def test_no_portrait(gate_phone: GatePhone, rider_phone: RiderPhone, prefix: str) -> None:
    assert gate_phone.client.get(f"/gate/portraits/{prefix}.jpg").status_code == 404


def test_a_portrait_nobody_approved_is_not_shown(
    gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    portrait = session.scalars(select(Portrait)).one()
    portrait.state = "rejected"  # type: ignore[assignment]
    session.commit()
    path = f"/gate/portraits/{portrait.sha256[:16]}.jpg"
    assert gate_phone.client.get(path).status_code == 404


def _search(phone: GatePhone, text: str) -> list[dict[str, Any]]:
    answer = phone.client.post("/gate/search", json={"q": text}, headers=JSON)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["riders"]
    return found


def test_a_rider_is_looked_up_by_name_or_number(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    site.people.make(Role.RIDER, name="李小明")
    person = site.riders["王小明"]
    for text in ("王小", "王小明", person.phone[-4:], person.phone[-8:]):
        [found] = [one for one in _search(gate_phone, text) if one["id"] == person.id]
    assert found["label"] == "company王**"
    assert found["name"] == "王小明"
    assert found["company"]["zh"]
    assert found["state"] == "active"
    assert found["badge"] == rider_phone.badge
    assert re.fullmatch("[0-9a-f]{16}", found["portrait"])
    assert _search(gate_phone, "小明") == []
    assert _search(gate_phone, "%%") == []


@pytest.mark.parametrize("text", ["", "王", "  王 ", "\0\0"])
def test_one_character_is_too_little(gate_phone: GatePhone, text: str) -> None:
    answer = gate_phone.client.post("/gate/search", json={"q": text}, headers=JSON)
    assert answer.status_code == 422


def test_how_a_rider_stands_is_said(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    site.people.make(Role.RIDER, name="王无牌")
    site.desk.suspend(site.riders["王小明"])
    assert [one["state"] for one in _search(gate_phone, "王小")] == ["suspended"]
    site.desk.revoke(site.riders["王小明"])
    assert [one["state"] for one in _search(gate_phone, "王小")] == ["revoked"]


def test_at_most_ten_are_found(site: Site, gate_phone: GatePhone, run_jobs: Any) -> None:
    for number in range(12):
        site.people.make(Role.RIDER, name=f"赵钱{number}")
    run_jobs()
    assert len(_search(gate_phone, "赵钱")) == 10


def _today(client: FlaskClient, **query: int) -> str:
    answer = client.get("/gate/today", query_string=query)
    assert answer.status_code == 200
    return answer.text


def test_today_is_todays_at_this_gate(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone,
    new_gate_phone: Callable[..., GatePhone], app: Flask,
) -> None:  # fmt: skip
    with app.app_context():
        rows = GateRows(db.session())
        elsewhere = rows.gate(site.compound_id, place_code="another-place")
        db.session.remove()
    other = new_gate_phone(elsewhere)
    gate_phone.send(gate_phone.saw(rider_phone.show(), guard="昨天的"))
    held_clock.forward(days=1)
    other.send(other.saw(rider_phone.show(), guard="别处的"))
    shown = gate_phone.saw(rider_phone.show(), guard="今天的")
    gate_phone.send(shown, gate_phone.undo(shown))
    page = _today(gate_phone.client)
    assert "今天的" in page
    assert "已撤销" in page
    assert "昨天的" not in page
    assert "别处的" not in page


def test_todays_pages_hold_each_pass_once(
    held_clock: Clock, site: Site, gate_phone: GatePhone
) -> None:
    items = [
        gate_phone.saw(
            method="short", short=f"9 {n:06}", verdict=RED, outcome="refused", guard=f"G{n:03}"
        )
        for n in range(120)
    ]  # all at the same moment
    gate_phone.send(*items[:100])
    gate_phone.send(*items[100:])
    seen, query = [], {}
    while True:
        page = _today(gate_phone.client, **query)
        seen += re.findall(r"G\d{3}", page)
        following = re.search(r"before=(\d+)", page)
        if following is None:
            break
        query = {"before": int(following[1])}
    assert seen == [f"G{n:03}" for n in reversed(range(120))]


def test_a_guard_sees_today_too(
    app: Flask, site: Site, gate_phone: GatePhone, people: People,
    browser_of: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    guard = people.make()
    join(app, guard, Role.GUARD, site.gate_id)
    assert "湖滨花园东门" in _today(browser_of(guard))


def _visible(desk: Desk) -> tuple[set[int], set[int]]:
    with desk.acting() as (session, actor):
        compounds = session.scalars(queries.visible_compounds(actor)).all()
        gates = session.scalars(queries.visible_gates(actor)).all()
        assert {type(one) for one in (*compounds, *gates)} <= {Compound, Gate}
        return (
            {one.organisation_id for one in compounds}, {one.organisation_id for one in gates},
        )  # fmt: skip


def test_who_sees_which_compounds_and_gates(
    app: Flask, site: Site, gate_phone: GatePhone, people: People, session: Session
) -> None:
    rows = GateRows(session)
    other = rows.compound()
    further = rows.gate(other, place_code="another-place")
    path = session.get_one(Organisation, site.compound_id).path
    session.get_one(Organisation, other).path = path[:-1] + "5/"  # no part of it
    session.commit()

    def somebody(role: Role, organisation_id: int) -> Desk:
        person = people.make()
        join(app, person, role, organisation_id)
        return Desk(app, person)

    every = ({site.compound_id, other}, {site.gate_id, further})
    own = ({site.compound_id}, {site.gate_id})
    assert _visible(site.desk) == every
    assert _visible(somebody(Role.PROPERTY_MANAGER, site.compound_id)) == own
    assert _visible(somebody(Role.GUARD, site.gate_id)) == own
    assert _visible(somebody(Role.RIDER, site.compound_id)) == (set(), set())
    assert _visible(somebody(Role.PROPERTY_MANAGER, site.gate_id)) == (set(), set())
