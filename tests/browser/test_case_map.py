"""The map of cases in a real browser: clusters open, a case opens at the desk, all by keyboard too."""

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Report, State
from tests.support.cases import CaseDesk
from tests.support.fits import OVERFLOW, findings
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PICTURES = os.environ.get("PICTURES_TO", "")
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def cases(app: Flask, session: Session) -> CaseDesk:
    """One case being handled, and four hundred closed ones around."""
    desk = CaseDesk(app)
    like = session.get_one(Report, desk.at(State.CLOSED))
    columns = {c.key: getattr(like, c.key) for c in Report.__table__.columns if c.key != "id"}
    chance = random.Random(4)
    session.add_all(
        Report(**columns | {
            "latitude": chance.uniform(31.27, 31.37), "longitude": chance.uniform(120.67, 120.84),
        })
        for _case in range(400)
    )  # fmt: skip
    session.commit()
    desk.at(State.HANDLING)
    return desk


@pytest.fixture
def centre(playwright: Playwright, server: Server, cases: CaseDesk) -> Iterator[Desk]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = Desk(context, server.address)
    desk.sign_in(cases.dispatcher)
    yield desk
    browser.close()


def opened(page: Page, address: str, queue: str) -> None:
    page.goto(f"{address}/cases/map?queue={queue}")
    expect(page.locator("#case-map-list li").first).to_be_visible()


def test_a_cluster_opens_until_its_cases_stand_there(centre: Desk, server: Server) -> None:
    page = centre.page
    opened(page, server.address, "closed")
    expect(page.locator("#case-map-said")).to_contain_text("这里有 401 件")
    for _zoom in range(8):
        if page.locator(".case-pin").count():
            break
        before = page.locator("#case-map-list").inner_text()
        page.locator("button.map-entry").first.press("Enter")
        expect(page.locator("#case-map-list")).not_to_have_text(before, use_inner_text=True)
    page.locator("a.map-entry").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/\d+\?queue=closed"))


def test_a_pin_opens_its_case(centre: Desk, server: Server) -> None:
    page = centre.page
    opened(page, server.address, "at_department")
    pin = page.locator(".case-marker")
    expect(pin).to_have_attribute("title", re.compile("处置中"))
    pin.click()
    expect(page).to_have_url(re.compile(r"/cases/\d+"))
    expect(page.locator("#case")).to_contain_text("暴露垃圾")


@pytest.mark.parametrize("path", ["/cases/map?queue=closed", "/appraisal?by=category"])
def test_it_can_be_used_by_everybody(centre: Desk, server: Server, path: str) -> None:
    page = centre.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{server.address}{path}")
        page.wait_for_load_state("networkidle")
        assert findings(page) == []
        assert page.evaluate(OVERFLOW) <= 0
        if PICTURES:
            name = path.strip("/").split("?")[0].replace("/", "-")
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"))
