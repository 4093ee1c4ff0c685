"""What a gate phone sends: kept, judged again, and what of it a person must look at."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.equipment import end_scanner
from app.blueprints.gates.models import Gate, Pass, PassConflict, Scanner
from app.blueprints.sync.taking import take_items
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import RiderPhone
from tests.support.gate_site import Site
from tests.support.gatehouse import GREEN, GatePhone, altered
from tests.support.outbox import Item
from tests.support.statements import counted


def _one(phone: GatePhone, item: Item) -> Item:
    [verdict] = phone.send(item)
    return verdict


def _kinds(site: Site) -> list[str]:
    return sorted(conflict.kind for conflict in site.conflicts())


def _server(site: Site) -> tuple[str, str]:
    [passed] = site.passes()
    return passed.server_level, passed.server_reason


def test_a_pass_is_kept_with_both_verdicts(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    item = gate_phone.saw(rider_phone.show(), vehicle="ebike")
    verdict = _one(gate_phone, item)
    assert (verdict["verdict"], verdict["url"]) == ("accepted", "")
    [passed] = site.passes()
    assert passed.key == item["key"]
    assert verdict["reference"] == str(passed.id)
    assert passed.statement == item["fields"]["statement"]
    assert (passed.phone_level, passed.phone_reason) == ("green", "ok")
    assert (passed.server_level, passed.server_reason) == ("green", "ok")
    assert (passed.guard, passed.vehicle, passed.label) == ("张卫东", "ebike", "company王**")
    assert passed.rider_id == site.riders["王小明"].id
    assert passed.badge_id is not None
    assert passed.chain == "ok"
    assert site.conflicts() == []


def test_the_same_item_again_is_a_duplicate(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    item = gate_phone.saw(rider_phone.show())
    assert _one(gate_phone, item)["verdict"] == "accepted"
    assert _one(gate_phone, item)["verdict"] == "duplicate"
    assert len(site.passes()) == 1
    assert site.conflicts() == []


def test_a_statement_sent_twice_under_two_keys_shows(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    item = gate_phone.saw(rider_phone.show())
    again = gate_phone.item(item["fields"]["statement"])
    for one in (item, again):
        assert _one(gate_phone, one)["verdict"] == "accepted"
    assert _kinds(site) == ["broken"]


def test_who_is_no_gate_phone_sends_no_passes(
    site: Site, gate_phone: GatePhone, rider: FlaskClient
) -> None:
    item = gate_phone.saw("SK1:123")
    gate_phone.client = rider
    assert _one(gate_phone, item)["verdict"] == "rejected"
    assert site.passes() == []


def test_a_phone_whose_clock_is_wrong_is_told_of(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    now = clock.to_ms(clock.now())
    for off_min in (-30, 9, 11):
        code = rider_phone.phone.show(now // 1000 + off_min * 60)
        gate_phone.send(gate_phone.saw(code, at_ms=now + off_min * 60_000))
    found = [(one.kind, one.passed_seq) for one in _with_seq(site)]
    assert ("clock", 1) in found
    assert ("clock", 3) in found
    assert ("clock", 2) not in found


def _with_seq(site: Site) -> list[Any]:
    by_id = {one.id: one for one in site.passes()}
    conflicts = site.conflicts()
    for one in conflicts:
        one.passed_seq = by_id[one.pass_id].seq
    return conflicts


def test_a_phone_that_was_ended_hands_in_what_it_has(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    before = gate_phone.saw(rider_phone.show())
    held_clock.forward(minutes=1)
    with site.desk.acting() as (acting, actor):
        end_scanner(acting, actor, site.compound_id, gate_phone.scanner_id, now=clock.now())
    held_clock.forward(minutes=1)
    after = gate_phone.saw(rider_phone.show())
    user_id = session.scalars(select(Scanner.user_id)).one()
    verdicts = _taken(app, user_id, [before, after])
    assert verdicts == ["accepted", "rejected"]
    assert _kinds(site) == ["ended"]


def _taken(app: Flask, user_id: int, items: list[Item]) -> list[str]:
    """Taken in for an account that can no longer sign in, as from an exported file."""
    with app.app_context():
        session = db.session()
        answers = take_items(session, session.get_one(User, user_id), items, now=clock.now())
        db.session.remove()
    return [answer["verdict"] for answer in answers]


def test_a_hundred_passes_need_no_more_statements_than_ten(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone
) -> None:
    site.rules(printed_cap=50, latitude=31.3, longitude=120.6)
    riders = [site.rider(f"王{number}") for number in range(10)]
    ran = counted(app)

    def statements(count: int) -> int:
        items = []
        for number in range(count):
            held_clock.forward(seconds=1)
            items.append(gate_phone.saw(riders[number % 10].show()))
            if number % 5 == 4:
                items[-1] = gate_phone.undo(items[0])
        ran.clear()
        verdicts = gate_phone.send(*items)
        assert {one["verdict"] for one in verdicts} == {"accepted"}
        return len(ran)

    few, many = statements(10), statements(100)
    assert many <= few
    assert few < 40


def test_altered_passes_are_kept_and_move_nobody(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    item = altered(gate_phone.saw(rider_phone.show()), guard="李四")
    assert _one(gate_phone, item)["verdict"] == "accepted"
    assert [one.chain for one in site.passes()] == ["altered"]
    assert _kinds(site) == ["altered"]


def test_the_rules_of_the_gate_are_the_servers_too(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    local = clock.to_local(clock.now() - timedelta(hours=3))
    site.rules(opens_min=local.hour * 60, closes_min=local.hour * 60 + 60)
    gate_phone.send(gate_phone.saw(rider_phone.show(), verdict=GREEN))
    assert _server(site) == ("red", "gate_closed")
    assert _kinds(site) == ["verdict_differs"]


def test_passes_stay_when_a_gate_is_closed_to_a_direction(
    session: Session, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    session.execute(update(Gate).values(direction="exit"))
    session.commit()
    gate_phone.send(gate_phone.saw(rider_phone.show()))
    assert session.scalars(select(Pass.server_reason)).all() == ["gate_closed"]
    assert len(session.scalars(select(PassConflict)).all()) == 1
