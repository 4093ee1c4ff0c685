"""How a phone becomes a gate's, and what does not make it one."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, User
from app.blueprints.gates.equipment import end_scanner
from app.blueprints.gates.models import Scanner, ScannerCode
from app.blueprints.gates.statements import first_hash
from app.blueprints.organisations.models import Role
from app.lib import clock
from tests.conftest import Clock, MakeApp
from tests.support.badges import JSON, base64url
from tests.support.gate_site import Site
from tests.support.gatehouse import CODE, GatePhone, make_code
from tests.support.people import Person
from tests.support.threads import at_once


def test_a_phone_with_a_code_is_signed_in_as_nobody(
    app: Flask, site: Site, session: Session
) -> None:
    phone = GatePhone(app.test_client())
    make_code(site.desk, site.gate_id)
    answer = phone.enrol()
    assert answer.get_json()["gate"] == {
        "id": site.gate_id, "zh": "湖滨花园东门", "en": "Lakeside Garden, East Gate",
    }  # fmt: skip
    scanner = session.get_one(Scanner, phone.scanner_id)
    account = session.get_one(User, scanner.user_id)
    assert account.phone is None
    assert account.name.startswith("湖滨花园东门 · ")
    assert [(one.role, one.organisation_id) for one in account.memberships] == [
        (Role.GUARD, site.gate_id)
    ]
    assert (scanner.last_seq, scanner.last_hash) == (0, first_hash(phone.point))
    assert scanner.created_by_id == site.desk.person.id
    assert phone.client.get("/sync/whoami").get_json()["user"] == account.id


def test_a_code_is_read_as_people_type_it(app: Flask, site: Site) -> None:
    make_code(site.desk, site.gate_id)
    assert GatePhone(app.test_client()).enrol("qrst-23 45").status_code == 201


def _refused(answer: Any, field: str) -> None:
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["errors"]) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "WRNG2345"}, "code"),
        ({"code": ""}, "code"),
        ({"code": 5}, "code"),
        ({"code": "A" * 41}, "code"),
        ({"code": "门岗门岗"}, "code"),
        ({"device_key": None}, "device_key"),
        ({"device_key": base64url(b"\x02" + b"\xff" * 32)}, "device_key"),
        ({"device_key": base64url(b"\x02" * 32)}, "device_key"),
        ({"signature": base64url(bytes(64))}, "signature"),
        ({"signature": base64url(bytes(63))}, "signature"),
        ({"time": "1"}, "time"),
        ({"time": True}, "time"),
        ({"time": -1}, "time"),
        ({"time": 2**32}, "time"),
    ],
)
def test_what_does_not_fit_is_refused(
    app: Flask, site: Site, change: dict[str, Any], field: str
) -> None:
    phone = GatePhone(app.test_client())
    make_code(site.desk, site.gate_id)
    body = phone.enrolment() | change
    _refused(phone.client.post("/gate/enrol", json=body, headers=JSON), field)
    assert phone.enrol().status_code == 201  # the code is not lost by it


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"[" * 4000, b"\xff"])
def test_what_is_no_enrolment_is_refused(client: FlaskClient, body: bytes) -> None:
    _refused(client.post("/gate/enrol", data=body, headers=JSON), "body")


def test_a_time_that_is_days_off_is_refused(app: Flask, site: Site) -> None:
    phone = GatePhone(app.test_client())
    make_code(site.desk, site.gate_id)
    body = phone.enrolment(time_s=1_700_000_000)
    _refused(phone.client.post("/gate/enrol", json=body, headers=JSON), "time")


def test_a_signature_of_another_phone_is_refused(app: Flask, site: Site) -> None:
    phone, other = GatePhone(app.test_client()), GatePhone(app.test_client())
    make_code(site.desk, site.gate_id)
    body = phone.enrolment() | {"device_key": base64url(other.point)}
    _refused(phone.client.post("/gate/enrol", json=body, headers=JSON), "signature")


def test_a_code_is_good_once(app: Flask, site: Site, session: Session) -> None:
    make_code(site.desk, site.gate_id)
    assert GatePhone(app.test_client()).enrol().status_code == 201
    _refused(GatePhone(app.test_client()).enrol(), "code")
    assert session.scalar(select(func.count()).select_from(Scanner)) == 1


def test_a_code_expires(app: Flask, held_clock: Clock, site: Site) -> None:
    make_code(site.desk, site.gate_id, minutes=15)
    held_clock.forward(minutes=15)
    _refused(GatePhone(app.test_client()).enrol(), "code")


def test_of_phones_that_bring_one_code_at_once_one_is_enrolled(
    app: Flask, site: Site, session: Session
) -> None:
    make_code(site.desk, site.gate_id)
    phones = [GatePhone(app.test_client()) for _ in range(8)]
    answers = at_once(lambda number: phones[number].enrol().status_code)
    assert sorted(answers) == [201] + [422] * 7
    assert session.scalar(select(func.count()).select_from(Scanner)) == 1


def test_whose_answer_got_lost_is_let_in_again(app: Flask, site: Site, session: Session) -> None:
    make_code(site.desk, site.gate_id)
    phone = GatePhone(app.test_client())
    assert phone.enrol().status_code == 201
    first, phone.client = phone.scanner_id, app.test_client()
    assert phone.enrol().status_code == 201
    assert phone.scanner_id == first
    assert phone.bundle().status_code == 200
    assert session.scalar(select(func.count()).select_from(Scanner)) == 1


def test_a_phone_that_has_written_something_needs_a_new_code(
    app: Flask, site: Site, gate_phone: GatePhone
) -> None:
    code = make_code(site.desk, site.gate_id)
    other = GatePhone(app.test_client())
    assert other.enrol(code).status_code == 201
    other.send(other.saw(method="short", short="1 123456"))
    _refused(other.enrol(code), "code")


def test_whoever_was_signed_in_on_this_browser_is_so_no_more(
    app: Flask, site: Site, rider: FlaskClient, rider_person: Person, session: Session
) -> None:
    make_code(site.desk, site.gate_id)
    phone = GatePhone(rider)
    assert phone.enrol().status_code == 201
    assert rider.get("/sync/whoami").get_json()["user"] != rider_person.id
    ended = session.scalars(select(Device.ended_at).where(Device.user_id == rider_person.id)).all()
    assert len(ended) == 1
    assert ended[0] is not None


def test_a_wrong_code_leaves_whoever_is_signed_in(rider: FlaskClient, rider_person: Person) -> None:
    _refused(GatePhone(rider).enrol(), "code")
    assert rider.get("/sync/whoami").get_json()["user"] == rider_person.id


def test_codes_are_kept_as_keyed_hashes(site: Site, session: Session) -> None:
    make_code(site.desk, site.gate_id)
    kept = session.scalars(select(ScannerCode.code_hash)).one()
    assert len(kept) == 64
    assert CODE.lower() not in kept.lower()


def test_guessing_is_slow(make: MakeApp, site: Site) -> None:
    app = make(RATELIMIT_ENABLED=True)
    phone = GatePhone(app.test_client())
    answers = [phone.enrol("WRNG2345").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_phone_that_is_ended_is_signed_out(site: Site, gate_phone: GatePhone) -> None:
    assert gate_phone.bundle().status_code == 200
    with site.desk.acting() as (session, actor):
        end_scanner(session, actor, site.compound_id, gate_phone.scanner_id, now=clock.now())
    assert gate_phone.bundle().status_code == 401


@pytest.mark.parametrize("path", ["/cases", "/badge/portrait", "/reports"])
def test_a_gate_phone_sees_no_desk_and_has_no_badge(gate_phone: GatePhone, path: str) -> None:
    assert gate_phone.client.get(path, headers=JSON).status_code == 403
