"""The desk of cases in a real browser: by keyboard, many at once, two people at once, news."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from app.blueprints.reports.models import Report, State
from app.extensions import db
from tests.browser.conftest import Centre
from tests.support.cases import WAYS, CaseDesk, send_photo
from tests.support.fits import OVERFLOW
from tests.support.people import Person
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.scenes import scene

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ASK_NOW = "document.dispatchEvent(new Event('visibilitychange'))"
# An observer is told late on a busy machine: what counts is when something moved.
WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifts.push([one.startTime, one.value]);
}).observe({ type: "layout-shift", buffered: false });"""
FROM_NOW = """() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.shiftsFrom = performance.now();
  ok();
})))"""
SHIFTS = "window.shifts.filter(([at]) => at > window.shiftsFrom).reduce((sum, [, value]) => sum + value, 0)"
PLACES = ("现代大道1号东门", "星湖街地铁站2号口", "苏州大道西路灯杆旁", "钟园路菜场北侧")
OpenDesk = Callable[..., Desk]


@pytest.fixture
def cases(centre: Centre) -> CaseDesk:
    return CaseDesk(centre.app)


@pytest.fixture
def file_case(centre: Centre, cases: CaseDesk) -> Callable[..., int]:
    """A case with a real photo, taken by real steps to a state: `file_case(state, seed)`."""

    def make(state: State = State.RECEIVED, seed: int = 1) -> int:
        photo = send_photo(centre.app, cases.rider, scene(seed))
        case = cases.filed(photos=(photo,), place=PLACES[seed % len(PLACES)])
        return cases.walk(case, WAYS[state])

    return make


@pytest.fixture
def open_desk(playwright: Playwright, centre: Centre) -> Iterator[OpenDesk]:
    """Browsers of people at desks, each its own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def make(person: Person, size: dict[str, int] = DESKTOP, **further: object) -> Desk:
        context = browser.new_context(viewport=size, locale="zh-CN", **further)
        desk = Desk(context, centre.server.address)
        desk.sign_in(person)
        return desk

    yield make
    browser.close()


def _states(centre: Centre, ids: list[int]) -> list[str]:
    with centre.app.app_context():
        found = [str(db.session().get_one(Report, one).state) for one in ids]
        db.session.remove()
    return found


def _number(page: Page) -> str:
    return page.locator("#case .case-head .number").inner_text()


def _shoot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for one."""
    folder = os.environ.get("CASE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
def desk(open_desk: OpenDesk, cases: CaseDesk) -> Desk:
    return open_desk(cases.dispatcher)


def _waiting(centre: Centre, file_case: Callable[..., int], count: int) -> list[int]:
    """New reports, the newest last; their photos are ready."""
    ids = [file_case(State.RECEIVED, seed) for seed in range(1, count + 1)]
    centre.work()
    return ids


def test_ten_cases_by_keyboard(centre: Centre, desk: Desk, file_case: Callable[..., int]) -> None:
    ids = _waiting(centre, file_case, 10)
    page = desk.go("/cases")
    page.keyboard.press("j")
    expect(page.locator("#case .case-head .number")).to_contain_text(f"{ids[9]:06}")
    page.keyboard.press("j")
    expect(page.locator("#case .case-head .number")).to_contain_text(f"{ids[8]:06}")
    page.keyboard.press("k")
    expect(page.locator("#case .case-head .number")).to_contain_text(f"{ids[9]:06}")
    for following in reversed(ids[3:9]):
        page.keyboard.press("a")
        expect(page.locator("#case .case-head .number")).to_contain_text(f"{following:06}")
    for number in (2, 1):
        page.keyboard.press("r")
        expect(page.locator("#step-reject-note")).to_be_focused()
        page.keyboard.type("照片里看不清问题")
        page.click("#step-reject .button")
        expect(page.locator("#case .case-head .number")).to_contain_text(f"{ids[number]:06}")
    assert _states(centre, ids) == ["received"] * 2 + ["rejected"] * 2 + ["accepted"] * 6
    expect(page.locator("[data-queue=received] [data-count]")).to_have_text("2")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(str(ids[9]))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{ids[9]}?**")
    page.keyboard.press("d")
    expect(page.locator("[data-department]")).to_be_focused()
    page.fill(".find-department", "水务")
    expect(page.locator("[data-department] option:checked")).to_have_text("河道水务")
    page.click("[data-accept]")
    expect(page.locator("#case .case-state .status")).to_contain_text("已派遣")


def test_many_at_once(
    centre: Centre, desk: Desk, file_case: Callable[..., int], cases: CaseDesk
) -> None:
    ids = _waiting(centre, file_case, 6)
    page = desk.go("/cases")
    page.keyboard.press("j")
    page.keyboard.press("x")
    boxes = page.locator(".box input")
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-marked]")).to_have_text("已勾选 4 件")
    boxes.nth(1).uncheck()
    cases.step(cases.other_dispatcher, ids[3], "accept")
    _shoot(page, "bulk")
    page.click("#bulk .button.main")
    expect(page.locator("#outcomes")).to_contain_text("已办 2 件。 1 件未办：")
    expect(page.locator("#outcomes")).to_contain_text("周派遣 · 立案")
    _shoot(page, "outcomes")
    assert _states(centre, ids) == ["received"] * 2 + [
        "accepted",
        "accepted",
        "received",
        "accepted",
    ]


def test_two_dispatchers_at_one_case(
    centre: Centre, desk: Desk, open_desk: OpenDesk, cases: CaseDesk, file_case: Callable[..., int]
) -> None:
    [case] = _waiting(centre, file_case, 1)
    first, second = desk, open_desk(cases.other_dispatcher)
    for one in (first, second):
        one.go(f"/cases/{case}")
    second.page.click("[data-other] summary")
    second.page.fill("#step-reject-note", "已有人在处理，谢谢")
    first.page.keyboard.press("a")
    expect(first.page.locator(".toast")).to_contain_text("立案")
    second.page.click("#step-reject .button")
    expect(second.page.locator("#trouble")).to_contain_text("李派遣 · 立案")
    expect(second.page.locator("#trouble")).to_contain_text("已有人在处理，谢谢")
    expect(second.page.locator("#trouble")).to_have_count(1)
    expect(second.page.locator("#case .case-state .status")).to_contain_text("已立案")
    _shoot(second.page, "race")
    assert _states(centre, [case]) == ["accepted"]


def test_news_move_nothing_and_take_no_word(
    centre: Centre, desk: Desk, cases: CaseDesk, file_case: Callable[..., int]
) -> None:
    ids = _waiting(centre, file_case, 4)
    page = desk.go(f"/cases/{ids[2]}?queue=received")
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH_SHIFTS)
    page.locator("#decide .more > summary").click()
    page.locator("details.folded:has(#step-note) > summary").click()
    page.fill("#step-note-note", "已联系物业")
    page.wait_for_timeout(600)  # what a click moves is no news
    page.evaluate(FROM_NOW)
    for case in ids[1:]:
        cases.step(cases.other_dispatcher, case, "accept")
    file_case(State.RECEIVED, 9)
    page.evaluate(ASK_NOW)
    expect(page.locator("#new-cases")).to_have_text("1 件新案件：显示")
    expect(page.locator("[data-queue=to_dispatch] [data-count]")).to_have_text("3")
    expect(page.locator(f"[data-case='{ids[1]}'] .status")).to_contain_text("已立案")
    expect(page.locator("#moved-bar")).to_contain_text("周派遣 · 立案")
    page.wait_for_timeout(300)
    _shoot(page, "news")
    assert page.evaluate(SHIFTS) == 0
    assert page.input_value("#step-note-note") == "已联系物业"
    page.click("[data-renew]")
    expect(page.locator("#case .case-state .status")).to_contain_text("已立案")
    assert page.input_value("#step-note-note") == "已联系物业"
    page.click("#new-cases")
    expect(page.locator(".line-of")).to_have_count(2)
    assert page.input_value("#step-note-note") == "已联系物业"


def test_another_case_in_between_takes_no_word(
    centre: Centre, desk: Desk, file_case: Callable[..., int]
) -> None:
    _waiting(centre, file_case, 2)
    page = desk.go("/cases")
    page.keyboard.press("j")
    page.click("[data-other] summary")
    page.fill("#step-reject-note", "照片里看不清")
    page.click(".entry >> nth=1")
    expect(page.locator(".entry >> nth=1")).to_have_attribute("aria-current", "true")
    expect(page.locator("#step-reject-note")).to_have_value("")
    page.click(".entry >> nth=0")
    expect(page.locator("#step-reject-note")).to_have_value("照片里看不清")


@pytest.mark.one_database
def test_without_network_it_is_said_and_no_word_is_lost(
    centre: Centre, desk: Desk, file_case: Callable[..., int]
) -> None:
    ids = _waiting(centre, file_case, 1)
    page = desk.go(f"/cases/{ids[0]}")
    page.click("[data-other] summary")
    page.fill("#step-reject-note", "照片里看不清")
    desk.context.set_offline(True)
    page.click("#step-reject .button")
    expect(page.locator(".toast")).to_contain_text("没有成功")
    desk.context.set_offline(False)
    page.click("#step-reject .button")
    expect(page.locator(".toast >> nth=-1")).to_contain_text("不予立案")
    assert _states(centre, ids) == ["rejected"]


def test_what_does_not_fit_is_said_at_the_field(
    centre: Centre, desk: Desk, file_case: Callable[..., int]
) -> None:
    case = file_case(State.ACCEPTED)
    page = desk.go(f"/cases/{case}?queue=all")
    page.click(".joint > summary")
    page.fill("[name=parts-0-task]", "围挡")
    page.select_option("[data-department]", label="园林绿化")
    page.click("[data-accept]")
    expect(page.locator("#case .error")).to_contain_text("请选择部门")
    assert page.input_value("[name=parts-0-task]") == "围挡"
    page.select_option("[name=parts-0-department_id]", label="河道水务")
    page.click("[data-accept]")
    expect(page.locator("#case .parts")).to_contain_text("河道水务: 围挡")


@pytest.mark.one_database
def test_before_and_after_stand_side_by_side(
    centre: Centre, cases: CaseDesk, open_desk: OpenDesk, file_case: Callable[..., int]
) -> None:
    case = file_case(State.HANDLING)
    page = open_desk(cases.handler).go("/cases?queue=all")
    page.click(".entry")
    page.set_input_files(
        "#step-finish-photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": scene(77)}
    )
    page.fill("#step-finish-note", "已清运")
    page.click("[data-accept]")
    expect(page.locator("#case .case-state .status")).to_contain_text("待核查")
    centre.work()
    page = open_desk(cases.dispatcher).go(f"/cases/{case}?queue=handled")
    expect(page.locator(".wide-photos figure img")).to_have_count(2)
    _shoot(page, "handled")


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_accessible_and_within_its_width(
    centre: Centre, open_desk: OpenDesk, cases: CaseDesk, file_case: Callable[..., int],
    size: dict[str, int], scheme: str,
) -> None:  # fmt: skip
    shown = (State.RECEIVED, State.ACCEPTED, State.HANDLING, State.HANDLED, State.CLOSED)
    ids = [file_case(state, seed) for seed, state in enumerate(shown)]
    centre.work()
    name = f"{scheme}-{size['width']}"
    page = open_desk(cases.dispatcher, size, color_scheme=scheme).go("/cases?queue=all")
    page.locator("#queue .filters >> nth=0 >> summary").click()
    _clean(page, f"list-{name}")
    for case, state in zip(ids, shown, strict=True):
        page.goto(f"{centre.server.address}/cases/{case}?queue=all")
        for summary in page.locator(".more > summary, [data-other] > summary").all():
            summary.click()
        _clean(page, f"{state}-{name}")
    handler = open_desk(cases.handler, size, color_scheme=scheme).go("/cases")
    handler.click(".entry")
    expect(handler.locator("#case .case-head")).to_be_visible()
    _clean(handler, f"handler-{name}")


def _clean(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)  # colours fade in
    _shoot(page, name)
    assert page.evaluate(OVERFLOW) <= 0
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()
