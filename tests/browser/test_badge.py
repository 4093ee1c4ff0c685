"""The rider's badge on real phones: enrolled, shown, renewed, moved, lost; with and without network."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.blueprints.badges import short_codes
from app.blueprints.badges.codec import decode
from app.blueprints.badges.terms import terms_of
from app.blueprints.badges.verdict import judge
from app.blueprints.organisations.models import Role
from app.lib import clock
from tests.browser.conftest import MakePhone
from tests.support.badges import Desk
from tests.support.cameras import CANVAS_CAMERA, show
from tests.support.network import PASS, SWALLOW, Network
from tests.support.people import People, Person
from tests.support.phone import Phone
from tests.support.rider_phone import (
    change_row,
    code_on,
    enrol,
    gate_of,
    in_state,
    read_screen,
    row_of,
    send_portrait,
    verdict_on,
)
from tests.support.servers import Server

pytestmark = pytest.mark.browser
HOUR_MS = 3_600_000


def test_from_nothing_to_a_code_that_opens_the_gate(
    phone: Phone, server: Server, administrator: Desk, rider_account: Person
) -> None:
    page = enrol(phone)
    in_state(page, "portrait_none")
    assert row_of(page)["keys"] == {"extractable": False}
    expect(page.locator("#name")).to_have_text("王骑手")
    expect(page.locator("[data-state=portrait_none] [aria-current=step]")).to_have_text("2照片")
    send_portrait(phone)
    in_state(page, "portrait_pending")
    expect(page.locator("#portrait")).to_be_visible()
    administrator.decide(rider_account)
    page.click("[data-state=portrait_pending] [data-do=renew]")
    text = code_on(page)
    assert read_screen(page) == text
    verdict = verdict_on(text, server)
    assert (verdict.level, verdict.reason) == ("green", "ok")
    assert verdict.code is not None
    assert verdict.code.credential.badge_id.hex() == row_of(page)["badge"]
    expect(page.locator("#works")).to_be_visible()


@pytest.mark.one_database
def test_the_code_is_new_every_fifteen_seconds_and_counts(badge: Page, server: Server) -> None:
    first = code_on(badge)
    expect(badge.locator("#qr")).not_to_have_attribute("data-text", first, timeout=17_000)
    second = code_on(badge)
    counters = [proof.counter for text in (first, second) if (proof := decode(text).proof)]
    assert counters[1] == counters[0] + 1 == row_of(badge)["counter"]
    assert verdict_on(second, server).reason == "ok"


@pytest.mark.one_database
def test_a_cold_start_without_network_shows_a_code(
    badge: Page, phone: Phone, server: Server
) -> None:
    gate = gate_of(server)
    phone.close()
    server.stop()
    phone.open()
    phone.offline()
    page = phone.go("/badge")
    text = code_on(page)
    expect(page.locator("#portrait")).to_be_visible()
    expect(page.locator("#name")).to_have_text("王骑手")
    photographed = page.screenshot()
    server.start()
    phone.offline(False)
    seen = read_screen(page, photographed)
    assert seen is not None
    assert decode(seen).credential == decode(text).credential
    assert judge(seen, gate).reason == "ok"


@pytest.mark.one_database
def test_a_network_that_swallows_everything_holds_up_nothing(
    badge: Page, phone: Phone, network: Network, server: Server
) -> None:
    network.policy = lambda _method, path: SWALLOW if path.startswith("/badge") else PASS
    page = phone.go("/badge")
    assert verdict_on(code_on(page), server).reason == "ok"
    page.wait_for_timeout(500)
    in_state(page, "code")


def test_suspended_revoked_and_taken_back(
    badge: Page, phone: Phone, administrator: Desk, rider_account: Person, server: Server
) -> None:
    administrator.suspend(rider_account, "证件过期")
    page = phone.go("/badge")
    in_state(page, "suspended")
    expect(page.locator("[data-state=suspended] .fact")).to_have_text("证件过期")
    assert row_of(page)["credential"] is None
    administrator.resume(rider_account)
    page.click("[data-state=suspended] [data-do=renew]")
    assert verdict_on(code_on(page), server).reason == "ok"
    administrator.revoke(rider_account, "已离职")
    page = phone.go("/badge")
    in_state(page, "revoked")
    expect(page.locator("[data-state=revoked] .fact")).to_have_text("已离职")


@pytest.mark.one_database
def test_a_badge_not_renewed_for_three_days_asks_for_network(
    badge: Page, phone: Phone, server: Server
) -> None:
    phone.offline()
    page = phone.go("/badge")
    code_on(page)
    _set_offset(page, 73 * HOUR_MS)
    page = phone.go("/badge")
    in_state(page, "stale")
    phone.offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")  # by itself, as soon as there is network
    assert verdict_on(code_on(page), server).reason == "ok"


def _set_offset(page: Page, offset_ms: int) -> None:
    """As if the centre had said that this phone's clock is so far behind."""
    page.evaluate(
        """async (offset) => {
          const base = document.querySelector("script[type=module]").src.split("/js/")[0];
          const { fact, setFact } = await import(`${base}/js/outbox/database.js`);
          await setFact("session", { ...(await fact("session")), offset });
        }""",
        offset_ms,
    )


@pytest.mark.one_database
def test_a_wrong_clock_is_set_right_by_what_the_centre_said(
    badge: Page, phone: Phone, server: Server
) -> None:
    phone.context.add_init_script(
        f"""const real = Date; const off = {-20 * 60_000};
        Date = class extends real {{
          constructor(...given) {{ super(...(given.length ? given : [real.now() + off])); }}
          static now() {{ return real.now() + off; }}
        }};"""
    )
    page = phone.go("/badge")
    page.wait_for_selector("html[data-ready]")
    phone.until(lambda: phone.fact("session")["offset"] > 15 * 60_000)
    page = phone.go("/badge")
    assert verdict_on(code_on(page), server).reason == "ok"


@pytest.mark.one_database
def test_any_page_renews_a_badge_that_was_not_for_a_while(badge: Page, phone: Phone) -> None:
    change_row(badge, "(row) => ({ ...row, renewed_at: 5 })")
    page = phone.go("/me")
    for _attempt in range(50):
        if row_of(page)["renewed_at"] != 5:
            return
        page.wait_for_timeout(100)
    pytest.fail("not renewed")


@pytest.mark.one_database
def test_signing_out_leaves_nothing_to_show_and_signing_in_brings_it_back(
    badge: Page, phone: Phone, rider_account: Person, server: Server, people: People
) -> None:
    number = row_of(badge)["badge"]
    page = phone.go("/sign-out")
    expect(page.locator("#sign-out")).to_contain_text("星骑士码")
    page.click("#sign-out .danger")
    page.wait_for_url("**/sign-in**")
    row = row_of(page)
    assert (row["card"], row["credential"], row["portrait"]) == (None, None, None)
    assert row["keys"] == {"extractable": False}
    page = phone.go("/badge")
    in_state(page, "signed_out")
    page.click("#sign-in")
    people.forget_codes()
    page.fill("#phone", rider_account.phone)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.wait_for_url("**/badge")
    assert verdict_on(code_on(page), server).reason == "ok"
    assert row_of(page)["badge"] == number


@pytest.mark.one_database
def test_who_is_no_rider_is_told(make_phone: MakePhone, people: People) -> None:
    phone = make_phone()
    phone.sign_in(people.make(Role.DISPATCHER))
    in_state(phone.go("/badge"), "not_rider")


@pytest.mark.one_database
def test_the_gate_asks_and_the_code_answers(badge: Page, server: Server) -> None:
    plain = code_on(badge)
    badge.click("#challenge-open")
    badge.fill("#challenge-digits", "1234")
    badge.click("#challenge-form .main")
    expect(badge.locator("#challenge-error")).to_be_visible()
    badge.fill("#challenge-digits", "1234 5678")
    badge.click("#challenge-form .main")
    expect(badge.locator("#asked-digits")).to_have_text("1234 5678")
    expect(badge.locator("#qr")).not_to_have_attribute("data-text", plain)
    text = read_screen(badge)
    asked = (12345678).to_bytes(8, "big")
    assert verdict_on(text, server, challenge=asked).reason == "ok"
    assert verdict_on(text, server).reason == "bad_proof"
    assert verdict_on(plain, server, challenge=asked).reason == "bad_proof"
    badge.click("#asked-end")
    expect(badge.locator("#qr")).not_to_have_attribute("data-text", str(text))
    assert verdict_on(code_on(badge), server).reason == "ok"


@pytest.mark.one_database
def test_the_gate_s_question_is_read_by_camera(badge: Page, phone: Phone, server: Server) -> None:
    phone.context.add_init_script(CANVAS_CAMERA)
    page = phone.go("/badge")
    plain = code_on(page)
    page.wait_for_selector("html[data-ready]")
    page.click("#challenge-open")
    show(page, "SK1C:00000042")
    page.click("#challenge-scan")
    expect(page.locator("#asked-digits")).to_have_text("0000 0042")
    expect(page.locator("#challenge")).to_be_hidden()
    phone.until(lambda: code_on(page) != plain)
    asked = (42).to_bytes(8, "big")
    assert verdict_on(code_on(page), server, challenge=asked).reason == "ok"


@pytest.mark.one_database
def test_without_a_camera_the_digits_are_typed(badge: Page, phone: Phone) -> None:
    phone.context.add_init_script(f"{CANVAS_CAMERA}; window.cameraError = 'NotAllowedError';")
    page = phone.go("/badge")
    page.wait_for_selector("html[data-ready]")
    page.click("#challenge-open")
    page.click("#challenge-scan")
    expect(page.locator("#challenge-error")).to_contain_text("请手动输入")
    expect(page.locator("#challenge-video")).to_be_hidden()
    page.fill("#challenge-digits", "12345678")
    page.click("#challenge-form .main")
    expect(page.locator("#asked-digits")).to_have_text("1234 5678")


@pytest.mark.one_database
def test_digits_for_a_camera_that_does_not_read(badge: Page, app: Flask, server: Server) -> None:
    badge.click("#short-open")
    shown = badge.locator("#short-digits").inner_text()
    index, first, second = shown.split()
    with app.app_context():
        secret = terms_of(app.config).short_secret
    gate = gate_of(server)
    verdict = short_codes.judge_short(
        f"{index} {first}{second}",
        now_s=gate.now_s,
        keys=short_codes.day_keys(secret, clock.now()),
        list_in_hand=gate.list,
    )
    assert verdict.reason == "short_code"
    badge.click("#short-close")
    expect(badge.locator("#short-open")).to_be_visible()
