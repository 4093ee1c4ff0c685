"""Figures and coverage in a real browser: read by everybody, by day and night, with and without tiles."""

import base64
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy.orm import Session

from app.blueprints.insight.models import Demand
from app.lib import clock
from tests.support.fits import OVERFLOW, findings
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.servers import Server
from tests.support.station_rows import StationRows
from tests.support.station_visits import Visited, build, come

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PICTURES = os.environ.get("PICTURES_TO", "")
SIZES = ((1280, 900), (390, 844))
TILES = "https://tiles.example/{z}/{x}/{y}.png"
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SPRING = "since=2026-01-01&until=2026-05-31"
LOOKS = [("zh_Hans", "light"), ("en", "dark")]


@pytest.fixture
def visited(app: Flask) -> Visited:
    return build(app)


@pytest.fixture
def administrator(playwright: Playwright, server: Server, visited: Visited) -> Iterator[Desk]:
    """The administrator's desktop, signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    desk = Desk(context, server.address)
    desk.sign_in(visited.administrator)
    yield desk
    browser.close()


@pytest.fixture
def wanted(session: Session, visited: Visited) -> None:
    """Riders where a station is near, where one is shut, and where there is none."""
    StationRows(session).station(
        visited.streets[0], latitude=31.35, longitude=120.75, hours="08:00-20:00",
        name_zh="北站", name_en="North",
    )  # fmt: skip
    StationRows(session).station(visited.streets[0], latitude=31.26, longitude=120.85)
    month = clock.to_local(clock.now()).date().replace(day=1)
    for latitude, longitude, hour, reports in (
        (31.32, 120.674, 10, 9), (31.351, 120.751, 10, 5), (31.351, 120.751, 22, 3),
        (31.30, 120.80, 12, 6), (31.302, 120.803, 12, 2),
    ):  # fmt: skip
        session.add(demand(month, latitude, longitude, hour, reports))
    session.commit()


def demand(month: date, latitude: float, longitude: float, hour: int, reports: int) -> Demand:
    row, column = int(latitude * 400), int(longitude * 400)
    return Demand(
        month=month, row=row, column=column, hour=hour, reports=reports, check_ins=reports // 2
    )


def look(desk: Desk, path: str, code: str, scheme: str, name: str) -> None:
    """Nothing against a page, in either size."""
    desk.context.add_cookies([{"name": "lang", "value": code, "url": desk.address}])
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    desk.go(path)
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.page.wait_for_load_state("networkidle")
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            desk.page.screenshot(path=f"{PICTURES}/{name}-{code}-{width}.png", full_page=True)
        assert desk.page.evaluate(OVERFLOW) <= 0, (path, width)
        assert findings(desk.page) == [], (path, width)


@pytest.mark.parametrize(("code", "scheme"), LOOKS)
def test_figures_are_for_everybody(
    administrator: Desk, visited: Visited, code: str, scheme: str
) -> None:
    look(administrator, "/stations/figures", code, scheme, "figures-empty")
    expect(administrator.page.locator(".empty")).to_be_visible()
    come(visited, 200)
    look(administrator, f"/stations/figures?{SPRING}", code, scheme, "figures")
    expect(administrator.page.locator(".wide-numbers tbody tr")).to_have_count(len(visited.used))


def test_a_column_sorts_and_a_street_narrows(administrator: Desk, visited: Visited) -> None:
    come(visited, 200)
    page = administrator.go(f"/stations/figures?{SPRING}")
    page.locator(".wide-numbers thead a").nth(2).click()
    expect(page.locator(".wide-numbers th[aria-sort=descending]")).to_have_count(1)
    people = [int(text) for text in page.locator(".wide-numbers td.sorted").all_inner_texts()[:-1]]
    assert people == sorted(people, reverse=True)
    page.select_option("[name=street]", label="湖东街道")
    page.locator("form.asked .button.main").click()
    expect(page.locator(".wide-numbers tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile("sort=people"))
    with page.expect_download() as download:
        page.locator("button[value=csv]").click()
    assert download.value.suggested_filename == "stations-station-20260101-20260531.csv"


@pytest.mark.parametrize(("code", "scheme"), LOOKS)
def test_coverage_is_for_everybody(
    administrator: Desk, wanted: None, code: str, scheme: str
) -> None:
    look(administrator, "/stations/coverage", code, scheme, "coverage")
    drawn_is_all_there(administrator.page)


def test_coverage_without_demand(administrator: Desk) -> None:
    look(administrator, "/stations/coverage", "zh_Hans", "light", "coverage-empty")
    expect(administrator.page.locator(".empty")).to_be_visible()
    expect(administrator.page.locator("#coverage-map")).to_have_count(0)


def drawn_is_all_there(page: Page) -> None:
    expect(page.locator("path.gap.missing")).to_have_count(2)
    expect(page.locator("path.gap.shut")).to_have_count(1)
    expect(page.locator(".next-marker")).to_have_count(1)
    assert page.locator("path.station-dot").count() >= 3


def test_the_list_leads_over_the_map(administrator: Desk, wanted: None) -> None:
    page = administrator.go("/stations/coverage")
    drawn_is_all_there(page)
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    page.locator("[data-kind=gaps]").first.press("Enter")
    expect(page.locator(".leaflet-tooltip")).to_contain_text("9 次附近没有驿站")
    page.locator("[data-kind=next]").first.press("Enter")
    expect(page.locator(".leaflet-tooltip", has_text="建议点 1")).to_be_visible()


class TestWithTiles:
    """Where the operator has set an address for them."""

    @pytest.fixture
    def server(self, app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
        server = Server(database_url, tmp_path / "data", TILES_URL=TILES)
        server.start()
        yield server
        server.kill()

    def test_they_lie_below_the_cells(self, administrator: Desk, wanted: None) -> None:
        administrator.context.route(
            "https://tiles.example/**",
            lambda route: route.fulfill(body=TILE, content_type="image/png"),
        )
        look(administrator, "/stations/coverage", "zh_Hans", "light", "coverage-tiles")
        drawn_is_all_there(administrator.page)
        expect(administrator.page.locator(".leaflet-tile-loaded").first).to_be_visible()


def test_coverage_can_be_read_without_javascript(administrator: Desk, wanted: None) -> None:
    browser = administrator.context.browser
    assert browser
    context = browser.new_context(
        java_script_enabled=False, storage_state=administrator.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{administrator.address}/stations/coverage")
    expect(page.locator(".coverage-side")).to_contain_text("9 次附近没有驿站")
    expect(page.locator(".coverage-side")).to_contain_text("北站")
    context.close()
