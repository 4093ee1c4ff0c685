"""Stars, leaderboards and budgets as they are seen: nothing too wide, too small, or hard to read;
and the switch that takes a rider off the boards."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from app.blueprints.organisations.models import Kind, Organisation, Role
from app.blueprints.stars.levels import month_of
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.browser.conftest import OpenAs
from tests.support.fits import OVERFLOW
from tests.support.people import People, Person
from tests.support.stars import INSPECTOR, SAFETY, do, settle

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SMALL = """[...document.querySelectorAll("main a, main button, main .input, main summary")]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48)
  .map((one) => one.outerHTML.slice(0, 80))"""
LOOKS = [("light", "zh_Hans"), ("dark", "en")]


@pytest.fixture
def riders(app: Flask, people: People) -> list[Person]:
    """王小明 and five others, who earned this month, at a station too."""
    found = [people.make(Role.RIDER, name=name) for name in ("王小明", *"赵钱孙李周")]
    with app.app_context():
        session, now = db.session(), clock.now()
        with transaction(session):
            station = Organisation(
                kind=Kind.STATION, path="/7/", name_zh="月亮湾红蜂驿站", name_en="Moon Bay Station"
            )
            session.add(station)
            session.flush()
            here = station.id
        for number, rider in enumerate(found):
            do(session, rider.id, 20 + number, at=now, role=INSPECTOR)
            do(session, rider.id, 20, at=now, role=SAFETY, place_id=here)
        settle(session, now=now)
        db.session.remove()
    return found


def sound(page: Page) -> None:
    page.wait_for_load_state()  # after a click its words may stand before its style has come
    page.wait_for_timeout(200)
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(SMALL) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_pages_of_stars_are_sound(
    open_as: OpenAs, riders: list[Person], scheme: str, language: str
) -> None:
    page = open_as(riders[0], "/", language=language, color_scheme=scheme)
    page.locator(".star-line").click()
    page.wait_for_url("**/stars")
    sound(page)
    page.locator("main a.main").click()
    page.wait_for_url("**/stars/boards")
    expect(page.locator(".board > li")).to_have_count(6)
    expect(page.locator(".board .mine")).to_contain_text("王小明")
    sound(page)
    for number, lines in ((1, 1), (2, 6)):
        page.locator("nav.chips").first.locator("a").nth(number).click()
        expect(page.locator(".board > li")).to_have_count(lines)
        sound(page)
    page.locator(".month-now a").first.click()
    expect(page.locator(".month-now h2")).not_to_contain_text(
        month_of(clock.now()).strftime("%Y-%m")
    )
    sound(page)


def test_who_leaves_the_boards_is_gone_for_others_and_comes_back(
    open_as: OpenAs, riders: list[Person]
) -> None:
    mine = open_as(riders[5], "/stars/boards")
    expect(mine.locator(".own .rank")).to_have_text("第 1 名")
    mine.locator("[name=listed]").click()
    expect(mine.locator(".own")).to_contain_text("只有你能看到")
    expect(mine.locator(".own .rank")).to_have_text("第 1 名")
    expect(mine.locator(".board > li")).to_have_count(5)
    sound(mine)
    other = open_as(riders[0], "/stars/boards")
    expect(other.locator(".board > li")).to_have_count(5)
    expect(other.locator(".board > li").first).to_contain_text("李")
    mine.locator("[name=listed]").click()
    expect(mine.locator(".board > li")).to_have_count(6)  # the centre has heard it
    other.reload()
    expect(other.locator(".board > li").first).to_contain_text("周")


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_budgets_are_given_and_taken_back(
    app: Flask, open_as: OpenAs, people: People, scheme: str, language: str
) -> None:
    people.make(Role.COMPANY_MANAGER)
    administrator = people.make(Role.ADMINISTRATOR)
    page = open_as(
        administrator, "/point-budgets", language=language, color_scheme=scheme,
        viewport={"width": 1280, "height": 900},
    )  # fmt: skip
    page.fill("#amount", "500")
    page.click("#give button.main")
    expect(page.locator("#organisation-error")).to_be_visible()
    expect(page.locator("#amount")).to_have_value("500")
    sound(page)
    page.select_option("#organisation", index=1)
    page.fill("#reason", "四季度")
    page.click("#give button.main")
    page.locator(".budgets tbody a").click()
    expect(page.locator(".figures dd").first).to_have_text("500")
    page.locator(".take-back summary").click()
    sound(page)
    page.fill("[name=reason]", "多给了")
    page.click(".take-back button")
    expect(page.locator(".figures dd").first).to_have_text("0")
    expect(page.locator(".take-back")).to_have_count(0)
    sound(page)
