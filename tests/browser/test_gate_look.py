"""How the gate's screens look: axe on each state, nothing cut off, targets for thumbs."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeGatePhone
from tests.support.fits import OVERFLOW, findings
from tests.support.gate_phone import GatePhone
from tests.support.gate_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SIZES = ((390, 844), (360, 640), (1024, 768), (844, 390))
# What can be pressed is 48 px high and wide, and its words fit.
TOO_SMALL = """() => [...document.querySelectorAll("button, a, .direction label")]
  .filter((one) => one.checkVisibility() && !one.closest("[inert], .skip") && !one.matches("p a, .skip"))
  .filter((one) => { const { width, height } = one.getBoundingClientRect(); return width && (height < 47.5 || width < 47.5); })
  .map((one) => `${one.id || one.textContent.trim()} ${Math.round(one.getBoundingClientRect().width)}x${Math.round(one.getBoundingClientRect().height)}`)"""
CUT_OFF = """() => [...document.querySelectorAll("button, h1, h2, .line, .label, .fact, .hint")]
  .filter((one) => one.checkVisibility() && !one.closest("[inert]"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => one.id || one.textContent.trim())"""

# A verdict goes by itself after 2 or 3 s: here it stays until it was looked at.
STAYS = """const real = setTimeout;
window.setTimeout = (work, ms, ...rest) => real(work, [2000, 3000].includes(ms) ? 90_000 : ms, ...rest);"""


def check(phone: GatePhone, what: str) -> None:
    """Nothing against this screen, in any size."""
    page = phone.page
    assert findings(page) == [], what
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(OVERFLOW) <= 0, (what, width)
        assert page.evaluate(CUT_OFF) == [], (what, width)
        assert page.evaluate(TOO_SMALL) == [], (what, width)
    page.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize(("language", "scheme"), [("zh_Hans", "light"), ("en", "dark")])
def test_every_screen(
    site: Site, new_gate_phone: MakeGatePhone, language: str, scheme: str
) -> None:
    knight, other, late = site.rider("王骑手"), site.rider("李骑手", scope=3), site.rider("赵骑手")
    printed = site.printed("王骑手")
    phone = new_gate_phone()
    phone.init_script(STAYS)
    phone.context.add_cookies([{"name": "lang", "value": language, "url": phone.address}])
    page = phone.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    phone.enrol(site.code())
    check(phone, "enrolled")
    page.goto(phone.address + "/gate")
    expect(page.locator("#shift")).to_be_visible()
    check(phone, "shift")
    phone.shift("张卫东")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(300)
    check(phone, "scan")
    screens = {
        "green": knight.show(), "red": other.show(), "amber": printed,
        "skew": late.phone.show(int(time.time()) - 300), "nobody": "6901234567892",
    }  # fmt: skip
    for what, text in screens.items():
        phone.read(text)
        check(phone, what)
        phone.go_on(decide="refuse" if page.locator("#refuse").is_visible() else "")
    check(phone, "undo")
    for opener, sheet in (("#open-short", "#short"), ("#open-search", "#search")):
        page.click(opener)
        check(phone, sheet)
        page.click(f"{sheet} [data-close]")
    page.click("#open-challenge")
    check(phone, "challenge")
    page.click("#challenge-end")
    phone.offline()
    expect(page.locator("#network")).to_have_attribute("data-tone", "wait")
    check(phone, "offline")


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("NotAllowedError", "没有摄像头权限"),
        ("NotFoundError", "找不到摄像头"),
        ("NotReadableError", "摄像头被别的应用占用"),
    ],
)
def test_a_camera_that_fails_says_what_to_do_and_digits_still_work(
    new_gate_phone: MakeGatePhone, site: Site, error: str, title: str
) -> None:
    phone = new_gate_phone()
    phone.enrol(site.code())
    phone.init_script(f"window.cameraError = '{error}'")
    page = phone.scan()
    expect(page.locator("#camera-title")).to_have_text(title)
    check(phone, error)
    page.click("#open-short")
    expect(page.locator("#pad")).to_be_visible()
