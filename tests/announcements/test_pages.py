"""The desk of announcements, and the page of whoever was told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.announcements.models import Announcement, State
from app.blueprints.deliveries.models import Delivery
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.models import Role
from app.lib import clock
from tests.support.announcing import Offices, announce, many_riders, member, told_by
from tests.support.people import People, Person

Browser = Callable[[Person], FlaskClient]
WORDS = {"title_zh": "停水<通知>", "body_zh": "三号驿站今晚停水。", "roles": ["rider"]}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(browser_of: Browser, administrator: Person, places: Offices, app: Flask) -> FlaskClient:
    """The authority's browser; there are twelve riders."""
    many_riders(app, places.company, 12)
    return browser_of(administrator)


def test_from_the_empty_page_to_what_riders_read(
    app: Flask, people: People, desk: FlaskClient, browser_of: Browser, places: Offices,
    session: Session, run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    rider = member(app, people, (Role.RIDER, places.other_company))
    assert "/announcements/new" in desk.get("/announcements").text
    sent = WORDS | {"companies": [str(places.other_company)], "title_en": "Water <off>"}
    answer = desk.post("/announcements/new", data=sent)
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert "停水&lt;通知&gt;" in page
    assert "乙送" in page
    number = int(answer.location.rsplit("/", 1)[1])
    assert desk.post(f"{answer.location}/schedule", data={"when": "now"}).status_code == 303
    assert 'hx-trigger="every 2s"' in desk.get(answer.location).text
    run_jobs()
    assert told_by(session, number) == [rider.id]
    assert 'hx-trigger="every 2s"' not in desk.get(answer.location).text
    reader = browser_of(rider)
    page = reader.get("/messages").text
    (told,) = re.findall(r'data-message="(\d+)"', page)
    led = reader.post(f"/messages/{told}")
    assert led.location == f"/announcements/{number}/read"
    assert "三号驿站今晚停水。" in reader.get(led.location).text
    assert "Water &lt;off&gt;" in reader.get(led.location + "?lang=en").text
    assert desk.get(led.location).status_code == 404
    assert desk.post(f"{answer.location}/recall").status_code == 303
    assert "停水" not in reader.get(led.location).text
    assert desk.post(f"{answer.location}/recall").status_code == 409


def test_what_does_not_fit_comes_back_as_it_was_typed(
    desk: FlaskClient, session: Session, places: Offices
) -> None:
    typed = {
        "title_zh": "长" * 61, "body_zh": "正文一", "title_en": "A title", "body_en": "Some words",
        "companies": [str(places.other_company)], "area": str(places.street),
    }  # fmt: skip
    answer = desk.post("/announcements/new", data=typed)
    assert answer.status_code == 422
    page = answer.text
    assert 'id="title_zh-error"' in page
    assert 'id="roles-error"' in page
    assert page.count('aria-invalid="true"') == 1
    assert all(text in page for text in ("长" * 61, "正文一", "A title", "Some words"))
    assert re.search(rf'<input checked id="companies-\d" [^>]*value="{places.other_company}"', page)
    assert f'<option selected value="{places.street}">' in page
    for wrong in (
        {"roles": ["king"]},
        {"companies": ["x"]},
        {"area": "999999"},
        {"min_star": "9"},
        {"visited": "7"},
        {"sender": "1:x"},
    ):
        refused = desk.post("/announcements/new", data=WORDS | wrong)
        assert refused.status_code == 422
        assert f'id="{next(iter(wrong))}-error"' in refused.text
    assert session.scalar(select(Announcement.id)) is None


def test_the_count_follows_the_choice(
    desk: FlaskClient, places: Offices, app: Flask, people: People, session: Session
) -> None:
    member(app, people, (Role.RIDER, places.other_company), (Role.HOST, places.street))

    def counted(**chosen: object) -> str:
        answer = desk.post("/announcements/new", data={"do": "count", "title_zh": "题"} | chosen)
        assert answer.status_code == 200
        assert 'value="题"' in answer.text
        (line,) = re.findall(r'<p class="count-line".*?</p>', answer.text, re.DOTALL)
        return "".join(re.findall(r"\d+(?= )|\d+(?=\D)", re.sub(r"<[^>]+>", "", line)))

    assert counted(roles=["rider"]) == "13"
    assert counted(roles=["rider"], companies=[str(places.company)]) == "12"
    assert counted(roles=["rider"], area=str(places.street)) == "1"
    assert counted(roles=[]) == counted(roles=["king"]) == ""
    assert session.scalar(select(Announcement.id)) is None


def test_a_draft_is_changed_until_it_is_sent(
    desk: FlaskClient, session: Session, places: Offices
) -> None:
    here = desk.post("/announcements/new", data=WORDS | {"title_en": "Water"}).location
    page = desk.get(f"{here}/change").text
    assert 'value="Water"' in page
    assert 'value="停水&lt;通知&gt;"' in page
    changed = WORDS | {"title_zh": "新题", "title_en": "", "roles": ["rider", "host"]}
    assert desk.post(f"{here}/change", data=changed).status_code == 303
    kept = session.scalars(select(Announcement)).one()
    assert (kept.wording.title_zh, kept.wording.title_en) == ("新题", "新题")
    assert kept.audience == {
        "roles": ["rider", "host"], "companies": [], "area": None, "min_star": 1, "visited": None,
    }  # fmt: skip
    for wrong in ({}, {"when": "later"}, {"when": "later", "send_at": "x"},
                  {"when": "later", "send_at": "2020-01-01T08:00"},
                  {"when": "later", "send_at": "9999-12-31T23:59"}):  # fmt: skip
        assert desk.post(f"{here}/schedule", data=wrong).status_code == 422
    at = clock.to_local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    later = {"when": "later", "send_at": at}
    assert desk.post(f"{here}/schedule", data=later).status_code == 303
    session.rollback()
    kept = session.scalars(select(Announcement)).one()
    assert kept.state == State.SCHEDULED
    assert clock.to_local(kept.send_at).strftime("%Y-%m-%dT%H:%M") == at
    assert desk.get(f"{here}/change").status_code == 409
    assert desk.post(f"{here}/change", data=changed).status_code == 409


def test_the_figures_count_people(
    app: Flask, administrator: Person, desk: FlaskClient, session: Session,
    run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    number = announce(app, administrator)
    run_jobs()
    told = list(session.scalars(select(Notification.id).order_by(Notification.id)))
    now = clock.now()
    session.execute(update(Notification).where(Notification.id.in_(told[:5])).values(shown_at=now))
    session.execute(update(Notification).where(Notification.id.in_(told[:3])).values(read_at=now))
    for one, sent_at in ((told[0], now), (told[0], now), (told[1], now), (told[2], None)):
        session.add(
            Delivery(
                user_id=administrator.id, way="push", notification_id=one, created_at=now,
                expires_at=now, sent_at=sent_at, work_state="done",
            )
        )  # fmt: skip
    session.commit()
    page = desk.get(f"/announcements/{number}").text
    assert re.findall(r'<dd><strong class="number">(.+?)</strong>', page) == ["12", "2", "5", "3"]
    old = update(Announcement).values(send_at=now - timedelta(days=40))
    session.execute(old)
    session.commit()
    page = desk.get(f"/announcements/{number}").text
    assert re.findall(r'<dd><strong class="number">(.+?)</strong>', page) == ["12", "–", "5", "3"]


def test_a_company_chooses_among_its_own(
    browser_of: Browser, manager: Person, desk: FlaskClient, places: Offices
) -> None:
    page = browser_of(manager).get("/announcements/new").text
    roles = re.findall(r'name="roles" type="checkbox" value="(\w+)"', page)
    assert roles == ["rider", "company_manager"]
    assert 'name="companies"' not in page
    assert 'name="area"' not in page
    assert "12" in page
