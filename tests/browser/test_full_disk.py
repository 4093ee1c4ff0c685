"""A phone with no space left: it says so, and nothing that was written or taken is lost."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


ROOM = 60_000  # bytes: less than one photo


@pytest.fixture
def full_phone(phone: Phone) -> Phone:
    """A phone started anew with hardly any room: a browser asks for its room once, at first use."""
    phone.go("/reports/new")
    phone.ready()
    used = phone.page.evaluate("navigator.storage.estimate().then((found) => found.usage)")
    phone.close()
    phone.open()
    limit = {"origin": phone.address, "quotaSize": used + ROOM}
    phone.context.new_cdp_session(phone.page).send("Storage.overrideQuotaForOrigin", limit)
    return phone


def test_a_full_disk_says_what_to_do_and_the_form_stays(full_phone: Phone, centre: Centre) -> None:
    page = full_phone.fill_report(1, 2)
    for _tap in range(2):
        page.click("#save")
        expect(page.locator("[data-error=item]")).to_contain_text("手机存储已满")
        expect(page.locator("[data-error=item]")).to_be_in_viewport()
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator("#place")).to_have_value("东门旁")
    assert full_phone.stores()["items"] == []
    assert centre.reports() == 0


def test_with_fewer_photos_it_is_saved_and_sent(full_phone: Phone, centre: Centre) -> None:
    """What fits is taken: nobody has to begin anew."""
    page = full_phone.fill_report(1)
    page.click("#save")
    expect(page.locator("[data-error=item]")).to_contain_text("手机存储已满")
    page.click(".shot button")
    page.set_input_files("#gallery", str(small_photo(full_phone.profile)))
    expect(page.locator(".shot")).to_have_count(1)
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    full_phone.wait_until_sent()
    assert centre.keys() == ["东门旁"]


def small_photo(folder: Path) -> Path:
    file = folder / "small.jpg"
    Image.new("RGB", (320, 240), "navy").save(file)
    return file
