"""The desk of tasks as it is seen and used: written, published and checked without JavaScript."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_photo
from app.blueprints.tasks.models import Claim, QuestionKind, Task
from app.blueprints.tasks.terms import Proof, Question
from app.extensions import db
from app.lib import clock
from tests.browser.test_compounds_desk import TOO_SMALL
from tests.support.fits import OVERFLOW, findings
from tests.support.people import People, Person
from tests.support.phone import ARGUMENTS, CHROMIUM, Desk
from tests.support.scenes import scene
from tests.support.servers import Server
from tests.support.tasks import Office, Tasks

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SIZES = ((1280, 900), (390, 844))
PICTURES = os.environ.get("PICTURES_TO", "")


@pytest.fixture
def office(app: Flask, people: People) -> Office:
    """A department with 1000 points to hand out."""
    return Tasks.with_rules(app, people).office()


@pytest.fixture(params=[True, False], ids=["javascript", "none"])
def desk(playwright: Playwright, server: Server, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desktop that nobody is signed in on."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", java_script_enabled=request.param
    )
    yield Desk(context, server.address)
    browser.close()


def enter(desk: Desk, person: Person) -> None:
    """Sign in; without JavaScript there is no service worker to wait for."""
    page = desk.go("/sign-in")
    page.fill("#phone", person.phone)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def look(page: Page, name: str) -> None:
    """Nothing against a page, in either size."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        assert page.evaluate(OVERFLOW) <= 0, (name, width)
        assert page.evaluate(TOO_SMALL) == [], (name, width)
        assert findings(page) == [], (name, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def handed_in(office: Office, rider: Person, task_id: int, seed: int) -> int:
    """A rider claims it and hands in a picture."""
    content = scene(seed)
    sha256 = hashlib.sha256(content).hexdigest()
    with office.tasks.app.app_context():
        take_photo(db.session(), photo_storage(), rider.id, sha256, content, now=clock.now())
    claim_id = office.tasks.claim(rider, task_id)
    office.tasks.hand_in(rider, claim_id, photos=(sha256,), answers=("yes",))
    return claim_id


def test_a_task_is_written_published_and_checked(desk: Desk, office: Office) -> None:
    enter(desk, office.person)
    page = desk.page
    page.goto(f"{desk.address}/tasks/desk/new")
    page.get_by_label("中文标题").fill("清点单车")
    page.get_by_label("任务内容（中文）").fill("数一数，拍一张。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".error").first).to_be_visible()
    expect(page.get_by_label("任务内容（中文）")).to_have_value("数一数，拍一张。")
    page.get_by_label("坐标：纬度, 经度").fill("31.3105, 120.7210")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="发布任务").click()
    expect(page.get_by_text("可领取")).to_be_visible()
    with office.tasks.seen() as session:
        task_id = session.scalars(select(Task.id).order_by(Task.id.desc())).first()
    assert task_id


def test_what_waits_is_checked_one_after_another(
    desk: Desk, office: Office, people: People, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    asked = Proof(photos=1, place=True, questions=(Question("干净吗？", QuestionKind.YES_NO),))
    task_id = office.publish(
        proof=asked, needed=3, ends_at=clock.now() + timedelta(days=2), claim_minutes=2880
    )
    claims = [handed_in(office, rider_person, task_id, 1)]
    claims.append(handed_in(office, people.make("rider", name="李大勇"), task_id, 2))
    run_jobs()
    enter(desk, office.person)
    page = desk.page
    page.goto(f"{desk.address}/tasks/desk/check")
    page.get_by_role("link", name="从第一件开始").click()
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.get_by_text("退回补充", exact=True).click()
    page.get_by_role("button", name="告知骑手").click()
    expect(page.locator(".error")).to_contain_text("骑手会看到")
    page.get_by_label("给骑手的话").fill("再近一点")
    page.get_by_role("button", name="告知骑手").click()
    expect(page).to_have_url(f"{desk.address}/tasks/desk/claims/{claims[1]}")
    page.get_by_text("通过", exact=True).click()
    page.get_by_role("button", name="告知骑手").click()
    expect(page.get_by_text("没有待审核的")).to_be_visible()
    with office.tasks.seen() as session:
        states = session.scalars(select(Claim.state).order_by(Claim.id)).all()
        assert list(states) == ["sent_back", "accepted"]


@pytest.mark.parametrize("desk", [True], indirect=True)
def test_the_pages_are_in_order(
    desk: Desk, office: Office, rider_person: Person, run_jobs: Callable[[], None]
) -> None:
    task_id = office.publish(needed=3)
    claim_id = handed_in(office, rider_person, task_id, 1)
    run_jobs()
    enter(desk, office.person)
    page = desk.page
    for name, path in {
        "list": "", "new": "/new", "task": f"/{task_id}", "waiting": "/check",
        "claim": f"/claims/{claim_id}", "series": "/series",
    }.items():  # fmt: skip
        page.goto(f"{desk.address}/tasks/desk{path}")
        look(page, f"tasks-{name}")
