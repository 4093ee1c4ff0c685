"""Ratings and wishes on a phone: one tap with no network, and the way of a wish to its answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect
from uuid6 import uuid7

from app.blueprints.visits.models import CheckIn
from app.blueprints.voices.models import Rating, Wish
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre
from tests.support.fits import OVERFLOW
from tests.support.people import Person
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE, Desk, Phone
from tests.support.station_rows import StationRows
from tests.support.waiting import until_true

pytestmark = pytest.mark.browser
SMALL = """[...document.querySelectorAll("main button, main a, main summary, main input:not([type=radio]), main label.chip, main textarea")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden") && one.type !== "hidden")
  .filter((one) => one.getBoundingClientRect().height < 47.5).map((one) => one.outerHTML.slice(0, 90))"""
SHIFTS = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


class Place:
    """A station with a host, where the rider of the phone was."""

    def __init__(self, centre: Centre, rider: Person) -> None:
        self.app, self.rider = centre.app, rider
        with self.app.app_context():
            rows = StationRows(db.session())
            self.station = rows.station(name_zh="湖东驿站", name_en="Hudong Station", number="HD-1")
            self.host = rows.host(self.station)
            db.session.commit()
            db.session.remove()

    def check_in(self, **ago: float) -> str:
        """The rider was there so long ago: the key."""
        key, at = str(uuid7()), clock.now() - timedelta(**ago)
        with self.app.app_context():
            db.session.add(
                CheckIn(
                    key=key,
                    station_id=self.station,
                    rider_id=self.rider.id,
                    way="poster",
                    purpose="rest",
                    at=at,
                    received_at=at,
                )
            )
            db.session.commit()
            db.session.remove()
        return key

    def ratings(self) -> list[tuple[str, int, str]]:
        with self.app.app_context():
            found = [
                (one.check_in_key, one.score, one.words)
                for one in db.session.query(Rating).order_by(Rating.id)
            ]
            db.session.remove()
            return found

    def wishes(self) -> list[str]:
        with self.app.app_context():
            found = [one.text for one in db.session.query(Wish).order_by(Wish.id)]
            db.session.remove()
            return found


@pytest.fixture
def place(centre: Centre, rider_account: Person) -> Place:
    return Place(centre, rider_account)


@pytest.fixture
def host(playwright: Playwright, centre: Centre, place: Place) -> Iterator[Desk]:
    """The host's browser at the counter."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    desk = Desk(context, centre.server.address)
    desk.sign_in(place.host)
    yield desk
    browser.close()


def faces(page: Page, key: str) -> Any:
    return page.locator(f"[data-rate='{key}'] .face")


def test_one_tap_rates_a_visit_with_no_network(place: Place, phone: Phone) -> None:
    key = place.check_in(hours=1)
    page = phone.go("/visits")
    good = faces(page, key).nth(2)
    expect(good).to_be_visible()
    phone.offline()
    good.tap()
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".rate-state")).to_contain_text("已保存到本机")
    assert place.ratings() == []
    phone.offline(False)
    phone.wait_until_sent()
    expect(page.locator(".rate-state")).to_contain_text("驿站已收到")
    assert place.ratings() == [(key, 3, "")]
    page.reload()
    expect(faces(page, key).nth(2)).to_have_attribute("aria-pressed", "true")


def test_words_and_another_face_take_the_place_of_the_first(place: Place, phone: Phone) -> None:
    key = place.check_in(hours=1)
    page = phone.go("/visits")
    faces(page, key).first.wait_for()
    phone.offline()
    faces(page, key).nth(2).tap()
    page.locator(".rate-words summary").tap()
    page.locator(".rate-words textarea").fill("充电口坏了两个")
    page.locator(".rate-words .button").tap()
    expect(page.locator(".rate-said")).to_have_text("充电口坏了两个")
    faces(page, key).nth(0).tap()
    expect(faces(page, key).nth(0)).to_have_attribute("aria-pressed", "true")
    assert len(phone.stores()["items"]) == 1, "what had not left was replaced"
    phone.offline(False)
    phone.wait_until_sent()
    assert place.ratings() == [(key, 1, "充电口坏了两个")]


def test_what_is_kept_on_the_phone_is_shown_again(place: Place, phone: Phone) -> None:
    """The centre knows nothing of it yet, so the phone does."""
    key = place.check_in(hours=1)
    page = phone.go("/visits")
    faces(page, key).first.wait_for()
    page.route("**/sync/items", lambda route: route.abort())
    faces(page, key).nth(1).tap()
    expect(page.locator(".rate-state")).to_contain_text("已保存到本机")
    page.reload()
    expect(faces(page, key).nth(1)).to_have_attribute("aria-pressed", "true")
    assert place.ratings() == []


def test_a_wish_without_network_is_answered_and_the_answer_read(
    place: Place, phone: Phone, host: Desk
) -> None:
    page = phone.go("/stations")  # the phone keeps the directory
    phone.until(lambda: phone.run("async () => (await indexedDB.databases()).length"))
    page = phone.go("/wishes/new")
    page.wait_for_selector("html[data-ready]")
    page.fill("#station", "湖东")
    page.locator("#found button").wait_for()
    phone.offline()
    page = phone.go(f"/wishes/new#s={place.station}")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#chosen")).to_contain_text("湖东驿站")
    page.tap("#send")
    expect(page.locator("[data-error=text]")).to_be_visible()
    page.fill("#text", "门口装一个挂雨衣的钩子")
    phone.until(lambda: "挂雨衣" in str(phone.stores()["drafts"]))
    page.reload()
    expect(page.locator("#text")).to_have_value("门口装一个挂雨衣的钩子")
    page.wait_for_selector("html[data-ready]")
    page.tap("#send")
    expect(page.locator("#receipt")).to_contain_text("已保存到本机")
    assert place.wishes() == []
    phone.offline(False)
    phone.wait_until_sent()
    expect(page.locator("#receipt")).to_contain_text("驿站已收到你的心愿")
    assert place.wishes() == ["门口装一个挂雨衣的钩子"]
    assert phone.stores()["drafts"] == []

    desk = host.go("/stations/desk/wishes")
    desk.click(".deed summary:has-text('答复')")
    desk.click("label:has-text('我们计划做')")
    desk.fill("textarea[name=answer]", "周五装好")
    desk.click("button:has-text('发送答复')")
    expect(desk.locator(".voice")).to_contain_text("周五装好")

    page = phone.go("/messages")
    expect(page.locator(".messages")).to_contain_text("湖东驿站已把你的心愿列入计划：周五装好")
    page.tap(".message")
    expect(page).to_have_url(phone.address + "/wishes")
    expect(page.locator(".voice")).to_contain_text("周五装好")


def test_a_wish_that_is_refused_says_why(place: Place, phone: Phone) -> None:
    for _time in range(2):
        page = phone.go("/wishes")
        page = phone.go(f"/wishes/new#s={place.station}")
        page.wait_for_selector("html[data-ready]")
        page.fill("#text", "热水")
        page.tap("#send")
        expect(page.locator("#receipt")).to_be_visible()
        phone.until(
            lambda: (
                not any(one["state"] in ("pending", "sending") for one in phone.stores()["items"])
            )
        )
    expect(page.locator("#receipt")).to_contain_text("你已经向这个驿站提过同样的心愿")
    page = phone.go("/outbox")
    expect(page.locator("#items")).to_contain_text("热水")
    assert place.wishes() == ["热水"]


@pytest.mark.one_database
def test_the_pages_fit_and_can_be_read(
    place: Place, phone: Phone, host: Desk, playwright: Playwright
) -> None:
    place.check_in(hours=1)
    page = phone.go(f"/wishes/new#s={place.station}")
    page.wait_for_selector("html[data-ready]")
    page.fill("#text", "热水")
    page.tap("#send")
    phone.wait_until_sent()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in ("/wishes", "/wishes/new", "/visits", f"/stations/{place.station}/wishes"):
            page = phone.go(path)
            if path == "/visits":
                page.locator(".face").first.wait_for()
            _looks_right(page, path)
        host.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (1280, 390):
            host.page.set_viewport_size(SIZE if width == 390 else {"width": width, "height": 900})  # type: ignore[arg-type]
            for path in (f"/stations/desk/{place.station}/voices", "/stations/desk/wishes"):
                _looks_right(host.go(path), path)


def _looks_right(page: Page, path: str) -> None:
    assert page.evaluate(OVERFLOW) == 0, path
    assert page.evaluate(SMALL) == [], path
    found = Axe().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.one_database
def test_nothing_jumps_when_the_faces_come(place: Place, phone: Phone) -> None:
    place.check_in(hours=1)
    place.check_in(days=2)
    page = phone.go("/visits")
    page.locator(".face").first.wait_for()
    until_true(page, "document.querySelectorAll('.face').length === 6")
    page.wait_for_timeout(300)
    assert page.evaluate(SHIFTS) < 0.1
