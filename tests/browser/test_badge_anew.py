"""The badge made anew: on another phone, after storage or key were lost, after an answer was."""

import threading

import pytest
from playwright.sync_api import Page, expect

from app.blueprints.badges.codec import decode
from tests.browser.conftest import MakePhone
from tests.support.network import PASS, SWALLOW, Network
from tests.support.people import People, Person
from tests.support.phone import Phone
from tests.support.rider_phone import (
    change_row,
    code_on,
    enrol,
    in_state,
    row_of,
    verdict_on,
)
from tests.support.servers import Server

pytestmark = pytest.mark.browser


def test_another_phone_takes_over_and_the_first_says_so(
    badge: Page,
    phone: Phone,
    make_phone: MakePhone,
    rider_account: Person,
    server: Server,
    people: People,
) -> None:
    old = code_on(badge)
    other = make_phone()
    people.forget_codes()
    other.sign_in(rider_account)
    page = other.go("/badge")
    in_state(page, "elsewhere")
    expect(page.locator("[data-state=elsewhere] .fact")).to_contain_text("Chrome")
    page.click("[data-do=move] >> visible=true")
    page.click("#move-keep")
    in_state(page, "elsewhere")
    page.click("[data-do=move] >> visible=true")
    page.click("#move [value=move]")
    assert verdict_on(code_on(page), server).reason == "ok"
    assert verdict_on(old, server).reason == "revoked"
    page = phone.go("/badge")
    in_state(page, "moved")
    expect(page.locator("[data-state=moved] .fact")).to_contain_text("Chrome")
    assert row_of(page)["keys"] is None
    page.click("[data-do=move] >> visible=true")
    page.click("#move [value=move]")
    assert verdict_on(code_on(page), server).reason == "ok"


@pytest.mark.one_database
def test_storage_that_was_cleared_ends_in_enrolling_anew(
    badge: Page, phone: Phone, server: Server
) -> None:
    before = decode(code_on(badge)).credential.device_key
    change_row(badge, "() => null")
    page = phone.go("/badge")
    in_state(page, "elsewhere")
    page.click("[data-do=move] >> visible=true")
    page.click("#move [value=move]")
    text = code_on(page)
    assert verdict_on(text, server).reason == "ok"
    assert decode(text).credential.device_key != before


@pytest.mark.one_database
@pytest.mark.parametrize("broken", ["keys: null", "keys: { privateKey: {}, publicKey: {} }"])
def test_a_lost_key_is_made_anew_with_one_tap(
    badge: Page, phone: Phone, server: Server, broken: str
) -> None:
    change_row(badge, f"(row) => ({{ ...row, {broken} }})")
    page = phone.go("/badge")
    in_state(page, "lost")
    page.click("[data-do=mend]")
    assert verdict_on(code_on(page), server).reason == "ok"


@pytest.mark.one_database
def test_an_answer_about_the_badge_before_changes_nothing(
    badge: Page, phone: Phone, network: Network, server: Server
) -> None:
    """The page asks as it opens; its rider taps sooner than the centre answers."""
    enrolled, looked_at = threading.Event(), threading.Event()

    def late(_method: str, path: str) -> None:
        if path == "/badge/renew":
            enrolled.wait(20)
        if path == "/badge/enrol":
            enrolled.set()
            looked_at.wait(20)

    change_row(badge, "(row) => ({ ...row, keys: null })")
    network.before_answer = late
    page = phone.go("/badge")
    in_state(page, "lost")
    page.click("[data-do=mend]")
    phone.until(enrolled.is_set)
    page.wait_for_timeout(1_000)
    in_state(page, "lost")
    network.good()
    looked_at.set()
    assert verdict_on(code_on(page), server).reason == "ok"


@pytest.mark.one_database
def test_a_code_made_anew_waits_for_no_older_question(
    badge: Page, phone: Phone, network: Network, server: Server
) -> None:
    shown = threading.Event()

    def never(_method: str, path: str) -> None:
        if path == "/badge/renew":
            shown.wait(20)

    change_row(badge, "(row) => ({ ...row, keys: null })")
    network.before_answer = never
    page = phone.go("/badge")
    in_state(page, "lost")
    page.click("[data-do=mend]")
    expect(page.locator("html")).to_have_attribute("data-badge", "code", timeout=8_000)
    shown.set()
    assert verdict_on(code_on(page), server).reason == "ok"


def test_an_enrolment_whose_answer_got_lost_is_finished(
    phone: Phone, network: Network, server: Server
) -> None:
    network.policy = lambda _method, path: SWALLOW if path == "/badge/enrol" else PASS
    page = enrol(phone)
    expect(page.locator("#telling")).to_contain_text("没有网络")
    in_state(page, "none")
    network.good()
    page = phone.go("/badge")  # by itself: the same key again is the same badge
    in_state(page, "portrait_none")
    assert row_of(page)["badge"]
