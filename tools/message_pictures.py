"""Draws docs/pictures of messages from a served demo district: `python tools/message_pictures.py
http://127.0.0.1:8000`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs/pictures"
# A browser without a screen refuses notifications before anybody asks.
NOT_ASKED_YET = "Object.defineProperty(Notification, 'permission', { get: () => 'default' })"
PHONE, DESK = (390, 844), (1440, 900)
SETTLED_MS = 1_500


def signed_in(browser: Browser, base: str, number: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
        device_scale_factor=2 if size == PHONE else 1, is_mobile=size == PHONE,
    )  # fmt: skip
    context.add_init_script(NOT_ASKED_YET)
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.fill("#phone", number)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def shoot(page: Page, base: str, path: str, name: str) -> None:
    page.goto(base + path)
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=FOLDER / f"{name}.png")


def draw(browser: Browser, base: str) -> None:
    phone = signed_in(browser, base, "13900000001", PHONE)
    shoot(phone, base, "/messages", "messages")
    shoot(phone, base, "/messages/settings", "message-settings")
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    shoot(phone, base, "/messages", "messages")
    phone.context.set_offline(True)
    shoot(phone, base, "/messages", "messages-offline")
    desk = signed_in(browser, base, "13900000801", DESK)
    shoot(desk, base, "/deliveries", "deliveries")
    shoot(desk, base, "/announcements/new", "announcement")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        draw(browser, sys.argv[1].rstrip("/"))
        browser.close()
