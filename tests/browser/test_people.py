"""Whose report it is: other people on the phone, sessions that end, signing out."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.blueprints.accounts.models import Device
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import Phone

pytestmark = pytest.mark.browser


def cut_off(network: Network) -> None:
    """Let nothing of the outbox through."""
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS


def end_sessions(centre: Centre) -> None:
    """What happens when somebody signs this phone out from another one."""
    with centre.app.app_context():
        db.session.query(Device).update({"ended_at": clock.now()})
        db.session.commit()
        db.session.remove()


def kept_caches(phone: Phone) -> list[str]:
    """The names of the caches on the phone."""
    found: list[str] = phone.page.evaluate("caches.keys()")
    return found


def sign_out(phone: Phone) -> None:
    phone.go("/sign-out")
    phone.page.click("#sign-out .danger")
    phone.page.wait_for_url("**/sign-in?signed_out=1")


@pytest.mark.one_database
def test_another_persons_items_stay_locked_until_they_come_back(
    phone: Phone, centre: Centre, network: Network, rider_account: Person
) -> None:
    cut_off(network)
    phone.report(1)
    sign_out(phone)
    network.good()
    other = centre.people.make(Role.RIDER, name="别的骑手")
    phone.sign_in(other)
    page = phone.go("/outbox")
    expect(page.locator("#locked-note")).to_contain_text("1 条")
    expect(page.locator(".item")).to_have_count(0)
    page.wait_for_timeout(1500)
    assert centre.reports() == 0
    sign_out(phone)
    centre.people.forget_codes()
    phone.sign_in(rider_account)
    phone.go("/outbox")
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_a_session_that_ended_keeps_the_queue_and_says_so(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    end_sessions(centre)
    phone.report(1)
    expect(phone.page.locator("#receipt h2")).to_have_text("等待登录")
    page = phone.go("/outbox")
    expect(page.locator("#login-note")).to_be_visible()
    expect(page.locator(".item .status")).to_have_text("等待登录")
    centre.people.forget_codes()
    phone.sign_in(rider_account)
    phone.go("/outbox")
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_signing_out_with_a_queue_offers_to_send(
    phone: Phone, centre: Centre, network: Network
) -> None:
    cut_off(network)
    phone.report(1)
    page = phone.go("/sign-out")
    expect(page.locator("#waiting-count")).to_have_text("本机有 1 条待发送")
    network.good()
    page.click("#send-now")
    expect(page.locator("#outcome")).to_have_text("已全部发送。")
    assert centre.reports() == 1


@pytest.mark.one_database
def test_signing_out_wipes_what_was_kept_for_the_person_not_the_outbox(
    phone: Phone, network: Network
) -> None:
    cut_off(network)
    phone.report(1)
    phone.page.evaluate(
        "caches.open('something personal').then((cache) => cache.put('/x', new Response('x')))"
    )
    sign_out(phone)
    assert len(phone.stores()["items"]) == 1
    # The worker does it, beside the page that goes.
    phone.until(
        lambda: not [one for one in kept_caches(phone) if not one.startswith("starknight-")]
    )
    phone.offline()
    page = phone.go("/outbox")
    expect(page.locator(".item")).to_have_count(0)  # nobody is signed in: nothing is shown
    expect(page.locator("#locked-note")).to_be_visible()


@pytest.mark.one_database
def test_kept_pages_know_nobody(phone: Phone, rider_account: Person) -> None:
    kept = phone.page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const response = await cache.match(request);
              if ((response.headers.get("Content-Type") || "").includes("html")) texts.push([request.url, await response.text()]);
            }
          }
          return texts;
        }"""
    )
    assert len(kept) >= 8
    for url, text in kept:
        assert rider_account.name not in text, url
        assert "data-user" not in text, url


def test_the_export_of_one_phone_is_imported_with_the_same_keys(
    phone: Phone, centre: Centre, network: Network, desk: Phone, tmp_path: Path
) -> None:
    cut_off(network)
    phone.report(1, 2)
    page = phone.go("/outbox")
    with page.expect_download() as download:
        page.click("#export")
    file = tmp_path / "export.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert len([name for name in archive.namelist() if name.startswith("photos/")]) == 2
    assert manifest["items"][0]["key"] == phone.stores()["items"][0]["key"]

    desk.go("/intake/import").set_input_files("#file", file)
    desk.page.click("form.card button.main")
    expect(desk.page.locator("[role=status] li")).to_contain_text("已接收")
    network.good()
    phone.send_now()
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_nobody_signed_in_keeps_the_draft_and_says_what_to_do(
    make_phone: object, centre: Centre, rider_account: Person
) -> None:
    phone: Phone = make_phone()  # type: ignore[operator]
    phone.fill_report(1)
    phone.page.click("#save")
    expect(phone.page.locator("#signed-out-note")).to_be_visible()
    phone.wait_until_drafted("东门旁", photos=1)  # the note is there before the draft is written
    phone.page.click("#signed-out-note a")
    phone.page.wait_for_url("**/sign-in**")
    phone.sign_in(rider_account)
    page = phone.go("/reports/new")
    expect(page.locator(".shot")).to_have_count(1)
    expect(page.locator("#place")).to_have_value("东门旁")
