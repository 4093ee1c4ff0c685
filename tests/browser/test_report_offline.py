"""The main job: a report filed with no network reaches the centre exactly once."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.phone import Desk, Phone
from tests.support.scenes import scene

pytestmark = pytest.mark.browser

# As if the page after signing in had not come so far as to write it down.
_FORGET_SESSION = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  await (await database()).delete("facts", "session");
}"""


def test_two_photos_offline_after_a_restart_reach_the_centre(
    phone: Phone, centre: Centre, desk: Desk
) -> None:
    phone.close()
    phone.open()
    phone.offline()
    phone.report(1, 2)
    expect(phone.page.locator("#receipt h2")).to_have_text("已保存到本机")
    assert centre.reports() == 0

    phone.close()
    phone.open()
    phone.go("/outbox")
    phone.wait_until_sent()
    centre.work()

    page = desk.go("/cases")
    expect(page.locator(".entry")).to_have_count(1)
    page.click(".entry")
    expect(page.locator("#case .wide-photos img")).to_have_count(2)
    with page.expect_response("**/accept*"):
        page.click("[data-accept]")
    assert centre.reports() == 1

    mine = phone.go("/reports")
    expect(mine.locator(".list-card")).to_have_count(1)
    expect(mine.locator(".list-card .status")).to_contain_text("已立案")


@pytest.mark.one_database
def test_with_the_server_gone_a_cold_start_still_files(phone: Phone, centre: Centre) -> None:
    phone.close()
    centre.server.stop()
    phone.open()
    phone.report(3)
    assert len(phone.stores()["items"]) == 1
    centre.server.start()
    phone.page.click("#receipt a[href='/outbox']")
    phone.page.wait_for_url("**/outbox")
    phone.send_now()
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_an_app_closed_right_after_signing_in_learns_who_that_was(
    phone: Phone, centre: Centre
) -> None:
    phone.run(_FORGET_SESSION)
    phone.close()
    phone.open()
    phone.report(4)
    expect(phone.page.locator("#signed-out-note")).to_be_hidden()
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_three_taps_from_the_form_to_saved(phone: Phone) -> None:
    page = phone.go("/reports/new")
    page.wait_for_selector("html[data-ready]")
    with page.expect_file_chooser() as chooser:
        page.tap("label:has(#camera)")
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(1)})
    page.wait_for_selector(".shot")
    expect(page.locator("#place-state")).to_contain_text("误差约 12 米")  # or words are needed
    page.tap("#likely .chip")
    page.tap("#save")
    expect(page.locator("#receipt")).to_be_visible()


@pytest.mark.one_database
def test_the_camera_button_opens_the_camera_before_the_form(phone: Phone) -> None:
    page = phone.go("/")
    with page.expect_file_chooser() as chooser:
        page.tap("#camera-tab")
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(7)})
    page.wait_for_url("**/reports/new")
    expect(page.locator(".shot")).to_have_count(1)


@pytest.mark.one_database
def test_the_receipt_card_follows_the_report(phone: Phone, centre: Centre) -> None:
    phone.report(4)
    expect(phone.page.locator("#receipt h2")).to_contain_text("中心已收到，编号")
    phone.page.click("#receipt [data-link]")
    expect(phone.page.locator("h1")).to_have_text("暴露垃圾")


@pytest.mark.one_database
def test_the_reason_of_a_rejection_reaches_the_rider(
    phone: Phone, centre: Centre, desk: Desk
) -> None:
    phone.report(5)
    phone.wait_until_sent()
    page = desk.go("/cases")
    page.click(".entry")
    page.click("[data-other] summary")
    page.click("#step-reject .button.danger")
    expect(page.locator("#step-reject-note-error")).to_be_visible()
    page.fill("#step-reject-note", "照片里看不清问题")
    page.click("#step-reject .button.danger")
    expect(page.locator(".toast")).to_contain_text("不予立案")
    phone.go("/reports")
    phone.page.click(".list-card")
    expect(phone.page.locator(".notice.bad")).to_contain_text("照片里看不清问题")


@pytest.mark.one_database
def test_capture_time_and_place_arrive_as_taken(phone: Phone, centre: Centre, desk: Desk) -> None:
    phone.report(6, place="北门岗亭旁")
    phone.wait_until_sent()
    page = desk.go("/cases")
    page.click(".entry")
    expect(page.locator("#case .facts")).to_contain_text("北门岗亭旁")
    expect(page.locator("#case .facts")).to_contain_text("31.31930, 120.67380")
