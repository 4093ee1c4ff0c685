"""Draws docs/pictures of stations from a served demo district: `python tools/station_pictures.py
http://127.0.0.1:8000`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs/pictures"
PLACE = {"latitude": 31.3193, "longitude": 120.7238}
PHONE, TABLET, DESK = (390, 844), (1180, 820), (1440, 900)
RIDER, HOST, ADMINISTRATOR = "13900000001", "13900000301", "13900000801"
SETTLED_MS = 1_800


def signed_in(browser: Browser, base: str, number: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", geolocation=PLACE,
        permissions=["geolocation"], device_scale_factor=2 if size == PHONE else 1,
        is_mobile=size == PHONE, has_touch=size == PHONE,
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.fill("#phone", number)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.wait_for_timeout(SETTLED_MS)
    return page


def shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=FOLDER / f"{name}.png")


def draw(browser: Browser, base: str) -> None:
    phone = signed_in(browser, base, RIDER, PHONE)
    shoot(phone, f"{base}/stations", "stations")
    phone.click(".list-card a, [data-station] a, a[href^='#s=']")
    phone.wait_for_timeout(SETTLED_MS)
    phone.screenshot(path=FOLDER / "station.png")
    shoot(phone, f"{base}/stations#map", "stations-map")
    shoot(phone, f"{base}/visits", "visits")
    shoot(phone, f"{base}/points", "points")
    counter = signed_in(browser, base, HOST, TABLET)
    shoot(counter, f"{base}/counter", "counter")
    desk = signed_in(browser, base, ADMINISTRATOR, DESK)
    shoot(desk, f"{base}/stations/desk", "station-desk")
    shoot(desk, f"{base}/stations/figures", "station-figures")
    shoot(desk, f"{base}/point-rules", "point-rules")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        draw(browser, sys.argv[1].rstrip("/"))
        browser.close()
