"""A station's counter: scanned and logged with and without network, once, by several hosts."""

import re
import time

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.blueprints.visits import counter_codes
from app.lib import clock
from tests.browser.conftest import MakeDevice
from tests.support.cameras import show
from tests.support.counter_device import CounterDevice, Station
from tests.support.gate_site import Site
from tests.support.sk1 import Issuer

pytestmark = pytest.mark.browser
_ADDRESS = re.compile(r"/check-in#c=[A-Za-z0-9_-]{26}$")


def test_badges_scanned_without_network_through_a_dead_browser_arrive_once(
    site: Site, station: Station, device: CounterDevice
) -> None:
    knight, revoked = site.rider("王骑手"), site.rider("李骑手")
    site.desk.revoke(site.riders["李骑手"])
    device.open()
    device.phone.close()  # a browser writes its cookies to disk only every 30 s
    device.phone.open()
    device.open()
    device.phone.offline()
    page = device.page
    page.click(".take [data-purpose=water]")
    device.scan()
    assert device.read(knight.show()) == "right"
    expect(page.locator("#scanned-label")).to_contain_text("王")
    device.next()
    assert device.read(revoked.show()) == "wrong"
    page.click("#log-anyway")
    expect(page.locator("#scanned")).to_have_attribute("data-outcome", "right")
    device.next()
    device.close("scan")
    expect(page.locator("#here-count")).to_have_text("2")
    expect(page.locator("#network")).to_contain_text("无网络")
    device.phone.kill()
    device.phone.open()
    device.phone.offline()
    page = device.phone.go("/counter")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#here-count")).to_have_text("2")
    expect(page.locator(".take [data-purpose=water]")).to_have_attribute("aria-pressed", "true")
    device.phone.offline(False)
    device.wait_until_sent()
    first, second = station.check_ins()
    assert (first.rider_id, first.purpose, first.mark) == (
        site.riders["王骑手"].id, "water", None,
    )  # fmt: skip
    assert (second.rider_id, second.mark) == (site.riders["李骑手"].id, "badge")
    expect(page.locator("#here-list [data-key]")).to_have_count(2)
    expect(page.locator("#waiting")).to_be_hidden()


@pytest.mark.one_database
def test_what_is_no_badge_gets_a_clear_answer(
    site: Site, station: Station, device: CounterDevice
) -> None:
    rider = site.rider("王骑手")
    device.phone.offline()
    page = device.page
    device.scan()
    now_s = int(time.time())
    wrong = {
        "6901234567892": "这不是星骑士码",
        f"{device.phone.address}/check-in#p=abcdefgh": "这是驿站的码",
        Issuer().phone().show(now_s): "其他区",
    }
    for text, said in wrong.items():
        assert device.read(text) == "unknown"
        expect(page.locator("#scanned-line")).to_contain_text(said)
        expect(page.locator("#log-anyway")).to_be_hidden()
        device.next()
    assert device.read(rider.phone.show(now_s - 700)) == "wrong"
    expect(page.locator("#scanned-line")).to_contain_text("码已过时")
    device.next()
    assert device.kept()["items"] == []


@pytest.mark.one_database
def test_a_code_held_before_the_camera_is_one_log(
    site: Site, station: Station, device: CounterDevice
) -> None:
    rider = site.rider("王骑手")
    page = device.page
    device.scan()
    show(page, rider.show())
    expect(page.locator("#scanned")).to_be_visible()
    expect(page.locator("#scanned")).to_be_hidden()  # by itself after 2 s
    page.wait_for_timeout(2500)
    show(page, rider.phone.show(int(time.time())))  # the rider's phone shows another one
    page.wait_for_timeout(1500)
    device.close("scan")
    device.wait_until_sent()
    assert len(station.check_ins()) == 1
    assert page.evaluate("document.getElementById('video').srcObject") is None  # the light is off


def test_two_hosts_at_once_at_one_station(
    site: Site, station: Station, device: CounterDevice, make_device: MakeDevice
) -> None:
    rider = site.rider("王骑手")
    second = make_device()
    second.sign_in(station.another_host())
    for one in (device, second):
        one.phone.offline()
        one.scan()
        assert one.read(rider.phone.show(int(time.time()))) == "right"
        one.next()
        one.close("scan")
        one.log_workers(3)
    for one in (device, second):
        one.phone.offline(False)
    for one in (device, second):
        one.wait_until_sent()
    for one in (device, second):  # each asks again every half minute
        one.phone.until(lambda one=one: one.people() == 7, timeout_s=60)  # type: ignore[misc]
    found = station.check_ins()
    assert sorted(one.way for one in found) == ["badge", "badge", "hand", "hand"]
    assert len({one.recorder_id for one in found}) == 2
    assert [one.leads for one in found if one.way == "badge"].count(True) == 1
    assert device.people() == second.people() == 7  # one rider, and twice three


@pytest.mark.one_database
def test_by_hand_and_by_number_without_network(
    site: Site, station: Station, device: CounterDevice
) -> None:
    site.rider("王骑手")
    number = site.riders["王骑手"].phone.removeprefix("+86")
    device.phone.offline()
    page = device.page
    device.type_number(number)
    expect(page.locator("#log")).to_be_hidden()
    expect(page.locator("#undo-text")).to_contain_text(f"{number[:3]}****{number[-4:]}")
    device.type_number("1000000")
    expect(page.locator("#log-error")).to_contain_text("不是手机号")
    page.click("[data-tab=hand]")
    page.fill("#hand-label", "送水师傅")
    page.press("#hand-label", "Enter")
    expect(page.locator("#log")).to_be_hidden()
    device.log_workers(4)
    expect(page.locator("#here-count")).to_have_text("6")
    expect(page.locator("#today-count")).to_have_text("6")
    device.phone.offline(False)
    device.wait_until_sent()
    found = {one.way + one.who: one for one in station.check_ins()}
    assert found["numberrider"].rider_id == site.riders["王骑手"].id
    assert found["handrider"].label == "送水师傅"
    assert found["handworker"].people == 4


@pytest.mark.one_database
def test_a_double_tap_is_one_log(station: Station, device: CounterDevice) -> None:
    page = device.page
    device.phone.offline()
    twice = "(button) => { button.click(); button.click(); }"
    page.click("#open-log")
    page.click("[data-tab=workers]")
    page.locator("#by-workers .main").evaluate(twice)
    expect(page.locator("#log")).to_be_hidden()
    page.click("#open-log")
    page.click("[data-tab=hand]")
    page.locator("#by-hand .main").evaluate(twice)
    expect(page.locator("#log")).to_be_hidden()
    page.click("#open-log")
    page.click("[data-tab=number]")
    for digit in "13900001234":
        page.click(f"#pad [value='{digit}']")
    page.locator("#pad [value=go]").evaluate(twice)
    expect(page.locator("#log")).to_be_hidden()
    page.wait_for_timeout(300)
    assert sorted(one["fields"]["way"] for one in device.kept()["items"]) == [
        "hand", "hand", "number",
    ]  # fmt: skip
    expect(page.locator("#here-count")).to_have_text("3")
    page.click("#open-log")
    page.focus("#pad [value=go]")
    page.keyboard.press("Enter")  # no digits: it says so, and keys go on to the pad
    expect(page.locator("#log-error")).to_be_visible()
    page.keyboard.press("7")
    expect(page.locator("#typed")).to_have_text("7")


@pytest.mark.one_database
def test_a_mistake_is_taken_back_before_and_after_it_was_sent(
    station: Station, device: CounterDevice
) -> None:
    page = device.page
    device.phone.offline()
    device.log_workers(5)
    expect(page.locator("#here-count")).to_have_text("5")
    page.click("#undo-button")
    expect(page.locator("#undo-text")).to_have_text("已撤销")
    expect(page.locator("#here-count")).to_have_text("0")
    device.phone.offline(False)
    device.wait_until_sent()
    device.log_workers(2)
    device.wait_until_sent()
    expect(page.locator("#here-list li .status.wait")).to_have_count(0)
    entry = page.locator("#here-list li")
    expect(entry).to_have_count(1)
    entry.locator("button").click()
    expect(entry.locator("button")).to_contain_text("撤销？")
    entry.locator("button").click()
    expect(entry).to_have_count(0)
    device.wait_until_sent()
    assert [one.undone_at is not None for one in station.check_ins()] == [True, True]


@pytest.mark.one_database
def test_the_screens_code_is_another_every_half_minute_and_needs_no_network(
    app: Flask, station: Station, device: CounterDevice
) -> None:
    device.phone.offline()
    page = device.page
    page.clock.install(time=time.time())
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click("#open-screen")
    expect(page.locator("#screen")).to_have_attribute("data-text", _ADDRESS)
    first = page.get_attribute("#screen", "data-text") or ""
    page.clock.run_for(31_000)
    expect(page.locator("#screen")).not_to_have_attribute("data-text", first)
    second = page.get_attribute("#screen", "data-text") or ""
    codes = [counter_codes.read(one.split("#c=")[1]) for one in (first, second)]
    secret = counter_codes.secret_of(app.config["SECRET_KEY"])
    judged = [counter_codes.judge(code, secret=secret, at=clock.now()) for code in codes]
    assert judged == [counter_codes.Judged.RIGHT] * 2
    assert {code.station_id for code in codes} == {station.id}
    assert codes[1].slot - codes[0].slot in (1, 2)
    assert second.startswith(device.phone.address)
