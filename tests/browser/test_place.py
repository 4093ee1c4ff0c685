"""Where it is: by the phone, by a tap on the map, or in words when the phone may not tell."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.phone import Desk, Phone
from tests.support.servers import Server

pytestmark = pytest.mark.browser

TILES = "https://tiles.example/{z}/{x}/{y}.png"
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Server]:
    """The server of an operator who has a map."""
    server = Server(database_url, tmp_path / "data", TILES_URL=TILES)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def phone(phone: Phone) -> Phone:
    serve_tiles(phone)
    return phone


def serve_tiles(visitor: Phone | Desk) -> None:
    visitor.context.route(
        "https://tiles.example/**",
        lambda route: route.fulfill(body=TILE, content_type="image/png"),
    )


def test_the_pin_can_be_set_on_the_map_and_the_centre_sees_it(
    phone: Phone, centre: Centre, desk: Desk
) -> None:
    page = phone.fill_report(1, place="")
    state = page.locator("#place-state")
    expect(state).to_contain_text("误差约 12 米")
    expect(page.locator("#map .leaflet-tile").first).to_be_visible()
    page.locator("#map").click(position={"x": 240, "y": 40})
    expect(state).to_have_text("已由你在地图上选定。")
    moved = page.input_value("[name=latitude]")
    assert float(moved) > 31.3193
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()
    serve_tiles(desk)
    shown = desk.go("/cases")
    shown.click(".entry")
    expect(shown.locator("#case .facts")).to_contain_text(f"{float(moved):.5f}")
    expect(shown.locator("#case [data-map] .leaflet-tile").first).to_be_visible()


@pytest.mark.one_database
def test_without_permission_words_are_enough(phone: Phone, centre: Centre) -> None:
    phone.context.clear_permissions()
    phone.context.grant_permissions([])
    page = phone.fill_report(1, place="")
    expect(page.locator("#place-state")).to_have_text("没有定位权限，请用文字说明位置。")
    page.click("#save")
    expect(page.locator("[data-error=place]")).to_be_visible()
    page.fill("#place", "南门保安亭")
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()
    assert centre.keys() == ["南门保安亭"]
