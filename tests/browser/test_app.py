"""The installable app: no installability error, updates that wait, axe, sizes, full disks."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.fits import OVERFLOW, findings
from tests.support.network import DROP, PASS, Network
from tests.support.phone import Desk, Phone
from tests.support.servers import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

RIDER_PAGES = (
    "/",
    "/reports/new",
    "/reports",
    "/outbox",
    "/me",
    "/install",
    "/offline",
    "/sign-out",
)


def test_chromium_has_nothing_against_installing(phone: Phone) -> None:
    page = phone.go("/")
    session = phone.context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_riders_pages(phone: Phone, centre: Centre, scheme: str) -> None:
    phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    phone.report(1)
    phone.wait_until_sent()
    centre.work()
    found = {}
    for path in (*RIDER_PAGES, "/reports/1", "/not-there"):
        page = phone.go(path)
        page.wait_for_timeout(300)
        found[path] = findings(page)
    assert {path: one for path, one in found.items() if one} == {}


def test_axe_finds_nothing_on_the_desk_and_signing_in(
    phone: Phone, desk: Desk, centre: Centre
) -> None:
    phone.report(1)
    phone.wait_until_sent()
    centre.work()
    for path in ("/cases", "/cases/1", "/intake/import", "/me", "/reports/1"):
        assert findings(desk.go(path)) == [], path
    desk.context.clear_cookies()
    assert findings(desk.go("/sign-in")) == []


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_nothing_is_wider_than_a_small_phone(phone: Phone, language: str) -> None:
    phone.page.set_viewport_size({"width": 320, "height": 640})
    phone.go("/me")
    with phone.page.expect_navigation():  # the next page would break off what was sent
        phone.page.click(f".language [value={language}]")
    phone.until(lambda: phone.fact("locale") == language)
    for path in RIDER_PAGES:
        assert phone.go(path).evaluate(OVERFLOW) <= 0, path


def test_shells_open_offline_in_the_language_chosen(phone: Phone) -> None:
    phone.go("/me")
    with phone.page.expect_navigation():
        phone.page.click(".language [value=en]")
    phone.until(lambda: phone.fact("locale") == "en")
    phone.offline()
    expect(phone.go("/reports/new").locator("h1")).to_have_text("Snap and report")
    expect(phone.go("/").locator("h1")).to_have_text("No network")


def newer_version(tmp_path: Path) -> Path:
    """The project one version on: fields of schema 3, and so a new service worker."""
    root = tmp_path / "newer"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", root / "app", ignore=ignored)
    for name in ("wsgi.py",):
        shutil.copy(ROOT / name, root / name)
    schemas = root / "app/static/js/outbox/schemas.js"
    text = schemas.read_text().replace("report: 2,", "report: 3,")
    assert "report: 3," in text
    known = "report: { 1: (fields) => fields"
    assert known in text
    step = f"{known}, 2: (fields) => ({{ ...fields, place: `${{fields.place}} (2)` }})"
    schemas.write_text(text.replace(known, step))
    kinds = root / "app/blueprints/sync/report_kind.py"
    kinds.write_text(kinds.read_text().replace("frozenset({1, 2})", "frozenset({1, 2, 3})"))
    return root


def test_a_new_version_waits_for_the_tap_and_brings_a_full_queue_along(
    phone: Phone, centre: Centre, network: Network, tmp_path: Path
) -> None:
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    for number in range(3):
        phone.report(number, place=f"place {number}")
    centre.server.stop()
    centre.server.root = newer_version(tmp_path)
    centre.server.start()
    page = phone.go("/outbox")
    script = page.locator("script[type=module]").first
    before = script.get_attribute("src") or ""
    phone.look_for_update()
    page.click("#update-toast button", timeout=60_000)
    expect(script).not_to_have_attribute("src", before)  # the page came anew, of the new version
    page.wait_for_load_state()
    expect(page.locator(".item")).to_have_count(3)
    network.good()
    phone.send_now()
    phone.wait_until_sent(3)
    assert centre.keys() == ["place 0 (2)", "place 1 (2)", "place 2 (2)"]


def test_the_browsers_offer_to_install_becomes_a_button(phone: Phone) -> None:
    page = phone.go("/install")
    expect(page.locator("#install-now")).to_be_visible()
    expect(page.locator("#android-how")).to_be_hidden()
    expect(page.locator("#installed")).to_be_hidden()
