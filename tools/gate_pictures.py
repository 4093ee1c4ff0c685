"""Pictures of the badge, the gate and their desks, from a served demo district; see pictures.py."""

import io
import sys
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.cameras import CANVAS_CAMERA, show
from tools.pictures import DESK, DOCS, PHONE, shoot, sign_in, window

RIDER, MANAGER, ESTATE = "13900010100", "13900000601", "13900000901"
_LIVE_TEXT = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  const { liveCode } = await import(`${base}/js/sk1/proof.js`);
  const [badge] = await (await database()).getAll("badges");
  const at = { time_s: Math.floor(Date.now() / 1000), counter: (badge.counter ?? 0) + 7 };
  return liveCode(badge.credential, badge.keys, at);
}"""
"""A further code of the badge that is on this page, as text."""
VERDICT_STAYS = """const real = setTimeout;
window.setTimeout = (work, ms, ...rest) => real(work, ms === 2000 ? 60_000 : ms, ...rest);"""


def draw(browser: Browser, address: str) -> None:
    """Draw them all; they belong together: one badge, read at one gate."""
    with window(browser, address, **DESK) as page:
        printed = register_pictures(page)
    with window(browser, address, **DESK) as page:
        code = compound_pictures(page)
    with window(browser, address, **PHONE) as rider, window(browser, address, **PHONE) as gate:
        gate_pictures(gate, code, badge_pictures(rider))
    print(f"printed badge: {printed} bytes of PDF")


def register_pictures(page: Page) -> int:
    """The company manager's desk, and a printed badge; answers the size of its PDF."""
    page.goto("/sign-in")
    sign_in(page, MANAGER)
    page.goto("/riders")
    page.locator("a.entry:has(.status.wait)").first.click()
    page.wait_for_load_state("networkidle")
    shoot(page, "register")
    page.goto("/riders?state=active")
    page.locator("a.entry").last.click()
    page.wait_for_load_state("networkidle")
    path = page.url.split("?")[0].removeprefix(page.url.split("/riders")[0])
    pdf = page.request.post(f"{path}/printed").body()
    write_page(pdf, "printed-badge", width_px=620)
    return len(pdf)


def compound_pictures(page: Page) -> str:
    """The property manager's desk; answers a code that makes a phone the first gate's."""
    page.goto("/sign-in")
    sign_in(page, ESTATE)
    page.goto("/compounds")
    compound = page.locator("main a[href^='/compounds/']").first.get_attribute("href") or ""
    for name, path in (("compound", ""), ("pass-log", "/log"), ("building-map", "/map")):
        page.goto(compound + path)
        page.wait_for_load_state("networkidle")
        shoot(page, name)
    page.goto(compound)
    gate = page.locator("a[href*='/gates/']").first.get_attribute("href") or ""
    write_page(page.request.get(f"{gate}/poster.pdf").body(), "poster", width_px=620)
    page.goto(gate)
    page.locator("form[action$='/codes'] button").click()
    page.wait_for_load_state("networkidle")
    return page.inner_text(".code-large")


def badge_pictures(page: Page) -> Page:
    """The rider's badge; answers the page, which goes on showing it."""
    page.goto("/sign-in")
    sign_in(page, RIDER)
    page.goto("/badge")
    page.wait_for_selector("[data-do=enrol]:visible, [data-do=move]:visible, #qr:visible")
    if page.locator("[data-do=enrol]").is_visible():
        page.click("[data-do=enrol]")
    elif page.locator("[data-do=move]").first.is_visible():
        page.locator("[data-do=move]").first.click()
        page.click("#move button[value=move]")
    page.wait_for_selector("#code:not([hidden])")
    page.wait_for_timeout(2500)
    shoot(page, "badge")
    return page


def gate_pictures(page: Page, code: str, rider: Page) -> None:
    """The gate's phone: enrolled, scanning, and what it says."""
    page.add_init_script(CANVAS_CAMERA)
    page.add_init_script(VERDICT_STAYS)
    page.goto("/gate/enrol")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.fill("#code", code)
    page.click("#enrol-button")
    page.wait_for_selector("#to-gate:visible", timeout=60_000)
    page.goto("/gate")
    page.wait_for_selector("#shift[open]")
    page.fill("#shift-name", "演示门岗")
    page.click("#shift-form button")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(1500)
    shoot(page, "gate-scan")
    show(page, rider.evaluate(_LIVE_TEXT))
    page.wait_for_selector("#verdict:visible")
    page.wait_for_timeout(800)
    shoot(page, "gate-green")
    page.locator("#verdict").click(position={"x": 20, "y": 20})
    show(page, "SK1:123")
    page.wait_for_selector("#verdict:visible")
    shoot(page, "gate-red")


def write_page(pdf: bytes, name: str, *, width_px: int) -> None:
    """The first page of a PDF as a picture."""
    sheet = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    picture: Image.Image = sheet.render(scale=width_px / sheet.get_width()).to_pil()
    picture.quantize(64).save(DOCS / f"{name}.png", "PNG", optimize=True)
