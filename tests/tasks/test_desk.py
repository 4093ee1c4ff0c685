"""The desk of tasks, through its pages: written, published, checked, answered, ended."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.reports.models import Report, ReportEvent, ReportPhoto
from app.blueprints.tasks import claiming
from app.blueprints.tasks.models import Claim, Task, TaskSeries
from app.blueprints.tasks.publishers import home_ids
from app.lib import clock
from tests.support import case_scene
from tests.support.outbox import filed
from tests.support.people import People, Person
from tests.support.tasks import Office, Tasks

Browse = Callable[[Person], FlaskClient]


def form_of(office: Office, **parts: Any) -> dict[str, Any]:
    """A form of a task with all that it needs."""
    begins = clock.to_local(clock.now()).replace(second=0)
    usual = {
        "organisation": str(office.id), "title_zh": "清点单车", "words_zh": "数一数，拍一张。",
        "five_role": "城市管理质检员", "place": "地铁站", "point": "31.3105, 120.7210",
        "radius_m": "100", "area": "", "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begins + timedelta(hours=4):%Y-%m-%dT%H:%M}", "needed": "2", "points": "10",
        "claim_minutes": "60", "photos": "1", "place_needed": "y", "min_star": "1",
        "question_1": "几辆？", "kind_1": "number", "question_2": "哪家的？", "kind_2": "choice",
        "options_2": "蓝色 / 黄色",
    }  # fmt: skip
    return usual | {f"kind_{n}": "words" for n in range(3, 7)} | parts


@pytest.fixture
def desk(browser_of: Browse, office: Office) -> FlaskClient:
    """The office's browser."""
    return browser_of(office.person)


def first_task(tasks: Tasks) -> Task:
    with tasks.seen() as session:
        task = session.scalars(select(Task).order_by(Task.id.desc())).first()
        assert task
        session.expunge(task)
        return task


def test_a_task_is_written_looked_at_and_published(
    desk: FlaskClient, tasks: Tasks, office: Office
) -> None:
    written = desk.post("/tasks/desk/new", data=form_of(office))
    assert written.status_code == 303
    page = desk.get(written.location).text
    assert "几辆？" in page
    task = first_task(tasks)
    assert (task.state, task.needed, task.proof["questions"][1]["options"]) == (
        "draft", 2, ["蓝色", "黄色"]
    )  # fmt: skip
    published = desk.post(f"{written.location}/publish", data={"seen": task.version})
    assert published.status_code == 303
    assert first_task(tasks).state == "open"
    assert "清点单车" in desk.get("/tasks/desk").text


def test_what_was_typed_stays_when_it_does_not_fit(desk: FlaskClient, office: Office) -> None:
    wrong = form_of(
        office, title_zh="", point="hier", needed="viele", check_in="NIX", words_zh="看一看门口",
        options_2="一个", ends_at="2020-13-99",
    )  # fmt: skip
    page = desk.post("/tasks/desk/new", data=wrong)
    assert page.status_code == 422
    assert "看一看门口" in page.text
    assert {"title_zh", "point", "needed", "check_in", "ends_at"} <= set(
        re.findall(r'id="(\w+)-error"', page.text)
    )
    page = desk.post("/tasks/desk/new", data=form_of(office, options_2="一个", photos="0"))
    assert set(re.findall(r'id="(\w+)-error"', page.text)) == {"question_2"}


def test_a_draft_is_changed_and_what_is_open_is_not(
    desk: FlaskClient, tasks: Tasks, office: Office
) -> None:
    task_id = office.make()
    assert "清点共享单车" in desk.get(f"/tasks/desk/{task_id}/change").text
    seen = first_task(tasks).version
    data = form_of(office, title_zh="数路灯", seen=seen)
    assert desk.post(f"/tasks/desk/{task_id}/change", data=data).status_code == 303
    assert first_task(tasks).title_zh == "数路灯"
    assert desk.post(f"/tasks/desk/{task_id}/change", data=data).status_code == 409
    office.open(task_id)
    assert desk.get(f"/tasks/desk/{task_id}/change").status_code == 409


def test_who_changes_a_draft_second_reads_so_and_loses_nothing(
    desk: FlaskClient, tasks: Tasks, office: Office
) -> None:
    path = f"/tasks/desk/{office.make()}/change"
    seen = _seen(desk.get(path).text)
    first = form_of(office, title_zh="甲写的", seen=seen)
    assert desk.post(path, data=first).status_code == 303
    late = form_of(office, title_zh="乙写的", words_zh="乙的说明", seen=seen)
    answer = desk.post(path, data=late)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "乙写的" in answer.text
    assert "乙的说明" in answer.text
    assert first_task(tasks).title_zh == "甲写的"
    assert desk.post(path, data=late | {"seen": _seen(answer.text)}).status_code == 303
    assert first_task(tasks).title_zh == "乙写的"


def test_a_field_that_does_not_fit_does_not_hide_that_somebody_was_faster(
    desk: FlaskClient, office: Office
) -> None:
    path = f"/tasks/desk/{office.make()}/change"
    seen = _seen(desk.get(path).text)
    assert desk.post(path, data=form_of(office, title_zh="甲写的", seen=seen)).status_code == 303
    wrong = desk.post(path, data=form_of(office, needed="viele", seen=seen))
    assert (wrong.status_code, _seen(wrong.text)) == (422, seen)
    again = desk.post(path, data=form_of(office, seen=_seen(wrong.text)))
    assert again.status_code == 409


def test_what_was_typed_outlives_that_the_draft_was_published(
    desk: FlaskClient, tasks: Tasks, office: Office
) -> None:
    task_id = office.make()
    path = f"/tasks/desk/{task_id}/change"
    data = form_of(office, title_zh="乙写的", needed="viele", seen=_seen(desk.get(path).text))
    office.open(task_id)
    answer = desk.post(path, data=data)
    assert answer.status_code == 409
    assert "乙写的" in answer.text
    assert 'role="alert"' in answer.text
    assert first_task(tasks).title_zh == "清点共享单车"


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_budget_that_does_not_suffice_is_said_on_the_page(
    browser_of: Browse, tasks: Tasks
) -> None:
    office = tasks.office(points=15)
    task_id, desk = office.make(), browser_of(office.person)
    page = desk.post(f"/tasks/desk/{task_id}/publish", data={"seen": 1})
    assert page.status_code == 422
    assert "15" in page.text
    assert first_task(tasks).state == "draft"


def test_checking_goes_on_to_the_next_at_once(
    desk: FlaskClient, tasks: Tasks, office: Office, rider_person: Person, rider_two: Person
) -> None:
    task_id = office.publish()
    first, second = tasks.done(rider_person, task_id), tasks.done(rider_two, task_id)
    assert f"/tasks/desk/claims/{first}" in desk.get("/tasks/desk/check").text
    answer = desk.post(
        f"/tasks/desk/claims/{first}/check", data={"seen": 2, "verdict": "accept", "reason": ""}
    )
    assert (answer.status_code, answer.location) == (303, f"/tasks/desk/claims/{second}")
    refused = desk.post(
        f"/tasks/desk/claims/{second}/check", data={"seen": 2, "verdict": "refuse", "reason": ""}
    )
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    kept = desk.post(
        f"/tasks/desk/claims/{second}/check",
        data={"seen": 1, "verdict": "refuse", "reason": "太远"},
    )
    assert kept.status_code == 409
    assert "太远" in kept.text
    assert tasks.state(second) == "handed_in"


def test_who_refused_reads_that_somebody_else_answers_the_appeal(
    desk: FlaskClient, browser_of: Browse, tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    tasks.check(office.person, claim_id, "refuse")
    tasks.do(
        rider_person, lambda s, u, now: claiming.appeal(s, u, claim_id, "就是那里", now=now).id
    )
    assert f"/claims/{claim_id}" not in desk.get("/tasks/desk/check?show=appeals").text
    answer = {"seen": 4, "verdict": "grant", "reason": "看清了"}
    assert desk.post(f"/tasks/desk/claims/{claim_id}/appeal", data=answer).status_code == 403
    other = browser_of(tasks.colleague(office))
    assert "就是那里" in other.get(f"/tasks/desk/claims/{claim_id}").text
    assert other.post(f"/tasks/desk/claims/{claim_id}/appeal", data=answer).status_code == 303
    assert tasks.state(claim_id) == "accepted"


def test_a_riders_name_is_whole_for_administrators_alone(
    desk: FlaskClient, browser_of: Browse, people: People, tasks: Tasks, office: Office,
    rider_person: Person,
) -> None:  # fmt: skip
    claim_id = tasks.done(rider_person, office.publish())
    page = desk.get(f"/tasks/desk/claims/{claim_id}").text
    assert "王**" in page
    assert "王小明" not in page
    admin = browser_of(people.make(Role.ADMINISTRATOR))
    assert "王小明" in admin.get(f"/tasks/desk/claims/{claim_id}").text


def test_a_series_is_begun_and_ended_on_the_desk(
    desk: FlaskClient, tasks: Tasks, office: Office
) -> None:
    last = clock.to_local(clock.now()).date() + timedelta(days=7)
    data = form_of(office, weekdays=[str(day) for day in range(7)], until=last.isoformat())
    begun = desk.post("/tasks/desk/new", data=data)
    assert (begun.status_code, begun.location) == (303, "/tasks/desk/series")
    assert "清点单车" in desk.get("/tasks/desk/series").text
    with tasks.seen() as session:
        series_id = session.scalars(select(TaskSeries.id)).one()
    assert desk.post(f"/tasks/desk/series/{series_id}/end").status_code == 303
    assert "清点单车" not in desk.get("/tasks/desk/series").text


@pytest.mark.parametrize("days_until", [2, None])
def test_a_series_that_would_never_make_a_task_is_refused(
    desk: FlaskClient, tasks: Tasks, office: Office, days_until: int | None
) -> None:
    today = clock.to_local(clock.now()).date()
    until = "" if days_until is None else (today + timedelta(days=days_until)).isoformat()
    never = str((today + timedelta(days=4)).weekday())
    page = desk.post("/tasks/desk/new", data=form_of(office, weekdays=[never], until=until))
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-error"', page.text) == ["weekdays"]
    with tasks.seen() as session:
        assert session.scalars(select(TaskSeries)).all() == []


def test_a_page_of_tasks_leads_to_the_next(desk: FlaskClient, office: Office) -> None:
    ids = [office.publish(points=0) for _task in range(23)]
    page = desk.get("/tasks/desk").text
    assert f'href="/tasks/desk/{ids[-1]}"' in page
    assert f'href="/tasks/desk/{ids[0]}"' not in page
    after = re.search(r"after=(\d+)", page)
    assert after
    assert f'href="/tasks/desk/{ids[0]}"' in desk.get(f"/tasks/desk?after={after[1]}").text


def test_what_riders_found_on_the_spot_stands_at_the_case(
    app: Flask, tasks: Tasks, rider: FlaskClient, people: People, browser_of: Browse,
    rider_person: Person, rider_two: Person,
) -> None:  # fmt: skip
    scene, case_id = case_scene.build(app), filed(rider)
    case_scene.send_to_department(app, scene, case_id)
    worker = browser_of(scene.grid_worker)
    form = worker.get(f"/tasks/desk/new?case={case_id}").text
    assert "现场核实" in form
    assert f'value="{case_id}"' in form
    office = Office(tasks, scene.grid_worker, _home_of(tasks, scene.grid_worker))
    data = form_of(office, case=str(case_id), points="0", question_1="还在吗？", kind_1="yes_no",
        question_2="", place_needed="")  # fmt: skip
    made = worker.post("/tasks/desk/new", data=data)
    assert made.status_code == 303, re.findall(r'error">(.*?)</p>', made.text)
    office.open(first_task(tasks).id)
    claim_id = tasks.claim(rider_two, first_task(tasks).id)
    tasks.hand_in(rider_two, claim_id, answers=("yes",))
    tasks.check(scene.grid_worker, claim_id, "accept")
    with tasks.seen() as session:
        found = select(ReportEvent).where(
            ReportEvent.report_id == case_id, ReportEvent.step == "note"
        )
        event = session.scalars(found).one()
        assert "还在吗？" in (event.note or "")
        assert event.internal
        assert len(event.photos) == 1
    assert "还在吗？" not in rider.get(f"/reports/{case_id}").text


def _home_of(tasks: Tasks, person: Person) -> int:
    with tasks.seen() as session:
        return home_ids(session.get_one(User, person.id))[0]


def test_a_case_that_is_not_mine_fills_in_nothing(
    desk: FlaskClient, rider: FlaskClient, office: Office
) -> None:
    case_id = filed(rider)
    assert "现场核实" not in desk.get(f"/tasks/desk/new?case={case_id}").text
    page = desk.post("/tasks/desk/new", data=form_of(office, case=str(case_id)))
    assert page.status_code == 422


def test_accepted_work_becomes_a_report_in_the_riders_name_once(
    desk: FlaskClient, tasks: Tasks, office: Office, rider_person: Person
) -> None:
    claim_id = tasks.done(rider_person, office.publish())
    path = f"/tasks/desk/claims/{claim_id}/report"
    assert desk.post(path, data={"category": "0102"}).status_code == 409, "not accepted yet"
    tasks.check(office.person, claim_id, "accept")
    assert desk.post(path, data={"category": "9999"}).status_code == 422
    data = {"category": "0102", "description": "一堆垃圾"}
    assert desk.post(path, data=data).status_code == 303
    assert desk.post(path, data=data).status_code == 409
    with tasks.seen() as session:
        report = session.scalars(select(Report)).one()
        photos = session.scalars(select(ReportPhoto.sha256)).all()
        claim = session.get_one(Claim, claim_id)
        assert (report.reporter_id, report.description) == (rider_person.id, "一堆垃圾")
        assert list(photos) == [one.sha256 for one in claim.photos]
        assert claim.report_id == report.id
