"""What a counter's device keeps: for its person alone, at its station, while there is room."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.extensions import db
from tests.browser.conftest import MakeDevice
from tests.support.counter_device import CounterDevice, Station
from tests.support.fits import OVERFLOW, findings
from tests.support.rider_phone import SHIFTS, shifts
from tests.support.station_rows import StationRows

pytestmark = pytest.mark.browser


@pytest.mark.one_database
def test_another_person_sees_nothing_of_the_first(
    app: Flask, station: Station, device: CounterDevice
) -> None:
    other = Station.make(app)
    device.phone.offline()
    device.log_workers(3)
    waiting = device.kept()["items"]
    assert len(waiting) == 1
    device.phone.offline(False)
    app_rows = device.kept()["rows"]
    assert {row["owner"] for row in app_rows} == {station.host.id}
    device.wait_until_sent()
    page = device.phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in*")
    device.phone.until(lambda: device.kept()["rows"] == [])
    device.sign_in(other.host)
    page = device.page
    expect(page.locator("#here-count")).to_have_text("0")
    expect(page.locator("#here-list li")).to_have_count(0)
    # The page is as empty before it has asked the centre.
    device.phone.until(lambda: {row["owner"] for row in device.kept()["rows"]} == {other.host.id})
    assert str(station.id) not in {str(row.get("station")) for row in device.kept()["rows"]}


@pytest.mark.one_database
def test_what_waits_of_one_person_stays_locked_for_another(
    app: Flask, station: Station, device: CounterDevice
) -> None:
    """The first signed out with something unsent: it is neither shown nor sent as another's."""
    other = Station.make(app)
    device.page.route("**/sync/items", lambda route: route.abort())
    device.log_workers(3)
    page = device.phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in*")
    page.unroute("**/sync/items")
    device.sign_in(other.host)
    page = device.page
    expect(page.locator("#here-count")).to_have_text("0")
    expect(page.locator("#waiting")).to_be_hidden()
    page.wait_for_timeout(1500)
    assert [item["owner"] for item in device.kept()["items"]] == [station.host.id]
    assert station.check_ins() == []


@pytest.mark.one_database
def test_a_full_device_says_so_and_goes_on(station: Station, device: CounterDevice) -> None:
    page = device.page
    page.evaluate(
        """() => { IDBObjectStore.prototype.add = function () {
          throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    page.click("#open-log")
    page.click("[data-tab=hand]")
    page.fill("#hand-label", "送水师傅")
    page.click("#by-hand .main")
    expect(page.locator("#log-error")).to_contain_text("设备已满")
    expect(page.locator("#hand-label")).to_have_value("送水师傅")
    device.close("log")
    expect(page.locator("#storage-alarm")).to_contain_text("1 条没有记下")
    expect(page.locator("#here-count")).to_have_text("0")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    device.log_workers(2)
    device.wait_until_sent()
    assert [one.people for one in station.check_ins()] == [2]


@pytest.mark.one_database
def test_a_full_device_does_not_say_that_it_took_back(
    station: Station, device: CounterDevice
) -> None:
    page = device.page
    page.set_viewport_size({"width": 1180, "height": 820})
    device.phone.offline()
    device.log_workers(2)
    page.evaluate(
        """() => { window.add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function () {
            throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    page.click("#undo-button")
    expect(page.locator("#undo-text")).to_contain_text("设备已满")
    expect(page.locator("#here-count")).to_have_text("2")
    entry = page.locator("#here-list li")
    for _tap in ("asks", "does"):
        entry.locator("button").click()
    expect(entry.locator(".error")).to_contain_text("设备已满")
    for width in (1180, 390, 320):
        page.set_viewport_size({"width": width, "height": 820})
        assert page.evaluate(OVERFLOW) <= 0
    assert findings(page) == []
    page.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    page.click("#undo-button")
    expect(page.locator("#undo-text")).to_have_text("已撤销")
    expect(page.locator("#here-count")).to_have_text("0")


@pytest.mark.one_database
def test_the_host_of_several_stations_chooses_and_it_stays(
    app: Flask, make_device: MakeDevice
) -> None:
    with app.app_context():
        rows = StationRows(db.session())
        street = rows.street()
        first, second = (rows.station(street, name_zh=name) for name in ("东站", "西站"))
        host = rows.host(street)
        db.session.commit()
        db.session.remove()
    device = make_device()
    page = device.sign_in(host)
    expect(page.locator("#stations")).to_be_visible()
    page.click(".station-choice:has-text('西站')")
    expect(page.locator("#station-name")).to_have_text("西站")
    device.log_workers(2)
    page = device.phone.go("/counter")
    expect(page.locator("#station-name")).to_have_text("西站")
    expect(page.locator("#to-duties")).to_have_attribute("href", f"/counter/{second}/duties")
    page = device.phone.go(f"/counter#s={first}")
    expect(page.locator("#station-name")).to_have_text("东站")


@pytest.mark.one_database
def test_nothing_moves_by_itself_and_targets_are_large(
    station: Station, device: CounterDevice
) -> None:
    device.phone.init_script(SHIFTS)
    page = device.phone.go("/counter")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(1500)
    assert shifts(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a, header a, header button")]
          .filter((one) => one.offsetParent)
          .map((one) => [one.id || one.dataset.purpose, one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 48 || box.height < 48).map(([name]) => name)"""
    )
    assert small == []
