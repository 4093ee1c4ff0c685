"""Draws docs/pictures of tasks, rewards and stars from a served demo district:
`python -m tools.reward_pictures http://127.0.0.1:8000`."""

import sys

from playwright.sync_api import Browser, sync_playwright

from tools.station_pictures import (
    ADMINISTRATOR,
    DESK,
    FOLDER,
    HOST,
    PHONE,
    RIDER,
    SETTLED_MS,
    TABLET,
    shoot,
    signed_in,
)

GRID_WORKER = "13900000401"


def draw(browser: Browser, base: str) -> None:
    phone = signed_in(browser, base, RIDER, PHONE)
    shoot(phone, f"{base}/tasks", "tasks")
    shoot(phone, f"{base}/rewards", "rewards")
    phone.goto(f"{base}/vouchers")
    phone.wait_for_timeout(SETTLED_MS)
    phone.click("main a[href^='#'], main [data-voucher]")
    phone.wait_for_timeout(SETTLED_MS)
    phone.screenshot(path=FOLDER / "voucher.png")
    shoot(phone, f"{base}/stars", "stars")
    counter = signed_in(browser, base, HOST, TABLET)
    shoot(counter, f"{base}/counter", "counter")
    desk = signed_in(browser, base, ADMINISTRATOR, DESK)
    shoot(desk, f"{base}/rewards/desk", "reward-desk")
    worker = signed_in(browser, base, GRID_WORKER, DESK)
    shoot(worker, f"{base}/tasks/desk", "task-desk")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        draw(browser, sys.argv[1].rstrip("/"))
        browser.close()
