"""Cases worked on outside: with no network, through a dead browser, against what came between."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Centre, MakePhone
from tests.support.cases import CaseDesk, send_photo
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import PLACE, SLOW_PHOTOS, SLOW_PLACE, Phone
from tests.support.scenes import scene
from tests.support.waiting import until_pictures, until_true

pytestmark = pytest.mark.browser
SPOT = {"latitude": PLACE["latitude"], "longitude": PLACE["longitude"]}

_KEPT = """async () => {
  const base = document.querySelector("script[src*='js/app.js']").src.replace("app.js", "outbox/");
  const { database } = await import(base + "database.js");
  const db = await database();
  return [await db.count("work"), await db.count("case_pictures")];
}"""


_BUSY_DISK = """async () => {
  const base = document.querySelector("script[src*='js/app.js']").src.replace("app.js", "outbox/");
  const { database } = await import(base + "database.js");
  const db = await database();
  const busy = db.transaction([...db.objectStoreNames], "readwrite").objectStore("drafts");
  const end = Date.now() + 2000;
  (async () => { while (Date.now() < end) await busy.count(); })();
}"""


@pytest.fixture
def desk_of_cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def _open(phone: Phone, person: Person) -> Page:
    """Sign in; the page keeps itself and the cases."""
    phone.sign_in(person)
    phone.go("/field")
    return _settled(phone)


def _settled(phone: Phone) -> Page:
    phone.page.wait_for_selector("html[data-ready]", state="attached")
    until_true(
        phone.page, "async () => Boolean(await caches.match('/field', {ignoreSearch: true}))"
    )
    return phone.page


def _photo(page: Page, seed: int = 1) -> None:
    """Through the real file input, downsized on the phone."""
    _form_stands(page)
    before = page.locator(".shot").count()
    files: Any = {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)}
    page.set_input_files("#camera", files)
    expect(page.locator(".shot")).to_have_count(before + 1)


def _form_stands(page: Page) -> None:
    """Wait until the form is the open case's: a file is chosen without asking whether it is."""
    page.wait_for_selector("#step-form:not([inert])")


def _case(page: Page, case_id: int) -> None:
    page.click(f"[data-case='{case_id}']")
    expect(page.locator("#case")).to_be_visible()


def _with_photos(app: Flask, desk: CaseDesk, state: str, **captured: Any) -> int:
    """A case with the reporter's photo."""
    sent = send_photo(app, desk.rider, scene(77))
    return desk.at(state, photos=(sent,), **SPOT, **captured)


def _steps(app: Flask, case_id: int) -> list[str]:
    from app.blueprints.reports.models import Report
    from app.extensions import db

    with app.app_context():
        steps = [event.step for event in db.session.get_one(Report, case_id).events]
        db.session.remove()
        return steps


def test_taken_and_finished_offline_through_a_dead_browser(
    app: Flask, centre: Centre, desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    case_id = _with_photos(app, desk_of_cases, "dispatched", place="南施街 12 号")
    centre.work()
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    expect(page.locator(f"[data-case='{case_id}'] .status")).to_have_text("已派遣")
    phone.until(lambda: phone.run(_KEPT) == [1, 2])  # its pictures come after

    phone.close()  # a browser that is killed at once may not have written down who signed in
    phone.open()
    phone.offline()
    page = phone.go("/field")
    _settled(phone)
    _case(page, case_id)
    until_pictures(page, "#case-pictures img", 600)
    page.click("#save")  # take on
    expect(page.locator("#case-state .status")).to_have_text("处置中")
    expect(page.locator("#case-waiting")).to_contain_text("已保存到本机")
    _photo(page)
    page.fill("#note", "已清运，地面冲洗")
    phone.wait_until_drafted("已清运，地面冲洗", photos=1)
    phone.kill()

    phone.open()
    phone.offline()
    page = phone.go(f"/field#{case_id}")
    _settled(phone)
    expect(page.locator("#note")).to_have_value("已清运，地面冲洗")
    expect(page.locator(".shot")).to_have_count(1)
    page.click("#save")
    expect(page.locator("#case-state .status")).to_have_text("待核查")
    expect(page.locator("#save-bar")).to_be_hidden()
    page.click("#back")
    expect(page.locator("[data-section=done] .field-card")).to_contain_text("已保存到本机")
    assert _steps(app, case_id)[-1] == "dispatch"

    phone.kill()
    phone.open()
    page = phone.go("/field")
    phone.wait_until_sent(2)
    assert _steps(app, case_id)[-2:] == ["take", "finish"]
    expect(page.locator("[data-section=done] .field-card")).not_to_contain_text("已保存到本机")
    expect(page.locator("[data-section=done] .status")).to_have_text("待核查")


def test_verified_on_the_spot_offline(
    app: Flask, centre: Centre, desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    near = _with_photos(app, desk_of_cases, "handled", place="近处")
    far = desk_of_cases.at("handled", latitude=31.34, longitude=120.70, place="远处")
    centre.work()
    phone = make_phone()
    page = _open(phone, desk_of_cases.grid_worker)
    cards = page.locator("[data-section=verify] .field-card")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("近处")
    expect(cards.nth(1)).to_contain_text("公里")
    phone.offline()
    _case(page, near)
    _photo(page, 5)
    expect(page.locator("#place-state")).to_contain_text("位置已核对")
    page.click("#save")
    expect(page.locator("#case-state .status")).to_have_text("核查通过")
    page.go_back()
    _case(page, far)
    page.click("#steps .chip:has([value=fail])")
    _photo(page, 6)
    expect(page.locator("#place-state")).to_contain_text("中心会看到距离较远")
    page.click("#save")
    expect(page.locator("#form-error")).to_be_visible()  # a reason is wanted
    page.fill("#note", "还堆着")
    page.click("#save")
    expect(page.locator("#case-state .status")).to_have_text("返工")
    phone.offline(False)
    phone.wait_until_sent(2)
    assert _steps(app, near)[-1] == "verify"
    assert _steps(app, far)[-1] == "fail"


def test_recalled_meanwhile_loses_nothing(
    app: Flask, desk_of_cases: CaseDesk, make_phone: MakePhone, centre: Centre
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    phone.offline()
    _case(page, case_id)
    _photo(page)
    page.fill("#note", "已清运")
    page.click("#save")
    expect(page.locator("#case-state .status")).to_have_text("待核查")  # it is on the phone
    desk_of_cases.step(desk_of_cases.dispatcher, case_id, "recall", note="派错了部门")
    phone.offline(False)
    refused = page.locator("#case-refused section")
    expect(refused).to_contain_text("派错了部门")
    expect(refused).to_contain_text("已清运")
    expect(refused.locator("img")).to_have_count(1)
    expect(page.locator("#case-state .status")).to_have_text("已不在您这里")
    page.click("#back")
    expect(page.locator("[data-section=refused] .field-card")).to_contain_text("派错了部门")
    page.reload()
    _settled(phone)
    _case(page, case_id)
    expect(page.locator("#case-refused section")).to_contain_text("已清运")
    page.click("#case-refused .button.danger")
    page.click("#discard [value=discard]")
    expect(page.locator("#case-refused section")).to_have_count(0)
    assert phone.stores()["items"] == []


def test_a_colleague_was_faster_and_the_words_are_used_again(
    app: Flask, desk_of_cases: CaseDesk, make_phone: MakePhone, network: Network
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    phone.offline()
    _case(page, case_id)
    page.click("#steps .chip:has([value=ask])")
    page.fill("#note", "在哪一侧？")
    page.click("#save")
    expect(page.locator("#case-state .status")).to_have_text("待补充")
    desk_of_cases.step(desk_of_cases.handler, case_id, "ask_extension", note="缺配件", hours=8)
    desk_of_cases.step(desk_of_cases.dispatcher, case_id, "grant", hours=8)
    phone.offline(False)
    expect(page.locator("#case-refused section")).to_contain_text("同意延期")
    expect(page.locator("#case-state .status")).to_have_text("处置中")
    # The next step is taken from what the centre told anew, which may come after its refusal.
    expect(page.locator("#case-history")).to_contain_text("同意延期")
    page.click("#steps .chip:has([value=ask])")
    page.fill("#note", "还有：几号楼？")  # begun since, and not to be lost either
    page.click("#case-refused .button.main")
    expect(page.locator("#note")).to_have_value("还有：几号楼？\n在哪一侧？")
    page.click("#case-refused .button.main")
    expect(page.locator("#note")).to_have_value("还有：几号楼？\n在哪一侧？")
    page.click("#save")
    expect(page.locator("#case-refused section")).to_have_count(0)
    phone.wait_until_sent(1)
    assert _steps(app, case_id)[-1] == "ask"


@pytest.mark.one_database
def test_two_tabs_save_it_once(
    app: Flask, desk_of_cases: CaseDesk, make_phone: MakePhone, network: Network
) -> None:
    case_id = desk_of_cases.at("dispatched")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    other = phone.context.new_page()
    other.goto(f"{phone.address}/field#{case_id}")
    other.wait_for_selector("html[data-ready]", state="attached")
    _case(page, case_id)
    expect(other.locator("#save")).to_contain_text("接单")
    page.click("#save")
    expect(other.locator("#case-state .status")).to_have_text("处置中")  # told by the first
    assert len(phone.stores()["items"]) == 1
    network.good()
    phone.wait_until_sent(1)
    assert _steps(app, case_id).count("take") == 1


@pytest.mark.one_database
def test_nothing_to_do_and_signed_out(
    desk_of_cases: CaseDesk, make_phone: MakePhone, centre: Centre
) -> None:
    phone = make_phone()
    page = phone.go("/field")
    expect(page.locator("#signed-out-note")).to_be_visible()
    page = _open(phone, desk_of_cases.handler)
    expect(page.locator("#none")).to_contain_text("现在没有要处理的案件")
    phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in**")
    assert phone.run(_KEPT) == [0, 0]


def test_what_is_typed_after_a_save_that_takes_long_is_not_lost(
    desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    _case(page, case_id)
    page.click("#steps .chip:has([value=note])")
    page.fill("#note", "先看了现场")
    phone.wait_until_drafted("先看了现场")
    page.evaluate(_BUSY_DISK)
    page.click("#save")
    page.click("#steps .chip:has([value=finish])")
    page.fill("#note", "还没写完")
    phone.wait_until_drafted("还没写完")
    expect(page.locator("#note")).to_have_value("还没写完")
    phone.wait_until_sent(1)
    assert _steps(desk_of_cases.app, case_id)[-1] == "note"


def test_another_persons_steps_and_drafts_stay_theirs(
    centre: Centre, desk_of_cases: CaseDesk, make_phone: MakePhone, network: Network
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    _case(page, case_id)
    page.click("#steps .chip:has([value=note])")
    page.fill("#note", "先看了现场")
    page.click("#save")
    page.click("#steps .chip:has([value=finish])")
    page.fill("#note", "还没写完")
    phone.wait_until_drafted("还没写完")
    phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in**")
    page = _open(phone, desk_of_cases.other_handler)
    expect(page.locator(".field-card")).to_have_count(0)
    network.good()
    page.reload()
    page.wait_for_timeout(2_000)
    assert len(phone.stores()["items"]) == 1
    phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in**")
    centre.people.forget_codes()
    page = _open(phone, desk_of_cases.handler)
    _case(page, case_id)
    expect(page.locator("#note")).to_have_value("还没写完")
    phone.wait_until_sent(1)


def _choose(page: Page, *seeds: int) -> None:
    files: Any = [
        {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)} for seed in seeds
    ]
    _form_stands(page)
    page.set_input_files("#gallery", files)


@pytest.mark.one_database
def test_save_waits_for_photos_that_are_still_made_smaller(
    desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    _case(page, case_id)
    page.fill("#note", "已清运")
    page.evaluate(SLOW_PHOTOS)
    phone.offline()
    _choose(page, 1, 2, 3)
    expect(page.locator(".shot").first).to_be_visible()  # the others may come between two looks
    page.dblclick("#save")
    expect(page.locator("#case-state .status")).to_have_text("待核查")
    [item] = phone.stores()["items"]
    assert len(item["photos"]) == 3


@pytest.mark.one_database
def test_photo_and_place_belong_to_the_case_that_they_were_taken_for(
    desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    first, second = desk_of_cases.at("handling"), desk_of_cases.at("handling")
    phone = make_phone()
    page = _open(phone, desk_of_cases.handler)
    _case(page, first)
    page.evaluate(SLOW_PHOTOS)
    page.evaluate(SLOW_PLACE)
    _choose(page, 1)
    page.click("#back")
    _case(page, second)
    page.fill("#note", "乙")
    phone.until(lambda: {one["photos"] for one in phone.stores()["drafts"]} == {0, 1})
    page.wait_for_timeout(2_500)  # by now the place has come
    page.fill("#note", "乙案")
    phone.wait_until_drafted("乙案")
    [draft] = [one for one in phone.stores()["drafts"] if one["fields"]["report"] == second]
    assert draft["fields"].get("latitude") is None
    expect(page.locator(".shot")).to_have_count(0)
    page.click("#back")
    _case(page, first)
    expect(page.locator(".shot")).to_have_count(1)


def _saved_beside(phone: Phone, person: Person, case_id: int) -> Page:
    """A second tab with a note's draft, after the first tab has saved that note."""
    page = _open(phone, person)
    _case(page, case_id)
    page.click("#steps .chip:has([value=note])")
    page.fill("#note", "甲")
    phone.wait_until_drafted("甲")
    other = phone.context.new_page()
    other.goto(f"{phone.address}/field#{case_id}")
    expect(other.locator("#note")).to_have_value("甲")
    page.click("#save")
    phone.wait_until_sent(1)
    return other


@pytest.mark.one_database
def test_two_tabs_with_one_draft_lose_neither_note(
    desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    other = _saved_beside(phone, desk_of_cases.handler, case_id)
    other.fill("#note", "乙")
    other.click("#save")
    phone.wait_until_sent(2)
    assert _steps(desk_of_cases.app, case_id).count("note") == 2


@pytest.mark.one_database
def test_a_draft_kept_once_more_after_it_was_saved_gets_a_key_of_its_own(
    desk_of_cases: CaseDesk, make_phone: MakePhone
) -> None:
    case_id = desk_of_cases.at("handling")
    phone = make_phone()
    other = _saved_beside(phone, desk_of_cases.handler, case_id)
    other.fill("#note", "乙")
    phone.wait_until_drafted("乙")
    other.reload()
    expect(other.locator("#note")).to_have_value("乙")
    other.click("#save")
    phone.wait_until_sent(2)
    assert _steps(desk_of_cases.app, case_id).count("note") == 2
