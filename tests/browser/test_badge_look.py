"""The badge page as it is seen: whole on every screen, nothing jumps, nothing against it by axe."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.fits import OVERFLOW, findings
from tests.support.phone import Phone
from tests.support.rider_phone import SHIFTS, code_on, enrol, in_state, read_screen, shifts

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
HEIGHT_OVER = "document.documentElement.scrollHeight - innerHeight"
_BOX = """() => {
  const { left, top, right, bottom, width } = document.getElementById("qr").getBoundingClientRect();
  return { left, top, right: innerWidth - right, bottom: innerHeight - bottom, share: width / Math.min(innerWidth, innerHeight) };
}"""
_STATES = """async (state) => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { known } = await import(`${base}/js/badge/showing.js`);
  const { showCard } = await import(`${base}/js/badge/card_view.js`);
  const { row } = known;
  row.card.badge = { ...row.card.badge, device: "Android · Chrome", since: 1 };
  row.card.moved = { device: "iPhone · Safari", at: 1 };
  row.card.holder.reason = row.card.rider.portrait.reason = "戴着头盔，看不清脸";
  showCard(state, ["signed_out", "first", "refused", "not_rider"].includes(state) ? undefined : row);
}"""
STATES = (
    "signed_out", "first", "refused", "not_rider", "none", "elsewhere", "moved", "lost", "portrait_none",
    "portrait_pending", "portrait_rejected", "suspended", "revoked", "stale",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_code_is_whole_on_every_screen(badge: Page, phone: Phone, language: str) -> None:
    phone.go("/me").click(f".language [value={language}]")
    for width, height in ((390, 844), (320, 568), (844, 390), (568, 320), (360, 640), (1280, 800)):
        badge.set_viewport_size({"width": width, "height": height})
        page = phone.go("/badge")
        text = code_on(page)
        box = page.evaluate(_BOX)
        assert all(box[side] >= 0 for side in ("left", "top", "right", "bottom")), box
        assert box["share"] >= 0.7 or width > 1000, box
        assert _over(page) <= 0, (width, height)
        assert read_screen(page) in (text, code_on(page))
        page.wait_for_selector("html[data-ready]")
        page.click("#short-open")
        page.wait_for_timeout(200)
        assert _over(page) <= 0, (width, height)


def _over(page: Page) -> int:
    """By how many pixels the page is larger than the screen."""
    return max(page.evaluate(OVERFLOW), page.evaluate(HEIGHT_OVER))


def test_nothing_jumps_from_the_start_to_the_renewed_code(badge: Page, phone: Phone) -> None:
    phone.context.add_init_script(SHIFTS)
    page = phone.go("/badge")
    code_on(page)
    page.wait_for_timeout(1500)
    page.click("#short-open")
    page.wait_for_timeout(600)
    page.click("#short-close")
    page.wait_for_timeout(600)
    assert shifts(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(badge: Page, phone: Phone, scheme: str) -> None:
    badge.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = phone.go("/badge")
    _settled(page)
    found = {"code": findings(page)}
    page.click("#short-open")
    found["short"] = findings(page)
    page.click("#challenge-open")
    found["challenge"] = findings(page)
    page.click("#challenge-close")
    page.click("#maps-open")
    found["no map"] = findings(page)
    page.click("#map-close")
    for state in STATES:
        page.evaluate(_STATES, state)
        found[state] = findings(page)
    found["portrait"] = findings(phone.go("/badge/portrait"))
    assert {name: one for name, one in found.items() if one} == {}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_no_state_is_wider_than_a_small_phone(badge: Page, phone: Phone, language: str) -> None:
    phone.go("/me").click(f".language [value={language}]")
    page = phone.go("/badge")
    _settled(page)
    for width, height in ((320, 568), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        for state in STATES:
            page.evaluate(_STATES, state)
            assert page.evaluate(OVERFLOW) <= 0, state
            for button in page.locator(".state:visible .button").all():
                button.scroll_into_view_if_needed()
                expect(button).to_be_in_viewport()
    assert phone.go("/badge/portrait").evaluate(OVERFLOW) <= 0


def _settled(page: Page) -> None:
    """The centre was asked: from now on the page changes nothing by itself."""
    code_on(page)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def test_who_wants_no_motion_gets_steps(badge: Page, phone: Phone) -> None:
    badge.emulate_media(reduced_motion="reduce")
    page = phone.go("/badge")
    code_on(page)
    easing = "document.getElementById('ring').getAnimations()[0].effect.getTiming().easing"
    assert str(page.evaluate(easing)).startswith("steps(5")


def test_the_shortcut_leads_to_the_badge(phone: Phone) -> None:
    page = phone.go("/")
    found = page.evaluate(
        "async () => (await (await fetch('/manifest.webmanifest')).json()).shortcuts[0]"
    )
    assert (found["name"], found["url"]) == ("星骑士码", "/badge")
    page.click("header .bar a[href='/badge'], .bar a[href='/badge']")
    page.wait_for_url("**/badge")
    in_state(enrol(phone), "portrait_none")
