"""Tasks on a rider's phone: done with no network, sent back, mended, contradicted."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from app.blueprints.tasks.models import Claim
from app.blueprints.tasks.terms import Proof
from app.extensions import db
from app.lib import clock
from tests.browser.conftest import Centre
from tests.support.check_in_phone import CheckInPhone, Place
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.task_phone import (
    TaskPhone,
    claims_of,
    handed_in,
    in_state,
    picture,
    publish,
)
from tests.support.tasks import Office, Tasks

pytestmark = pytest.mark.browser


def test_claimed_then_done_offline_through_a_dead_browser(
    centre: Centre, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    phone = task_phone.phone
    page = task_phone.open()
    card = page.locator(f"#offered [data-task='{task_id}']")
    for text in ("清点共享单车", "10 积分", "还剩 2 个名额", "1 张照片", "后截止", "0 米"):
        expect(card).to_contain_text(text)
    picture(page, "tasks-list")
    task_phone.choose(task_id)
    picture(page, "task-open", whole=True)
    page.tap("#claim")
    in_state(page, "claimed")
    expect(page.locator("#task-clock .time-words")).to_contain_text("59")
    [(claim_id, state)] = claims_of(centre.app, rider_account.id)
    assert state == "claimed"

    phone.close()  # a browser that is killed at once may not have written down what it kept
    phone.open()
    phone.offline()
    page = task_phone.open()
    expect(page.locator("#as-of")).to_contain_text("没有网络")
    task_phone.choose(task_id)
    expect(page.locator("#do-form")).to_be_visible()  # a photo goes to the draft that is open
    task_phone.photo()
    expect(page.locator("#there-state")).to_contain_text("位置已核对")
    task_phone.answer_all()
    task_phone.kept(lambda one: one["photos"] == 1 and one["fields"]["typed"][3] == "两辆倒在地上")
    phone.kill()

    phone.open()
    phone.offline()
    page = task_phone.open(f"/tasks#t={task_id}")
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
    centre: Centre, tasks: Tasks, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    page = task_phone.claim(task_id)
    task_phone.photo()
    task_phone.answer_all()
    page.tap("#save")
    task_phone.phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    tasks.check(office.person, claim_id, "send_back", "再拍一张全景")
    centre.work()

    page = task_phone.open()
    card = page.locator(f"#at-hand [data-task='{task_id}']")
    expect(card).to_contain_text("再拍一张全景")
    task_phone.choose(task_id)
    expect(page.locator("#task-reason")).to_contain_text("再拍一张全景")
    expect(page.locator("#answer-3")).to_have_value("两辆倒在地上")
    expect(page.locator("#answer-0")).to_have_value("7")
    expect(page.locator("#kept-shots img")).to_have_count(1)
    picture(page, "task-sent-back", whole=True)
    task_phone.phone.offline()
    task_phone.photo(2)
    page.fill("#answer-0", "8")
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    task_phone.phone.offline(False)
    task_phone.phone.wait_until_sent(2)
    assert handed_in(centre.app, claim_id) == ("handed_in", 2, ["8", "no", "东侧", "两辆倒在地上"])
    tasks.check(office.person, claim_id, "accept")
    page = task_phone.open("/tasks#mine")
    expect(page.locator("[data-group=section_done] .task-card")).to_have_attribute(
        "data-state", "accepted"
    )


def test_what_is_missing_is_marked_before_anything_is_kept(
    office: Office, task_phone: TaskPhone
) -> None:
    page = task_phone.claim(publish(office))
    page.tap("#save")
    expect(page.locator("#form-error")).to_contain_text("需要 1 张照片")
    expect(page.locator("#answer-0-error")).to_be_visible()
    task_phone.photo()
    page.fill("#answer-0", "很多")
    page.tap("#save")
    expect(page.locator("#form-error")).to_contain_text("请填写标出的问题")
    expect(page.locator("#answer-0-error")).to_contain_text("请填数字")
    expect(page.locator("#answer-1-error")).to_be_visible()
    assert task_phone.phone.stores()["items"] == []


def test_a_task_given_back_with_no_network_is_free_for_others(
    office: Office, task_phone: TaskPhone
) -> None:
    task_id = publish(office, needed=1)
    page = task_phone.claim(task_id)
    task_phone.phone.offline()
    page.tap("#release")
    page.tap("#let-go [value=release]")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(page.locator("#do-form")).to_be_hidden()
    assert office.tasks.places(task_id)[1] == 1
    task_phone.phone.offline(False)
    task_phone.phone.wait_until_sent()
    assert office.tasks.places(task_id)[1] == 0
    expect(page.locator("#claim")).to_be_enabled()


def test_a_refusal_is_contradicted(
    centre: Centre, tasks: Tasks, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    claim_id = tasks.claim(rider_account, task_id)
    tasks.hand_in(rider_account, claim_id, answers=("7", "no", "东侧", "无"))
    tasks.check(office.person, claim_id, "refuse", "照片里没有车")
    page = task_phone.open(f"/tasks#t={task_id}")
    expect(page.locator("#task-reason")).to_contain_text("照片里没有车")
    picture(page, "task-refused", whole=True)
    page.tap("#appeal .button")
    expect(page.locator("#appeal-error")).to_be_visible()
    task_phone.phone.offline()
    page.fill("#appeal-words", "车在照片左边")
    task_phone.kept(lambda one: one["fields"].get("words") == "车在照片左边")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#appeal-words")).to_have_value("车在照片左边")
    page.tap("#appeal .button")
    in_state(page, "appealed")
    task_phone.phone.offline(False)
    task_phone.phone.wait_until_sent()
    assert handed_in(centre.app, claim_id)[0] == "appealed"


def test_two_tabs_hand_in_once(
    centre: Centre, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office)
    page = task_phone.claim(task_id)
    task_phone.photo()
    task_phone.answer_all()
    task_phone.kept(lambda one: one["photos"] == 1 and one["fields"]["typed"][3] != "")
    task_phone.phone.offline()
    second = task_phone.phone.context.new_page()
    second.goto(f"{task_phone.phone.address}/tasks#t={task_id}")
    expect(second.locator("#answer-3")).to_have_value("两辆倒在地上")
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(second.locator("#task-waiting")).to_contain_text("已保存到本机")
    expect(second.locator("#save")).to_be_hidden()
    task_phone.phone.offline(False)
    task_phone.phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    assert handed_in(centre.app, claim_id)[:2] == ("handed_in", 1)


def test_what_comes_too_late_is_given_back(
    centre: Centre, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    task_id = publish(office, proof=Proof(photos=1))
    page = task_phone.claim(task_id)
    task_phone.phone.offline()
    task_phone.photo()
    page.tap("#save")
    expect(page.locator("#task-waiting")).to_contain_text("已保存到本机")
    with centre.app.app_context():  # it was due before that, as the centre has it
        db.session.execute(update(Claim).values(due_at=clock.now() - timedelta(minutes=30)))
        db.session.commit()
        db.session.remove()
    task_phone.phone.offline(False)
    refused = page.locator("#task-refused section")
    expect(refused.locator(".error")).not_to_be_empty(timeout=40_000)
    expect(refused.locator("img")).to_have_count(1)
    picture(page, "task-too-late", whole=True)
    page.tap("#task-refused .danger")
    page.tap("#discard [value=discard]")
    expect(page.locator("#task-refused section")).to_have_count(0)
    assert task_phone.phone.stores()["items"] == []


def test_a_check_in_that_the_task_asks_for_is_seen_offline(
    centre: Centre, office: Office, phone: Phone
) -> None:
    station = Place.make(centre.app, phone.address, name_zh="湖东驿站")
    task_id = publish(office, proof=Proof(check_in=station.station_id))
    rider = CheckInPhone(phone)
    rider.prepare()
    task_phone = TaskPhone(phone)
    page = task_phone.claim(task_id)
    expect(page.locator("#check-in-state")).to_contain_text("请先在湖东驿站打卡")
    phone.offline()
    page.tap("#check-in-way")
    page.wait_for_url("**/check-in")  # the page of tasks is ready too
    page.wait_for_selector("html[data-ready]", state="attached")
    assert rider.read(station.poster()) == "found"
    rider.tap()
    page = task_phone.open(f"/tasks#t={task_id}")
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
