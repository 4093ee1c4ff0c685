"""How vouchers and handing out look: axe on each screen, nothing cut off, targets for thumbs."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeDevice
from tests.browser.test_gate_look import CUT_OFF, TOO_SMALL
from tests.support.counter_device import Station
from tests.support.fits import OVERFLOW, findings
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.rider_phone import SHIFTS, shifts
from tests.support.voucher_phone import (
    RewardShelf,
    hand_over,
    hand_sheet_of,
    next_voucher,
    open_hand,
    open_voucher,
)

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
SIZES = ((320, 568), (844, 390), (390, 844))
SIZES_OF_COUNTERS = ((1024, 768), (390, 844))


def check(page: Page, sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
    """Nothing against this screen, in any size."""
    assert findings(page) == []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        assert page.evaluate(OVERFLOW) <= 0, width
        assert page.evaluate(CUT_OFF) == [], width
        assert page.evaluate(TOO_SMALL) == [], width


@pytest.mark.parametrize(("language", "scheme"), [("zh_Hans", "light"), ("en", "dark")])
def test_a_riders_vouchers(
    app: Flask, station: Station, phone: Phone, rider_account: Person, language: str, scheme: str
) -> None:
    phone.context.add_cookies([{"name": "lang", "value": language, "url": phone.address}])
    phone.context.add_init_script(SHIFTS)
    page = phone.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    long_name = "头盔消毒、雨衣修补与电动车轮胎充气"
    shelf = RewardShelf.make(
        app, station.id, name_zh=long_name, name_en="Helmet cleaning and raincoat repair",
        valid_days=1,
    )  # fmt: skip
    shelf.points(rider_account)
    good, over = (shelf.redeem(rider_account, key) for key in ("a", "b"))
    shelf.change(over, state="expired")
    page = open_voucher(phone, good)
    check(page)
    page = open_voucher(phone, over)
    check(page)
    page.click("#back")
    expect(page.locator("#open-list")).to_be_visible()
    check(page)
    page = phone.go(f"/vouchers#v={good}")
    page.reload()
    page.wait_for_timeout(1500)
    assert shifts(page) == []


@pytest.mark.parametrize(("language", "scheme"), [("zh_Hans", "light"), ("en", "dark")])
def test_handing_out(
    app: Flask, station: Station, make_device: MakeDevice, rider_account: Person, language: str,
    scheme: str,
) -> None:  # fmt: skip
    shelf = RewardShelf.make(app, station.id, name_en="A thermos flask of half a litre")
    shelf.points(rider_account)
    code = shelf.redemption(shelf.redeem(rider_account)).code
    device = make_device()
    device.sign_in(station.host)
    device.phone.context.add_cookies(
        [{"name": "lang", "value": language, "url": device.phone.address}]
    )
    page = device.open()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    check(page, SIZES_OF_COUNTERS)
    open_hand(device)
    check(page, SIZES_OF_COUNTERS)
    page.click("#by-voucher-number")
    check(page, SIZES_OF_COUNTERS)
    device.close("voucher-number")
    assert hand_sheet_of(device, code) == "ask"
    expect(page.locator("#hand-yes")).to_be_enabled()
    check(page, SIZES_OF_COUNTERS)
    hand_over(device)
    page.wait_for_timeout(5_200)  # else the code is one look
    assert hand_sheet_of(device, code) == "refused"
    check(page, SIZES_OF_COUNTERS)
    next_voucher(device)
