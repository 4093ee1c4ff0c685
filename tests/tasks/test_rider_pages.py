"""A rider's tasks without JavaScript, what a phone keeps of them, and its outbox's steps."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.tasks import wire
from app.blueprints.tasks.models import Claim, QuestionKind, Task
from app.blueprints.tasks.rider_queries import PAGE
from app.blueprints.tasks.terms import Proof, Question
from app.lib import clock
from tests.conftest import Clock
from tests.support.outbox import put_new, send, send_one
from tests.support.people import Person
from tests.support.pictures import picture
from tests.support.statements import counted
from tests.support.tasks import PLACE, Office, Tasks

QUESTIONS = Proof(
    photos=1,
    questions=(
        Question("几辆？", QuestionKind.NUMBER),
        Question("通畅吗？", QuestionKind.YES_NO),
        Question("哪一侧？", QuestionKind.CHOICE, ("东侧", "西侧")),
    ),
)
ANSWERS = {"answer_1": "7", "answer_2": "no", "answer_3": "东侧"}
SPOT = {"latitude": PLACE[0], "longitude": PLACE[1], "accuracy_m": 10}
Claims = Callable[[], list[Claim]]
JSON = {"Accept": "application/json"}


@pytest.fixture
def claims(session: Session) -> Claims:
    def found() -> list[Claim]:
        session.rollback()
        return list(session.scalars(select(Claim).order_by(Claim.id)))

    return found


def step(
    name: str, claim_id: object, *photos: str, ago: float = 5, **fields: Any
) -> dict[str, Any]:
    """An item of a phone's outbox, captured so many seconds ago."""
    return {
        "key": str(uuid7()), "kind": "task_step", "schema": 1,
        "fields": {"claim": claim_id, "task": 1, "step": name, **fields}, "photos": list(photos),
        "captured_at": clock.to_ms(clock.now() - timedelta(seconds=ago)), "server_offset": 0,
    }  # fmt: skip


def done(claim_id: int, *photos: str, **fields: Any) -> dict[str, Any]:
    """What the usual task asks for."""
    return step("hand_in", claim_id, *photos, **(SPOT | {"answers": [], "kept": []} | fields))


def file(seed: int = 1) -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(seed)), f"{seed}.jpg"


def test_the_plain_way_from_the_list_to_an_accepted_task(
    tasks: Tasks, office: Office, rider: FlaskClient, claims: Claims
) -> None:
    task_id = office.publish(proof=QUESTIONS)
    page = rider.get("/tasks/all").text
    assert "清点共享单车" in page
    assert "还剩 2 个名额" in page
    assert rider.post(f"/tasks/{task_id}/claim").status_code == 303
    assert rider.get("/tasks/all").text.count(f'href="/tasks/{task_id}"') == 1
    [claim] = claims()
    form = rider.get(f"/tasks/{task_id}").text
    assert f'action="/tasks/claims/{claim.id}/hand-in"' in form
    path = f"/tasks/claims/{claim.id}/hand-in"
    again = rider.post(path, data={"answer_1": "很多", "answer_2": "no", "photos": [file()]})
    assert again.status_code == 422
    assert re.search(r'name="answer_1"[^>]*value="很多"[^>]*aria-invalid="true"', again.text)
    assert re.search(r'value="no" checked', again.text)
    assert rider.post(path, data=ANSWERS | {"photos": [file()]}).status_code == 303
    [claim] = claims()
    assert (str(claim.state), len(claim.photos)) == ("handed_in", 1)
    assert [one.answer for one in claim.answers] == ["7", "no", "东侧"]
    tasks.check(office.person, claim.id, "accept")
    assert str(claims()[0].state) == "accepted"


def test_what_was_sent_back_keeps_photos_and_answers(
    tasks: Tasks, office: Office, rider: FlaskClient, claims: Claims,
    run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    task_id = office.publish(proof=QUESTIONS)
    rider.post(f"/tasks/{task_id}/claim")
    [claim] = claims()
    path = f"/tasks/claims/{claim.id}/hand-in"
    rider.post(path, data=ANSWERS | {"photos": [file()]})
    tasks.check(office.person, claim.id, "send_back", "再拍一张全景")
    run_jobs()
    page = rider.get(f"/tasks/{task_id}").text
    assert "再拍一张全景" in page
    assert 'value="7"' in page
    [kept] = re.findall(r'name="kept" value="([0-9a-f]{64})" checked', page)
    photo = rider.get(f"/tasks/claims/{claim.id}/photos/1/1/thumb")
    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    assert "private" in photo.headers["Cache-Control"]
    answered = rider.post(path, data=ANSWERS | {"kept": [kept, "0" * 64], "photos": [file(2)]})
    assert answered.status_code == 303
    [claim] = claims()
    assert next(one.sha256 for one in claim.photos if one.attempt == 2) == kept
    assert sum(one.attempt == 2 for one in claim.photos) == 2


def test_a_refusal_is_contradicted_by_the_plain_form(
    tasks: Tasks, office: Office, rider: FlaskClient, rider_person: Person, claims: Claims
) -> None:
    claim_id = tasks.done(rider_person, task_id := office.publish())
    tasks.check(office.person, claim_id, "refuse", "看不清")
    assert "看不清" in rider.get(f"/tasks/{task_id}").text
    path = f"/tasks/claims/{claim_id}/appeal"
    assert rider.post(path, data={"words": " "}).status_code == 422
    assert rider.post(path, data={"words": "车在左边"}).status_code == 303
    assert tasks.state(claim_id) == "appealed"
    late = rider.post(path, data={"words": "再说一次"})
    assert late.status_code == 409


def test_giving_back_and_a_double_tap(
    tasks: Tasks, office: Office, rider: FlaskClient, claims: Claims
) -> None:
    task_id = office.publish(needed=1)
    first = rider.post(f"/tasks/{task_id}/claim", headers=JSON)
    second = rider.post(f"/tasks/{task_id}/claim", headers=JSON)
    assert first.get_json() == second.get_json() == {"claimed": task_id}
    assert tasks.places(task_id)[1] == 1
    [claim] = claims()
    path = f"/tasks/claims/{claim.id}/release"
    assert rider.post(path).status_code == 303
    assert tasks.places(task_id)[1] == 0
    assert rider.post(path).status_code == 409


def test_why_not_is_said_in_json_and_on_the_page(
    office: Office, rider: FlaskClient, rider_two: Person, tasks: Tasks
) -> None:
    task_id = office.publish(needed=1)
    tasks.claim(rider_two, task_id)
    answer = rider.post(f"/tasks/{task_id}/claim", headers=JSON)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "full")
    page = rider.post(f"/tasks/{task_id}/claim")
    assert page.status_code == 409
    assert 'role="alert"' in page.text
    near = office.publish(distance_m=300)
    for spot in ({}, SPOT | {"latitude": 31.4}):
        answer = rider.post(f"/tasks/{near}/claim", headers=JSON, data=spot)
        assert answer.get_json()["error"]["code"] == "not_for_you"
    odd = rider.post(f"/tasks/{near}/claim", headers=JSON, data=SPOT | {"latitude": "nan"})
    assert (odd.status_code, list(odd.get_json()["error"]["errors"])) == (422, ["latitude"])
    assert rider.post(f"/tasks/{near}/claim", headers=JSON, data=SPOT).status_code == 200


def test_the_list_goes_on_page_by_page(
    office: Office, rider: FlaskClient, session: Session
) -> None:
    task_id = office.publish()
    usual = session.get_one(Task, task_id)
    names = [column.name for column in Task.__table__.columns if column.name != "id"]
    values = {name: getattr(usual, name) for name in names}
    for number in range(PAGE + 3):
        session.add(
            Task(
                **values
                | {
                    "title_zh": f"第{number:02}个",
                    "ends_at": usual.ends_at + timedelta(minutes=number // 2),
                }
            )
        )
    session.commit()
    seen: list[str] = []
    path: str | None = "/tasks/all"
    while path:
        page = rider.get(path).text
        seen += re.findall(r"<strong>(.*?)</strong>", page)
        more = re.search(r'href="(/tasks/all\?after=\d+)"', page)
        path = more[1] if more else None
    assert sorted(seen) == sorted({*seen})
    assert len(seen) == PAGE + 4
    assert rider.get("/tasks/all?after=x").status_code == 200


def test_a_phone_is_told_what_is_new_and_no_more(
    office: Office, rider: FlaskClient, rider_person: Person
) -> None:
    task_id = office.publish()
    first = rider.get("/tasks/mine.json")
    content = first.get_json()
    assert content["user"] == rider_person.id
    assert [one["id"] for one in content["tasks"]] == [task_id]
    assert abs(content["now"] - clock.to_ms(clock.now())) < 60_000
    tag = {"If-None-Match": first.headers["ETag"]}
    assert rider.get("/tasks/mine.json", headers=tag).status_code == 304
    rider.post(f"/tasks/{task_id}/claim")
    second = rider.get("/tasks/mine.json", headers=tag)
    assert second.status_code == 200
    assert second.get_json()["claims"][0]["state"] == "claimed"
    assert (
        "no-store" in second.headers["Cache-Control"]
        or "private" in second.headers["Cache-Control"]
    )


def test_a_phone_is_told_of_the_check_in_that_belongs_to_a_claim(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person, rider_two: Person,
    held_clock: Clock, session: Session, app: Flask,
) -> None:  # fmt: skip
    here, there = tasks.station(), tasks.station()
    wanted = {station: Proof(check_in=station) for station in (here, there)}
    ids = [tasks.claim(rider_person, office.publish(proof=wanted[here], points=0))]
    ids += [tasks.claim(rider_person, office.publish(proof=wanted[there], points=0))]
    ids += [tasks.claim(rider_person, office.publish(points=0))]

    def told() -> list[int | None]:
        found = {one["id"]: one["checked_in"] for one in _claims_told(rider)}
        return [found[one] for one in ids]

    tasks.check_in(rider_person, here, -61)
    tasks.check_in(rider_two, here, 0)
    tasks.check_in(rider_person, here, 11)
    assert told() == [None, None, None]
    tasks.check_in(rider_person, here, -60)
    tasks.check_in(rider_person, here, 3)
    came = clock.to_ms(clock.now() - timedelta(hours=1))
    ran = counted(app)
    assert told() == [came, None, None]
    assert sum("FROM check_ins" in one for one in ran) == 1
    tasks.hand_in(rider_person, ids[0], photos=())
    session.rollback()
    assert session.get_one(Claim, ids[0]).marks == []
    tasks.hand_in(rider_person, ids[1], photos=())
    held_clock.forward(minutes=30)
    tasks.check_in(rider_person, there, 0)
    assert told() == [came, None, None]
    session.rollback()
    assert session.get_one(Claim, ids[1]).marks == ["no_check_in"]


def test_what_is_to_do_is_never_cut_off_by_what_is_over(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person, session: Session,
    monkeypatch: pytest.MonkeyPatch, held_clock: Clock,
) -> None:  # fmt: skip
    monkeypatch.setattr(wire, "MOST_CLAIMS_TOLD", 3)
    handed_in = tasks.done(rider_person, office.publish())
    to_do = tasks.claim(rider_person, task_id := office.publish())
    over = []
    for _number in range(3):
        held_clock.forward(minutes=1)
        over.append(tasks.done(rider_person, office.publish(points=0)))
        tasks.check(office.person, over[-1], "accept")
    assert [one["id"] for one in _claims_told(rider)] == [to_do, handed_in, over[-1]]
    assert f'href="/tasks/{task_id}"' in rider.get("/tasks/all").text


def _claims_told(rider: FlaskClient) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = rider.get("/tasks/mine.json").get_json()["claims"]
    return told


def test_the_first_page_names_what_is_to_be_done(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person
) -> None:
    assert 'id="to-do"' not in rider.get("/").text
    task_id = office.publish()
    claim_id = tasks.claim(rider_person, task_id)
    assert f'href="/tasks#t={task_id}"' in rider.get("/").text
    tasks.hand_in(rider_person, claim_id)
    assert 'id="to-do"' not in rider.get("/").text


def test_the_shell_knows_nobody(rider: FlaskClient, client: FlaskClient) -> None:
    assert rider.get("/tasks").text == client.get("/tasks").text


@pytest.mark.parametrize("path", ["/tasks/claims/1/photos/1/1/thumb", "/tasks/1"])
def test_others_photos_and_tasks_that_are_not_there(rider: FlaskClient, path: str) -> None:
    assert rider.get(path).status_code == 404


def test_a_phone_hands_in_once_however_often_it_sends(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person, claims: Claims
) -> None:
    claim_id = tasks.claim(rider_person, office.publish())
    item = done(claim_id, put_new(rider))
    first, second = send_one(rider, item), send_one(rider, item)
    assert (first["verdict"], second["verdict"]) == ("accepted", "duplicate")
    assert first["url"].startswith("/tasks#t=")
    [claim] = claims()
    assert (claim.key, claim.attempts, str(claim.state)) == (item["key"], 1, "handed_in")
    other = send_one(rider, done(claim_id, put_new(rider)))
    assert other["verdict"] == "rejected"
    assert list(other["errors"]) == ["item"]


def test_one_batch_gives_back_and_contradicts(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person
) -> None:
    let_go = tasks.claim(rider_person, office.publish())
    refused = tasks.done(rider_person, office.publish())
    tasks.check(office.person, refused, "refuse", "看不清")
    answers = send(rider, step("release", let_go), step("appeal", refused, words="看得清"))
    assert [one["verdict"] for one in answers] == ["accepted", "accepted"]
    assert (tasks.state(let_go), tasks.state(refused)) == ("released", "appealed")


def test_what_was_done_in_time_counts_though_it_comes_late(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person, held_clock: Clock,
    run_jobs: Callable[[], None], claims: Claims,
) -> None:  # fmt: skip
    task_id = office.publish(claim_minutes=60)
    claim_id = tasks.claim(rider_person, task_id)
    held_clock.forward(minutes=50)
    photo, item = put_new(rider), done(claim_id, ago=0)
    item["photos"] = [photo]
    late = done(claim_id, photo, ago=0)
    late["captured_at"] += 11 * 60_000
    held_clock.forward(hours=20)
    run_jobs()
    assert tasks.state(claim_id) == "expired"
    assert send_one(rider, late)["verdict"] == "rejected"
    assert send_one(rider, item)["verdict"] == "accepted"
    assert claims()[0].marks == ["late"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": "accept"}, "step"),
        ({"claim": "1"}, "claim"),
        ({"claim": True}, "claim"),
        ({"claim": 2**40}, "claim"),
        ({"answers": "x"}, "answers"),
        ({"answers": [1]}, "answers"),
        ({"answers": ["x"] * 7}, "answers"),
        ({"kept": ["../x"]}, "photos"),
        ({"kept": ["0" * 64] * 5}, "photos"),
        ({"kept": ["0" * 64]}, "photos"),
        ({"kept": {}}, "photos"),
        ({"latitude": "here"}, "latitude"),
        ({"latitude": None}, "place"),
    ],
)
def test_odd_items_are_refused_at_their_field(
    office: Office, tasks: Tasks, rider: FlaskClient, rider_person: Person, change: dict[str, Any],
    field: str,
) -> None:  # fmt: skip
    claim_id = tasks.claim(rider_person, office.publish())
    item = done(claim_id, put_new(rider))
    item["fields"] |= change
    answer = send_one(rider, item)
    assert (answer["verdict"], list(answer["errors"])) == ("rejected", [field])
    assert tasks.state(claim_id) == "claimed"


def test_nobody_hands_in_for_another(
    app: Flask, office: Office, tasks: Tasks, rider: FlaskClient, rider_two: Person,
    dispatcher: FlaskClient,
) -> None:  # fmt: skip
    claim_id = tasks.claim(rider_two, office.publish())
    for browser in (rider, dispatcher):
        for name in ("hand_in", "release", "appeal"):
            item = done(claim_id, put_new(browser)) | {}
            item["fields"] |= {"step": name, "words": "我的"}
            assert send_one(browser, item)["verdict"] == "rejected"
    assert tasks.state(claim_id) == "claimed"
    assert rider.post(f"/tasks/claims/{claim_id}/release").status_code == 404
    assert rider.post(f"/tasks/claims/{claim_id}/hand-in", data={}).status_code == 404
