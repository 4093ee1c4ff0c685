"""Barriers ask the server for a verdict, with a token of their own."""

import json
import secrets
from collections.abc import Callable
from hashlib import sha256
from threading import Barrier as Meeting
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.blueprints.badges import codec
from app.blueprints.gates.models import Barrier, Presence
from app.extensions import db
from app.lib import clock
from tests.conftest import Clock
from tests.support.badges import Desk, RiderPhone
from tests.support.gate_site import Site
from tests.support.people import People
from tests.support.sk1 import Issuer, altered

URL = "/api/v1/verdicts"


class Lane:
    """A barrier: a program, no browser, with a token."""

    def __init__(self, site: Site) -> None:
        self.token = secrets.token_urlsafe(32)
        self.client: FlaskClient = site.app.test_client()
        with site.desk.acting() as (session, actor):
            made = Barrier(
                gate_id=site.gate_id, label="东一", created_by_id=actor.id,
                created_at=clock.now(),
                token_hash=sha256(self.token.encode()).hexdigest(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            self.id = made.id

    def post(self, *, headers: dict[str, str] | None = None, **how: Any) -> TestResponse:
        own = {"Authorization": f"Bearer {self.token}", "Sec-Fetch-Site": ""}
        return self.client.post(URL, headers=own | (headers or {}), **how)

    def ask(self, text: str, *, key: str | None = None, **other: Any) -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.post(json={"text": text} | other, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def site(app: Flask, people: People, held_clock: Clock) -> Site:
    return Site(app, people, Desk(app, people.make("administrator")))


@pytest.fixture
def lane(site: Site) -> Lane:
    return Lane(site)


@pytest.fixture
def phone(site: Site) -> RiderPhone:
    return site.rider("王小明")


def said(answer: dict[str, Any]) -> tuple[str, str, str | None, bool]:
    verdict = answer["verdict"]
    return verdict["level"], verdict["reason"], verdict["detail"], answer["open"]


class TestVerdicts:
    def test_green_opens_and_is_a_pass(self, site: Site, lane: Lane, phone: RiderPhone) -> None:
        answer = lane.ask(phone.show())
        assert said(answer) == ("green", "ok", None, True)
        [passed] = site.passes()
        assert answer["pass"] == passed.id
        assert answer["label"] == passed.label == phone.renew()["rider"]["label"]
        assert (passed.method, passed.direction, passed.outcome) == ("barrier", "entry", "entered")
        assert (passed.barrier_id, passed.scanner_id, passed.chain) == (lane.id, None, "none")
        assert (passed.gate_id, passed.compound_id) == (site.gate_id, site.compound_id)
        assert passed.rider_id == site.riders["王小明"].id
        assert (passed.at, passed.received_at) == (clock.now(), clock.now())
        assert (passed.server_level, passed.server_reason) == ("green", "ok")
        assert site.conflicts() == []

    def test_who_came_in_is_inside_until_going_out(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        for direction, inside in (("entry", 1), ("exit", 0)):
            held_clock.forward(minutes=20)
            assert lane.ask(phone.show(), direction=direction)["open"]
            with site.app.app_context():
                assert db.session.query(Presence).filter_by(left_at=None).count() == inside
                db.session.remove()

    def test_printed_is_amber_and_does_not_open(
        self, site: Site, lane: Lane, phone: RiderPhone
    ) -> None:
        assert said(lane.ask(site.printed("王小明"))) == ("amber", "printed", None, False)
        assert [one.outcome for one in site.passes()] == ["refused"]

    @pytest.mark.parametrize(("act", "reason"), [("suspend", "suspended"), ("revoke", "revoked")])
    def test_standing_counts_at_once(
        self, site: Site, lane: Lane, phone: RiderPhone, act: str, reason: str
    ) -> None:
        assert lane.ask(phone.show())["open"]
        getattr(site.desk, act)(site.riders["王小明"])
        assert said(lane.ask(phone.show())) == ("red", reason, None, False)
        assert [one.outcome for one in site.passes()] == ["entered", "refused"]

    def test_a_badge_that_another_phone_replaced(
        self, site: Site, lane: Lane, phone: RiderPhone
    ) -> None:
        code = phone.show()
        assert RiderPhone(phone.client).enrol(replace=True).status_code == 201
        assert said(lane.ask(code)) == ("red", "revoked", None, False)

    @pytest.mark.parametrize(
        ("rules", "asked", "detail"),
        [
            ({"opens_min": 8 * 60, "closes_min": 9 * 60}, {}, "hours"),
            ({"opens_min": 8 * 60, "closes_min": 9 * 60}, {"direction": "exit"}, None),
            ({"direction": "exit"}, {}, None),
            ({"direction": "exit"}, {"direction": "entry"}, "direction"),
            ({"direction": "entry"}, {"direction": None}, None),
        ],
    )
    def test_the_gates_rules_count(
        self, site: Site, lane: Lane, phone: RiderPhone, rules: dict[str, Any],
        asked: dict[str, Any], detail: str | None,
    ) -> None:  # fmt: skip
        site.rules(**rules)  # it is noon
        answer = lane.ask(phone.show(), **asked)
        assert answer["verdict"]["detail"] == detail
        assert answer["open"] == (detail is None)

    def test_the_cap_of_printed_badges_counts_what_guards_let_in(
        self, site: Site, lane: Lane, phone: RiderPhone
    ) -> None:
        text = site.printed("王小明")
        site.rules(printed_cap=0)
        assert said(lane.ask(text)) == ("red", "gate_closed", "printed_cap", False)

    def test_scope(self, site: Site, lane: Lane) -> None:
        elsewhere = site.rider("李四", scope=9)
        assert said(lane.ask(elsewhere.show())) == ("red", "wrong_scope", None, False)

    @pytest.mark.parametrize(
        ("seconds", "expected"),
        [(0, ("green", "ok")), (90, ("green", "ok")), (91, ("amber", "clock_skew")),
         (-91, ("amber", "clock_skew")), (600, ("amber", "clock_skew")), (601, ("red", "clock"))],
    )  # fmt: skip
    def test_age_of_the_code(
        self, lane: Lane, phone: RiderPhone, held_clock: Clock, seconds: int,
        expected: tuple[str, str],
    ) -> None:  # fmt: skip
        code = phone.phone.show(int(clock.now().timestamp()) - seconds)
        assert said(lane.ask(code))[:2] == expected

    def test_forged_codes_are_laid_to_nobody(
        self, site: Site, lane: Lane, phone: RiderPhone
    ) -> None:
        real = phone.phone.credential
        forger = Issuer(kid=int.from_bytes(real[2:4], "big"))
        fake = forger.phone(
            badge_id=real[4:12], issued_at=0, expires_at=2**32 - 1, label="冒充者",
        )  # fmt: skip
        answer = lane.ask(fake.show(int(clock.now().timestamp())))
        assert said(answer) == ("red", "bad_signature", None, False)
        assert answer["label"] is None
        [passed] = site.passes()
        assert (passed.rider_id, passed.badge_id, passed.label) == (None, None, "")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [("https://example.org", "not_ours"), ("SK1:", "malformed"), ("SK1:12", "malformed"),
         ("SK1:" + "9" * 8000, "malformed"), ("\ud800", "not_ours"), ("SK1:\ud800", "malformed"),
         ("\0", "not_ours")],
        ids=["address", "empty", "short", "long", "surrogate", "surrogate in it", "null"],
    )  # fmt: skip
    def test_what_is_no_code_is_answered_and_not_written_down(
        self, site: Site, lane: Lane, text: str, reason: str
    ) -> None:
        answer = lane.ask(text)
        assert said(answer) == ("red", reason, None, False)
        assert (answer["label"], answer["pass"]) == (None, None)
        assert site.passes() == []


class TestTwice:
    """The same code, or the same question, again."""

    def test_a_look_that_lasts_is_one_pass(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        code, first = phone.show(), None
        for _look in range(6):
            answer = lane.ask(code)
            first = first or answer
            assert answer == first
            held_clock.forward(seconds=1)
        assert said(lane.ask(code)) == ("red", "replayed", None, False)
        assert [one.outcome for one in site.passes()] == ["entered", "refused"]

    def test_an_altered_signature_is_the_same_code(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        payload = codec.decode(phone.show()).payload
        other = codec.to_text(payload[:-64] + altered(payload[-64:]))
        assert lane.ask(codec.to_text(payload)) == lane.ask(other)
        held_clock.forward(seconds=10)
        assert said(lane.ask(other))[1] == "replayed"

    def test_what_another_lane_of_the_gate_accepted_is_replayed_too(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        code = phone.show()
        assert lane.ask(code)["open"]
        held_clock.forward(seconds=10)
        assert said(Lane(site).ask(code)) == ("red", "replayed", None, False)

    def test_what_is_refused_is_written_down_once_a_minute(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        code = site.printed("王小明")
        held_clock.moment = held_clock.moment.replace(second=0)
        for _look in range(30):
            lane.ask(code)
            held_clock.forward(seconds=4)
        assert len(site.passes()) == 2

    def test_a_verdict_that_has_changed_is_not_answered_from_memory(
        self, site: Site, lane: Lane, phone: RiderPhone
    ) -> None:
        code = phone.show()
        assert lane.ask(code)["open"]
        site.desk.suspend(site.riders["王小明"])
        assert said(lane.ask(code)) == ("red", "suspended", None, False)

    def test_the_same_key_gives_the_same_answer(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        code = phone.show()
        first = lane.ask(code, key="lane-1-7")
        held_clock.forward(minutes=10)
        site.desk.suspend(site.riders["王小明"])
        assert lane.ask(code, key="lane-1-7") == first
        assert len(site.passes()) == 1

    def test_another_key_is_another_question(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        code = phone.show()
        assert lane.ask(code, key="1")["open"]
        held_clock.forward(seconds=10)
        assert said(lane.ask(code, key="2")) == ("red", "replayed", None, False)
        assert len(site.passes()) == 2

    def test_a_key_stands_for_one_code_and_one_barrier(
        self, site: Site, lane: Lane, phone: RiderPhone, held_clock: Clock
    ) -> None:
        lane.ask(phone.show(), key="1")
        answer = lane.post(json={"text": phone.show()}, headers={"Idempotency-Key": "1"})
        assert answer.status_code == 422
        assert list(answer.get_json()["error"]["errors"]) == ["Idempotency-Key"]
        held_clock.forward(seconds=30)
        assert Lane(site).ask(phone.show(), key="1")["open"]
        assert len(site.passes()) == 2

    def test_ten_at_once_are_one_pass(self, site: Site, lane: Lane, phone: RiderPhone) -> None:
        code, meeting, answers = phone.show(), Meeting(10), []

        def ask() -> None:
            other = Lane.__new__(Lane)
            other.token, other.client = lane.token, site.app.test_client()
            meeting.wait(20)
            answers.append(other.ask(code))

        threads = [Thread(target=ask) for _lane in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(site.passes()) == 1
        assert len(answers) == 10
        assert all(one == answers[0] and one["open"] for one in answers)


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        "header",
        ["", "Bearer", "Bearer ", "Basic {token}", "Bearer {token}x", "bearer{token}",
         "Bearer {token}, Bearer x", "Token {token}"],
    )  # fmt: skip
    def test_without_a_good_token(self, site: Site, lane: Lane, header: str) -> None:
        headers = {"Authorization": header.format(token=lane.token)}
        answer = lane.post(json={"text": "x"}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.get_json()["error"]["code"] == "token_required"

    def test_a_barrier_that_was_ended(self, site: Site, lane: Lane, phone: RiderPhone) -> None:
        assert lane.ask(phone.show())["open"]
        with site.desk.acting() as (session, _actor):
            session.get_one(Barrier, lane.id).ended_at = clock.now()
        assert lane.post(json={"text": phone.show()}).status_code == 401
        assert len(site.passes()) == 1

    def test_a_session_is_no_token(self, site: Site, phone: RiderPhone) -> None:
        answer = phone.client.post(URL, json={"text": phone.show()})
        assert answer.status_code == 401

    def test_a_page_of_another_site_may_not(self, lane: Lane) -> None:
        answer = lane.post(json={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert answer.is_json

    def test_each_token_has_a_limit_of_its_own(
        self, make: Callable[..., Flask], held_clock: Clock
    ) -> None:
        app = make(RATELIMIT_ENABLED=True)
        people = People(app)
        site = Site(app, people, Desk(app, people.make("administrator")))
        statuses = []
        for one in (Lane(site), Lane(site)):
            statuses.append([one.post(json={"text": "x"}).status_code for _time in range(601)])
        assert statuses == [[200] * 600 + [429]] * 2

    def test_the_token_is_kept_nowhere(self, site: Site, lane: Lane, caplog: Any) -> None:
        lane.ask("x")
        with site.app.app_context():
            found = db.session.get_one(Barrier, lane.id)
            assert lane.token not in repr(vars(found))
            db.session.remove()
        assert lane.token not in caplog.text


class TestForm:
    """What is sent."""

    @pytest.mark.parametrize(
        ("body", "status", "fields"),
        [
            ({}, 422, ["text"]), ({"text": ""}, 422, ["text"]), ({"text": 7}, 422, ["text"]),
            ({"text": None}, 422, ["text"]), ({"text": "x" * 8193}, 422, ["text"]),
            ({"text": "x", "direction": "up"}, 422, ["direction"]),
            ({"text": "x", "direction": "both"}, 422, ["direction"]),
            ({"text": "x", "direction": []}, 422, ["direction"]),
            ([], 400, None), ("x", 400, None), (None, 400, None),
        ],
        ids=lambda value: json.dumps(value)[:30],
    )  # fmt: skip
    def test_json_that_does_not_fit(
        self, lane: Lane, body: Any, status: int, fields: list[str] | None
    ) -> None:
        answer = lane.post(data=json.dumps(body), content_type="application/json")
        assert answer.status_code == status
        found = answer.get_json()["error"].get("errors")
        assert (list(found) if found else None) == fields

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 60_000, b'{"text": NaN}'])
    def test_what_is_no_json(self, lane: Lane, body: bytes) -> None:
        answer = lane.post(data=body, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert answer.is_json

    def test_other_content_types(self, lane: Lane) -> None:
        assert lane.post(data={"text": "x"}).status_code == 415
        assert lane.post(data=b'{"text": "x"}', content_type="text/plain").status_code == 415

    def test_too_large(self, lane: Lane) -> None:
        answer = lane.post(data=b"x" * 70_000, content_type="application/json")
        assert answer.status_code == 413
        assert answer.get_json()["error"]["code"] == "too_large"

    @pytest.mark.parametrize("key", [" ", "x" * 65, "é", "a b"])
    def test_keys_that_do_not_fit(self, lane: Lane, key: str) -> None:
        answer = lane.post(json={"text": "x"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422

    def test_it_is_never_kept(self, lane: Lane) -> None:
        assert lane.post(json={"text": "x"}).headers["Cache-Control"] == "no-store"
