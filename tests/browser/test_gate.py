"""At the gate: what a guard sees for every code that riders hold before the camera."""

import time

import pytest
from playwright.sync_api import expect

from app.blueprints.badges import short_codes
from app.blueprints.badges.terms import terms_of
from app.lib import clock
from tests.browser.conftest import MakeGatePhone
from tests.support.badges import RiderPhone
from tests.support.gate_phone import GatePhone
from tests.support.gate_site import CALL, Site
from tests.support.outbox import days
from tests.support.sk1 import Issuer

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
MINUTE_S = 60


def code(rider: RiderPhone, *, off_s: int = 0, challenge: bytes = b"") -> str:
    """What the rider's phone shows when its clock is off by so much."""
    return rider.phone.show(int(time.time()) + off_s, challenge)


@pytest.mark.parametrize("contact", ["online", "offline"])
def test_every_verdict(site: Site, make_gate_phone: MakeGatePhone, contact: str) -> None:
    knight, revoked, elsewhere = (
        site.rider("王骑手"),
        site.rider("李骑手"),
        site.rider("张骑手", scope=3),
    )
    late = site.rider("赵骑手")
    site.desk.revoke(site.riders["李骑手"])
    printed = site.printed("王骑手")
    phone = make_gate_phone()
    phone.offline(contact == "offline")
    page = phone.page
    first = code(knight)

    assert phone.read(first) == "green ok"
    expect(page.locator("#verdict-word")).to_have_text("进入")
    expect(page.locator("#verdict-label")).to_contain_text("王")
    phone.go_on()
    assert phone.read(code(late, off_s=-11 * MINUTE_S)) == "red clock"  # a screenshot of then
    expect(page.locator("#verdict-line")).to_contain_text("11 分钟")
    phone.go_on()
    assert phone.read(code(revoked)) == "red revoked"
    expect(page.locator("#verdict-call")).to_have_attribute("href", "tel:051266660001")
    expect(page.locator("#verdict-line")).to_contain_text(CALL)
    phone.go_on()
    assert phone.read(code(elsewhere)) == "red wrong_scope"
    phone.go_on()
    assert phone.read(forged(phone)) == "red bad_signature"
    expect(page.locator("#verdict-label")).to_be_hidden()  # what it says may be made up
    phone.go_on()
    assert phone.read("6901234567892") == "red not_ours"
    phone.go_on()
    assert phone.read(code(late, off_s=-5 * MINUTE_S)) == "amber clock_skew"
    phone.go_on(decide="refuse")
    assert phone.read(code(late, off_s=20 * MINUTE_S)) == "red clock"
    phone.go_on()
    assert phone.read(printed) == "amber printed"
    expect(page.locator("#verdict-line")).to_have_text("纸质码：请核对本人。")
    phone.go_on(decide="let-in")
    page.wait_for_timeout(5100)  # within 5 s it would be the same look
    assert phone.read(first) == "red replayed"
    phone.go_on()

    phone.wait_until_written(9)
    expect(page.locator("#today-count")).to_have_text("2")
    phone.offline(False)
    phone.wait_until_all_sent()
    passes = site.passes()
    assert [one.seq for one in passes] == list(range(1, 10))
    assert {one.chain for one in passes} == {"ok"}
    assert [one.outcome for one in passes].count("entered") == 2
    assert {one.guard for one in passes} == {"张卫东"}


def forged(phone: GatePhone) -> str:
    """The code of a badge that somebody else has signed in the issuer's name."""
    [kid] = phone.kept()["bundle"]["data"]["issuer_keys"]
    now_s = int(time.time())
    minutes = {"issued_at": now_s // 60 - 5, "expires_at": now_s // 60 + 60}
    return Issuer(kid=int(kid)).phone(**minutes).show(now_s)


def test_one_look_is_one_pass_and_who_is_inside_is_proposed_to_leave(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    page = phone.page
    assert phone.read(code(knight)) == "green ok"
    phone.screen.wait_for(state="hidden")  # by itself after 2 s
    page.wait_for_timeout(3500)
    assert phone.kept()["chain"]["seq"] == 1  # the code is held before the camera all the time
    expect(page.locator("#hint")).to_contain_text("已验过")
    expect(page.locator("#inside-count")).to_have_text("1")
    phone.go_on()
    page.wait_for_timeout(5200)
    assert phone.read(code(knight)) == "green ok"
    expect(page.locator("#verdict-word")).to_have_text("离开")
    page.click("#verdict-swap")
    expect(page.locator("#verdict-word")).to_have_text("进入")
    phone.go_on()
    phone.wait_until_written(4)
    phone.wait_until_all_sent()
    assert [(one.direction, one.undone_at is None) for one in site.passes()] == [
        ("entry", True), ("exit", False), ("entry", True),
    ]  # fmt: skip


def test_a_pass_is_taken_back_within_ten_seconds(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    page = phone.page
    phone.read(code(knight))
    phone.go_on()
    expect(page.locator("#undo")).to_be_visible()
    page.click("#undo-button")
    expect(page.locator("#undo-text")).to_have_text("已撤销")
    expect(page.locator("#inside-count")).to_have_text("0")
    expect(page.locator("#today-count")).to_have_text("0")
    phone.wait_until_written(2)
    phone.wait_until_all_sent()
    [taken_back] = site.passes()
    assert taken_back.undone_at is not None
    assert phone.read(code(knight)) == "green ok"  # at once: it was a mistake


def test_a_challenge_must_be_answered(site: Site, make_gate_phone: MakeGatePhone) -> None:
    knight = site.rider("王骑手")
    phone = make_gate_phone()
    page = phone.page
    assert phone.read(code(knight, off_s=-2 * MINUTE_S)) == "amber clock_skew"
    page.click("#verdict-challenge")
    digits = page.inner_text("#challenge-digits").replace(" ", "")
    assert len(digits) == 8
    expect(page.locator("#challenge-hint")).to_contain_text(
        "之前的码"
    )  # it is still before the camera
    expect(phone.screen).to_be_hidden()
    wrong = (int(digits) + 1) % 10**8
    assert phone.read(code(knight, challenge=wrong.to_bytes(8, "big"))) == "red bad_proof"
    phone.go_on()
    page.click("#open-challenge")
    digits = page.inner_text("#challenge-digits").replace(" ", "")
    assert phone.read(code(knight, challenge=int(digits).to_bytes(8, "big"))) == "green ok"
    phone.go_on()
    phone.wait_until_written(2)
    phone.wait_until_all_sent()
    assert [one.server_level for one in site.passes()] == ["red", "green"]


def test_typed_digits_are_amber_and_guessing_is_slow(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    site.rider("王骑手")
    phone = make_gate_phone()
    page = phone.page

    def type_in(digits: str) -> None:
        for digit in digits:
            page.click(f"#pad [value='{digit}']")
        page.click("#pad [value=go]")

    page.click("#open-short")
    type_in(short_code(site, 1))
    assert phone.verdict() == "amber short_code"
    phone.go_on(decide="let-in")
    page.click("#open-short")
    for _wrong in range(5):
        type_in("1000000")
    expect(page.locator("#short-error")).to_contain_text("错误次数过多")
    expect(page.locator("#pad [value='1']")).to_be_disabled()
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click("#open-short")
    expect(page.locator("#pad [value='1']")).to_be_disabled()
    phone.wait_until_all_sent()
    assert [(one.method, one.server_reason) for one in site.passes()] == [("short", "short_code")]


def short_code(site: Site, status_index: int) -> str:
    """What the rider's phone shows below the code."""
    now = clock.now()
    with site.app.app_context():
        keys = short_codes.badge_keys(terms_of(site.app.config).short_secret, status_index, now)
    key = keys[clock.to_local(now).date().isoformat()]
    return f"{status_index}{short_codes.code_at(key, int(now.timestamp() // 60))}"


def test_a_rider_without_code_is_found_by_name(site: Site, make_gate_phone: MakeGatePhone) -> None:
    site.rider("王骑手")
    phone = make_gate_phone()
    page = phone.page
    page.click("#open-search")
    page.fill("#search-words", "王骑")
    page.press("#search-words", "Enter")
    page.click(".found")
    assert phone.verdict() == "amber manual"
    expect(page.locator("#verdict-portrait img")).to_be_visible()
    phone.go_on(decide="let-in")
    phone.wait_until_written(1)
    phone.wait_until_all_sent()
    [passed] = site.passes()
    assert (passed.method, passed.rider_id) == ("manual", site.riders["王骑手"].id)
    phone.offline()
    page.click("#open-search")
    page.fill("#search-words", "王骑")
    page.press("#search-words", "Enter")
    expect(page.locator("#search-outcome")).to_contain_text("没有网络")


def test_the_gates_rules_hold_without_network(site: Site, make_gate_phone: MakeGatePhone) -> None:
    knight = site.rider("王骑手")
    site.rules(live_only=True, vehicles="push", direction="entry")
    printed = site.printed("王骑手")
    phone = make_gate_phone()
    phone.offline()
    page = phone.page
    expect(page.locator("[name=direction][value=exit]")).to_be_hidden()
    assert phone.read(printed) == "red gate_closed"
    expect(page.locator("#verdict-line")).to_contain_text("不收纸质码")
    phone.go_on()
    assert phone.read(code(knight)) == "green ok"
    expect(page.locator("#verdict-line")).to_have_text("电动车推行，不得骑行。")


def test_three_riders_off_by_the_same_time_mean_this_phones_clock(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    riders = [site.rider(f"骑手{number}") for number in range(3)]
    phone = make_gate_phone()
    phone.offline()
    alarm = phone.page.locator("#clock-alarm")
    for rider in riders:
        expect(alarm).to_be_hidden()
        assert phone.read(code(rider, off_s=-7 * MINUTE_S)) == "amber clock_skew"
        phone.go_on(decide="let-in")
    expect(alarm).to_contain_text("本机时钟快了7 分钟")


def test_the_lists_age_stands_on_the_screen_and_in_the_verdict(
    site: Site, make_gate_phone: MakeGatePhone
) -> None:
    knight = site.rider("王骑手")
    printed = site.printed("王骑手")
    phone = make_gate_phone()
    phone.offline()
    ages = phone.page.locator("#list-age")
    expect(ages).to_contain_text("刚更新")
    for hours in (25, 71):
        later_by(phone, hours)
        expect(ages).to_have_attribute("data-tone", "wait")
        assert phone.read(code(knight, off_s=hours * 3600)) == "amber list_stale"
        phone.go_on(decide="refuse")
    later_by(phone, 73)
    expect(ages).to_have_attribute("data-tone", "bad")
    assert phone.read(printed) == "red list_expired"
    expect(phone.page.locator("#verdict-line")).to_contain_text("73 小时")


def later_by(phone: GatePhone, hours: int) -> None:
    """Let the phone stand so long, and open it again; it has no network meanwhile."""
    real = "globalThis.realNow ??= Date.now"
    phone.init_script(f"{real}; Date.now = () => realNow() + {days(hours / 24)};")
    phone.scan()
