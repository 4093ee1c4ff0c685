"""The register's desk in a browser: deciding on portraits, by mouse and by key, and suspending."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.badges.models import Holder
from app.blueprints.organisations.models import Role
from app.extensions import db
from tests.browser.conftest import Centre
from tests.support.badges import RiderPhone, company_of, join
from tests.support.fits import OVERFLOW
from tests.support.people import Person, sign_in
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.rider_phone import face

pytestmark = pytest.mark.browser


@pytest.fixture
def riders(centre: Centre, rider_account: Person) -> list[Person]:
    """Three riders of one company, each with a portrait that waits."""
    found = [rider_account, *(centre.people.make(name=f"骑手{n}") for n in (2, 3))]
    company = company_of(centre.app, rider_account)
    for number, person in enumerate(found):
        if number:
            join(centre.app, person, Role.RIDER, company)
        client = centre.app.test_client()
        sign_in(client, person)
        picture = face((232, 190 - 20 * number, 160))
        assert RiderPhone(client).send_portrait(picture).status_code == 201
    return found


@pytest.fixture
def desk(playwright: Playwright, centre: Centre, riders: list[Person]) -> Iterator[Desk]:
    """The desktop of their company's manager, signed in."""
    person = centre.people.make(name="陈经理")
    join(centre.app, person, Role.COMPANY_MANAGER, company_of(centre.app, riders[0]))
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = Desk(context, centre.server.address)
    desk.sign_in(person)
    yield desk
    browser.close()


def _state(centre: Centre, rider: Person) -> tuple[str, bool]:
    """The rider's standing, and whether the badge has a portrait."""
    with centre.app.app_context():
        holder = db.session().get_one(Holder, rider.id)
        found = (str(holder.standing), holder.portrait_id is not None)
        db.session.remove()
    return found


def test_three_portraits_are_decided_by_key(
    desk: Desk, centre: Centre, riders: list[Person]
) -> None:
    page = desk.go("/riders")
    page.click("text=开始审核")
    _listens(page, "王骑手")
    page.keyboard.press("a")
    _listens(page, "骑手2")
    page.keyboard.press("j")
    expect(page.locator(".person h2")).to_have_text("骑手3")
    expect(page.locator(".entry[aria-current=true] strong")).to_have_text("骑手3")
    page.keyboard.press("k")
    expect(page.locator(".person h2")).to_have_text("骑手2")
    page.keyboard.press("r")
    page.keyboard.type("看不清脸，请重拍。")
    page.click(".check .button.danger")
    _listens(page, "骑手3")
    page.click(".check .chip >> nth=1")
    expect(page.locator(".queue .empty h2")).to_have_text("头像照已全部审核")
    assert [_state(centre, one)[1] for one in riders] == [True, False, False]


def _listens(page: Page, name: str) -> None:
    """A new page shows this rider and hears keys, which it does only once it has its scripts."""
    expect(page.locator(".person h2")).to_have_text(name)
    expect(page.locator("html")).to_have_attribute("data-ready", "true")


@pytest.mark.one_database
def test_a_rider_reads_why_the_portrait_came_back(
    desk: Desk, centre: Centre, riders: list[Person], make_phone: object
) -> None:
    page = desk.go(f"/riders/{riders[0].id}")
    page.fill("#reason", "看不清脸，请重拍。")
    page.click(".check .button.danger")
    expect(page.locator(".person .notice")).to_contain_text("看不清脸，请重拍。")
    phone = make_phone()  # type: ignore[operator]
    phone.sign_in(riders[0])
    expect(phone.go("/badge/portrait").locator("main")).to_contain_text("看不清脸，请重拍。")


def test_suspending_takes_a_reason_and_revoking_a_second_step(
    desk: Desk, centre: Centre, riders: list[Person]
) -> None:
    page = desk.go(f"/riders/{riders[0].id}")
    page.click("summary:has-text('停用')")
    page.click(".change .button.main")
    expect(page.locator("#standing-reason")).to_have_attribute("aria-invalid", "true")
    page.fill("#standing-reason", "证件过期")
    page.click(".change .button.main")
    expect(page.locator(".person .status").first).to_have_text("已停用")
    assert _state(centre, riders[0])[0] == "suspended"
    page.click("text=永久作废…")
    page.wait_for_url("**/revoke**")  # the page before has a field of that name too
    assert _state(centre, riders[0])[0] == "suspended"
    page.fill("#reason", "已离职")
    page.click("text=确认永久作废")
    expect(page.locator(".person .status").first).to_have_text("已作废")
    assert _state(centre, riders[0])[0] == "revoked"


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    desk: Desk, riders: list[Person], scheme: str, width: int
) -> None:
    desk.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.page.set_viewport_size({"width": width, "height": 844})
    one = f"/riders/{riders[0].id}"
    for path in ("/riders", "/riders?show=revoked", "/riders?text=x", one, f"{one}/revoke"):
        page = desk.go(path)
        page.wait_for_timeout(200)
        answer = Axe().run(page).response
        assert [(path, found["id"]) for found in answer["violations"]] == []
        assert page.evaluate(OVERFLOW) <= 0, path
