"""The desk of compounds as it is seen and used: axe on each page, no overflow, the map by tapping."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from app.lib import clock
from tests.support.estate import Estate
from tests.support.fits import OVERFLOW, findings
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.scenes import scene
from tests.support.servers import Server

pytestmark = pytest.mark.browser

PAGES = ("", "/log", "/conflicts", "/conflicts?state=resolved", "/statistics", "/map", "/settings")
SIZES = ((1440, 900), (390, 844))
PICTURES = os.environ.get("PICTURES_TO", "")
TOO_SMALL = """() => [...document.querySelectorAll("button, a, summary, .chip, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip, p, dd, .chip, .check"))
  .filter((one) => one.getBoundingClientRect().height < 47.5)
  .map((one) => `${one.textContent.trim() || one.id} ${Math.round(one.getBoundingClientRect().height)}`)"""


@pytest.fixture
def estate(app: Flask) -> Estate:
    return Estate(app)


@pytest.fixture
def manager(playwright: Playwright, server: Server, estate: Estate) -> Iterator[Desk]:
    """The property manager's desktop, signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        geolocation={"latitude": 31.31, "longitude": 120.71, "accuracy": 9},
        permissions=["geolocation"],
    )
    desk = Desk(context, server.address)
    desk.sign_in(estate.manager)
    yield desk
    browser.close()


def fill(estate: Estate) -> None:
    """A compound with everything on it."""
    now = clock.now()
    hours = [now - timedelta(minutes=37 * number) for number in range(90)]
    estate.passes(*hours[::2])
    estate.passes(*hours[1::3], direction="exit")
    estate.passes(
        now - timedelta(minutes=3),
        outcome="refused",
        phone_level="red",
        phone_reason="expired",
        server_level="red",
        server_reason="expired",
    )
    estate.passes(
        now - timedelta(minutes=4),
        method="printed",
        phone_level="amber",
        phone_reason="printed",
        server_level="amber",
        server_reason="printed",
        vehicle="ebike",
    )
    estate.passes(now - timedelta(minutes=5), undone_at=now)
    estate.passes(
        now - timedelta(minutes=6),
        method="self",
        distance_m=12,
        phone_reason="self",
        server_reason="self",
        guard="",
    )
    estate.inside(now - timedelta(minutes=20))
    scanner = estate.scanner()
    for kind, detail in (
        ("revoked_meanwhile", "{}"),
        ("too_far_apart", '{"metres": 4100, "seconds": 60}'),
        ("missing", '{"first": 12, "last": 19}'),
    ):
        estate.conflict(kind, detail=detail, scanner_id=scanner)


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def look(desk: Desk, path: str, name: str) -> None:
    """Nothing against a page, in either size."""
    desk.go(path)
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        keep_picture(desk.page, f"{name}-{width}")
        assert desk.page.evaluate(OVERFLOW) <= 0, (path, width)
        assert desk.page.evaluate(TOO_SMALL) == [], (path, width)
        assert findings(desk.page) == [], (path, width)


def language(desk: Desk, code: str) -> None:
    desk.context.add_cookies([{"name": "lang", "value": code, "url": desk.address}])


@pytest.mark.one_database
@pytest.mark.parametrize(("code", "scheme"), [("zh_Hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
def test_every_page(manager: Desk, estate: Estate, code: str, scheme: str, full: bool) -> None:
    language(manager, code)
    manager.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    if full:
        fill(estate)
        upload(manager, f"/compounds/{estate.compound_id}/map")
    compound, gate = (
        (estate.compound_id, estate.gate_id) if full else (estate.second_id, estate.bare_gate_id)
    )
    mark = f"{code}-{'full' if full else 'empty'}"
    look(manager, "/compounds", f"{mark}-list")
    for number, page in enumerate(
        (*PAGES, f"/gates/{gate}", "/why", "/log?first=2026-02-02&last=2026-01-01")
    ):
        look(manager, f"/compounds/{compound}{page}", f"{mark}-{number}")


def upload(desk: Desk, path: str) -> None:
    page = desk.go(path)
    page.set_input_files(
        "#picture", {"name": "plan.jpg", "mimeType": "image/jpeg", "buffer": scene(7)}
    )
    page.locator("form[enctype] button").click()
    expect(page.locator("#map-sheet img")).to_be_visible()
    page.wait_for_selector("html[data-ready]")  # the editor listens


def save_buildings(page: Page) -> None:
    """Send the list; ends on the page that says so, which may look as the one before."""
    with page.expect_navigation():
        page.locator("#buildings .button.main").click()
    expect(page.locator(".toast")).to_be_visible()


def test_what_is_shown_once(manager: Desk, estate: Estate) -> None:
    page = manager.go(f"/compounds/{estate.compound_id}/gates/{estate.gate_id}")
    page.locator("form[action$='/codes'] button").click()
    expect(page.locator(".code-large")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        keep_picture(page, f"code-{width}")
        assert page.evaluate(OVERFLOW) <= 0
    assert findings(page) == []
    code = page.inner_text(".code-large").replace(" ", "")
    (qr,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator("svg.qr").screenshot())))
    assert qr.text == f"{manager.address}/gate/enrol?code={code}"
    page.goto(qr.text)
    expect(page.locator("#code")).to_have_value(code)
    page.wait_for_url("**/gate/enrol")
    page = manager.go(f"/compounds/{estate.compound_id}/gates/{estate.gate_id}")
    page.fill("#name", "北侧道闸")
    page.locator("form[action$='/barriers'] button").click()
    expect(page.locator(".token code")).to_be_visible()
    keep_picture(page, "token")
    assert findings(page) == []
    token = page.inner_text(".token code")
    assert (
        token not in manager.go(f"/compounds/{estate.compound_id}/gates/{estate.gate_id}").content()
    )


@pytest.mark.one_database
def test_errors_stand_at_their_fields(manager: Desk, estate: Estate) -> None:
    page = manager.go(f"/compounds/{estate.compound_id}/gates/{estate.gate_id}")
    page.fill("#radius_m", "9999")
    page.fill("#latitude", "91")
    page.locator("form[aria-labelledby=rules-title] button.main").click()
    expect(page.locator("#radius_m-error")).to_be_visible()
    expect(page.locator("#latitude-error")).to_be_visible()
    assert page.input_value("#radius_m") == "9999"
    keep_picture(page, "errors")
    assert findings(page) == []


@pytest.mark.one_database
def test_where_the_gate_is_comes_from_this_phone(manager: Desk, estate: Estate) -> None:
    page = manager.go(f"/compounds/{estate.compound_id}/gates/{estate.other_gate_id}")
    page.click("#here")
    expect(page.locator("#here-said")).to_contain_text("9")
    assert page.input_value("#latitude") == "31.310000"
    page.locator("form[aria-labelledby=rules-title] button.main").click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.input_value("#longitude") == "120.71"


def test_buildings_are_named_by_tapping_moved_and_removed(manager: Desk, estate: Estate) -> None:
    path = f"/compounds/{estate.compound_id}/map"
    upload(manager, path)
    page = manager.page
    page.set_viewport_size({"width": 1440, "height": 900})
    box = page.locator("#map-sheet").bounding_box()
    assert box
    for number, (x, y) in enumerate(((0.25, 0.5), (0.75, 0.25)), start=1):
        page.locator("#map-sheet").click(position={"x": box["width"] * x, "y": box["height"] * y})
        page.keyboard.type(f"{number}幢")
    expect(page.locator(".pin")).to_have_text(["1幢", "2幢"])
    keep_picture(page, "map-tapped")
    pin = page.locator(".pin").first
    pin.focus()
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    save_buildings(page)
    kept = page.evaluate(f"fetch('/maps/{estate.compound_id}').then((answer) => answer.json())")
    assert [one["name"] for one in kept["buildings"]] == ["1幢", "2幢"]
    assert kept["buildings"][0]["x"] == pytest.approx(0.27, abs=0.01)
    assert kept["buildings"][1]["y"] == pytest.approx(0.25, abs=0.01)
    drag_to_middle(page)
    page.locator("[data-remove]").nth(1).click()
    save_buildings(page)
    kept = page.evaluate(f"fetch('/maps/{estate.compound_id}').then((answer) => answer.json())")
    assert [one["name"] for one in kept["buildings"]] == ["1幢"]
    assert kept["buildings"][0]["x"] == pytest.approx(0.5, abs=0.02)


def drag_to_middle(page: Page) -> None:
    """Take the first building to the middle of the picture."""
    pin, sheet = (
        page.locator(".pin").first.bounding_box(),
        page.locator("#map-sheet").bounding_box(),
    )
    assert pin
    assert sheet
    page.mouse.move(pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2, steps=8)
    page.mouse.up()


def test_a_conflict_is_closed_with_a_note(manager: Desk, estate: Estate) -> None:
    estate.conflict("revoked_meanwhile")
    page = manager.go(f"/compounds/{estate.compound_id}/conflicts")
    page.click("summary")
    page.locator("details button").click()
    expect(page.locator("details[open] .error")).to_be_visible()
    page.fill("textarea", "已问过门卫")
    page.locator("details button").click()
    expect(page.locator(".empty")).to_be_visible()
    manager.go(f"/compounds/{estate.compound_id}/conflicts?state=resolved")
    expect(page.locator(".conflict .notice.ok")).to_contain_text("已问过门卫")


@pytest.mark.one_database
def test_without_javascript_buildings_are_typed(
    manager: Desk, estate: Estate, playwright: Playwright
) -> None:
    upload(manager, f"/compounds/{estate.compound_id}/map")
    browser = manager.context.browser
    assert browser
    context = browser.new_context(
        java_script_enabled=False, storage_state=manager.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{manager.address}/compounds/{estate.compound_id}/map")
    for field, value in (("name", "7幢"), ("x", "20"), ("y", "30.5")):
        page.locator(f"[name={field}]").first.fill(value)
    save_buildings(page)
    expect(page.locator("[name=name]").first).to_have_value("7幢")
    context.close()
