"""The reporter's page on a phone: answers without network, the slider, how it looks."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from app.blueprints.reports.models import Report, State
from app.extensions import db
from tests.browser.conftest import Centre, MakePhone
from tests.support.cases import CaseDesk, send_photo
from tests.support.fits import OVERFLOW
from tests.support.network import DROP, PASS, Answer, Network
from tests.support.phone import ARGUMENTS, CHROMIUM, SIZE, Desk, Phone, in_second_tab
from tests.support.scenes import scene

pytestmark = pytest.mark.browser
SHARE = "Number(document.getElementById('share').value)"


@pytest.fixture
def cases(centre: Centre) -> CaseDesk:
    return CaseDesk(centre.app)


@pytest.fixture
def rider_phone(make_phone: MakePhone, cases: CaseDesk) -> Phone:
    """The phone of who filed the cases."""
    phone = make_phone()
    phone.sign_in(cases.rider)
    return phone


@pytest.fixture
def plain(playwright: Playwright, centre: Centre, cases: CaseDesk) -> Iterator[BrowserContext]:
    """The same person's browser without JavaScript."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    signed_in = browser.new_context(locale="zh-CN")
    Desk(signed_in, centre.server.address).sign_in(cases.rider)
    context = browser.new_context(
        viewport=SIZE, locale="zh-CN", java_script_enabled=False,  # type: ignore[arg-type]
        storage_state=signed_in.storage_state(), base_url=centre.server.address,
    )  # fmt: skip
    yield context
    browser.close()


def _with_photo(centre: Centre, cases: CaseDesk, state: str, seed: int = 1) -> int:
    """A case with the reporter's photo, which is not prepared yet."""
    photo = send_photo(centre.app, cases.rider, scene(seed))
    return cases.at(state, photos=(photo,))


def _at(centre: Centre, cases: CaseDesk, state: str, seed: int = 1) -> int:
    """A case with the reporter's photo, all photos prepared."""
    case_id = _with_photo(centre, cases, state, seed)
    centre.work()
    return case_id


def _closed_with_scenes(centre: Centre, cases: CaseDesk) -> int:
    """A closed case whose proof can be told from the report's photo."""
    case_id = _at(centre, cases, "handling", seed=3)
    done = send_photo(centre.app, cases.handler, scene(8))
    cases.step(cases.handler, case_id, "finish", note="已清运，地面冲洗", photos=(done,))
    cases.step(cases.dispatcher, case_id, "verify", note="照片清楚")
    cases.step(cases.dispatcher, case_id, "close")
    centre.work()
    return case_id


def _open(phone: Phone, case_id: int) -> Page:
    page = phone.go(f"/reports/{case_id}")
    page.wait_for_selector("html[data-ready]")
    return page


def _steps(centre: Centre, case_id: int) -> list[str]:
    with centre.app.app_context():
        steps = [event.step for event in db.session.get_one(Report, case_id).events]
        db.session.remove()
        return steps


def _take_photo(page: Page, seed: int) -> None:
    files: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)}
    page.set_input_files("#camera", files)
    expect(page.locator(".shot")).to_have_count(1)


def _shoot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for one."""
    if folder := os.environ.get("CASE_PICTURES"):
        page.screenshot(path=Path(folder) / f"rider-{name}.png", full_page=True)


def test_an_answer_given_without_network_is_kept_and_sent_later(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    case_id = _at(centre, cases, "waiting")
    page = _open(rider_phone, case_id)
    expect(page.locator("blockquote")).to_have_text("在哪一侧?")
    rider_phone.offline()
    _take_photo(page, 12)
    page.fill("#answer-note", "东门北侧 10 米")
    page.click("#step-answer .button.main")
    expect(page.locator(".kept")).to_contain_text("已保存到本机")
    expect(page.locator(".kept")).to_contain_text("东门北侧 10 米")
    expect(page.locator("#step-answer")).to_be_hidden()
    _shoot(page, "kept")
    assert len(rider_phone.stores()["items"]) == 1
    assert _steps(centre, case_id)[-1] == "ask"
    rider_phone.offline(False)
    expect(page.locator("#standing h2")).to_have_text("处置中", timeout=40_000)
    expect(page.locator(".timeline")).to_contain_text("东门北侧 10 米")
    assert _steps(centre, case_id).count("answer") == 1
    assert rider_phone.stores()["drafts"] == []


@pytest.mark.one_database
def test_what_was_typed_outlives_the_browser(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    case_id = _at(centre, cases, "waiting")
    page = _open(rider_phone, case_id)
    page.fill("#answer-note", "写了一半")
    _take_photo(page, 13)
    rider_phone.wait_until_drafted("写了一半", photos=1)
    rider_phone.close()
    rider_phone.open()
    page = _open(rider_phone, case_id)
    expect(page.locator("#answer-note")).to_have_value("写了一半")
    expect(page.locator(".shot")).to_have_count(1)


def test_an_answer_that_comes_too_late_is_given_back(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    case_id = _at(centre, cases, "waiting")
    page = _open(rider_phone, case_id)
    rider_phone.offline()
    page.fill("#answer-note", "东侧")
    page.click("#step-answer .button.main")
    expect(page.locator(".kept")).to_be_visible()
    cases.step(cases.handler, case_id, "go_on", note="不等了")
    cases.step(cases.handler, case_id, "ask_extension", note="不等了", hours=4)
    rider_phone.offline(False)
    expect(page.locator("#step-answer [data-error=item]")).to_be_visible(timeout=40_000)
    expect(page.locator("#answer-note")).to_have_value("东侧")
    assert "answer" not in _steps(centre, case_id)


@pytest.mark.one_database
def test_an_answer_that_was_not_taken_comes_back_with_its_photo(
    centre: Centre, cases: CaseDesk, rider_phone: Phone, network: Network
) -> None:
    case_id = _at(centre, cases, "waiting")
    page = _open(rider_phone, case_id)
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    page.fill("#answer-note", "东侧")
    _take_photo(page, 12)
    page.click("#step-answer .button.main")
    expect(page.locator(".kept")).to_be_visible()
    [item] = rider_phone.stores()["items"]
    body = f'[{{"key": "{item["key"]}", "verdict": "rejected", "errors": {{"item": ["看不清"]}}}}]'
    network.policy = lambda method, path: (
        Answer((200, "application/json", body.encode()))
        if (method, path) == ("POST", "/sync/items") else PASS
    )  # fmt: skip
    rider_phone.go("/outbox")
    rider_phone.send_now()
    rider_phone.until(lambda: rider_phone.stores()["items"][0]["state"] == "rejected")
    page = _open(rider_phone, case_id)
    expect(page.locator("#answer-note")).to_have_value("东侧")
    expect(page.locator(".shot")).to_have_count(1)
    page.click(".shot button")  # what the person takes out does not come back
    _take_photo(page, 13)
    page.fill("#answer-note", "北侧")
    rider_phone.wait_until_drafted("北侧", photos=1)
    page = _open(rider_phone, case_id)
    expect(page.locator("#answer-note")).to_have_value("北侧")
    expect(page.locator(".shot")).to_have_count(1)
    network.good()
    page.click("#step-answer .button.main")
    expect(page.get_by_text("你补充了情况")).to_be_visible()  # the page has come anew
    rider_phone.wait_until_sent()
    assert _steps(centre, case_id).count("answer") == 1
    assert rider_phone.stores()["photos"] == []


@pytest.mark.one_database
def test_an_answer_of_somebody_who_signed_out_in_another_tab_stays_theirs(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    page = _open(rider_phone, _at(centre, cases, "waiting"))
    page.fill("#answer-note", "东侧")
    rider_phone.wait_until_drafted("东侧")
    in_second_tab(rider_phone, cases.other_rider)
    page.click("#step-answer .button.main")
    expect(page.locator("#step-answer [data-error=item]")).to_be_visible()
    stores = rider_phone.stores()
    assert stores["items"] == []
    assert [one["owner"] for one in stores["drafts"]] == [cases.rider.id]


@pytest.mark.one_database
def test_nothing_said_is_marked_before_anything_is_kept(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    page = _open(rider_phone, _at(centre, cases, "waiting"))
    page.click("#step-answer .button.main")
    expect(page.locator("#answer-note-error")).to_be_visible()
    assert rider_phone.stores()["items"] == []


def test_one_tap_says_not_solved_and_offers_to_report_again(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    case_id = _closed_with_scenes(centre, cases)
    page = _open(rider_phone, case_id)
    page.tap("button[name=satisfied][value=no]")
    expect(page.locator("#again")).to_have_attribute("open", "", timeout=40_000)
    page.wait_for_selector("html[data-ready]")
    _take_photo(page, 14)
    page.tap("#step-reopen .button.main")
    expect(page.locator("#standing h2")).to_have_text("再次反映", timeout=40_000)
    assert _steps(centre, case_id)[-2:] == ["rate", "reopen"]


def test_withdrawing_is_asked_twice(centre: Centre, cases: CaseDesk, rider_phone: Phone) -> None:
    case_id = _at(centre, cases, "accepted")
    page = _open(rider_phone, case_id)
    expect(page.locator("#step-withdraw button")).to_be_hidden()
    page.tap("summary:has-text('撤回')")
    page.tap("#step-withdraw button")
    expect(page.locator("#standing h2")).to_have_text("已撤回", timeout=40_000)
    page.wait_for_selector("html[data-ready]")
    page.tap("#step-restore button")
    expect(page.locator("#standing h2")).to_have_text("待受理", timeout=40_000)


@pytest.mark.one_database
def test_the_slider_by_keyboard_and_by_finger(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    page = _open(rider_phone, _closed_with_scenes(centre, cases))
    page.focus("#share")
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(SHARE) == 55
    page.keyboard.press("Home")
    expect(page.locator("#share")).to_have_attribute("aria-valuetext", "处置前的照片显示百分之 0")
    page.keyboard.press("End")
    assert page.evaluate(SHARE) == 100
    _drag(page, 0.9, 0.25)
    rider_phone.until(lambda: abs(page.evaluate(SHARE) - 25) <= 1)  # a finger is followed by frames
    cut = page.evaluate("getComputedStyle(document.querySelector('.before')).clipPath")
    assert cut.startswith("inset(0px 7")
    _shoot(page, "slider")


def _drag(page: Page, start: float, end: float) -> None:
    """A finger across the pictures, by shares of their width."""
    page.locator("#compare").scroll_into_view_if_needed()
    box = page.locator("#compare").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    points = [box["x"] + box["width"] * (start + (end - start) * part / 8) for part in range(9)]
    touch = page.context.new_cdp_session(page)

    def send(kind: str, x: float | None) -> None:
        there = [] if x is None else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": there})

    send("touchStart", points[0])
    for x in points[1:]:
        send("touchMove", x)
    send("touchEnd", None)


@pytest.mark.one_database
def test_without_javascript_two_pictures_and_plain_forms(
    centre: Centre, cases: CaseDesk, plain: BrowserContext
) -> None:
    case_id = _closed_with_scenes(centre, cases)
    page = plain.new_page()
    page.goto(f"/reports/{case_id}")
    boxes = [page.locator(f"figure.{name} img").bounding_box() for name in ("before", "after")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    expect(page.locator("#share")).to_be_hidden()
    page.click("button[name=satisfied][value=yes]")
    expect(page.locator(".timeline")).to_contain_text("你的评价：已解决")
    assert page.url.endswith(f"/reports/{case_id}")


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    centre: Centre, cases: CaseDesk, rider_phone: Phone, scheme: Any
) -> None:
    ids = {state: _with_photo(centre, cases, state) for state in State if state != State.CLOSED}
    ids |= {State.CLOSED: _closed_with_scenes(centre, cases)}  # which prepares all photos
    page = rider_phone.page
    page.emulate_media(color_scheme=scheme)
    paths = {str(state): f"/reports/{case_id}" for state, case_id in ids.items()}
    for name, path in (paths | {"list": "/reports", "home": "/"}).items():
        rider_phone.go(path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate(OVERFLOW) <= 0, name
        _shoot(page, f"{name}-{scheme}")


@pytest.mark.one_database
def test_states_have_a_contrast_of_seven_in_both_schemes(
    centre: Centre, cases: CaseDesk, rider_phone: Phone
) -> None:
    for state in State:
        cases.at(state)
    page = rider_phone.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        rider_phone.go("/reports")
        page.wait_for_selector(".status")
        found = Axe().run(page, options={"runOnly": ["color-contrast-enhanced"]})
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
