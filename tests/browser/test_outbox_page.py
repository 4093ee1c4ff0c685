"""The outbox page: mending, discarding, and drafts that survive."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Answer, Network
from tests.support.phone import Phone
from tests.support.scenes import scene

pytestmark = pytest.mark.browser


def reject(network: Network, phone: Phone) -> None:
    """Let the centre turn the next item down at the field "place"."""

    def policy(method: str, path: str) -> str | Answer:
        if (method, path) != ("POST", "/sync/items"):
            return PASS
        key = phone_key[0]
        body = f'[{{"key": "{key}", "verdict": "rejected", "errors": {{"place": ["这个位置不清楚"]}}}}]'
        return Answer((200, "application/json", body.encode()))

    phone_key = [""]
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    phone.report(1)
    phone_key[0] = phone.stores()["items"][0]["key"]
    network.policy = policy
    phone.go("/outbox")
    phone.send_now()
    expect(phone.page.locator(".item .status")).to_have_text("未被接收，请修改")


def test_a_rejected_report_is_mended_as_a_new_one(
    phone: Phone, centre: Centre, network: Network
) -> None:
    reject(network, phone)
    before = phone.stores()["items"][0]["key"]
    network.good()
    page = phone.page
    expect(page.locator(".item .error")).to_contain_text("这个位置不清楚")
    page.click(".item a.main")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#place-error")).to_contain_text("这个位置不清楚")
    expect(page.locator(".shot")).to_have_count(1)
    page.fill("#place", "西门红绿灯下")
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()
    assert phone.stores()["receipts"][0]["key"] != before
    assert centre.keys() == ["西门红绿灯下"]


@pytest.mark.one_database
def test_a_photo_that_was_exchanged_in_mending_does_not_stay_on_the_phone(
    phone: Phone, network: Network
) -> None:
    reject(network, phone)
    network.good()
    page = phone.page
    page.click(".item a.main")
    page.wait_for_selector("html[data-ready]")
    page.click(".shot button")
    file = {"name": "2.jpg", "mimeType": "image/jpeg", "buffer": scene(2)}
    page.set_input_files("#gallery", file)  # type: ignore[arg-type]
    expect(page.locator(".shot")).to_have_count(1)
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()
    assert phone.stores()["photos"] == []


@pytest.mark.one_database
def test_discarding_asks_twice(phone: Phone, centre: Centre, network: Network) -> None:
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    phone.report(1)
    page = phone.go("/outbox")
    # Each try to send draws the card anew: a tap meets whatever stands there, while a click whose
    # button went down on the card before meets nothing.
    discard = page.locator(".item .danger")
    discard.tap()
    page.click("#discard-yes")
    expect(page.locator("#discard-title")).to_have_text("确定要删除吗？")
    page.click("#discard [value=keep]")
    assert len(phone.stores()["items"]) == 1
    discard.tap()
    page.click("#discard-yes")
    expect(page.locator("#discard-title")).to_have_text("确定要删除吗？")
    page.click("#discard-yes")
    expect(page.locator("#none")).to_be_visible()
    stores = phone.stores()
    assert stores["items"] == stores["photos"] == []


@pytest.mark.one_database
def test_the_draft_survives_the_page_being_killed(phone: Phone, network: Network) -> None:
    page = phone.fill_report(1, 2, place="南门")
    page.fill("#description", "已经两天")
    phone.until(lambda: "已经两天" in str(phone.stores()["drafts"]))
    phone.kill()
    phone.open()
    page = phone.go("/reports/new")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#draft-note")).to_be_visible()
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator("#description")).to_have_value("已经两天")
    expect(page.locator("[data-code='0102']")).to_have_attribute("aria-pressed", "true")
    page.click("#drop-draft")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".shot")).to_have_count(0)


@pytest.mark.one_database
def test_missing_parts_are_marked_at_their_place(phone: Phone) -> None:
    phone.context.clear_permissions()
    page = phone.go("/reports/new")
    page.wait_for_selector("html[data-ready]")
    page.click("#save")
    for name in ("photos", "category", "place"):
        expect(page.locator(f"#{name}-error")).to_be_visible()
    assert phone.stores()["items"] == []


@pytest.mark.one_database
def test_a_kind_is_found_by_a_word(phone: Phone) -> None:
    page = phone.go("/reports/new")
    page.wait_for_selector("html[data-ready]")
    page.click("#picker summary")
    page.fill("#category-search", "路灯")
    expect(page.locator("#picker label.chip:visible")).to_have_count(1)
    page.click("#picker label.chip:visible")
    expect(page.locator("#condition")).to_contain_text("立案条件")
    page.click("#picker summary")
    page.fill("#category-search", "没有这样的词")
    expect(page.locator("#none-found")).to_be_visible()
