"""What a gate phone signs: what cannot be read is rejected, and nothing of it kept."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.badges import RiderPhone
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone, statement_of
from tests.support.outbox import Item

RED = {"level": "red", "reason": "expired", "detail": None}


def _one(phone: GatePhone, item: Item) -> Item:
    [verdict] = phone.send(item)
    return verdict


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
