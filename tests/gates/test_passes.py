"""What a gate phone sends: kept, judged again, and what of it a person must look at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import short_codes
from app.blueprints.badges.models import Badge
from app.blueprints.gates.equipment import end_scanner
from app.blueprints.gates.models import Gate, Pass, PassConflict, Scanner
from app.blueprints.sync.taking import take_items
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import RiderPhone
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.gatehouse import GREEN, GatePhone, altered, statement_of
from tests.support.outbox import Item
from tests.support.sk1 import Issuer
from tests.support.statements import counted

RED = {"level": "red", "reason": "expired", "detail": None}
AMBER = {"level": "amber", "reason": "printed", "detail": None}
FAR = {"latitude": 31.40, "longitude": 120.70}


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


BAD: list[dict[str, Any]] = [
    {"v": 2}, {"v": None}, {"v": True}, {"kind": "x"}, {"kind": None},
    {"seq": 0}, {"seq": -1}, {"seq": 2**31}, {"seq": "1"}, {"seq": 1.5}, {"seq": True},
    {"prev": "0" * 63}, {"prev": None}, {"prev": "G" * 64},
    {"at": -1}, {"at": 2**60}, {"at": "now"}, {"at": None},
    {"guard": "x" * 31}, {"guard": None}, {"guard": 5},
    {"direction": "both"}, {"direction": ["entry"]}, {"direction": None},
    {"vehicle": "car"}, {"vehicle": {}}, {"method": "self"}, {"method": "barrier"},
    {"method": "short"}, {"method": "manual"}, {"code": None}, {"code": 5}, {"code": "S" * 601},
    {"code": "SK1:\0"}, {"short": "x"}, {"short": "1" * 21}, {"rider": 0}, {"rider": 2**31},
    {"rider": "1"}, {"verdict": None}, {"verdict": []}, {"verdict": {"level": "blue"}},
    {"verdict": {"level": "green", "reason": "x" * 21, "detail": None}},
    {"verdict": {"level": "green", "reason": None, "detail": None}},
    {"verdict": {"level": "green", "reason": "ok", "detail": "x" * 41}},
    {"verdict": {"level": "green", "reason": "ok", "detail": 5}},
    {"outcome": "x"}, {"outcome": []}, {"list_iat": -1}, {"list_iat": None}, {"list_iat": 2**32},
    {"challenge": "0" * 15}, {"challenge": 5}, {"padding": "x" * 4000},
]  # fmt: skip


@pytest.fixture
def refused(site: Site, gate_phone: GatePhone) -> Callable[[Any], None]:
    """Asserts that an item is rejected, whatever it holds, and that nothing is kept."""

    def check(item: Any) -> None:
        assert _one(gate_phone, item)["verdict"] == "rejected"
        assert site.passes() == []

    return check


@pytest.mark.parametrize("change", BAD, ids=lambda change: str(change)[:40])
def test_what_cannot_be_read_is_rejected(
    gate_phone: GatePhone, refused: Callable[[Any], None], change: dict[str, Any]
) -> None:
    whole = statement_of(gate_phone.saw("SK1:123"))
    gate_phone.seq = 0
    refused(gate_phone.write("pass", whole | change))


@pytest.mark.parametrize(
    "statement",
    [None, 5, "", "{", "[]", "null", "[" * 3000, '{"v":1,"kind":"pass"}', "\ud800", "x" * 4001,
     '{"v":NaN}', "门" * 2000],
)  # fmt: skip
def test_what_is_no_statement_is_rejected(
    gate_phone: GatePhone, refused: Callable[[Any], None], statement: Any
) -> None:
    item = gate_phone.saw("SK1:123")
    item["fields"]["statement"] = statement
    refused(item)


@pytest.mark.parametrize("signature", [None, 5, "", "A" * 85, "A" * 87, "?" * 86, ["A"]])
def test_what_is_no_signature_is_rejected(
    gate_phone: GatePhone, refused: Callable[[Any], None], signature: Any
) -> None:
    item = gate_phone.saw("SK1:123")
    item["fields"]["signature"] = signature
    refused(item)


@pytest.mark.parametrize("undo", [None, 5, "x", "0" * 36])
def test_an_undo_names_a_key(
    gate_phone: GatePhone, refused: Callable[[Any], None], undo: Any
) -> None:
    refused(gate_phone.write("undo", {"undo": undo}))


def test_other_fields_are_left_alone(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    item = gate_phone.saw(rider_phone.show(), weather="rain")
    assert _one(gate_phone, item)["verdict"] == "accepted"


def test_what_a_guard_is_called_holds_no_control_characters(
    site: Site, gate_phone: GatePhone
) -> None:
    item = gate_phone.saw("SK1:123", guard="张\0卫?东\u202e", verdict=RED, outcome="refused")
    half_a_character = item["fields"]["statement"].replace("?", "\\ud800")
    item = gate_phone.item(half_a_character)
    assert _one(gate_phone, item)["verdict"] == "accepted"
    assert site.passes()[0].guard == "张卫东"


def test_a_statement_of_another_phone_is_rejected(
    gate_phone: GatePhone, new_gate_phone: Callable[..., GatePhone], refused: Callable[[Any], None]
) -> None:
    refused(new_gate_phone().saw("SK1:123"))
    refused(gate_phone.saw("SK1:123", scanner=gate_phone.scanner_id + 1))
    refused(gate_phone.saw("SK1:123", gate=gate_phone.gate_id + 1))


def test_who_is_no_gate_phone_sends_no_passes(
    site: Site, gate_phone: GatePhone, rider: FlaskClient
) -> None:
    item = gate_phone.saw("SK1:123")
    gate_phone.client = rider
    assert _one(gate_phone, item)["verdict"] == "rejected"
    assert site.passes() == []


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
