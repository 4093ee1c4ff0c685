"""From a case that was closed to something in the hand: points, a voucher, a host without network."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.browser.conftest import Centre, MakeDevice, MakePhone
from tests.support.cases import WAYS, CaseDesk
from tests.support.counter_device import CounterDevice, Station
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.sk1 import Issuer
from tests.support.stations import changed
from tests.support.voucher_phone import (
    RewardShelf,
    code_on_screen,
    hand_over,
    hand_sheet_of,
    keep_vouchers,
    next_voucher,
    open_hand,
    open_voucher,
    wait_until_known,
)

pytestmark = pytest.mark.browser
A_YEAR_AHEAD = "const real = Date.now; Date.now = () => real() + 365 * 86400000;"


@pytest.fixture
def shelf(app: Flask, station: Station) -> RewardShelf:
    return RewardShelf.make(app, station.id)


@pytest.fixture
def voucher(shelf: RewardShelf, rider_account: Person) -> int:
    """A voucher of the rider's."""
    shelf.points(rider_account)
    return shelf.redeem(rider_account)


def _closed(centre: Centre, phone: Phone) -> int:
    """The rider reports something, and the centre sees it through."""
    phone.report(1, place="星湖街灯杆旁")
    phone.wait_until_sent()
    case_id = int(phone.stores()["receipts"][0]["url"].rsplit("/", 1)[1])
    cases = CaseDesk(centre.app)
    with centre.app.app_context(), transaction(db.session()):
        load_default_rules(db.session(), now=clock.now() - timedelta(days=1))
        report = db.session.get_one(Report, case_id)
        report.grid_id, report.street_id = cases.grid_id, cases.street_id
    cases.walk(case_id, WAYS[State.CLOSED])
    centre.work()
    return case_id


def _redeem(phone: Phone, reward_id: int) -> Page:
    """In the shop: this one, and yes."""
    page = phone.go(f"/rewards/{reward_id}")
    page.click("main form button.main")
    page.wait_for_selector("input[name=sure]", state="attached")
    page.click("main form button.main")
    page.wait_for_url("**/vouchers#v=*")
    expect(page.locator("#one")).to_be_visible()
    return page


def test_from_a_closed_case_to_a_reward_from_an_offline_host(
    centre: Centre, station: Station, phone: Phone, make_device: MakeDevice, shelf: RewardShelf
) -> None:
    _closed(centre, phone)
    page = phone.go("/points")
    expect(page.locator(".points-now")).to_contain_text("10")
    page = _redeem(phone, shelf.reward_id)
    expect(page.locator("#one-name")).to_have_text("保温杯")
    redemption_id = int(page.url.rpartition("=")[2])
    text = code_on_screen(page)

    device = make_device()
    device.sign_in(station.host)
    device.phone.close()  # a browser writes its cookies to disk only every 30 s
    device.phone.open()
    device.open()
    for one in (phone, device.phone):
        one.offline()
    page = open_voucher(phone, redemption_id)  # from the phone alone
    assert code_on_screen(page) == text
    open_hand(device)
    assert hand_sheet_of(device, text) == "ask"
    expect(device.page.locator("#hand-reward")).to_have_text("保温杯")
    expect(device.page.locator("#hand-facts")).to_contain_text("王**")
    hand_over(device)
    device.close("scan")
    expect(device.page.locator("#waiting")).to_contain_text("1")
    assert shelf.redemption(redemption_id).state == "held"

    device.phone.kill()
    device.phone.open()
    device.phone.go("/counter")
    device.wait_until_sent()
    assert shelf.redemption(redemption_id).state == "given"
    [kept] = shelf.hand_outs()
    assert (kept.station_id, kept.host_id, kept.outcome) == (station.id, station.host.id, "given")
    phone.offline(False)
    expect(page.locator("#one")).to_have_attribute("data-standing", "given", timeout=20_000)
    expect(page.locator("#one-code")).to_be_hidden()


def test_two_hosts_offline_one_is_paid_and_the_other_sees_why_not(
    station: Station, device: CounterDevice, make_device: MakeDevice, shelf: RewardShelf,
    voucher: int,
) -> None:  # fmt: skip
    text = shelf.redemption(voucher).code
    second = make_device()
    second.sign_in(station.another_host())
    for one in (device, second):
        one.phone.offline()
        open_hand(one)
        assert hand_sheet_of(one, text) == "ask"
        hand_over(one)
        one.close("scan")
    device.phone.offline(False)
    device.wait_until_sent()
    second.phone.offline(False)
    page = second.page
    expect(page.locator("#waiting")).to_contain_text("1 条未被接收", timeout=40_000)
    assert [one.outcome for one in shelf.hand_outs()] == ["given", "conflict"]
    page.click("#waiting")
    item = page.locator("[data-state=rejected]")
    expect(item).to_contain_text("发放 · 保温杯")
    expect(item.locator(".error").first).to_contain_text("月亮湾驿站")
    expect(item).to_contain_text("管理员会核实")


def test_a_copied_voucher_is_handed_out_once_by_a_counter_without_network(
    station: Station, device: CounterDevice, shelf: RewardShelf, voucher: int
) -> None:
    """A photograph of the code, the number read out, the browser killed in between."""
    row = shelf.redemption(voucher)
    wait_until_known(device, voucher)
    device.phone.offline()
    open_hand(device)
    assert hand_sheet_of(device, row.code) == "ask"
    hand_over(device)
    device.page.wait_for_timeout(5_200)  # else the code is one look
    assert hand_sheet_of(device, row.code) == "refused"
    expect(device.page.locator("#hand-facts")).to_contain_text("月亮湾驿站")
    expect(device.page.locator("#hand-yes")).to_be_hidden()
    next_voucher(device)
    device.phone.kill()
    device.phone.open()
    device.phone.offline()
    device.phone.go("/counter").wait_for_selector("html[data-ready]", state="attached")
    open_hand(device)
    device.page.click("#by-voucher-number")
    _type(device, row.number)
    expect(device.page.locator("#hand-out")).to_have_attribute("data-outcome", "refused")
    assert len([one for one in device.kept()["items"] if one["kind"] == "hand_out"]) == 1


def _type(device: CounterDevice, number: str) -> None:
    for digit in number:
        device.page.click(f"#voucher-pad [value='{digit}']")
    device.page.click("#voucher-pad [value=go]")


@pytest.mark.one_database
def test_by_number_with_and_without_network(
    station: Station, device: CounterDevice, shelf: RewardShelf, voucher: int
) -> None:
    number = shelf.redemption(voucher).number  # redeemed after the counter's bundle
    device.phone.offline()
    page = device.page
    open_hand(device)
    page.click("#by-voucher-number")
    _type(device, "12")
    expect(page.locator("#voucher-error")).to_contain_text("十位")
    for _digit in "12":
        page.click("#voucher-pad [value=back]")
    _type(device, number)
    expect(page.locator("#voucher-error")).to_contain_text("查不到")
    device.phone.offline(False)
    page.reload()
    wait_until_known(device, voucher)
    open_hand(device)
    page.click("#by-voucher-number")
    _type(device, number)
    expect(page.locator("#hand-reward")).to_have_text("保温杯")
    hand_over(device)
    device.wait_until_sent()
    [kept] = shelf.hand_outs()
    assert (kept.outcome, kept.by_number) == ("given", True)


@pytest.mark.one_database
def test_what_is_not_to_be_handed_out_says_why(
    app: Flask, station: Station, device: CounterDevice, shelf: RewardShelf, voucher: int,
    rider_account: Person,
) -> None:  # fmt: skip
    """Forged, of another district, damaged, of another station, run out, given back: offline."""
    good = shelf.redemption(voucher)
    other = RewardShelf.make(app, Station.make(app).id, name_zh="雨衣")
    elsewhere = other.redemption(other.redeem(rider_account, "k2"))
    back = shelf.redeem(rider_account, "k3")
    ended = shelf.redemption(back)
    long_ago = clock.now() - timedelta(minutes=10)
    shelf.change(voucher, at=long_ago)
    shelf.change(back, at=long_ago, state="cancelled")
    wait_until_known(
        device, voucher
    )  # the bundle of now, by which the counter tells what has ended
    device.phone.offline()
    open_hand(device)
    wrong = {
        changed(good.code, 60): "伪造", good.code[:70]: "损坏", elsewhere.code: "别的驿站",
        ended.code: "退券",
    }  # fmt: skip
    for text, said in wrong.items():
        assert hand_sheet_of(device, text) == "refused"
        expect(device.page.locator("#hand-facts")).to_contain_text(said)
        next_voucher(device)
    badge = Issuer().phone().show(int(clock.now().timestamp()))
    assert device.read(badge) == "unknown"
    expect(device.page.locator("#scanned-line")).to_contain_text("星骑士码")
    device.next()
    assert hand_sheet_of(device, good.code) == "ask"
    next_voucher(device)  # not handed over: nothing is written
    assert device.kept()["items"] == []


@pytest.mark.one_database
def test_run_out_offline(
    station: Station, phone: Phone, device: CounterDevice, shelf: RewardShelf, voucher: int
) -> None:
    """The rider's phone and the counter both see it by themselves, with no network."""
    code = shelf.redemption(voucher).code
    keep_vouchers(phone)
    for one in (phone, device.phone):
        one.offline()
        one.scripts.append(A_YEAR_AHEAD)
        one.context.add_init_script(A_YEAR_AHEAD)
    page = phone.go("/vouchers")
    page.click(f"[data-voucher='{voucher}']")
    expect(page.locator("#one")).to_have_attribute("data-standing", "over")
    expect(page.locator("#one-code")).to_be_hidden()
    device.phone.go("/counter").wait_for_selector("html[data-ready]", state="attached")
    open_hand(device)
    assert hand_sheet_of(device, code) == "refused"
    expect(device.page.locator("#hand-facts")).to_contain_text("过期")


@pytest.mark.one_database
def test_a_counter_with_a_wrong_clock(
    station: Station, make_device: MakeDevice, shelf: RewardShelf, voucher: int
) -> None:
    """A year ahead: it has learnt by how much, so the voucher is good, and so is the time kept."""
    device = make_device()
    device.phone.init_script(A_YEAR_AHEAD)
    device.sign_in(station.host)
    device.phone.offline()
    open_hand(device)
    assert hand_sheet_of(device, shelf.redemption(voucher).code) == "ask"
    hand_over(device)
    device.close("scan")
    device.phone.offline(False)
    device.wait_until_sent()
    [kept] = shelf.hand_outs()
    assert kept.outcome == "given"
    assert abs(kept.at - clock.now()) < timedelta(minutes=5)


@pytest.mark.one_database
def test_given_back_with_network_and_never_without(
    phone: Phone, shelf: RewardShelf, voucher: int
) -> None:
    page = open_voucher(phone, voucher)
    phone.offline()
    page.click("#cancel-open")
    page.click("#cancel-yes")
    expect(page.locator("#one-said")).to_contain_text("需要网络")
    phone.offline(False)
    page.click("#cancel-open")
    page.click("#cancel [value=keep]")
    assert shelf.redemption(voucher).state == "held"
    page.click("#cancel-open")
    page.click("#cancel-yes")
    expect(page.locator("#one")).to_have_attribute("data-standing", "cancelled")
    expect(page.locator("#one-said")).to_contain_text("10 积分已退回")
    page.click("#back")
    expect(page.locator("#past-list [data-voucher]")).to_have_count(1)


@pytest.mark.one_database
def test_another_person_on_the_same_phone_sees_nothing(
    phone: Phone, make_phone: MakePhone, shelf: RewardShelf, voucher: int, centre: Centre
) -> None:
    keep_vouchers(phone)
    page = phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in*")
    phone.offline()
    page = phone.go("/vouchers")
    expect(page.locator("#never")).to_be_visible()
    expect(page.locator("[data-voucher]")).to_have_count(0)
    phone.offline(False)
    phone.sign_in(centre.people.make("rider", name="李骑手"))
    page = keep_vouchers(phone)
    expect(page.locator("#none")).to_be_visible()
    page = phone.go(f"/vouchers#v={voucher}")
    expect(page.locator("#gone")).to_be_visible()
