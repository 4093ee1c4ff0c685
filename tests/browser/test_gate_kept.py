"""What a gate phone keeps, and a rider's does not; a cold start; a newer version of the app."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre, MakeGatePhone
from tests.browser.test_app import newer_version
from tests.support.gate_site import Site
from tests.support.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) kept.push(request.url);
  }
  return kept;
}"""


def kept(phone: Phone, *parts: str) -> list[bool]:
    """Whether something with this part in its address is kept, for each."""
    urls: list[str] = phone.run(KEPT)
    return [any(part in url for url in urls) for part in parts]


OF_GATES = ("zxing_reader.wasm", "js/gate/page.js", "css/gate.css", "/gate?lang=")


def test_a_riders_phone_does_not_fetch_the_scanner(phone: Phone) -> None:
    assert kept(phone, "js/app.js", *OF_GATES) == [True, False, False, False, False]
    phone.offline()
    expect(phone.go("/gate").locator("h1")).to_have_text("没有网络")


def test_a_gate_phone_starts_cold_with_no_network_and_no_server(
    site: Site, make_gate_phone: MakeGatePhone, centre: Centre
) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    assert kept(phone, *OF_GATES) == [True] * 4
    text = knight.show()
    phone.close()
    centre.server.stop()
    phone.open()
    page = phone.scan()
    expect(page.locator("#guard-name")).to_have_text("张卫东")
    assert phone.read(text) == "green ok"


def test_a_newer_version_brings_the_scanner_along(
    site: Site, make_gate_phone: MakeGatePhone, centre: Centre, tmp_path: Path
) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    phone.close()
    centre.server.stop()
    centre.server.root = newer_version(tmp_path)
    centre.server.start()
    # Not on the page that scans: Playwright attaches itself to the decoder's worker too, and now
    # and then that holds up Chromium's registrations for as long as the browser runs.
    phone.open()
    page = phone.go("/outbox")
    before = page.evaluate("document.querySelector('script[type=module]').src")
    phone.look_for_update()
    page.click("#update-toast button", timeout=60_000)
    page.wait_for_event("load")
    assert page.evaluate("document.querySelector('script[type=module]').src") != before
    assert kept(phone, *OF_GATES) == [True] * 4
    phone.offline()
    phone.scan()
    assert phone.read(knight.show()) == "green ok"


def test_portraits_are_fetched_ahead_and_shown_without_network(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    seen, unseen = site.rider("王骑手"), site.rider("李骑手")
    phone = make_gate_phone()
    page = phone.page
    phone.read(seen.show())
    expect(page.locator("#verdict-portrait img")).to_be_visible()
    phone.go_on()
    phone.offline()
    phone.scan()
    assert phone.read(unseen.show()) == "green ok"
    expect(page.locator("#verdict-portrait")).to_contain_text("没有头像照")
    phone.go_on()
    page.wait_for_timeout(5100)
    assert phone.read(seen.show()) == "green ok"
    expect(page.locator("#verdict-portrait img")).to_be_visible()


def test_only_a_code_of_the_property_manager_enrols(
    site: Site, new_gate_phone: MakeGatePhone
) -> None:
    phone = new_gate_phone()
    page = phone.go("/gate")
    page.wait_for_url("**/gate/enrol")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click("#enrol-button")
    expect(page.locator("#code-error")).to_contain_text("请输入口令")
    page.fill("#code", "AAAA2222")
    page.click("#enrol-button")
    expect(page.locator("#code-error")).to_be_visible()
    expect(page.locator("#to-gate")).to_be_hidden()
    phone.enrol(site.code())
    page.click("#to-gate")
    expect(page.locator("#shift")).to_be_visible()
