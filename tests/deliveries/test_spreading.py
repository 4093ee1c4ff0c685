"""Who is told on which way, and when: phones, quiet nights, topics switched off, SMS."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.deliveries.spreading import spread
from app.blueprints.notifications.kinds import KINDS, TOPICS
from app.blueprints.notifications.models import Wording
from app.blueprints.notifications.quiet import Quiet
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.deliveries.conftest import Post
from tests.support.gateway import Gateway, running_gateway
from tests.support.people import People, Person, sign_in
from tests.support.push_service import PushService as Stub
from tests.support.threads import at_once

NIGHT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
"""23:00 in Suzhou."""
SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def hold(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    hold(NIGHT - timedelta(hours=9))
    return hold


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER)


@pytest.fixture
def sms() -> Iterator[Gateway]:
    with running_gateway() as gateway:
        yield gateway


def test_each_of_a_persons_phones_hears_and_nobody_elses(
    post: Post, people: People, rider: Person, service: Stub
) -> None:
    for person in (rider, rider, people.make(Role.RIDER)):
        post.phone_of(person)
    post.tell(rider)
    assert sorted(one.name for one in service.taken) == ["0", "1"]
    post.work()
    assert len(service.taken) == 2


def test_a_night_is_told_of_in_the_morning_at_once(
    post: Post, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    set_clock(NIGHT)
    post.tell(rider, kind="case_accept")
    set_clock(NIGHT + timedelta(hours=3))
    post.tell(rider, kind="case_close")
    assert service.taken == []
    set_clock(NIGHT + timedelta(hours=8))
    post.work()
    [letter] = service.letters()
    shown = letter["notification"]
    assert "2" in shown["title"]
    assert shown["body"].count("SK-1") == 2
    assert shown["navigate"].endswith("/messages")
    assert letter["app_badge"] == 2


def test_of_one_message_the_morning_tells_itself(
    post: Post, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    set_clock(NIGHT)
    post.tell(rider, url="/reports/9")
    set_clock(NIGHT + timedelta(hours=8))
    post.work()
    [letter] = service.letters()
    assert letter["notification"]["data"]["url"] == "/reports/9"


def test_what_was_read_in_the_night_is_not_told_again(
    post: Post, app: Flask, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    set_clock(NIGHT)
    post.tell(rider)
    client = app.test_client()
    sign_in(client, rider)
    client.post("/messages/read-all", data={"up_to": "1"})
    set_clock(NIGHT + timedelta(hours=8))
    post.work()
    assert service.taken == []
    assert [row.work_state for row in post.rows()] == ["done"]


def test_a_rider_on_the_night_shift_has_hours_of_their_own(
    post: Post, app: Flask, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    client = app.test_client()
    sign_in(client, rider)
    form = {"quiet": "on", "quiet_from": "09:00", "quiet_until": "17:30", "topics": ["reports"]}
    assert client.post("/messages/settings", data=form).status_code == 303
    post.tell(rider)
    assert service.taken == []
    set_clock(NIGHT)
    post.tell(rider)
    assert len(service.taken) == 2  # the morning's, which is overdue, and this one


def test_a_topic_switched_off_wakes_nobody_but_is_there_to_read(
    post: Post, app: Flask, rider: Person, service: Stub
) -> None:
    post.phone_of(rider)
    client = app.test_client()
    sign_in(client, rider)
    assert client.post("/messages/mute", json={"topic": "reports"}).status_code == 204
    post.tell(rider)
    assert service.taken == []
    assert "SK-1" in client.get("/messages").text
    assert client.post("/messages/mute", json={"topic": "nothing"}).status_code == 422


def test_what_is_critical_passes_the_night_and_topics(
    post: Post, app: Flask, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    client = app.test_client()
    sign_in(client, rider)
    client.post("/messages/mute", json={"topic": "badge"})
    set_clock(NIGHT)
    post.tell(rider, kind="badge_suspended", reason="证件过期")
    [letter] = service.letters()
    assert "证件过期" in letter["notification"]["body"]
    assert [one["action"] for one in letter["notification"]["actions"]] == ["open"]


def test_without_a_phone_that_takes_pushes_what_is_critical_comes_by_sms(
    make: Callable[..., Flask], people: People, rider: Person, service: Stub, sms: Gateway
) -> None:
    app = make(PUSH_SERVICES=service.origin, SMS_GATEWAY_URL=sms.url, SMS_GATEWAY_TOKEN="t")
    post = Post(app, service, people)
    sms.status = 500
    post.tell(rider, kind="badge_suspended", reason="证件过期")
    post.tell(rider, kind="case_close")
    sms.status = 200
    post.due_now()
    post.work()
    [taken] = sms.taken
    assert taken["phone"] == rider.phone
    assert taken["template"] == "notice"
    assert "证件过期" in taken["params"]["text"]
    assert [(row.way, row.work_state) for row in post.rows()] == [("sms", "done")]


def test_by_announcements_a_person_is_woken_three_times_a_day(
    post: Post, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    for number in range(5):
        post.announce(rider, f"停水 {number}")
    assert len(service.taken) == 3
    set_clock(clock.now() + timedelta(hours=25))
    post.announce(rider, "明天")
    assert len(service.taken) == 4


def test_a_morning_tells_of_nothing_that_was_taken_back(
    post: Post, rider: Person, service: Stub, set_clock: SetClock
) -> None:
    post.phone_of(rider)
    set_clock(NIGHT)
    post.announce(rider, "停水")
    post.tell(rider, url="/reports/9")
    with post.app.app_context(), transaction(db.session()):
        db.session.get_one(Wording, 1).recalled_at = clock.now()
    set_clock(NIGHT + timedelta(hours=8))
    post.work()
    [letter] = service.letters()
    assert letter["notification"]["data"]["url"] == "/reports/9"


def test_what_was_taken_back_is_not_sent(post: Post, rider: Person, service: Stub) -> None:
    post.phone_of(rider)
    service.answer = lambda _request: (503, {})
    post.announce(rider, "停水")
    with post.app.app_context(), transaction(db.session()):
        db.session.get_one(Wording, 1).recalled_at = clock.now()
    service.answer = lambda _request: (201, {})
    post.due_now()
    post.work()
    assert len(service.taken) == 1


def test_two_workers_spread_each_message_once(
    post: Post, app: Flask, people: People, service: Stub
) -> None:
    riders = [people.make(Role.RIDER) for _one in range(40)]
    for one in riders:
        post.phone_of(one)
    post.write(*riders)
    key_id = post.subscriptions()[0].key_id

    def work(_number: int) -> int:
        done = 0
        with app.app_context():
            while True:
                with transaction(db.session()):
                    count = spread(db.session(), key_id=key_id, now=clock.now(), limit=7)
                if not count:
                    return done
                done += count

    assert sum(at_once(work, 2)) == 40
    assert len(post.rows()) == 40
    assert len({row.user_id for row in post.rows()}) == 40


@given(
    st.integers(0, 1439), st.integers(0, 1439),
    st.integers(0, 366 * 1440).map(lambda minutes: NIGHT + timedelta(minutes=minutes)),
)  # fmt: skip
def test_a_night_holds_its_moments_and_ends_where_it_says(
    begins: int, ends: int, moment: datetime
) -> None:
    quiet = Quiet(True, begins, ends)
    night = quiet.night(moment)
    if night is None:
        return
    begun, over = night
    assert begun <= moment < over
    assert over - begun == timedelta(minutes=(ends - begins) % 1440)
    assert quiet.night(over) is None
    assert quiet.night(begun) == night


def test_every_kind_belongs_to_a_topic_and_travels_as_the_protocol_allows() -> None:
    for name, kind in KINDS.items():
        assert kind.topic in TOPICS, name
        assert kind.urgency in ("very-low", "low", "normal", "high"), name
        assert 0 < kind.ttl_s <= 28 * 86_400, name
