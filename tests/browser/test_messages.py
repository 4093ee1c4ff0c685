"""Messages in a real browser: what a rider and a handler are told, and where it leads."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.reports.models import State
from tests.browser.conftest import Centre
from tests.support.cases import CaseDesk
from tests.support.fits import OVERFLOW
from tests.support.people import Person
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
OpenAs = Callable[..., Page]


@pytest.fixture
def cases(centre: Centre) -> CaseDesk:
    return CaseDesk(centre.app)


@pytest.fixture
def open_as(playwright: Playwright, centre: Centre) -> Iterator[OpenAs]:
    """The page of messages of somebody who has signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def make(person: Person, size: dict[str, int], **further: object) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", **further)
        desk = Desk(context, centre.server.address)
        desk.sign_in(person)
        return desk.go("/messages")

    yield make
    browser.close()


def _sound(page: Page, name: str) -> None:
    """Nothing is wider than the screen or hard to read; a picture where somebody asks for one."""
    assert page.evaluate(OVERFLOW) == 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("CASE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_message_leads_to_what_it_is_about_and_is_read(cases: CaseDesk, open_as: OpenAs) -> None:
    case = cases.at(State.CLOSED)
    page = open_as(cases.rider, PHONE)
    expect(page.locator(".message")).to_have_count(2)
    expect(page.locator(".message.unread")).to_have_count(2)
    expect(page.locator(".message").first).to_contain_text("已解决并结案")
    _sound(page, "messages-phone")
    page.locator(".message").first.click()
    page.wait_for_url(f"**/reports/{case}")
    page.go_back()
    page.reload()
    expect(page.locator(".message.unread")).to_have_count(1)
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".message.unread")).to_have_count(0)
    expect(page.get_by_role("button", name="全部标为已读")).to_have_count(0)


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_handler_sees_the_count_beside_the_desk(
    cases: CaseDesk, open_as: OpenAs, scheme: str
) -> None:
    for _case in range(3):
        cases.at(State.DISPATCHED)
    page = open_as(cases.handler, DESKTOP, color_scheme=scheme)
    expect(page.locator(".side .tally")).to_contain_text("3")
    expect(page.locator(".message.unread")).to_have_count(3)
    _sound(page, f"messages-desk-{scheme}")
    page.locator(".message").first.click()
    page.wait_for_url("**/cases/*")
    expect(page.locator(".side .tally")).to_contain_text("2")
    _sound(page, f"messages-rail-{scheme}")


@pytest.mark.one_database
def test_who_is_told_nothing_yet_reads_so(cases: CaseDesk, open_as: OpenAs) -> None:
    page = open_as(cases.rider, PHONE)
    expect(page.locator(".empty")).to_contain_text("没有消息")
    _sound(page, "messages-none")
