"""Tasks on a rider's phone: claimed, done with no network, sent back, mended, contradicted."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.blueprints.organisations.models import Role
from app.blueprints.tasks.models import Claim
from app.blueprints.tasks.terms import Proof
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre, MakePhone
from tests.support.check_in_phone import CheckInPhone, Place
from tests.support.fits import OVERFLOW
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.rider_phone import SHIFTS, shifts
from tests.support.task_phone import HERE, PROOF, TaskPhone, claims_of, handed_in
from tests.support.tasks import Office, Tasks

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES_TO", "")
SMALL = """() => [...document.querySelectorAll("main a, main button, main textarea, main input:not([type=radio]):not([type=file]), main label.chip, .bar a, .tabs a")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("p"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 47.5 || height < 47.5)
  .map(([html]) => html)"""


@pytest.fixture
def tasks(centre: Centre) -> Tasks:
    return Tasks(centre.app, centre.people)


@pytest.fixture
def office(tasks: Tasks) -> Office:
    return tasks.office()


@pytest.fixture
def knight(phone: Phone) -> TaskPhone:
    return TaskPhone(phone)


def publish(office: Office, **parts: Any) -> int:
    """A task where the phone is, that wants a photo, the place and four answers."""
    return office.publish(**{"proof": PROOF, **HERE, **parts})


def in_state(page: Page, state: str) -> None:
    """Wait until the page shows the task so."""
    expect(page.locator("#task")).to_have_attribute("data-state", state)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=whole)


def test_claimed_then_done_offline_through_a_dead_browser(
    centre: Centre, office: Office, knight: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    phone = knight.phone
    page = knight.open()
    card = page.locator(f"#offered [data-task='{task_id}']")
    for text in ("清点共享单车", "10 积分", "还剩 2 个名额", "1 张照片", "后截止", "0 米"):
        expect(card).to_contain_text(text)
    picture(page, "tasks-list")
    knight.choose(task_id)
    picture(page, "task-open", whole=True)
    page.tap("#claim")
    in_state(page, "claimed")
    expect(page.locator("#task-clock .time-words")).to_contain_text("59")
    [(claim_id, state)] = claims_of(centre.app, rider_account.id)
    assert state == "claimed"

    phone.close()  # a browser that is killed at once may not have written down what it kept
    phone.open()
    phone.offline()
    page = knight.open()
    expect(page.locator("#as-of")).to_contain_text("没有网络")
    knight.choose(task_id)
    knight.photo()
    expect(page.locator("#there-state")).to_contain_text("位置已核对")
    knight.answer_all()
    knight.kept(lambda one: one["photos"] == 1 and one["fields"]["typed"][3] == "两辆倒在地上")
    phone.kill()

    phone.open()
    phone.offline()
    page = knight.open(f"/tasks#t={task_id}")
    expect(page.locator("#answer-3")).to_have_value("两辆倒在地上")
    expect(page.locator("#answer-1 input").nth(1)).to_be_checked()
    expect(page.locator("#shots .shot")).to_have_count(1)
    expect(page.locator("#there-state")).to_contain_text("位置已核对")
    picture(page, "task-doing", whole=True)
    page.tap("#save")
    in_state(page, "handed_in")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(page.locator("#task-work-list")).to_contain_text("两辆倒在地上")
    picture(page, "task-saved", whole=True)
    assert handed_in(centre.app, claim_id)[0] == "claimed"

    phone.offline(False)
    phone.wait_until_sent()
    assert handed_in(centre.app, claim_id) == ("handed_in", 1, ["7", "no", "东侧", "两辆倒在地上"])
    expect(page.locator("#task-waiting")).to_be_empty()
    assert phone.stores()["drafts"] == []


def test_sent_back_and_mended_with_all_that_was_typed(
    centre: Centre, tasks: Tasks, office: Office, knight: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    page = knight.claim(task_id)
    knight.photo()
    knight.answer_all()
    page.tap("#save")
    knight.phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    tasks.check(office.person, claim_id, "send_back", "再拍一张全景")
    centre.work()

    page = knight.open()
    card = page.locator(f"#at-hand [data-task='{task_id}']")
    expect(card).to_contain_text("再拍一张全景")
    knight.choose(task_id)
    expect(page.locator("#task-reason")).to_contain_text("再拍一张全景")
    expect(page.locator("#answer-3")).to_have_value("两辆倒在地上")
    expect(page.locator("#answer-0")).to_have_value("7")
    expect(page.locator("#kept-shots img")).to_have_count(1)
    picture(page, "task-sent-back", whole=True)
    knight.phone.offline()
    knight.photo(2)
    page.fill("#answer-0", "8")
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    knight.phone.offline(False)
    knight.phone.wait_until_sent(2)
    assert handed_in(centre.app, claim_id) == ("handed_in", 2, ["8", "no", "东侧", "两辆倒在地上"])
    tasks.check(office.person, claim_id, "accept")
    page = knight.open("/tasks#mine")
    expect(page.locator("[data-group=section_done] .task-card")).to_have_attribute(
        "data-state", "accepted"
    )


def test_the_last_place_goes_to_one(
    office: Office, knight: TaskPhone, make_phone: MakePhone, centre: Centre
) -> None:
    other = TaskPhone(make_phone())
    other.phone.sign_in(centre.people.make(Role.RIDER))
    task_id = publish(office, needed=1)
    page = knight.open(f"/tasks#t={task_id}")
    late = other.open(f"/tasks#t={task_id}")
    page.tap("#claim")
    expect(page.locator("#do-form")).to_be_visible()
    late.tap("#claim")
    expect(late.locator("#claim-error span")).not_to_be_empty()
    expect(late.locator("#task-facts")).to_contain_text("名额已满")
    expect(late.locator("#claim")).to_be_disabled()
    picture(late, "task-full")
    assert office.tasks.places(task_id)[1] == 1


def test_what_bars_the_rider_is_said(office: Office, knight: TaskPhone) -> None:
    star = publish(office, min_star=4, title_zh="四星任务")
    far = publish(office, distance_m=200, latitude=31.40, longitude=120.80, title_zh="远处任务")
    page = knight.open()
    expect(page.locator(f"[data-task='{star}']")).to_contain_text("需 4 星以上")
    knight.choose(star)
    expect(page.locator("#claim")).to_be_disabled()
    page = knight.open(f"/tasks#t={far}")
    page.tap("#claim")
    expect(page.locator("#claim-error")).to_be_visible()
    expect(page.locator("#do-form")).to_be_hidden()


def test_claiming_needs_network_and_says_so(office: Office, knight: TaskPhone) -> None:
    task_id = publish(office)
    knight.open()
    knight.phone.offline()
    page = knight.open(f"/tasks#t={task_id}")
    page.tap("#claim")
    expect(page.locator("#claim-error")).to_contain_text("领取任务需要网络")
    knight.phone.offline(False)
    page.tap("#claim")
    expect(page.locator("#do-form")).to_be_visible()
    expect(page.locator("#claim-error")).to_be_hidden()


def test_what_is_missing_is_marked_before_anything_is_kept(
    office: Office, knight: TaskPhone
) -> None:
    page = knight.claim(publish(office))
    page.tap("#save")
    expect(page.locator("#form-error")).to_contain_text("需要 1 张照片")
    expect(page.locator("#answer-0-error")).to_be_visible()
    knight.photo()
    page.fill("#answer-0", "很多")
    page.tap("#save")
    expect(page.locator("#form-error")).to_contain_text("请填写标出的问题")
    expect(page.locator("#answer-0-error")).to_contain_text("请填数字")
    expect(page.locator("#answer-1-error")).to_be_visible()
    assert knight.phone.stores()["items"] == []


def test_a_task_given_back_with_no_network_is_free_for_others(
    office: Office, knight: TaskPhone
) -> None:
    task_id = publish(office, needed=1)
    page = knight.claim(task_id)
    knight.phone.offline()
    page.tap("#release")
    page.tap("#let-go [value=release]")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(page.locator("#do-form")).to_be_hidden()
    assert office.tasks.places(task_id)[1] == 1
    knight.phone.offline(False)
    knight.phone.wait_until_sent()
    assert office.tasks.places(task_id)[1] == 0
    expect(page.locator("#claim")).to_be_enabled()


def test_a_refusal_is_contradicted(
    centre: Centre, tasks: Tasks, office: Office, knight: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    claim_id = tasks.claim(rider_account, task_id)
    tasks.hand_in(rider_account, claim_id, answers=("7", "no", "东侧", "无"))
    tasks.check(office.person, claim_id, "refuse", "照片里没有车")
    page = knight.open(f"/tasks#t={task_id}")
    expect(page.locator("#task-reason")).to_contain_text("照片里没有车")
    picture(page, "task-refused", whole=True)
    page.tap("#appeal .button")
    expect(page.locator("#appeal-error")).to_be_visible()
    knight.phone.offline()
    page.fill("#appeal-words", "车在照片左边")
    knight.kept(lambda one: one["fields"].get("words") == "车在照片左边")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#appeal-words")).to_have_value("车在照片左边")
    page.tap("#appeal .button")
    in_state(page, "appealed")
    knight.phone.offline(False)
    knight.phone.wait_until_sent()
    assert handed_in(centre.app, claim_id)[0] == "appealed"


def test_two_tabs_hand_in_once(
    centre: Centre, office: Office, knight: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    page = knight.claim(task_id)
    knight.photo()
    knight.answer_all()
    knight.kept(lambda one: one["photos"] == 1 and one["fields"]["typed"][3] != "")
    knight.phone.offline()
    second = knight.phone.context.new_page()
    second.goto(f"{knight.phone.address}/tasks#t={task_id}")
    expect(second.locator("#answer-3")).to_have_value("两辆倒在地上")
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(second.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(second.locator("#save")).to_be_hidden()
    knight.phone.offline(False)
    knight.phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    assert handed_in(centre.app, claim_id)[:2] == ("handed_in", 1)


def test_what_comes_too_late_is_given_back(
    centre: Centre, office: Office, knight: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office, proof=Proof(photos=1))
    page = knight.claim(task_id)
    knight.phone.offline()
    knight.photo()
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    with centre.app.app_context():  # it was due before that, as the centre has it
        db.session.execute(update(Claim).values(due_at=clock.now() - timedelta(minutes=30)))
        db.session.commit()
        db.session.remove()
    knight.phone.offline(False)
    refused = page.locator("#task-refused section")
    expect(refused.locator(".error")).not_to_be_empty(timeout=40_000)
    expect(refused.locator("img")).to_have_count(1)
    picture(page, "task-too-late", whole=True)
    page.tap("#task-refused .danger")
    page.tap("#discard [value=discard]")
    expect(page.locator("#task-refused section")).to_have_count(0)
    assert knight.phone.stores()["items"] == []


def test_a_check_in_that_the_task_asks_for_is_seen_offline(
    centre: Centre, office: Office, phone: Phone
) -> None:
    station = Place.make(centre.app, phone.address, name_zh="湖东驿站")
    task_id = publish(office, proof=Proof(check_in=station.station_id))
    rider = CheckInPhone(phone)
    rider.prepare()
    knight = TaskPhone(phone)
    page = knight.claim(task_id)
    expect(page.locator("#check-in-state")).to_contain_text("请先在湖东驿站打卡")
    phone.offline()
    page.tap("#check-in-way")
    rider.page.wait_for_selector("html[data-ready]", state="attached")
    assert rider.read(station.poster()) == "found"
    rider.tap()
    page = knight.open(f"/tasks#t={task_id}")
    expect(page.locator("#check-in-state")).to_contain_text("已打卡")
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    phone.offline(False)
    phone.wait_until_sent(2)
    with centre.app.app_context():
        claim = db.session.query(Claim).one()
        assert (str(claim.state), claim.marks) == ("handed_in", []), [
            vars(one) for one in station.check_ins()
        ]
        db.session.remove()


def test_the_map_holds_what_the_list_holds(office: Office, knight: TaskPhone) -> None:
    task_id = publish(office)
    page = knight.open("/tasks#map")
    expect(page.locator("#tasks-map[data-shown='1']")).to_be_visible()
    box: Any = page.locator("#tasks-map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(f"#picked [data-task='{task_id}']")).to_be_visible()
    picture(page, "tasks-map")
    page.tap("#picked a")
    expect(page.locator("#task-title")).to_be_focused()
    page.tap("#back")
    expect(page.locator("#tasks-map")).to_be_visible()


def test_chips_take_away_what_does_not_fit(office: Office, knight: TaskPhone) -> None:
    near = publish(office)
    far = publish(office, latitude=31.40, longitude=120.90, proof=Proof(place=True))
    page = knight.open()
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
def test_signing_out_leaves_no_task_behind(office: Office, knight: TaskPhone) -> None:
    publish(office)
    knight.open()
    page = knight.phone.go("/sign-out")
    page.click("#sign-out button")
    page.wait_for_url("**/sign-in*")
    page = knight.open()
    expect(page.locator("#signed-out-note")).to_be_visible()
    expect(page.locator(".task-card")).to_have_count(0)


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_it_can_be_used_by_everybody(
    tasks: Tasks,
    office: Office,
    knight: TaskPhone,
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
    phone = knight.phone
    phone.page.emulate_media(color_scheme=scheme)
    if language == "en":
        phone.go("/me")
        phone.page.click(".language [value=en]")
        phone.page.wait_for_selector("html[lang=en]")
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
