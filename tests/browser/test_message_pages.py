"""The screens about messages: how notifications stand, the wishes, and what opens with no network."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import func, select

from app.blueprints.notifications.models import MutedTopic, Notification, Preference
from app.blueprints.notifications.services import notify
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre
from tests.support.fits import OVERFLOW
from tests.support.people import People, Person
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE, Desk, Phone
from tests.support.push_phone import PushPhone

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
_ANSWERED = "Object.defineProperty(Notification, 'permission', { get: () => '%s' });"
_SMALL = """[...document.querySelectorAll("main a, main button, main .switch, main .input, .bar a")]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48)
  .map((one) => one.outerHTML.slice(0, 80))"""
_KEPT = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { keptMessages } = await import(`${base}/js/messages/keep.js`);
  const { owner } = await import(`${base}/js/outbox/items.js`);
  return (await keptMessages(await owner())).length;
}"""
OpenAs = Callable[..., Page]


@pytest.fixture
def open_as(playwright: Playwright, centre: Centre) -> Iterator[OpenAs]:
    """A page in the browser of somebody who has signed in, and who has answered the question
    whether to notify so."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def make(person: Person, path: str, answered: str = "default", **further: object) -> Page:
        context = browser.new_context(locale="zh-CN", **{"viewport": SIZE, **further})  # type: ignore[arg-type]
        context.add_init_script(_ANSWERED % answered)
        desk = Desk(context, centre.server.address)
        desk.sign_in(person)
        return desk.go(path)

    yield make
    browser.close()


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER, name="王骑手")


def told(app: Flask, person: Person, *kinds: str, url: str = "/badge") -> None:
    """Somebody has these messages, the last one the newest."""
    with app.app_context():
        for kind in kinds:
            data = {"case": "2026-1", "category": {"zh": "道路破损", "en": "Broken road"}}
            notify(db.session(), [person.id], kind=kind, data=data, url=url, now=clock.now())
        db.session.commit()
        db.session.remove()


def unread(app: Flask) -> int:
    with app.app_context():
        wanted = select(func.count()).where(Notification.read_at.is_(None))
        count = db.session.scalar(wanted) or 0
        db.session.remove()
        return count


def sound(page: Page, name: str) -> None:
    """Nothing is wider than the screen, too small for a thumb or hard to read; a picture where
    somebody asks for one."""
    page.wait_for_timeout(200)
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(_SMALL) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("CASE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("answered", "state", "seen"),
    [("default", "ask", True), ("denied", "denied", False), ("granted", "off", False)],
)
def test_the_card_says_how_notifications_stand(
    open_as: OpenAs, rider: Person, scheme: str, answered: str, state: str, seen: bool
) -> None:
    page = open_as(rider, "/messages/settings", answered, color_scheme=scheme)
    card = page.locator("#push-card")
    expect(card).to_have_attribute("data-state", state)
    expect(card.locator(f"h2[data-for={state}]")).to_be_visible()
    expect(card.locator("h2:visible")).to_have_count(1)
    sound(page, f"notifications-{state}-{scheme}")
    page.goto(page.url.replace("/settings", ""))
    expect(card).to_be_visible(visible=seen)


def test_an_iphone_is_told_to_put_the_app_on_its_screen_first(
    open_as: OpenAs, rider: Person
) -> None:
    page = open_as(rider, "/messages", user_agent=IPHONE)
    expect(page.locator("#push-card")).to_have_attribute("data-state", "iphone")
    expect(page.locator("#push-card [data-do=on]:visible")).to_have_count(0)
    sound(page, "notifications-iphone")
    page.locator("#push-card a[data-for=iphone]").click()
    page.wait_for_url("**/install")


def test_who_does_not_want_to_be_asked_now_is_not(open_as: OpenAs, rider: Person) -> None:
    page = open_as(rider, "/messages")
    page.click("[data-do=later]")
    expect(page.locator("#push-card")).to_be_hidden()
    page.reload()
    page.wait_for_timeout(300)
    expect(page.locator("#push-card")).to_be_hidden()
    page.goto(page.url + "/settings")
    expect(page.locator("#push-card")).to_be_visible()


def test_wishes_are_saved_and_a_wrong_hour_is_said_at_its_field(
    app: Flask, open_as: OpenAs, rider: Person
) -> None:
    page = open_as(rider, "/messages/settings")
    expect(page.locator("[name=topics]")).to_have_count(7)
    expect(page.locator("#quiet_from")).to_have_value("22:00")
    expect(page.locator("#quiet_until")).to_have_value("07:00")
    page.locator(".switch", has=page.locator("[value=announcements]")).click()
    page.fill("#quiet_from", "23:30")
    page.fill("#quiet_until", "")
    page.click("form.stack button.main")
    expect(page.locator("#quiet_until-error")).to_be_visible()
    expect(page.locator("#quiet_from")).to_have_value("23:30")
    expect(page.locator("[value=announcements]")).not_to_be_checked()
    sound(page, "wishes-wrong")
    page.fill("#quiet_until", "08:00")
    page.click("form.stack button.main")
    page.wait_for_selector(".toast")
    with app.app_context():
        row = db.session.scalars(select(Preference)).one()
        assert (row.quiet, row.quiet_from, row.quiet_until) == (True, 23 * 60 + 30, 8 * 60)
        assert list(db.session.scalars(select(MutedTopic.topic))) == ["announcements"]
        db.session.remove()


def test_only_what_somebody_is_told_of_is_asked(
    app: Flask, people: People, open_as: OpenAs
) -> None:
    administrator = people.make(Role.ADMINISTRATOR)
    wide = {"width": 1440, "height": 900}
    page = open_as(administrator, "/messages/settings", viewport=wide)
    expect(page.locator("[value=operation]")).to_be_checked()
    expect(page.locator("[value=reports]")).to_have_count(0)
    sound(page, "wishes-desk")
    with app.app_context():  # kept from when the administrator was a rider
        db.session.add(MutedTopic(user_id=administrator.id, topic="badge", muted_at=clock.now()))
        db.session.commit()
    page.locator(".switch", has=page.locator("[value=operation]")).click()
    page.click("form.stack button.main")
    page.wait_for_selector(".toast")
    with app.app_context():
        topics = set(db.session.scalars(select(MutedTopic.topic)))
        db.session.remove()
    assert topics == {"badge", "operation"}


def test_messages_open_with_no_network_and_reading_is_told_later(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    told(centre.app, rider_account, "case_accept", "badge_approved", "case_close")
    expect(phone.go("/messages").locator(".message.unread")).to_have_count(3)
    said = phone.page.locator(".message .said").all_inner_texts()
    phone.until(lambda: phone.run(_KEPT) == 3)
    phone.until(lambda: (phone.fact("unread") or {}).get("count") == 3)
    phone.offline()
    page = phone.go("/messages")
    expect(page.locator(".message.unread")).to_have_count(3)
    assert page.locator(".message .said").all_inner_texts() == said
    expect(page.locator("#since")).to_be_visible()
    sound(page, "messages-offline")
    page.locator(".message").nth(1).click()
    page.wait_for_url("**/badge")  # it opens with no network too
    expect(phone.go("/messages").locator(".message.unread")).to_have_count(2)
    expect(page.locator("[data-unread-count] [data-number]")).to_have_text("2")
    assert unread(centre.app) == 3
    phone.offline(False)
    expect(page.locator("#since")).to_have_count(0)  # the centre's own page comes by itself
    expect(page.locator(".message.unread")).to_have_count(2)
    assert unread(centre.app) == 2


def test_what_leads_to_a_page_that_does_not_come_says_so(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    told(centre.app, rider_account, "case_accept", url="/reports/1")
    phone.go("/messages")
    phone.until(lambda: phone.run(_KEPT) == 1)
    phone.offline()
    page = phone.go("/messages?after=400")
    expect(page.locator(".message")).to_have_count(1)
    page.locator(".message").click()
    expect(page.locator("#try-again")).to_be_visible()


def test_signing_out_leaves_no_message_and_no_notification(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    pushes = PushPhone(phone)
    told(centre.app, rider_account, "badge_approved")
    phone.go("/messages")
    phone.until(lambda: phone.run(_KEPT) == 1)
    pushes.deliver(b"?")
    phone.until(lambda: pushes.shown())
    phone.go("/sign-out")
    phone.page.click("#sign-out button")
    phone.page.wait_for_url("**/sign-in**")
    phone.until(lambda: not pushes.shown())
    page = phone.go("/messages/kept")
    expect(page.locator("#none")).to_be_visible()
    expect(page.locator("[data-unread-count]")).to_be_hidden()
    phone.until(lambda: pushes.stored("badge") == "0")


def test_what_comes_while_the_page_is_open_is_announced(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    pushes = PushPhone(phone)
    page = phone.go("/messages")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("#newer")).to_be_hidden()
    told(centre.app, rider_account, "badge_approved")
    pushes.deliver(b"?")
    page.click("#newer")
    expect(page.locator(".message.unread")).to_have_count(1)


def test_after_a_report_the_receipt_says_that_one_can_be_told(phone: Phone) -> None:
    PushPhone(phone, "default")
    phone.report(1)
    hint = phone.page.locator("#push-hint")
    expect(hint).to_be_visible()
    assert (hint.bounding_box() or {"height": 0})["height"] >= 48
    hint.click()
    phone.page.wait_for_url("**/messages/settings")
    phone.page.evaluate("localStorage.setItem('answered', 'granted')")
    phone.report(2)
    expect(phone.page.locator("#push-hint")).to_be_hidden()
