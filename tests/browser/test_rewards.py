"""Rewards as they are seen: the shop on a phone, the desk on a screen; a plain way to a voucher."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.rewards import handing, redeeming
from app.blueprints.rewards.handing import HandOutDraft
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.browser.conftest import OpenAs
from tests.support.fits import OVERFLOW
from tests.support.people import People, Person
from tests.support.phone import ARGUMENTS, CHROMIUM, PLACE
from tests.support.reward_rows import RewardRows, issuer_keys
from tests.support.station_rows import StationRows

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

WIDE = {"width": 1280, "height": 900}
SMALL = """[...document.querySelectorAll("main a, main button, main .input, main summary, main .place")]
  .filter((one) => one.offsetParent && !one.closest("dd, p") && one.getBoundingClientRect().height < 48)
  .map((one) => one.outerHTML.slice(0, 80))"""
LOOKS = [("light", "zh_Hans"), ("dark", "en")]


@pytest.fixture
def rider(people: People) -> Person:
    return people.make(Role.RIDER, name="王小明")


@pytest.fixture
def shelf(app: Flask, rider: Person) -> int:
    """A flask at eight stations, the last of them the nearest; a rider with 100 points. One flask
    was handed out twice. Answers the flask's id."""
    with app.app_context():
        session, now = db.session(), clock.now()
        with transaction(session):
            stations, rows = StationRows(session), RewardRows(session)
            flask = rows.reward(words_zh="不锈钢内胆", words_en="Steel", cost=20)
            for number in range(8, 0, -1):
                north = PLACE["latitude"] + number / 100
                place = stations.station(
                    name_zh=f"第{number}近站", name_en=f"Near {number}", latitude=north
                )
                stock = rows.stock(flask, place, 3)
            service = rows.reward(kind="service", cost=90)
            rows.stock(service, place, None)
            rows.slot(service, place, starts_at=now + timedelta(days=1))
            rows.reward(cost=500, min_star=3)
            rows.points(rider.id, 120)
            host = session.get_one(User, stations.host(place).id)
            made = redeeming.redeem(
                session, session.get_one(User, rider.id), reward_id=flask, station_id=place,
                key="k", keys=issuer_keys(), now=now,
            )  # fmt: skip
            drafts = [HandOutDraft(key, host, place, now, code=made.code) for key in "ab"]
            handing.hand_out(session, drafts, now=now)
        db.session.remove()
    assert stock
    return flask


def sound(page: Page) -> None:
    page.wait_for_load_state()  # after a click its words may stand before its style has come
    page.wait_for_timeout(200)
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(SMALL) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_a_rider_comes_from_points_to_a_voucher(
    open_as: OpenAs, rider: Person, shelf: int, scheme: str, language: str
) -> None:
    page = open_as(
        rider, "/points", language=language, color_scheme=scheme, geolocation=PLACE,
        permissions=["geolocation"],
    )  # fmt: skip
    page.locator("a[href='/rewards']").click()
    page.wait_for_url("**/rewards")
    expect(page.locator(".purse .sum")).to_contain_text("100")
    expect(page.locator(".reward")).to_have_count(3)
    sound(page)
    page.locator(f".reward[href='/rewards/{shelf}']").click()
    page.wait_for_url(f"**/rewards/{shelf}")
    first, second = ("Near 1", "Near 2") if language == "en" else ("第1近站", "第2近站")
    expect(page.locator(".place").first).to_contain_text(first)
    expect(page.locator(".place:visible")).to_have_count(5)
    page.click("#more-places")
    expect(page.locator(".place:visible")).to_have_count(8)
    sound(page)
    page.click("button.redeem")
    expect(page.locator("#places .error")).to_be_visible()
    page.locator(".place", has_text=second).click()
    page.click("button.redeem")
    expect(page.locator(".facts")).to_contain_text(second)
    sound(page)
    page.click("form button.main")
    page.wait_for_url("**/vouchers#v=*")
    page.goto(page.url.split("/vouchers")[0] + "/rewards")
    expect(page.locator(".purse .sum")).to_contain_text("80")
    expect(page.locator(".purse .tally-of")).to_have_text("1")


def test_a_phone_without_a_place_shows_stations_by_number(
    open_as: OpenAs, rider: Person, shelf: int
) -> None:
    page = open_as(rider, f"/rewards/{shelf}")
    expect(page.locator(".place").first).to_contain_text("第8近站")
    page.click("#nearest")
    expect(page.locator("#places-said")).to_have_text("手机没有给出位置，驿站按编号排列。")


def test_without_scripts_every_station_can_be_chosen(
    open_as: OpenAs, rider: Person, shelf: int, playwright: Playwright
) -> None:
    signed_in = open_as(rider, "/rewards")
    state = signed_in.context.storage_state()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(signed_in.url + f"/{shelf}")
    expect(page.locator(".place:visible")).to_have_count(8)
    page.locator(".place").last.click()
    page.click("button.redeem")
    page.wait_for_selector("input[name=sure]", state="attached")  # both pages have such a button
    page.click("form button.main")
    page.wait_for_url("**/vouchers#v=*")
    browser.close()


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_pages_of_the_desk_are_sound(
    open_as: OpenAs, people: People, shelf: int, scheme: str, language: str
) -> None:
    boss = people.make(Role.ADMINISTRATOR)
    page = open_as(
        boss, "/rewards/desk", language=language, color_scheme=scheme, viewport=WIDE
    )  # fmt: skip
    root = page.url
    for path in (
        "", "/new", f"/{shelf}", f"/{shelf + 1}", f"/{shelf}/pictures", "/stock", "/stock/1",
        "/suppliers", "/settlement", f"/settlement?month={clock.to_local(clock.now()):%Y-%m}",
        "/conflicts", "/conflicts/2", "/vouchers", "/vouchers/1",
    ):  # fmt: skip
        page.goto(root + path)
        sound(page)


def test_a_delivery_is_entered_and_a_phone_may_count(
    open_as: OpenAs, people: People, shelf: int
) -> None:
    boss = people.make(Role.ADMINISTRATOR)
    page = open_as(boss, "/rewards/desk/stock/1")
    sound(page)
    page.locator("#deliver [name=amount]").fill("5")
    page.click("#deliver button.main")
    expect(page.locator(".figures dd").first).to_have_text("8")
    page.locator("#count [name=on_shelf]").fill("6")
    page.click("#count button.main")
    expect(page.locator("#count-reason-error")).to_be_visible()
    page.locator("#count [name=reason]").fill("少了两只")
    page.click("#count button.main")
    expect(page.locator(".figures dd").first).to_have_text("6")
    expect(page.locator(".lines li").first).to_contain_text("少了两只")
