"""Pictures of cases: at the centre, in a department, on the spot, and with the reporter."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from tools.pictures import APP, DESK, PHONE, shoot, sign_in, window

RIDER, DISPATCHER, HANDLER, GRID_WORKER = "13900000001", "13900000101", "13900000501", "13900000401"


def draw(browser: Browser, address: str) -> None:
    """Draw them all; nobody takes a step."""
    with window(browser, address, **DESK) as page:
        page.goto("/sign-in")
        sign_in(page, DISPATCHER)
        centre_pictures(page)
    for who, name in ((HANDLER, "department"), (GRID_WORKER, "on-the-spot")):
        with window(browser, address, **PHONE) as page:
            page.goto("/sign-in")
            sign_in(page, who)
            field_pictures(page, name)


def centre_pictures(page: Page) -> None:
    """The desk with one case, doubles side by side, the map, and the appraisal."""
    page.goto("/cases?queue=at_department")
    page.locator("a.entry").nth(6).click()
    page.wait_for_selector("#case .facts")
    shoot(page, "cases", also=APP / "desk.png")
    page.goto("/cases?queue=received")
    number = (page.locator("a.entry").first.get_attribute("href") or "").split("?")[0]
    page.goto(f"{number}/doubles")
    shoot(page, "doubles")
    page.goto("/cases/map?queue=at_department")
    page.wait_for_load_state("networkidle")
    shoot(page, "case-map")
    page.goto("/appraisal")
    shoot(page, "appraisal")
    page.goto("/case-settings")
    shoot(page, "case-settings")


def field_pictures(page: Page, name: str) -> None:
    """The list of a department or a grid worker, and one case of it with its form."""
    page.goto("/field")
    page.wait_for_selector("#sections a")
    page.wait_for_load_state("networkidle")
    shoot(page, f"{name}-list")
    page.locator("#sections a").nth(1).click()
    page.wait_for_selector("#case:not([hidden])")
    page.wait_for_timeout(800)
    shoot(page, f"{name}-case")


def reporter_pictures(page: Page) -> None:
    """A question from the centre, and a closed case with before and after; on the own phone."""
    for mark, name in ((".status:has-text('待补充')", "question"), (".status.ok", "one-report")):
        page.goto("/reports")
        page.goto(page.locator(f"a.list-card:has({mark})").first.get_attribute("href") or "/")
        shoot(page, name)
