"""One phone a rider: enrolling, moving, renewing, and what the phone is told."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.badges import issuer_keys, services
from app.blueprints.badges.codec import read_credential
from app.blueprints.badges.models import Badge, BadgeEvent, Standing
from app.blueprints.badges.status_list import StatusList
from app.blueprints.badges.verdict import judge
from app.lib import clock
from tests.conftest import Clock, MakeApp
from tests.support.badges import JSON, Desk, RiderPhone, enrolment, from_base64url
from tests.support.people import People, Person, sign_in
from tests.support.sk1 import Phone, reader_of
from tests.support.threads import THREADS, at_once


def _badges(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(select(Badge.badge_id, Badge.standing).order_by(Badge.id))
    return [(badge_id, standing) for badge_id, standing in rows]


def _events(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(BadgeEvent.what).order_by(BadgeEvent.id)))


def test_from_nothing_to_a_code_that_is_green(
    app: Flask, badge: RiderPhone, rider_person: Person
) -> None:
    card = badge.renew()
    assert card["rider"] | {"portrait": None} == {
        "id": rider_person.id, "name": "王小明", "stars": 1, "label": "company王**",
        "company": {"zh": "company单位", "en": "A company"}, "portrait": None,
    }  # fmt: skip
    assert card["holder"] == {"state": "active", "reason": None}
    assert card["moved"] is None
    shown = card["badge"]
    assert (shown["badge"], shown["here"], shown["state"]) == (badge.badge, True, "active")
    assert shown["device"] == "Test · Test"
    assert len(shown["short_keys"]) == 5
    assert shown["expires_at"] - card["now"] == pytest.approx(72 * 3_600_000, abs=60_000)
    keys = issuer_keys.load(app.config["ISSUER_KEYS_FOLDER"]).published()
    now_s = clock.now().timestamp()
    fresh = StatusList(int(now_s), int(now_s) + 999, 300, bytes(100))
    reader = reader_of(keys=keys, now_s=now_s, list=fresh)
    verdict = judge(badge.show(), reader)
    assert verdict.reason == "ok"
    assert verdict.code
    credential = verdict.code.credential
    assert credential.status_index == shown["status_index"]
    assert credential.badge_id.hex() == badge.badge
    assert credential.portrait.hex() == card["rider"]["portrait"]["sha256"][:16]
    assert credential.label == "company王**"


def test_a_phone_that_is_not_enrolled_gets_no_credential(phone: RiderPhone) -> None:
    card = phone.renew()
    assert card["badge"] is None
    assert card["rider"]["portrait"] == {"state": "none", "reason": None, "sha256": None}


def test_no_credential_without_an_approved_portrait(
    phone: RiderPhone, administrator: Desk, rider_person: Person
) -> None:
    card = phone.enrol().get_json()
    assert (card["badge"]["here"], card["badge"]["credential"]) == (True, None)
    assert (card["badge"]["expires_at"], card["badge"]["short_keys"]) == (None, {})
    phone.send_portrait()
    assert phone.renew()["badge"]["credential"] is None
    administrator.decide(rider_person, approve=False, reason="太暗")
    card = phone.renew()
    assert card["badge"]["credential"] is None
    assert card["rider"]["portrait"]["reason"] == "太暗"
    phone.send_portrait()
    administrator.decide(rider_person)
    assert phone.renew()["badge"]["credential"]


def test_another_phone_is_refused_until_it_says_that_it_replaces(
    badge: RiderPhone, other_phone: RiderPhone, session: Session
) -> None:
    refused = other_phone.enrol()
    assert refused.status_code == 409
    assert refused.get_json()["error"]["code"] == "badge_elsewhere"
    card = other_phone.renew()
    assert (card["badge"]["here"], card["badge"]["credential"]) == (False, None)
    first = badge.badge
    other_phone.badge = None
    assert other_phone.enrol(replace=True).status_code == 201
    assert _badges(session) == [(first, "revoked"), (other_phone.badge, "active")]
    assert _events(session)[-3:] == ["enrolled", "replaced", "enrolled"]
    old = session.scalars(select(Badge).order_by(Badge.id)).first()
    assert old
    assert old.replaced_by_id
    assert old.ended_at


def test_both_phones_are_told(badge: RiderPhone, other_phone: RiderPhone) -> None:
    other_phone.enrol(replace=True)
    card = badge.renew()
    assert (card["badge"]["here"], card["badge"]["credential"]) == (False, None)
    assert card["moved"]["device"] == "Test · Test"
    assert abs(card["moved"]["at"] - card["now"]) < 60_000
    card = other_phone.renew()
    assert (card["badge"]["here"], card["moved"]) == (True, None)


def test_the_same_key_again_is_the_same_badge(badge: RiderPhone, session: Session) -> None:
    """An answer that got lost: the phone asks once more."""
    before = badge.badge
    for replace in (False, True):
        assert badge.enrol(replace=replace).status_code == 201
        assert badge.badge == before
    assert len(_badges(session)) == 1


def test_many_phones_at_once_have_one_winner(
    browser_of: Callable[[Person], FlaskClient], rider_person: Person, session: Session
) -> None:
    phones = [RiderPhone(browser_of(rider_person)) for _number in range(THREADS)]
    statuses = at_once(lambda number: phones[number].enrol().status_code)
    assert Counter(statuses) == {201: 1, 409: THREADS - 1}
    assert len(_badges(session)) == 1


def test_many_phones_that_replace_leave_one(
    browser_of: Callable[[Person], FlaskClient], rider_person: Person, session: Session
) -> None:
    phones = [RiderPhone(browser_of(rider_person)) for _number in range(THREADS)]
    statuses = at_once(lambda number: phones[number].enrol(replace=True).status_code)
    assert Counter(statuses) == {201: THREADS}
    assert Counter(standing for _id, standing in _badges(session)) == {
        Standing.REVOKED: THREADS - 1, Standing.ACTIVE: 1,
    }  # fmt: skip


def test_the_same_phone_twice_at_once(phone: RiderPhone, session: Session) -> None:
    """Two taps, or a retry that overtakes: one badge, both told of it."""
    body = enrolment(phone.phone)

    def send(_number: int) -> tuple[int, str]:
        answer = phone.client.application.test_client()
        answer._cookies = phone.client._cookies  # type: ignore[attr-defined]
        got = answer.post("/badge/enrol", json=body, headers=JSON)
        return got.status_code, got.get_json()["badge"]["badge"]

    answers = at_once(send, 4)
    assert {status for status, _badge in answers} == {201}
    assert len({badge for _status, badge in answers}) == len(_badges(session)) == 1


def test_it_is_renewed_at_every_contact_and_written_once_an_hour(
    held_clock: Clock, badge: RiderPhone, session: Session
) -> None:
    def renewed_at() -> object:
        session.rollback()
        return session.scalar(select(Badge.renewed_at))

    first = read_credential(badge.phone.credential)
    for _time in range(3):
        held_clock.forward(minutes=19)
        badge.renew()
        again = read_credential(badge.phone.credential)
        assert (again.issued_at, again.expires_at) == (first.issued_at, first.expires_at)
    written = renewed_at()
    held_clock.forward(minutes=3)
    badge.renew()
    later = read_credential(badge.phone.credential)
    assert later.expires_at - first.expires_at == 60
    assert renewed_at() == written + timedelta(hours=1)  # type: ignore[operator]


def test_a_phone_that_was_away_for_weeks_is_renewed(held_clock: Clock, badge: RiderPhone) -> None:
    held_clock.forward(days=30)
    badge.renew()
    credential = read_credential(badge.phone.credential)
    minute = int(held_clock.now().timestamp()) // 60
    assert credential.issued_at <= minute < credential.expires_at


def test_how_long_it_lives_is_a_setting(
    make: MakeApp, badge: RiderPhone, rider_person: Person
) -> None:
    client = make(BADGE_LIVE_HOURS=5).test_client()
    sign_in(client, rider_person)
    card = RiderPhone(client).enrol(replace=True).get_json()
    left_ms = card["badge"]["expires_at"] - card["now"]
    assert left_ms == pytest.approx(5 * 3_600_000, abs=1000)


def test_what_is_new_of_the_rider_is_in_the_next_credential(
    app: Flask, badge: RiderPhone, administrator: Desk, rider_person: Person
) -> None:
    administrator.do(services.change_scope, rider_person, scope=7)
    badge.renew()
    assert read_credential(badge.phone.credential).scope == 7


def test_keys_are_rotated_under_way(app: Flask, held_clock: Clock, badge: RiderPhone) -> None:
    folder = app.config["ISSUER_KEYS_FOLDER"]
    now = held_clock.now()
    new = issuer_keys.make(folder, signs_from=now + timedelta(hours=24), now=now)
    badge.renew()
    assert read_credential(badge.phone.credential).kid != new.kid
    held_clock.forward(hours=24)
    badge.renew()
    assert read_credential(badge.phone.credential).kid == new.kid


def _sent(phone: RiderPhone, **change: object) -> int:
    body = enrolment(phone.phone) | change
    return phone.client.post("/badge/enrol", json=body, headers=JSON).status_code


@pytest.mark.parametrize(
    "change",
    [
        {"device_key": None}, {"device_key": ""}, {"device_key": "A" * 44}, {"device_key": 5},
        {"device_key": "A" * 43}, {"device_key": "é" * 44}, {"device_key": "x" * 10_000},
        {"signature": None}, {"signature": ""}, {"signature": "A" * 86}, {"signature": "A"},
        {"time": None}, {"time": "5"}, {"time": True}, {"time": -1}, {"time": 2**32},
        {"time": 1.5}, {"time": 0}, {"replace": "yes"}, {"replace": None}, {"replace": 1},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    phone: RiderPhone, session: Session, change: dict[str, object]
) -> None:
    assert _sent(phone, **change) in (413, 422)
    assert _badges(session) == []


def test_a_key_of_somebody_else_is_refused(phone: RiderPhone, session: Session) -> None:
    thief = Phone()
    assert _sent(phone, device_key=enrolment(thief)["device_key"]) == 422
    assert _sent(phone, signature=enrolment(thief)["signature"]) == 422
    assert _sent(phone, time=enrolment(phone.phone)["time"] - 1) == 422
    old = enrolment(phone.phone, time_s=int(clock.now().timestamp()) - 86_500)
    answer = phone.client.post("/badge/enrol", json=old, headers=JSON)
    assert "time" in answer.get_json()["error"]["errors"]
    assert _badges(session) == []


@pytest.mark.parametrize("path", ["/badge/enrol", "/badge/renew"])
@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"5", b"null", b'{"badge": 5}', b'{"badge": "XYZ"}', b"[" * 2000,
             b'{"badge": "0123456789abcdef0"}', b"{" + b" " * 5000 + b"}"],
)  # fmt: skip
def test_bodies_that_are_none(phone: RiderPhone, path: str, body: bytes) -> None:
    answer = phone.client.post(path, data=body, content_type="application/json", headers=JSON)
    assert answer.status_code in (413, 422)


def test_the_badge_of_somebody_else_says_nothing(
    people: People, browser_of: Callable[[Person], FlaskClient], badge: RiderPhone
) -> None:
    stranger = RiderPhone(browser_of(people.make("rider")), badge=badge.badge)
    card = stranger.renew()
    assert (card["badge"], card["moved"]) == (None, None)


@pytest.mark.parametrize("role", ["guard", "dispatcher", "company_manager", "administrator"])
def test_only_riders_have_badges(
    people: People, browser_of: Callable[[Person], FlaskClient], role: str
) -> None:
    phone = RiderPhone(browser_of(people.make(role)))
    assert phone.enrol().status_code == 403
    for path in ("renew", "portrait"):
        assert phone.client.post(f"/badge/{path}", headers=JSON).status_code == 403


def test_nobody_signed_out_has_a_badge(client: FlaskClient) -> None:
    for path in ("renew", "enrol", "portrait"):
        answer = client.post(f"/badge/{path}", json={}, headers=JSON)
        assert answer.status_code == 401
        assert answer.get_json()["error"]["code"] == "sign_in_required"


def test_enrolling_is_limited_by_person(make: MakeApp, people: People) -> None:
    limited = make(RATELIMIT_ENABLED=True)
    browsers = []
    for _number in range(2):
        browsers.append(limited.test_client())
        sign_in(browsers[-1], people.make("rider"))
    statuses = [
        browsers[0].post("/badge/enrol", json={}, headers=JSON).status_code for _n in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    assert browsers[1].post("/badge/enrol", json={}, headers=JSON).status_code == 422


def test_the_shell_knows_nobody(badge: RiderPhone, client: FlaskClient) -> None:
    mine, anyones = badge.client.get("/badge"), client.get("/badge")
    assert mine.text == anyones.text
    assert mine.headers["Cache-Control"] == "no-cache"
    assert "王小明" not in mine.text


def test_cards_are_kept_by_no_cache(badge: RiderPhone) -> None:
    answer = badge.client.post("/badge/renew", json={"badge": None}, headers=JSON)
    assert answer.headers["Cache-Control"] == "no-store"
    assert from_base64url("AA") == b"\0"


def test_events_say_who_did_it(badge: RiderPhone, session: Session, rider_person: Person) -> None:
    enrolled = session.scalars(select(BadgeEvent).where(BadgeEvent.what == "enrolled")).one()
    assert (enrolled.user_id, enrolled.actor_id) == (rider_person.id, rider_person.id)
    assert enrolled.badge_id == session.scalar(select(Badge.id))
    assert session.scalar(select(func.count()).select_from(BadgeEvent)) == 3
