"""Pushes on a rider's phone: turned on by a tap, shown whatever comes, and leading to the page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.blueprints.deliveries import vapid
from app.blueprints.deliveries.models import Subscription
from app.blueprints.deliveries.payload import Letter, payload
from app.blueprints.notifications.models import MutedTopic, Notification
from app.blueprints.notifications.services import notify
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.push_phone import SERVICE, PushPhone
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

Tell = Callable[..., int]


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server that may push to where the phone's subscription points."""
    server = Server(database_url, tmp_path / "data", PUSH_SERVICES=SERVICE)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def pushes(phone: Phone) -> PushPhone:
    return PushPhone(phone)


@pytest.fixture
def tell(centre: Centre, rider_account: Person) -> Tell:
    """Writes a message to the rider; answers its id."""

    def write(url: str = "/badge", kind: str = "badge_approved") -> int:
        with centre.app.app_context():
            notify(db.session(), [rider_account.id], kind=kind, data={}, url=url, now=clock.now())
            db.session.commit()
            newest = select(Notification.id).order_by(Notification.id.desc()).limit(1)
            number = db.session.scalars(newest).one()
            db.session.remove()
            return number

    return write


def letter(phone: Phone, number: int | None, **changes: Any) -> bytes:
    """The bytes that the server would push."""
    fields: dict[str, Any] = {
        "title": "我的码", "text": "照片已通过审核。", "url": "/badge", "tag": f"n{number}",
        "open_word": "打开", "mute_word": "不再通知", "topic": "badge", "notification_id": number,
        "unread": 1, **changes,
    }  # fmt: skip
    return payload(Letter(**fields), site=phone.address, locale="zh_Hans")


def rows(centre: Centre, model: Any) -> list[Any]:
    """What the database holds."""
    with centre.app.app_context():
        found = list(db.session.scalars(select(model)))
        db.session.expunge_all()
        db.session.remove()
        return found


def message(centre: Centre, number: int) -> Notification:
    """One message as it stands now."""
    return next(one for one in rows(centre, Notification) if one.id == number)


def keep_badges(pushes: PushPhone) -> None:
    """From now on the worker's numbers for the app's icon are listed."""
    pushes.worker.evaluate("""() => {
      self.badges = [];
      navigator.setAppBadge = async (count) => { self.badges.push(count); };
      navigator.clearAppBadge = async () => { self.badges.push(0); };
    }""")


def test_nothing_is_asked_before_a_tap_and_a_tap_turns_pushes_on(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    pushes = PushPhone(phone, "default")
    for path in ("/", "/messages", "/messages/settings"):
        phone.go(path).wait_for_timeout(300)
    assert pushes.stored("asked") is None
    pushes.turn_on()
    assert pushes.stored("asked") == "1"
    (row,) = rows(centre, Subscription)
    assert row.user_id == rider_account.id
    assert row.endpoint.startswith(SERVICE)
    assert (row.site, row.locale) == (phone.address, "zh_Hans")


def test_turning_off_ends_it_here_and_at_the_centre(
    phone: Phone, pushes: PushPhone, centre: Centre
) -> None:
    page = pushes.turn_on()
    page.click("[data-do=off]")
    page.wait_for_selector("#push-card[data-state=off]")
    phone.until(lambda: rows(centre, Subscription) == [])
    assert pushes.stored("held") is None
    phone.go("/").wait_for_timeout(500)
    assert rows(centre, Subscription) == []


def test_a_push_is_shown_counted_kept_and_told(
    phone: Phone, pushes: PushPhone, centre: Centre, tell: Tell
) -> None:
    pushes.turn_on()
    number = tell("/reports/3")
    keep_badges(pushes)
    for _time in range(2):  # sent twice, shown once
        pushes.deliver(letter(phone, number, url="/reports/3", unread=5))
        phone.until(lambda: pushes.shown())
    (shown,) = pushes.shown()
    assert (shown["title"], shown["body"]) == ("我的码", "照片已通过审核。")
    assert (shown["tag"], shown["lang"]) == (f"n{number}", "zh-Hans")
    assert shown["data"] == {"id": number, "url": "/reports/3", "topic": "badge"}
    assert [(one["action"], one["title"]) for one in shown["actions"]] == [
        ("open", "打开"), ("mute", "不再通知"),
    ]  # fmt: skip
    phone.until(lambda: message(centre, number).shown_at)
    assert message(centre, number).read_at is None
    expect(phone.page.locator("[data-unread-count] [data-number]")).to_have_text("5")
    phone.until(lambda: pushes.worker.evaluate("self.badges")[-1:] == [5])
    phone.offline()
    expect(phone.go("/messages").locator(".message.unread")).to_contain_text("照片已通过审核")


@pytest.mark.parametrize("content", [b"", b"no json", b'{"notification": {"body": "?"}}'])
def test_what_cannot_be_read_is_shown_all_the_same(
    phone: Phone, pushes: PushPhone, content: bytes
) -> None:
    phone.go("/me")
    with phone.page.expect_navigation():
        phone.page.click(".language [value=en]")
    phone.until(lambda: phone.fact("locale") == "en")
    pushes.deliver(content)
    phone.until(lambda: pushes.shown())
    (shown,) = pushes.shown()
    assert shown["title"] == "Star Knight"
    assert shown["data"]["url"] == "/messages"


def test_a_tap_leads_to_the_page_and_is_noted_as_read(
    phone: Phone, pushes: PushPhone, centre: Centre, tell: Tell
) -> None:
    page = pushes.turn_on()
    number = tell()
    pushes.deliver(letter(phone, number))
    phone.until(lambda: pushes.shown())
    pushes.tap(f"n{number}")
    # Without a finger on the screen no window may be opened: the one that is there goes.
    page.wait_for_url("**/badge")
    phone.until(lambda: message(centre, number).read_at)
    assert pushes.shown() == []


def test_the_button_for_silence_silences_the_topic(
    phone: Phone, pushes: PushPhone, centre: Centre, tell: Tell
) -> None:
    pushes.turn_on()
    number = tell()
    pushes.deliver(letter(phone, number))
    phone.until(lambda: pushes.shown())
    pushes.tap(f"n{number}", "mute")
    phone.until(lambda: [one.topic for one in rows(centre, MutedTopic)] == ["badge"])
    assert message(centre, number).read_at is None
    page = phone.go("/messages/settings")
    expect(page.locator("[name=topics][value=badge]")).not_to_be_checked()
    expect(page.locator("[name=topics][value=reports]")).to_be_checked()


def test_silence_that_does_not_reach_the_centre_is_offered_as_a_page(
    phone: Phone, pushes: PushPhone, centre: Centre, network: Network, tell: Tell
) -> None:
    page = pushes.turn_on()
    number = tell()
    pushes.deliver(letter(phone, number))
    phone.until(lambda: pushes.shown())
    network.policy = lambda _method, path: DROP if path == "/messages/mute" else PASS
    pushes.tap(f"n{number}", "mute")
    page.wait_for_url("**/messages/settings?mute=badge")
    expect(page.locator(".switch.asked [value=badge]")).not_to_be_checked()
    page.click("form.stack button.main")
    phone.until(lambda: [one.topic for one in rows(centre, MutedTopic)] == ["badge"])


def test_a_new_key_of_the_centre_makes_a_new_subscription(
    phone: Phone, pushes: PushPhone, centre: Centre
) -> None:
    pushes.turn_on()
    (before,) = rows(centre, Subscription)
    path = centre.server.folder / "vapid-key.pem"
    path.unlink()
    key = vapid.make(path)
    phone.go("/")
    phone.until(lambda: rows(centre, Subscription)[-1].key_id == key.id)
    assert rows(centre, Subscription)[-1].endpoint != before.endpoint


def test_another_language_is_told_and_what_stands_is_not_told_again(
    phone: Phone, pushes: PushPhone, centre: Centre, network: Network
) -> None:
    pushes.turn_on()
    told = ("POST", "/push/subscriptions")
    network.seen.clear()
    phone.go("/").wait_for_timeout(700)
    assert told not in network.seen
    phone.go("/me")
    phone.page.click(".language [value=en]")
    phone.until(lambda: [one.locale for one in rows(centre, Subscription)] == ["en"])


def test_another_person_on_the_phone_has_the_pushes_from_then_on(
    phone: Phone, pushes: PushPhone, centre: Centre, people: Any
) -> None:
    pushes.turn_on()
    other = people.make("rider", name="另一位")
    phone.go("/sign-out")
    phone.page.click("#sign-out button")
    phone.page.wait_for_url("**/sign-in**")
    phone.sign_in(other)
    phone.until(lambda: [one.user_id for one in rows(centre, Subscription)] == [other.id])


def test_the_worker_subscribes_anew_when_the_browser_ends_it(
    phone: Phone, pushes: PushPhone, centre: Centre
) -> None:
    pushes.turn_on()
    (before,) = rows(centre, Subscription)
    keys = {"p256dh": before.p256dh, "auth": before.auth}
    pushes.worker.evaluate(
        """(held) => {
          PushManager.prototype.getSubscription = async () => null;
          PushManager.prototype.subscribe = async () => ({ endpoint: held.endpoint, toJSON: () => held });
          self.dispatchEvent(new ExtendableEvent("pushsubscriptionchange"));
        }""",
        {"endpoint": f"{SERVICE}/anew", "keys": keys},
    )
    phone.until(lambda: f"{SERVICE}/anew" in {one.endpoint for one in rows(centre, Subscription)})


def test_a_push_service_that_does_not_answer_is_said_and_tried_again(
    phone: Phone, pushes: PushPhone, centre: Centre
) -> None:
    page = pushes.settings()
    page.evaluate("localStorage.setItem('no-answer', 1)")
    page.click("[data-do=on]:visible")
    page.wait_for_selector("#push-card[data-state=failed]")
    expect(page.locator("[data-failure=no_answer]")).to_be_visible()
    assert rows(centre, Subscription) == []
    page.evaluate("localStorage.removeItem('no-answer')")
    page.click("[data-do=on]:visible")
    page.wait_for_selector("#push-card[data-state=on]")
    assert len(rows(centre, Subscription)) == 1


def test_the_icon_counts_what_is_unread_and_what_waits(
    phone: Phone, pushes: PushPhone, network: Network, tell: Tell
) -> None:
    tell()
    tell()
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    phone.report(1)
    page = phone.go("/")
    phone.until(lambda: pushes.stored("badge") == "3")
    expect(page.locator("[data-unread-count] [data-number]")).to_have_text("2")
    network.good()
    phone.go("/outbox")
    phone.send_now()
    phone.wait_until_sent()
    phone.until(lambda: pushes.stored("badge") == "2")
    phone.go("/messages")
    with page.expect_navigation():
        page.click(".row.spread form button")
    phone.until(lambda: pushes.stored("badge") == "0")
    expect(page.locator("[data-unread-count]")).to_be_hidden()
