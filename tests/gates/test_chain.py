"""The chain of a gate phone: in any order and any batches it is whole, and any change shows."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.gates.models import Pass, PassConflict, Presence, Scanner, Undo
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import RiderPhone, base64url
from tests.support.gate_rows import GateRows
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone, altered, make_code, statement_of
from tests.support.outbox import Item
from tests.support.threads import at_once

RED = {"level": "red", "reason": "bad_short_code", "detail": None}
_numbers = count(1)


def _typed(phone: GatePhone, number: int = 0, **about: Any) -> Item:
    """A pass that needs no badge."""
    short = f"9 {number:06}"
    return phone.saw(method="short", short=short, verdict=RED, outcome="refused", **about)


def _chain(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    rows = [
        *session.execute(select(Pass.seq, Pass.chain)),
        *session.execute(select(Undo.seq, Undo.chain)),
    ]
    return sorted((seq, chain) for seq, chain in rows)


def _kinds(session: Session) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(PassConflict.kind)))


def _head(session: Session, phone: GatePhone) -> tuple[int, str]:
    session.rollback()
    scanner = session.get_one(Scanner, phone.scanner_id)
    return scanner.last_seq, scanner.last_hash


def test_the_head_is_the_last_statement(gate_phone: GatePhone, session: Session) -> None:
    items = [_typed(gate_phone, n) for n in range(5)]
    gate_phone.send(*items[3:], *items[:2])
    assert _head(session, gate_phone) == (5, gate_phone.prev)
    gate_phone.send(items[2])
    assert _head(session, gate_phone) == (5, gate_phone.prev)
    assert _chain(session) == [(n, "ok") for n in range(1, 6)]
    assert _kinds(session) == []


def test_a_forged_signature_is_kept_and_marked(gate_phone: GatePhone, session: Session) -> None:
    item = _typed(gate_phone)
    item["fields"]["signature"] = base64url(bytes(range(64)))
    [verdict] = gate_phone.send(item)
    assert verdict["verdict"] == "accepted"
    assert _chain(session) == [(1, "altered")]
    assert _kinds(session) == ["altered"]
    assert _head(session, gate_phone)[0] == 0


def test_a_signature_of_another_phone_is_marked(
    gate_phone: GatePhone, new_gate_phone: Callable[..., GatePhone], session: Session
) -> None:
    item = _typed(gate_phone)
    item["fields"] = new_gate_phone().item(item["fields"]["statement"])["fields"]
    gate_phone.send(item)
    assert _chain(session) == [(1, "altered")]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("backwards", [True, False])
def test_a_statement_rewritten_with_the_phones_key_breaks_the_chain(
    gate_phone: GatePhone, session: Session, together: bool, backwards: bool
) -> None:
    items = [_typed(gate_phone, n) for n in range(4)]
    raw = statement_of(items[1]) | {"guard": "李四"}
    items[1] = gate_phone.item(json.dumps(raw), key=items[1]["key"])
    if backwards:
        items.reverse()
    for batch in [items] if together else [[item] for item in items]:
        gate_phone.send(*batch)
    assert _chain(session) == [(1, "ok"), (2, "ok"), (3, "broken"), (4, "ok")]
    assert _kinds(session) == ["broken"]


def test_a_chain_begins_with_the_phones_key(gate_phone: GatePhone, session: Session) -> None:
    gate_phone.prev = sha256(b"another").hexdigest()
    gate_phone.send(_typed(gate_phone))
    assert _kinds(session) == ["broken"]


def test_a_number_given_twice_shows(gate_phone: GatePhone, session: Session) -> None:
    items = [_typed(gate_phone, n) for n in range(2)]
    twin = statement_of(items[1]) | {"guard": "李四"}
    gate_phone.send(*items)
    gate_phone.send(gate_phone.item(json.dumps(twin)))
    assert _chain(session) == [(1, "ok"), (2, "broken"), (2, "ok")]
    assert _kinds(session) == ["broken"]
    assert _head(session, gate_phone) == (2, gate_phone.prev)


def test_what_is_missing_is_left_open(gate_phone: GatePhone, session: Session) -> None:
    items = [_typed(gate_phone, n) for n in range(5)]
    gate_phone.send(items[0], items[4])
    assert _kinds(session) == []
    assert _head(session, gate_phone) == (5, gate_phone.prev)


def test_an_undo_is_a_link_too(gate_phone: GatePhone, session: Session) -> None:
    first = _typed(gate_phone)
    undo = gate_phone.undo(first)
    last = _typed(gate_phone)
    changed = altered(undo, undo=last["key"])
    gate_phone.send(first, changed, last)
    assert _chain(session) == [(1, "ok"), (2, "altered"), (3, "ok")]
    assert _kinds(session) == ["altered"]
    assert session.scalars(select(Pass.undone_at)).all() == [None, None]


def test_batches_that_come_at_once_leave_the_head_right(
    app: Flask, gate_phone: GatePhone, session: Session
) -> None:
    items = [_typed(gate_phone, n) for n in range(64)]
    chunks = [items[n::8] for n in range(8)]
    cookies = gate_phone.client
    with cookies.session_transaction() as cookie:
        held = dict(cookie)

    def send(number: int) -> set[str]:
        phone = GatePhone(app.test_client())
        with phone.client.session_transaction() as cookie:
            cookie.update(held)
        return {one["verdict"] for one in phone.send(*chunks[number])}

    assert at_once(send) == [{"accepted"}] * 8
    assert _head(session, gate_phone) == (64, gate_phone.prev)
    assert _chain(session) == [(n, "ok") for n in range(1, 65)]
    assert _kinds(session) == []


@dataclass(frozen=True)
class Step:
    """Something that a gate sees: who, which way, how long after the one before; taken back?"""

    rider: int
    direction: str
    after_s: int
    undone: bool


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 2),
        st.sampled_from(["entry", "exit"]),
        st.integers(0, 30),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)
SEVERAL = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@dataclass
class Scene:
    """A phone at a compound of its own, and three riders."""

    app: Flask
    site: Site
    riders: list[RiderPhone]

    def phone(self) -> tuple[GatePhone, int]:
        """A new compound with a gate with a phone; the compound's id."""
        number = next(_numbers)
        with self.app.app_context():
            rows = GateRows(db.session())
            compound_id = rows.compound()
            gate_id = rows.gate(compound_id, place_code=f"place-{number}")
            db.session.remove()
        phone = GatePhone(self.app.test_client())
        code = make_code(self.site.desk, gate_id, f"CODE{number:04}")
        assert phone.enrol(code).status_code == 201
        return phone, compound_id

    def items(self, phone: GatePhone, steps: Sequence[Step]) -> list[Item]:
        """What the phone writes down."""
        items, at_ms = [], clock.to_ms(clock.now())
        for step in steps:
            at_ms += step.after_s * 1000
            code = self.riders[step.rider].phone.show(at_ms // 1000)
            items.append(phone.saw(code, at_ms=at_ms, direction=step.direction))
            if step.undone:
                items.append(phone.undo(items[-1], at_ms=at_ms + 500))
        return items

    def stays(self, compound_id: int) -> set[tuple[str, int, int | None]]:
        """Who was inside, from when to when (ms)."""
        names = {person.id: name for name, person in self.site.riders.items()}
        with self.app.app_context():
            found = db.session.scalars(select(Presence).where(Presence.compound_id == compound_id))
            stays = {
                (
                    names[one.rider_id],
                    clock.to_ms(one.entered_at),
                    clock.to_ms(one.left_at) if one.left_at else None,
                )
                for one in found
            }
            db.session.remove()
        return stays


@pytest.fixture
def scene(app: Flask, held_clock: Clock, site: Site) -> Scene:
    return Scene(app, site, [site.rider(f"甲{n}") for n in range(3)])


def _expected(steps: Sequence[Step]) -> set[tuple[str, int, int | None]]:
    """Who should have been inside: in order, whoever comes in is inside until going out."""
    inside: dict[int, int] = {}
    stays: set[tuple[str, int, int | None]] = set()
    at_ms = clock.to_ms(clock.now())
    for step in steps:
        at_ms += step.after_s * 1000
        if step.undone:
            continue
        if step.direction == "entry":
            inside.setdefault(step.rider, at_ms)
        elif step.rider in inside:
            stays.add((f"甲{step.rider}", inside.pop(step.rider), at_ms))
    return stays | {(f"甲{rider}", entered, None) for rider, entered in inside.items()}


def _batches(items: list[Item], order: Sequence[int], cuts: set[int]) -> list[list[Item]]:
    batches: list[list[Item]] = [[]]
    for place, index in enumerate(order):
        if place in cuts and batches[-1]:
            batches.append([])
        batches[-1].append(items[index])
    return batches


@SEVERAL
@given(steps=STEPS, data=st.data())
def test_any_order_and_any_batches_end_alike(
    scene: Scene, steps: list[Step], data: st.DataObject
) -> None:
    phone, compound_id = scene.phone()
    items = scene.items(phone, steps)
    order = data.draw(st.permutations(range(len(items))))
    cuts = data.draw(st.sets(st.integers(1, len(items))))
    for batch in _batches(items, order, cuts):
        assert {one["verdict"] for one in phone.send(*batch)} == {"accepted"}
    with scene.app.app_context():
        scanner = db.session.get_one(Scanner, phone.scanner_id)
        head = scanner.last_seq, scanner.last_hash
        conflicts = db.session.scalars(
            select(PassConflict.kind).where(PassConflict.compound_id == compound_id)
        ).all()
        db.session.remove()
    assert head == (phone.seq, phone.prev)
    assert conflicts == []
    assert scene.stays(compound_id) == _expected(steps)


CHANGES = st.sampled_from(
    [
        {"guard": "李四"}, {"direction": "x"}, {"outcome": "refused"}, {"at": 1_780_000_000_000},
        {"seq": 77}, {"prev": "0" * 64}, {"undo": "0190b5a0-0000-7000-8000-000000000000"},
        {"verdict": {"level": "amber", "reason": "printed", "detail": None}}, {"more": 1},
    ]
)  # fmt: skip


@SEVERAL
@given(steps=STEPS, change=CHANGES, data=st.data())
def test_any_single_change_is_found(
    scene: Scene, steps: list[Step], change: dict[str, Any], data: st.DataObject
) -> None:
    """Either it is rejected, and then missing, or it is kept and marked."""
    phone, compound_id = scene.phone()
    items = scene.items(phone, steps)
    chosen = data.draw(st.integers(0, len(items) - 1))
    before = items[chosen]["fields"]["statement"]
    items[chosen] = altered(items[chosen], **change)
    changed = items[chosen]["fields"]["statement"] != before
    order = data.draw(st.permutations(range(len(items))))
    verdicts = [one["verdict"] for one in phone.send(*(items[index] for index in order))]
    with scene.app.app_context():
        kinds = db.session.scalars(
            select(PassConflict.kind).where(PassConflict.compound_id == compound_id)
        ).all()
        db.session.remove()
    assert changed == ("rejected" in verdicts or "altered" in kinds)
