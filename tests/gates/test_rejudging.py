"""The server judges each pass again, as of its time; where it differs, a person must look."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.badges import short_codes
from app.blueprints.badges.models import Badge
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import RiderPhone
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone
from tests.support.sk1 import Issuer

RED = {"level": "red", "reason": "expired", "detail": None}
AMBER = {"level": "amber", "reason": "printed", "detail": None}
FAR = {"latitude": 31.40, "longitude": 120.70}


def _kinds(site: Site) -> list[str]:
    return sorted(conflict.kind for conflict in site.conflicts())


def _server(site: Site) -> tuple[str, str]:
    [passed] = site.passes()
    return passed.server_level, passed.server_reason


def test_a_pass_that_was_revoked_meanwhile_is_a_conflict(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    held_clock.forward(minutes=5)
    site.desk.revoke(site.riders["王小明"])
    held_clock.forward(minutes=5)
    gate_phone.send(gate_phone.saw(rider_phone.show()))
    assert _server(site) == ("red", "revoked")
    assert _kinds(site) == ["revoked_meanwhile"]


def test_what_was_right_at_its_time_stays_right(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    held_clock.forward(minutes=5)
    item = gate_phone.saw(rider_phone.show())
    held_clock.forward(minutes=5)
    site.desk.suspend(site.riders["王小明"])
    held_clock.forward(minutes=5)
    between = gate_phone.saw(rider_phone.show())
    held_clock.forward(minutes=5)
    site.desk.resume(site.riders["王小明"])
    held_clock.forward(minutes=5)
    after = gate_phone.saw(rider_phone.show())
    gate_phone.send(item, between, after)
    assert [one.server_reason for one in site.passes()] == ["ok", "suspended", "ok"]
    assert _kinds(site) == ["revoked_meanwhile"]


def test_a_phone_replaced_meanwhile_no_longer_counts(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    held_clock.forward(minutes=5)
    other = RiderPhone(rider_phone.client)
    assert other.enrol(replace=True).status_code == 201
    held_clock.forward(minutes=5)
    gate_phone.send(gate_phone.saw(rider_phone.show()), gate_phone.saw(other.show()))
    assert [one.server_reason for one in site.passes()] == ["revoked", "ok"]


def test_a_forged_code_let_in_is_a_conflict_and_is_nobody(
    site: Site, gate_phone: GatePhone
) -> None:
    gate_phone.send(gate_phone.saw(Issuer().phone().show(int(clock.now().timestamp()))))
    assert _server(site) == ("red", "unknown_key")
    assert _kinds(site) == ["verdict_differs"]
    assert site.passes()[0].rider_id is None


def test_a_rider_refused_for_nothing_is_a_conflict(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    gate_phone.send(gate_phone.saw(rider_phone.show(), verdict=RED, outcome="refused"))
    assert _server(site) == ("green", "ok")
    assert _kinds(site) == ["verdict_differs"]


@pytest.mark.parametrize(
    "verdict",
    [AMBER, {"level": "red", "reason": "gate_closed", "detail": "hours"}],
)
def test_what_a_guard_or_a_rule_refuses_is_none(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone, verdict: dict[str, Any]
) -> None:
    gate_phone.send(gate_phone.saw(rider_phone.show(), verdict=verdict, outcome="refused"))
    assert site.conflicts() == []


def test_both_saying_red_is_none(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    code = rider_phone.show()
    held_clock.forward(minutes=20)
    clock_red = {"level": "red", "reason": "clock", "detail": None}
    gate_phone.send(gate_phone.saw(code, verdict=clock_red, outcome="refused"))
    assert _server(site) == ("red", "clock")
    assert site.conflicts() == []


def test_a_challenge_is_judged_by_what_the_phone_asked(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    asked = (12345678).to_bytes(8, "big")
    code = rider_phone.phone.show(int(clock.now().timestamp()), asked)
    gate_phone.send(gate_phone.saw(code, challenge=asked.hex()))
    gate_phone.send(gate_phone.saw(code, challenge=None))
    assert [one.server_reason for one in site.passes()] == ["ok", "bad_proof"]


def test_a_code_shown_at_two_gates_is_a_conflict(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone,
    new_gate_phone: Callable[..., GatePhone],
) -> None:  # fmt: skip
    other, code = new_gate_phone(), rider_phone.show()
    gate_phone.send(gate_phone.saw(code))
    held_clock.forward(seconds=30)
    other.send(other.saw(code))
    assert [one.server_reason for one in site.passes()] == ["ok", "replayed"]
    assert _kinds(site) == ["replayed_elsewhere"]


def test_a_code_shown_twice_to_one_phone_is_a_replay(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    code = rider_phone.show()
    first = gate_phone.saw(code)
    held_clock.forward(seconds=4)
    same_look = gate_phone.saw(code, direction="exit")
    held_clock.forward(seconds=30)
    replayed = {"level": "red", "reason": "replayed", "detail": None}
    known = gate_phone.saw(code, verdict=replayed, outcome="refused")
    let_in = gate_phone.saw(code)
    gate_phone.send(first, same_look, known, let_in)
    assert [one.server_reason for one in site.passes()] == ["ok", "ok", "replayed", "replayed"]
    assert _kinds(site) == ["verdict_differs"]


def test_a_code_may_come_again_when_it_was_taken_back(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    code = rider_phone.show()
    first = gate_phone.saw(code)
    undo = gate_phone.undo(first)
    held_clock.forward(seconds=20)
    gate_phone.send(first, undo, gate_phone.saw(code))
    assert [one.server_reason for one in site.passes()] == ["ok", "ok"]
    assert site.conflicts() == []


def _second_gate(app: Flask, site: Site) -> int:
    site.rules(latitude=31.30, longitude=120.60)
    with app.app_context():
        rows = GateRows(db.session())
        gate_id = rows.gate(rows.compound(), place_code="another-place", **FAR)
        db.session.remove()
    return gate_id


@pytest.mark.parametrize(("minutes", "kinds"), [(5, ["too_far_apart"]), (20, [])])
def test_nobody_is_at_two_distant_gates_at_once(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone,
    new_gate_phone: Callable[..., GatePhone], minutes: int, kinds: list[str],
) -> None:  # fmt: skip
    other = new_gate_phone(_second_gate(app, site))
    gate_phone.send(gate_phone.saw(rider_phone.show()))
    held_clock.forward(minutes=minutes)
    other.send(other.saw(rider_phone.show()))
    assert _kinds(site) == kinds


def test_a_printed_badge_over_its_cap_is_a_conflict(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    site.rules(printed_cap=2)
    printed = site.printed("王小明")
    for _time in range(2):
        held_clock.forward(minutes=20)
        gate_phone.send(gate_phone.saw(printed, method="printed", verdict=AMBER))
    assert site.conflicts() == []
    held_clock.forward(minutes=20)
    gate_phone.send(
        gate_phone.saw(printed, method="printed", verdict=AMBER, direction="exit"),
        gate_phone.saw(printed, method="printed", verdict=AMBER),
    )
    assert _kinds(site) == ["printed_cap"]
    held_clock.forward(days=1)
    gate_phone.send(gate_phone.saw(printed, method="printed", verdict=AMBER))
    assert _kinds(site) == ["printed_cap"]


def _typed(app: Flask, session: Session) -> str:
    index = session.scalars(select(Badge.id)).one()
    secret = short_codes.secret_of(app.config["SECRET_KEY"])
    now = clock.now()
    key = short_codes.badge_keys(secret, index, now)[clock.to_local(now).date().isoformat()]
    return f"{index} {short_codes.code_at(key, int(now.timestamp()) // 60)}"


def test_a_typed_code_names_the_rider_when_it_is_right(
    app: Flask, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    right = _typed(app, session)
    amber = {"level": "amber", "reason": "short_code", "detail": None}
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    for short in (right, wrong):
        gate_phone.send(gate_phone.saw(method="short", short=short, verdict=amber))
    passes = site.passes()
    assert [one.server_reason for one in passes] == ["short_code", "bad_short_code"]
    assert [one.rider_id for one in passes] == [site.riders["王小明"].id, None]
    assert passes[0].label == "company王**"
    assert _kinds(site) == ["verdict_differs"]


def test_a_rider_looked_up_is_judged_by_the_badges(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    held_clock.forward(minutes=1)
    rider_id = site.riders["王小明"].id
    amber = {"level": "amber", "reason": "manual", "detail": None}
    for chosen in (rider_id, 10**9):
        gate_phone.send(gate_phone.saw(method="manual", rider=chosen, verdict=amber))
    site.desk.suspend(site.riders["王小明"])
    held_clock.forward(minutes=1)
    gate_phone.send(gate_phone.saw(method="manual", rider=rider_id, verdict=amber))
    assert [one.server_reason for one in site.passes()] == ["manual", "none", "suspended"]
    assert [one.rider_id for one in site.passes()] == [rider_id, None, rider_id]
    assert _kinds(site) == ["revoked_meanwhile", "verdict_differs"]
