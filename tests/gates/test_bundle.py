"""What a gate phone keeps: enough to judge with no network, and small."""

import gzip
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.badges import short_codes
from app.blueprints.badges.issuer_keys import load
from app.blueprints.badges.models import Badge, Holder
from app.blueprints.badges.status_list import Status, open_list
from app.blueprints.gates.models import Pass, Presence, Scanner
from app.blueprints.gates.rules import GateRules
from app.blueprints.organisations.models import Kind, Organisation, Role
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import JSON, RiderPhone, join
from tests.support.gate_site import CALL, Site
from tests.support.gatehouse import GatePhone
from tests.support.people import People
from tests.support.statements import counted

AMBER = {"level": "amber", "reason": "printed", "detail": None}


def _bundle(phone: GatePhone) -> dict[str, Any]:
    answer = phone.bundle()
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_new_phone_gets_all_that_is_set(
    app: Flask, held_clock: Clock, site: Site, gate_phone: GatePhone
) -> None:
    site.rules(latitude=31.3, longitude=120.6, printed_cap=5)
    found = _bundle(gate_phone)
    assert found["version"] == 1
    assert found["now"] == clock.to_ms(clock.now())
    assert found["scanner"] == {
        "id": gate_phone.scanner_id, "last_seq": 0, "last_hash": gate_phone.prev,
    }  # fmt: skip
    assert found["gate"] == {
        "id": site.gate_id, "zh": "湖滨花园东门", "en": "Lakeside Garden, East Gate",
        "latitude": 31.3, "longitude": 120.6,
    }  # fmt: skip
    assert found["compound"] == {
        "id": site.compound_id, "zh": "湖滨花园", "en": "Lakeside Garden", "call": CALL,
    }  # fmt: skip
    assert set(found["rules"]) == set(GateRules.__dataclass_fields__)
    assert found["rules"]["printed_cap"] == 5
    assert (found["riders"], found["inside"], found["printed_today"]) == ([], [], {})
    assert found["scopes"] == []


def test_keys_and_list_are_the_issuers(
    app: Flask, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone, session: Session
) -> None:
    site.desk.suspend(site.riders["王小明"])
    found = _bundle(gate_phone)
    published = load(app.config["ISSUER_KEYS_FOLDER"]).published()
    assert found["issuer_keys"] == {
        str(kid): [point.hex() for point in points] for kid, points in published.items()
    }
    index = session.scalars(select(Badge.id)).one()
    assert open_list(found["status_list"], published).status(index) == Status.SUSPENDED
    secret = short_codes.secret_of(app.config["SECRET_KEY"])
    days = short_codes.day_keys(secret, clock.now())
    assert {
        day: urlsafe_b64decode(key + "=" * (-len(key) % 4))
        for day, key in found["short_keys"].items()
    } == days


def test_who_passed_here_is_known(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone,
    session: Session,
) -> None:  # fmt: skip
    printed = site.printed("王小明")
    gate_phone.send(
        gate_phone.saw(rider_phone.show()),
        gate_phone.saw(printed, method="printed", verdict=AMBER),
    )
    found = _bundle(gate_phone)
    holder = session.get_one(Holder, site.riders["王小明"].id)
    assert holder.portrait
    badges = session.scalars(select(Badge).order_by(Badge.id)).all()
    assert sorted(found["riders"]) == [
        [badge.id, badge.badge_id, "company王**", holder.portrait.sha256[:16], 1]
        for badge in badges
    ]
    assert sorted(found["inside"]) == sorted(badge.badge_id for badge in badges)
    assert found["printed_today"] == {badges[1].badge_id: 1}
    assert found["scanner"]["last_seq"] == 2
    held_clock.forward(days=14, minutes=1)
    assert _bundle(gate_phone)["riders"] == []


def test_people_who_are_guards_here_are_named(
    app: Flask, site: Site, gate_phone: GatePhone, people: People
) -> None:
    for name in ("张卫东", "李" * 40):
        join(app, people.make(name=name), Role.GUARD, site.gate_id)
    assert sorted(_bundle(gate_phone)["guards"]) == ["张卫东", "李" * 20]


def test_what_is_the_same_is_not_sent_again(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone
) -> None:
    first = gate_phone.bundle()
    etag = first.headers["ETag"]
    held_clock.forward(seconds=5)
    again = gate_phone.bundle(etag)
    assert (again.status_code, again.data) == (304, b"")
    gate_phone.send(gate_phone.saw(rider_phone.show()))
    assert gate_phone.bundle(etag).status_code == 200


@pytest.mark.parametrize("change", ["suspend", "rules", "list"])
def test_what_is_new_is_sent(
    held_clock: Clock, site: Site, gate_phone: GatePhone, rider_phone: RiderPhone, change: str
) -> None:
    etag = gate_phone.bundle().headers["ETag"]
    match change:
        case "suspend":
            site.desk.suspend(site.riders["王小明"])
        case "rules":
            site.rules(live_only=True)
        case "list":  # made anew, so that its age is known
            held_clock.forward(minutes=5)
    assert gate_phone.bundle(etag).status_code == 200


def test_a_bundle_is_for_its_phone_alone(
    gate_phone: GatePhone, rider: FlaskClient, client: FlaskClient, app: Flask, people: People,
    browser_of: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    assert "private" in gate_phone.bundle().headers["Cache-Control"]
    guard = browser_of(people.make(Role.GUARD))
    for other, status in ((rider, 403), (client, 401), (guard, 403)):
        for path in ("bundle", f"portraits/{'0' * 16}.jpg"):
            assert other.get(f"/gate/{path}", headers=JSON).status_code == status
        found = other.post("/gate/search", json={"q": "王小"}, headers=JSON)
        assert found.status_code == status


def test_when_a_phone_was_seen_is_written_once_an_hour(
    app: Flask, held_clock: Clock, gate_phone: GatePhone, session: Session
) -> None:
    ran, first = counted(app), clock.now()
    for minutes, expected in ((30, first), (31, first + timedelta(minutes=61))):
        held_clock.forward(minutes=minutes)
        ran.clear()
        _bundle(gate_phone)
        session.rollback()
        assert session.get_one(Scanner, gate_phone.scanner_id).last_seen_at == expected


COUNT = 20_000


@pytest.fixture
def crowd(held_clock: Clock, session: Session, site: Site) -> None:
    """20,000 badges, 700 riders who passed at this gate lately, 300 of them inside. The clock
    stands: the status list is signed anew each quarter of an hour."""
    now = clock.now()
    home = Organisation(kind=Kind.COMPANY, path="/1/", name_zh="飞速配送", name_en="Swift")
    session.add(home)
    session.flush()
    people = [{"name": f"骑手{n:05}", "created_at": now} for n in range(COUNT)]
    session.execute(insert(User), people)
    ids = session.scalars(select(User.id).where(User.name.startswith("骑手")).order_by(User.id))
    riders = list(ids)
    session.execute(
        insert(Holder),
        [{"user_id": one, "company_id": home.id, "created_at": now} for one in riders],
    )
    session.execute(
        insert(Badge),
        [
            {
                "user_id": one, "kind": "live", "created_at": now, "renewed_at": now,
                "badge_id": f"{one * 0x9E3779B97F4A7C15 % 2**64:016x}",
                "standing": "revoked" if one % 40 == 0 else "active",
                "expires_at": now + timedelta(hours=72),
            }
            for one in riders
        ],
    )  # fmt: skip
    session.execute(insert(Pass), [_passed(site, one) for one in riders[:700]])
    session.execute(
        insert(Presence),
        [
            {"compound_id": site.compound_id, "rider_id": one, "entered_at": now}
            for one in riders[:300]
        ],
    )
    session.commit()


def _passed(site: Site, rider_id: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "key": f"pass-of-{rider_id}", "compound_id": site.compound_id, "gate_id": site.gate_id,
        "rider_id": rider_id, "method": "live", "direction": "entry", "at": now,
        "received_at": now, "phone_level": "green", "phone_reason": "ok",
        "server_level": "green", "server_reason": "ok", "outcome": "entered",
    }  # fmt: skip


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_a_bundle_of_a_large_compound_is_small(
    app: Flask, gate_phone: GatePhone, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    ran = counted(app)
    answer = gate_phone.client.get("/gate/bundle", headers=JSON | {"Accept-Encoding": encoding})
    found = json.loads(unpack(answer.data))
    assert len(found["riders"]) > 500
    assert len(found["riders"]) <= 600
    assert len(found["inside"]) > 250
    assert len(answer.data) < 60_000
    assert len(ran) < 25
    again = gate_phone.client.get(
        "/gate/bundle",
        headers=JSON | {"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
