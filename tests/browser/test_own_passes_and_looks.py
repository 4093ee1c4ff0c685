"""How a rider's own passes and the administrators' page of looks are read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from app.blueprints.organisations.models import Role
from tests.browser.conftest import Centre
from tests.support.badges import RiderPhone
from tests.support.fits import OVERFLOW, findings
from tests.support.neighbourhood import build
from tests.support.people import Person, sign_in
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk, Phone

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture
def administrator(playwright: Playwright, centre: Centre) -> Iterator[Desk]:
    """An administrator's desktop, signed in."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    desk = Desk(browser.new_context(locale="zh-CN"), centre.server.address)
    desk.sign_in(centre.people.make(Role.ADMINISTRATOR, name="林管理"))
    yield desk
    browser.close()


@SCHEMES
def test_a_look_at_a_rider_is_read_in_the_audit(
    administrator: Desk, centre: Centre, rider_account: Person, scheme: str
) -> None:
    client = centre.app.test_client()
    sign_in(client, rider_account)
    RiderPhone(client).renew()
    administrator.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert findings(administrator.go("/audit")) == []
    administrator.go(f"/riders/{rider_account.id}")
    page = administrator.go("/audit")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    for text in ("林管理", "王骑手", "骑手页面"):
        expect(row).to_contain_text(text)
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert findings(page) == []
        assert page.evaluate(OVERFLOW) <= 0


@SCHEMES
def test_own_passes_are_found_from_me(
    phone: Phone, centre: Centre, rider_account: Person, scheme: str
) -> None:
    page = phone.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert findings(phone.go("/passes")) == []
    build(centre.app, rider_account)
    phone.go("/me").click("a[href='/passes']")
    expect(page.locator(".pass")).to_contain_text("已进门")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert findings(page) == []
        assert page.evaluate(OVERFLOW) <= 0
