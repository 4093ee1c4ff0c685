"""Finding a station on a phone: list and map, with and without tiles, network and place."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Playwright, Response, expect
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.stations.models import Facility, Station, StationFacility
from app.blueprints.stations.services import set_state
from app.lib import clock
from tests.browser.test_place import TILES, serve_tiles
from tests.support.fits import OVERFLOW, findings
from tests.support.phone import ARGUMENTS, CHROMIUM, PLACE, SIZE, Phone
from tests.support.rider_phone import SHIFTS, shifts
from tests.support.servers import Server
from tests.support.station_rows import StationRows
from tests.support.waiting import until_true

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PICTURES = os.environ.get("PICTURES_TO", "")
DIRECTORY = "/stations/directory.json"
NORTH = PLACE["latitude"]
# Degrees of latitude for so many metres.
M300, M2000, M9000 = 0.0027, 0.018, 0.081
# What the phone keeps, with what app/static/js/stations/directory.js makes of it.
KEPT = """async () => {
  const base = document.querySelector("script[src*='js/app.js']").src.replace("app.js", "stations/");
  const { stations } = await (await import(`${base}directory.js`)).keptDirectory();
  return stations;
}"""

# Visible things to touch that are smaller than 48 px, but for links within a line of text.
SMALL = """() => [...document.querySelectorAll("main a, main button, .bar a, .tabs a")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("p"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 48 || height < 48)
  .map(([html]) => html)"""


@pytest.fixture
def rows(app: Flask, session: Session) -> StationRows:
    """One station on foot, one by scooter, one far away."""
    rows = StationRows(session)
    until = clock.now() + timedelta(hours=30)
    rows.station(
        number="FAR", name_zh="远方驿站", name_en="Far station", latitude=NORTH + M9000,
        facilities=[Facility.AED, Facility.HOT_MEALS],
    )  # fmt: skip
    rows.station(
        number="NEAR", name_zh="湖东驿站", name_en="Hudong station", latitude=NORTH + M300,
        contact="0512-66668888", notice="今天有绿豆汤",
        facilities=[Facility.WATER, Facility.BIKE_CHARGING, Facility.REST],
    )  # fmt: skip
    rows.station(
        number="SHUT", name_zh="老街驿站", name_en="Old street station", latitude=NORTH + M2000,
        state="closed", state_reason="空调维修", state_until=until, facilities=[Facility.AED],
    )  # fmt: skip
    session.get_one(StationFacility, (rows.made[1], Facility.BIKE_CHARGING)).count = 8
    session.commit()
    return rows


@pytest.fixture
def finder(rows: StationRows, phone: Phone) -> Phone:
    """A rider's phone, when there are stations."""
    return phone


def opened(phone: Phone, address: str = "/stations") -> Page:
    page = phone.go(address)
    page.wait_for_selector("html[data-ready]")
    return page


def listed(page: Page, *wanted: str) -> None:
    """Wait until the list holds these, in this order."""
    cards = page.locator("#stations-list .station-card > .stack > strong")
    expect(cards).to_have_text(list(wanted))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png")


def drawn(page: Page) -> Locator:
    """The map, once the stations stand on it."""
    shown = page.locator("#stations-map[data-shown]")
    expect(shown).to_be_visible()
    return shown


# Once a frame was drawn, since what moves the map begins with one.
AT_REST = """() => new Promise((ok) => requestAnimationFrame(() => {
  ok(!document.querySelector("#stations-map :is(.leaflet-zoom-anim, .leaflet-pan-anim)"));
}))"""


def touch(page: Page, north_m: float) -> None:
    """Touch the map so many metres north of where the phone is."""
    expect(page.locator(".map-here")).to_be_attached()
    until_true(page, AT_REST)  # the map glides there when the place comes after the stations
    box: Any = drawn(page).bounding_box()
    here: Any = page.locator(".map-here").bounding_box()
    scale: Any = page.locator(".leaflet-control-scale-line").bounding_box()
    text = page.locator(".leaflet-control-scale-line").inner_text()
    metres = float(text.split()[0]) * (1000 if "km" in text else 1)
    y = here["y"] - north_m / metres * scale["width"]
    assert box["y"] < y < box["y"] + box["height"]
    page.touchscreen.tap(here["x"], y)


def test_the_nearest_come_first_in_circles_of_15_minutes(finder: Phone) -> None:
    page = opened(finder)
    listed(page, "湖东驿站", "老街驿站", "远方驿站")
    expect(page.locator("#stations-list h2")).to_have_text(
        ["步行 15 分钟内", "骑行 15 分钟内", "更远"]
    )
    first = page.locator(".station-card").first
    expect(first).to_contain_text("300 米")
    expect(first).to_contain_text("步行 5 分钟")
    expect(first).to_contain_text("全天开放")
    expect(first).to_contain_text("今天有绿豆汤")
    expect(page.locator(".station-card").nth(1)).to_contain_text("未开放")
    expect(page.locator("#said")).to_contain_text("共 3 个驿站")
    picture(page, "stations-list")


def test_one_station_is_shown_whole_and_the_way_back_leads_to_the_list(
    finder: Phone, rows: StationRows
) -> None:
    page = opened(finder)
    listed(page, "湖东驿站", "老街驿站", "远方驿站")  # by number until the phone knows its place
    page.click(".station-card")
    shown = page.locator("#station")
    for text in (
        "湖东驿站",
        "编号 NEAR",
        "正在开放",
        "星湖街1号",
        "电动车充电 · 8",
        "0512-66668888",
    ):
        expect(shown).to_contain_text(text)
    expect(page.locator("#station-name")).to_be_focused()
    expect(page.locator("#station-hours dd")).to_have_text(["全天"] * 7)
    expect(page.locator("#station-call")).to_have_attribute("href", "tel:051266668888")
    picture(page, "stations-one")
    page.click("#back")
    expect(page.locator("#find")).to_be_visible()
    listed(page, "湖东驿站", "老街驿站", "远方驿站")
    page.goto(f"{finder.address}/stations#s={rows.made[2]}")
    expect(page.locator("#station-reason")).to_have_text("空调维修")
    page.click("#back")
    expect(page.locator("#find")).to_be_visible()
    page.goto(f"{finder.address}/stations#s=999999")
    expect(page.locator("#gone")).to_contain_text("找不到这个驿站")


def test_the_way_there_can_be_opened_in_each_map_app(finder: Phone, rows: StationRows) -> None:
    page = opened(finder, f"/stations#s={rows.made[1]}")
    page.click("#take-me-there")
    links = page.locator("#ways[open] #ways-list a")
    expect(links).to_have_text(["手机自带地图", "高德地图", "百度地图", "腾讯地图"])
    starts = ("geo:31.32", "https://uri.amap.com/navigation?", "https://api.map.baidu.com/marker?",
              "https://apis.map.qq.com/uri/v1/routeplan?")  # fmt: skip
    for link, start in zip(links.all(), starts, strict=True):
        assert (link.get_attribute("href") or "").startswith(start)
        box: Any = link.bounding_box()
        assert box["height"] >= 48
    page.click("#ways button")
    expect(page.locator("#ways")).to_be_hidden()


def test_filters_hold_until_they_are_taken_back(finder: Phone) -> None:
    page = opened(finder)
    listed(page, "湖东驿站", "老街驿站", "远方驿站")
    page.click("[data-filter=open]")
    listed(page, "湖东驿站", "远方驿站")
    page.click("[data-filter=aed]")
    listed(page, "远方驿站")
    page.reload()
    listed(page, "远方驿站")
    expect(page.locator("[data-filter=aed]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-filter=shower]")
    expect(page.locator("#none-fits")).to_contain_text("没有符合条件的驿站")
    page.click("#clear-filter")
    listed(page, "湖东驿站", "老街驿站", "远方驿站")


def test_further_stations_come_as_one_scrolls(
    finder: Phone, rows: StationRows, session: Session
) -> None:
    for number in range(22):
        rows.station(name_zh=f"第{number}站", latitude=NORTH + M9000 + number / 100)
    session.commit()
    page = opened(finder)
    cards = page.locator("#stations-list .station-card")
    expect(cards.nth(5)).to_be_attached()
    assert cards.count() < 25
    while (before := cards.count()) < 25:
        page.mouse.wheel(0, 4000)
        expect(cards).not_to_have_count(before)
    expect(cards.last).to_contain_text("第21站")
    expect(page.locator("#more-stations")).to_be_hidden()


def test_the_map_without_tiles_shows_what_is_near(finder: Phone) -> None:
    page = opened(finder, "/stations#map")
    assert drawn(page).get_attribute("data-shown") == "3"
    expect(page.locator(".map-reach").first).to_be_attached()
    expect(page.locator("#stations-map")).to_contain_text("步行 15 分钟")
    expect(page.locator("#stations-map")).to_contain_text("骑行 15 分钟")
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    touch(page, 300)
    expect(page.locator("#picked")).to_contain_text("湖东驿站")
    picture(page, "stations-map")
    page.click("#picked a")
    expect(page.locator("#station-name")).to_have_text("湖东驿站")
    page.click("#back")
    drawn(page)


def test_the_map_with_tiles(
    app: Flask, rows: StationRows, database_url: str, tmp_path: Path, playwright: Playwright
) -> None:
    server = Server(database_url, tmp_path / "tiles", TILES_URL=TILES)
    server.start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        context: Any = browser.new_context(
            viewport=SIZE, locale="zh-CN", geolocation=PLACE, permissions=["geolocation"],  # type: ignore[arg-type]
            has_touch=True, is_mobile=True,
        )  # fmt: skip
        page = context.new_page()
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        serve_tiles(type("Browser", (), {"context": context})())  # type: ignore[arg-type]
        page.goto(f"{server.address}/stations#map")
        drawn(page)
        expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
        assert any(re.match(r"https://tiles\.example/\d+/\d+/\d+\.png", url) for url in asked)
        touch(page, 300)
        expect(page.locator("#picked")).to_contain_text("湖东驿站")
    finally:
        browser.close()
        server.kill()


def test_all_of_it_works_offline_after_one_visit(finder: Phone, rows: StationRows) -> None:
    opened(finder)
    finder.offline()
    page = opened(finder)
    listed(page, "湖东驿站", "老街驿站", "远方驿站")
    expect(page.locator("#said")).to_contain_text("没有网络")
    page.click("[data-filter=aed]")
    listed(page, "老街驿站", "远方驿站")
    page.click(".station-card")
    expect(page.locator("#station-name")).to_have_text("老街驿站")
    page.click("#take-me-there")
    expect(page.locator("#ways-list a")).to_have_count(4)
    page.keyboard.press("Escape")
    page.goto(f"{finder.address}/stations#map")
    drawn(page)
    finder.close()
    finder.open()
    finder.offline()
    page = opened(finder, f"/stations#s={rows.made[1]}")
    expect(page.locator("#station-name")).to_have_text("湖东驿站")


def test_a_phone_that_was_never_there_says_what_to_do(finder: Phone) -> None:
    finder.offline()
    page = opened(finder)
    expect(page.locator("#never")).to_contain_text("本机还没有保存驿站")
    finder.offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    listed(page, "湖东驿站", "老街驿站", "远方驿站")


def test_what_is_known_is_not_sent_again(
    finder: Phone, rows: StationRows, session: Session
) -> None:
    statuses: list[int] = []

    def heard(answer: Response) -> None:
        if answer.url.endswith(DIRECTORY):
            statuses.append(answer.status)

    finder.page.on("response", heard)
    opened(finder)
    page = opened(finder)
    assert statuses[-1] == 304
    host = session.get_one(User, rows.host(rows.made[1]).id)
    set_state(
        session, host, rows.made[1], state="full", reason="", until=None, now=clock.now()
    )  # fmt: skip
    session.commit()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".station-card").first).to_contain_text("已满")
    assert statuses[-1] == 200


def test_the_phone_reads_the_file_as_the_centre_wrote_it(finder: Phone, session: Session) -> None:
    opened(finder)
    kept = {one["id"]: one for one in finder.run(KEPT)}
    found = session.query(Station).all()
    assert len(kept) == len(found) == 3
    for station in found:
        one = kept[station.organisation_id]
        assert (one["number"], one["zh"], one["en"]) == (
            station.number, station.organisation.name_zh, station.organisation.name_en
        )  # fmt: skip
        assert one["latitude"] == pytest.approx(station.latitude, abs=6e-6)
        assert one["longitude"] == pytest.approx(station.longitude, abs=6e-6)
        offered = {str(part.facility): (part.works, part.count or 0) for part in station.facilities}
        assert {
            part["name"]: (part["works"], part["count"]) for part in one["facilities"]
        } == offered
        until = clock.to_ms(station.state_until) if station.state_until else 0
        assert (one["state"], one["state_reason"], one["state_until"]) == (
            station.state, station.state_reason, until
        )  # fmt: skip


def test_without_the_place_stations_stand_by_their_number(finder: Phone) -> None:
    finder.context.clear_permissions()
    finder.context.grant_permissions([])
    page = opened(finder)
    listed(page, "远方驿站", "湖东驿站", "老街驿站")
    expect(page.locator(".away")).to_have_count(0)
    page.click("#find-me")
    expect(page.locator("#place-trouble")).to_contain_text("手机没有提供位置")
    page.click("[data-view=map]")
    drawn(page)
    expect(page.locator(".map-reach")).to_have_count(0)


def test_the_first_page_has_the_two_nearest_that_are_open(finder: Phone, rows: StationRows) -> None:
    finder.page.add_init_script(SHIFTS)
    page = finder.go("/")
    cards = page.locator("#near-stations .station-card")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("湖东驿站")
    expect(cards.nth(1)).to_contain_text("远方驿站")
    assert shifts(page) == []
    cards.nth(0).click()
    expect(page.locator("#station-name")).to_have_text("湖东驿站")


def test_what_waits_is_said_in_the_bar_while_something_does(finder: Phone) -> None:
    page = opened(finder)
    expect(page.locator(".to-send")).to_be_hidden()
    finder.offline()
    finder.report(1)
    page = opened(finder)
    expect(page.locator(".bar .to-send")).to_be_visible()
    expect(page.locator("#outbox-count")).to_have_text("1")
    page.click(".bar .to-send")
    expect(page.locator(".item")).to_have_count(1)
    finder.offline(False)
    finder.send_now()
    finder.wait_until_sent()
    expect(page.locator(".to-send")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_it_can_be_used_by_everybody(
    finder: Phone, rows: StationRows, scheme: Any, language: str
) -> None:
    finder.page.emulate_media(color_scheme=scheme)
    if language == "en":
        finder.go("/me")
        finder.page.click(".language [value=en]")
        finder.page.wait_for_selector("html[lang=en]")
        finder.until(lambda: finder.fact("locale") == "en")
    finder.page.add_init_script(SHIFTS)
    places = ("#", "#map", f"#s={rows.made[1]}", "/all?has=aed", f"/{rows.made[1]}")
    for path in places:
        for width in (320, 390):
            finder.page.set_viewport_size({"width": width, "height": 844})
            page = finder.go(f"/stations{path}")
            page.reload()
            page.wait_for_timeout(600)
            assert page.evaluate(OVERFLOW) <= 0, (path, width)
        assert findings(page) == [], path
        assert shifts(page) == [], path
        assert page.evaluate(SMALL) == [], path


def test_without_javascript_there_is_a_plain_list(
    server: Server, rows: StationRows, playwright: Playwright
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_context(viewport=SIZE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    page.goto(f"{server.address}/stations")
    page.click("noscript a, a[href='/stations/all']")
    expect(page.locator(".station-card")).to_have_count(3)
    page.check("[name=open]", force=True)
    page.click("form button.main")
    expect(page.locator(".station-card strong")).to_have_text(["远方驿站", "湖东驿站"])
    page.click(".station-card >> text=湖东驿站")
    expect(page.locator("h1")).to_have_text("湖东驿站")
    browser.close()
