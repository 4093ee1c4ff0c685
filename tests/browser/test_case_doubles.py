"""Two reports side by side in a real browser: pictures large enough to judge by, merged in one act."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.reports.models import Report
from app.extensions import db
from tests.browser.conftest import Centre
from tests.support.cases import CaseDesk, send_photo
from tests.support.looks import VARIANTS
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.scenes import scene
from tests.support.waiting import until_pictures

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
OpenDesk = Callable[[dict[str, int]], Page]


@pytest.fixture
def cases(centre: Centre) -> CaseDesk:
    return CaseDesk(centre.app)


@pytest.fixture
def three(centre: Centre, cases: CaseDesk) -> list[int]:
    """One problem reported by two riders, and once more far away with the first one's photo."""
    photo = send_photo(centre.app, cases.rider, scene(1))
    other = send_photo(centre.app, cases.other_rider, VARIANTS["brighter"](1))
    second = send_photo(centre.app, cases.other_rider, scene(2))
    made = [
        cases.filed(photos=(photo,), place="星湖街地铁站2号口"),
        cases.filed(cases.other_rider, photos=(other, second), latitude=31.3101),
        cases.filed(cases.other_rider, photos=(photo,), latitude=31.34, description="又一处"),
    ]
    centre.work()
    return made


@pytest.fixture
def open_desk(playwright: Playwright, centre: Centre, cases: CaseDesk) -> Iterator[OpenDesk]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def make(size: dict[str, int]) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN")
        desk = Desk(context, centre.server.address)
        desk.sign_in(cases.dispatcher)
        return desk.page

    yield make
    browser.close()


def open_doubles(page: Page, centre: Centre, case_id: int) -> None:
    page.goto(f"{centre.server.address}/cases/{case_id}/doubles")
    for picture in page.locator(".strip img").all():
        picture.scroll_into_view_if_needed()
    until_pictures(page, ".strip img")
    sideways = "document.querySelectorAll('.halves, .strip')"
    page.evaluate(f"scrollTo(0, 0); for (const one of {sideways}) one.scrollLeft = 0")


def shoot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for one."""
    if folder := os.environ.get("CASE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def merged_into(app: Flask, case_id: int) -> int | None:
    with app.app_context():
        found = db.session().get_one(Report, case_id).merged_into_id
        db.session.remove()
        return found


def test_side_by_side_and_merged(centre: Centre, three: list[int], open_desk: OpenDesk) -> None:
    first, second, third = three
    page = open_desk(DESKTOP)
    open_doubles(page, centre, first)
    shoot(page, "doubles")
    expect(page.locator(".pair")).to_have_count(2)
    for pair in page.locator(".pair").all():
        boxes = [half.locator("img").first.bounding_box() for half in pair.locator(".half").all()]
        assert all(box is not None and box["width"] >= 480 for box in boxes)
        assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=2)
    assert Axe().run(page).violations_count == 0
    page.locator(f"#pair-{second} [data-merge]").click()
    expect(page.locator(".toast")).to_contain_text(f"{first:06}")  # the page has come anew
    assert merged_into(centre.app, second) == first
    page.locator(f"#pair-{third}").get_by_role("button", name="不是同一问题").click()
    expect(page.locator(".pair")).to_have_count(0)
    expect(page.locator(".joined li")).to_have_count(1)
    assert merged_into(centre.app, third) is None


def test_all_that_are_marked_at_once(centre: Centre, three: list[int], open_desk: OpenDesk) -> None:
    first, second, third = three
    page = open_desk(DESKTOP)
    open_doubles(page, centre, third)
    for mark in page.locator(".pair .mark").all():
        mark.click()
    page.locator("#merge-marked button").click()
    expect(page.locator(".toast")).to_contain_text(f"{first:06}")  # the page has come anew
    assert [merged_into(centre.app, one) for one in (second, third)] == [first, first]


@pytest.mark.one_database
def test_a_swipe_leads_from_one_to_the_other_on_a_phone(
    centre: Centre, three: list[int], open_desk: OpenDesk
) -> None:
    page = open_desk(PHONE)
    open_doubles(page, centre, three[0])
    shoot(page, "doubles-phone")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    halves = page.locator(".pair").first.locator(".half")
    box = halves.nth(1).locator("img").first
    halves.nth(0).locator("img").first.hover()
    page.mouse.wheel(delta_x=PHONE["width"], delta_y=0)
    expect(box).to_be_in_viewport(ratio=0.5)
    width = box.bounding_box()
    assert width is not None
    assert width["width"] >= 280
