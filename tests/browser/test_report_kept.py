"""A report and its draft: each is kept once, and for whoever wrote it."""

import pytest
from playwright.sync_api import expect

from app.blueprints.organisations.models import Role
from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import PLACE, Phone, in_second_tab

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
ROUGH, BETTER = PLACE | {"accuracy": 100}, PLACE | {"accuracy": 20}
_GO_HOME = """() => {
  Object.defineProperty(document, "hidden", { get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_what_is_saved_is_no_draft_any_more(phone: Phone, centre: Centre, network: Network) -> None:
    phone.context.set_geolocation(ROUGH)  # type: ignore[arg-type]
    page = phone.fill_report(1)
    expect(page.locator("#place-state")).to_contain_text("100")
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.context.set_geolocation(BETTER)  # type: ignore[arg-type]
    page.wait_for_timeout(1_000)  # so long a better fix would take to come
    page.evaluate(_GO_HOME)
    page.wait_for_timeout(300)
    assert phone.stores()["drafts"] == []
    page = phone.go("/reports/new")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".shot")).to_have_count(0)
    network.good()
    phone.go("/outbox")
    phone.send_now()  # by itself it waits the longer, the more tries failed
    phone.wait_until_sent()
    assert centre.reports() == 1


def test_a_report_of_somebody_who_signed_out_in_another_tab_stays_theirs(
    phone: Phone, centre: Centre, rider_account: Person
) -> None:
    page = phone.fill_report(1, place="甲的报告")
    phone.wait_until_drafted("甲的报告", photos=1)
    other = centre.people.make(Role.RIDER, name="别的骑手")
    in_second_tab(phone, other)
    page.click("#save")
    expect(page.locator("#item-error")).to_be_visible()
    expect(page.locator("#receipt")).to_be_hidden()
    stores = phone.stores()
    assert stores["items"] == []
    [draft] = stores["drafts"]
    assert (draft["owner"], draft["fields"]["place"]) == (rider_account.id, "甲的报告")
