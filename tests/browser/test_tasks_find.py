"""Tasks on a rider's phone: found by list and map, claimed, and pages that everybody can use."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.blueprints.organisations.models import Role
from app.blueprints.tasks.terms import Proof
from tests.browser.conftest import Centre, MakePhone
from tests.support.fits import OVERFLOW
from tests.support.people import Person
from tests.support.rider_phone import SHIFTS, shifts
from tests.support.task_phone import (
    TaskPhone,
    picture,
    publish,
)
from tests.support.tasks import Office, Tasks

pytestmark = pytest.mark.browser
SMALL = """() => [...document.querySelectorAll("main a, main button, main textarea, main input:not([type=radio]):not([type=file]), main label.chip, .bar a, .tabs a")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("p"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 47.5 || height < 47.5)
  .map(([html]) => html)"""


def test_the_last_place_goes_to_one(
    office: Office, task_phone: TaskPhone, make_phone: MakePhone, centre: Centre
) -> None:
    other = TaskPhone(make_phone())
    other.phone.sign_in(centre.people.make(Role.RIDER))
    task_id = publish(office, needed=1)
    page = task_phone.open(f"/tasks#t={task_id}")
    late = other.open(f"/tasks#t={task_id}")
    page.tap("#claim")
    expect(page.locator("#do-form")).to_be_visible()
    late.tap("#claim")
    expect(late.locator("#claim-error span")).not_to_be_empty()
    expect(late.locator("#task-facts")).to_contain_text("名额已满")
    expect(late.locator("#claim")).to_be_disabled()
    picture(late, "task-full")
    assert office.tasks.places(task_id)[1] == 1


def test_what_bars_the_rider_is_said(office: Office, task_phone: TaskPhone) -> None:
    star = publish(office, min_star=4, title_zh="四星任务")
    far = publish(office, distance_m=200, latitude=31.40, longitude=120.80, title_zh="远处任务")
    page = task_phone.open()
    expect(page.locator(f"[data-task='{star}']")).to_contain_text("需 4 星以上")
    task_phone.choose(star)
    expect(page.locator("#claim")).to_be_disabled()
    page = task_phone.open(f"/tasks#t={far}")
    page.tap("#claim")
    expect(page.locator("#claim-error")).to_be_visible()
    expect(page.locator("#do-form")).to_be_hidden()


def test_claiming_needs_network_and_says_so(office: Office, task_phone: TaskPhone) -> None:
    task_id = publish(office)
    task_phone.open()
    task_phone.phone.offline()
    page = task_phone.open(f"/tasks#t={task_id}")
    page.tap("#claim")
    expect(page.locator("#claim-error")).to_contain_text("领取任务需要网络")
    task_phone.phone.offline(False)
    page.tap("#claim")
    expect(page.locator("#do-form")).to_be_visible()
    expect(page.locator("#claim-error")).to_be_hidden()


def test_the_map_holds_what_the_list_holds(office: Office, task_phone: TaskPhone) -> None:
    task_id = publish(office)
    page = task_phone.open("/tasks#map")
    expect(page.locator("#tasks-map[data-shown='1']")).to_be_visible()
    box: Any = page.locator("#tasks-map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(f"#picked [data-task='{task_id}']")).to_be_visible()
    picture(page, "tasks-map")
    page.tap("#picked a")
    expect(page.locator("#task-title")).to_be_focused()
    page.tap("#back")
    expect(page.locator("#tasks-map")).to_be_visible()


def test_chips_take_away_what_does_not_fit(office: Office, task_phone: TaskPhone) -> None:
    near = publish(office)
    far = publish(office, latitude=31.40, longitude=120.90, proof=Proof(place=True))
    page = task_phone.open()
    cards = page.locator("#offered .task-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_have_attribute("data-task", str(near))
    page.tap("[data-filter=near]")
    expect(cards).to_have_count(1)
    page.tap("[data-filter=no_photo]")
    expect(page.locator("#none-fits")).to_be_visible()
    page.tap("#clear-filter")
    expect(cards).to_have_count(2)
    page.tap("[data-filter=no_photo]")
    expect(cards).to_have_count(1)
    expect(cards).to_have_attribute("data-task", str(far))


@pytest.mark.one_database
def test_signing_out_leaves_no_task_behind(office: Office, task_phone: TaskPhone) -> None:
    publish(office)
    task_phone.open()
    page = task_phone.phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in*")
    page = task_phone.open()
    expect(page.locator("#signed-out-note")).to_be_visible()
    expect(page.locator(".task-card")).to_have_count(0)


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_it_can_be_used_by_everybody(
    tasks: Tasks,
    office: Office,
    task_phone: TaskPhone,
    rider_account: Person,
    scheme: Any,
    language: str,
) -> None:
    offered, mine = publish(office), publish(office, words_zh="看一看\n拍一张")
    refused = publish(office, min_star=0)
    claim_id = tasks.claim(rider_account, refused)
    tasks.hand_in(rider_account, claim_id, answers=("7", "no", "东侧", "无"))
    tasks.check(office.person, claim_id, "refuse", "照片里没有车")
    tasks.claim(rider_account, mine)
    phone = task_phone.phone
    phone.page.emulate_media(color_scheme=scheme)
    if language == "en":
        phone.go("/me")
        with phone.page.expect_navigation():
            phone.page.click(".language [value=en]")
        phone.until(lambda: phone.fact("locale") == "en")
    phone.page.add_init_script(SHIFTS)
    addresses = (
        "",
        "#map",
        "#mine",
        f"#t={offered}",
        f"#t={mine}",
        f"#t={refused}",
        "/all",
        f"/{mine}",
        f"/{refused}",
    )
    for address in addresses:
        for width in (320, 390):
            phone.page.set_viewport_size({"width": width, "height": 844})
            phone.page.goto("about:blank")
            page = phone.go(f"/tasks{address}")
            if not address.startswith("/"):  # the others need no script
                page.wait_for_selector("html[data-ready]", state="attached")
            page.wait_for_timeout(700)
            assert page.evaluate(OVERFLOW) <= 0, (address, width)
            assert page.evaluate(SMALL) == [], (address, width)
            assert shifts(page) == [], (address, width)
        name = (
            address.replace("/", "plain-")
            .replace("#", "")
            .replace("=", "")
            .replace(str(mine), "mine")
        )
        picture(page, f"{language}-{scheme}-{name or 'list'}", whole=True)
        found = Axe().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
        assert found.violations_count == 0, (address, found.generate_report())
