"""Two tabs of one phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Network
from tests.support.phone import Phone

pytestmark = pytest.mark.browser


def test_two_tabs_that_send_at_once_send_once(
    phone: Phone, centre: Centre, network: Network
) -> None:
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    phone.report(1)
    phone.report(2)
    second = phone.context.new_page()
    second.goto(network.address + "/outbox")
    phone.go("/outbox")
    network.good()
    sent = len(network.seen)
    for page in (second, phone.page):
        page.evaluate("document.getElementById('send-now').click()")
    phone.wait_until_sent(2)
    assert centre.reports() == 2
    assert network.seen[sent:].count(("POST", "/sync/items")) <= 3


@pytest.mark.one_database
def test_what_one_tab_files_the_other_shows(phone: Phone, network: Network) -> None:
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    second = phone.context.new_page()
    second.goto(network.address + "/outbox")
    phone.report(1)
    expect(second.locator(".item")).to_have_count(1)
    expect(second.locator("#outbox-count")).to_have_text("1")


@pytest.mark.one_database
def test_the_same_draft_saved_in_two_tabs_loses_nothing(
    phone: Phone, centre: Centre, network: Network
) -> None:
    phone.fill_report(1, place="甲")
    phone.wait_until_drafted("甲", photos=1)
    second = phone.context.new_page()
    second.goto(network.address + "/reports/new")
    second.wait_for_selector("html[data-ready]")
    expect(second.locator(".shot")).to_have_count(1)
    second.fill("#place", "乙")
    phone.page.click("#save")
    phone.page.wait_for_selector("#receipt:not([hidden])")
    second.click("#save")
    second.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent(2)
    assert centre.keys() == ["乙", "甲"]
