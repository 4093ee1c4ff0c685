"""The reporter's side of a case: what is seen, what never is, and each step as a plain form."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.cases.life import MOST_OF_REPORTER
from app.blueprints.cases.transitions import NAMES
from app.blueprints.cases.words import LOOKS, STATE_WORDS, STEP_WORDS, state_word
from app.blueprints.reports.models import Report, ReportEvent, State
from tests.conftest import Clock
from tests.support.cases import CaseDesk
from tests.support.people import Person
from tests.support.pictures import picture

BrowserOf = Callable[[Person], FlaskClient]
SECRET = "只给内部看的话"
STAFF = ("李派遣", "孙环卫", "冯网格", "钱主任", "周派遣")


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def mine(desk: CaseDesk, browser_of: BrowserOf) -> FlaskClient:
    """The browser of the rider who files the cases."""
    return browser_of(desk.rider)


def _case(session: Session, case_id: int) -> Report:
    session.rollback()
    return session.get_one(Report, case_id, populate_existing=True)


def _steps(session: Session, case_id: int) -> list[str]:
    session.rollback()
    found = select(ReportEvent.step).where(ReportEvent.report_id == case_id)
    return list(session.scalars(found.order_by(ReportEvent.id)))


def _post(
    client: FlaskClient, case_id: int, step: str, photos: tuple[bytes, ...] = (), **fields: Any
) -> TestResponse:
    files = [(io.BytesIO(content), f"{number}.jpg") for number, content in enumerate(photos)]
    return client.post(f"/reports/{case_id}/{step}", data=fields | {"photos": files})


def test_every_state_and_step_has_its_word_and_look(app: Flask) -> None:
    assert set(STATE_WORDS) == set(LOOKS) == set(State)
    assert set(NAMES) <= set(STEP_WORDS)
    with app.test_request_context():
        words = [state_word(state) for state in State]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("state", list(State))
def test_the_page_says_where_it_stands_in_every_state(
    app: Flask, desk: CaseDesk, mine: FlaskClient, state: State
) -> None:
    case_id = desk.at(state)
    with app.test_request_context():
        word = state_word(state)
    page = mine.get(f"/reports/{case_id}").text
    assert f"<h2>{word}</h2>" in page
    for name in STAFF:
        assert name not in page
    assert word in mine.get("/reports").text


@pytest.mark.parametrize("person", ["other_rider", "handler", "grid_worker", "other_handler"])
def test_it_is_nobody_elses(
    desk: CaseDesk, browser_of: BrowserOf, session: Session, person: str
) -> None:
    case_id = desk.at("closed")
    other = browser_of(getattr(desk, person))
    assert other.get(f"/reports/{case_id}").status_code == 404
    assert _post(other, case_id, "reopen", note="x").status_code == 404
    assert _case(session, case_id).state == State.CLOSED


def test_the_centre_is_led_to_its_own_page(desk: CaseDesk, browser_of: BrowserOf) -> None:
    case_id = desk.at("handling")
    answer = browser_of(desk.dispatcher).get(f"/reports/{case_id}")
    assert answer.location == f"/cases/{case_id}"
    assert _post(browser_of(desk.dispatcher), case_id, "withdraw").status_code == 404


def test_internal_steps_are_nowhere_on_the_reporters_pages(
    desk: CaseDesk, mine: FlaskClient, browser_of: BrowserOf, run_jobs: Callable[[], None]
) -> None:
    case_id = desk.filed()
    handler, dispatcher = desk.handler, desk.dispatcher
    desk.step(dispatcher, case_id, "accept", note=f"{SECRET}0")
    desk.step(
        dispatcher, case_id, "dispatch", department_id=desk.department_id, note=f"{SECRET}1",
        parts=((desk.other_department_id, f"{SECRET}2"),),
    )  # fmt: skip
    desk.step(desk.administrator, case_id, "supervise", note=f"{SECRET}3")
    desk.step(handler, case_id, "take", note=f"{SECRET}4")
    photo = desk.photo(handler)
    event = desk.step(handler, case_id, "note", note=f"{SECRET}5", photos=(photo,))
    desk.step(desk.other_handler, case_id, "finish_part", note=f"{SECRET}6")
    desk.step(handler, case_id, "ask_extension", note=f"{SECRET}7", hours=4)
    desk.step(dispatcher, case_id, "refuse", note=f"{SECRET}8")
    desk.step(handler, case_id, "finish", note="已清运", photos=(desk.photo(handler),))
    run_jobs()
    for path in (f"/reports/{case_id}", "/reports", "/", "/messages"):
        answer = mine.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.text, path
        assert not [name for name in STAFF if name in answer.text]
    page = mine.get(f"/reports/{case_id}").text
    assert "已清运" in page
    assert "市容环卫" in page
    inside = f"/cases/{case_id}/events/{event}/photos/1/thumb"
    assert inside not in page
    assert mine.get(inside).status_code == 404
    assert browser_of(handler).get(inside).status_code == 200
    assert browser_of(desk.third_handler).get(inside).status_code == 404


def test_a_step_is_said_with_its_department_and_deadline(
    desk: CaseDesk, mine: FlaskClient, held_clock: Clock
) -> None:
    case_id = desk.at("handling")
    page = mine.get(f"/reports/{case_id}").text
    assert re.search(r"市容环卫已接单，预计 \d+月\d+日 \d\d:\d\d 前处理", page)
    held_clock.forward(days=2)
    assert "已超时" in mine.get(f"/reports/{case_id}").text


def test_before_and_after_stand_side_by_side(
    desk: CaseDesk, mine: FlaskClient, run_jobs: Callable[[], None]
) -> None:
    before = desk.photo(desk.rider)
    case_id = desk.at("closed", photos=(before,))
    assert 'id="compare"' not in mine.get(f"/reports/{case_id}").text  # nothing is prepared yet
    run_jobs()
    page = mine.get(f"/reports/{case_id}").text
    pictures = re.findall(r'<figure class="\w+"><img src="([^"]+)"', page)
    assert pictures[0] == f"/reports/{case_id}/photos/1/large"
    assert [mine.get(path).status_code for path in pictures] == [200, 200]


def test_while_it_is_done_again_no_picture_counts_as_after(
    desk: CaseDesk, mine: FlaskClient, run_jobs: Callable[[], None]
) -> None:
    case_id = desk.at("rework", photos=(desk.photo(desk.rider),))
    run_jobs()
    assert 'id="compare"' not in mine.get(f"/reports/{case_id}").text


@pytest.fixture
def doubles(desk: CaseDesk) -> tuple[int, int]:
    """A report of another rider's, and one of mine that was merged into it."""
    main = desk.filed(
        desk.other_rider, photos=(desk.photo(desk.other_rider),), description="别人写的"
    )
    own = desk.filed(photos=(desk.photo(desk.rider),))
    for case_id in (main, own):
        desk.step(desk.dispatcher, case_id, "accept")
    desk.step(desk.dispatcher, own, "merge", into_id=main)
    return main, own


def test_a_merged_report_tells_of_the_main_case_without_its_reporter(
    desk: CaseDesk, mine: FlaskClient, doubles: tuple[int, int], run_jobs: Callable[[], None]
) -> None:
    main, own = doubles
    desk.step(desk.dispatcher, main, "ask", note="问别人的话")
    answered = desk.step(
        desk.other_rider, main, "answer", note="别人答的话", photos=(desk.photo(desk.other_rider),)
    )
    desk.step(desk.dispatcher, main, "dispatch", department_id=desk.department_id)
    desk.step(desk.handler, main, "take")
    done = desk.step(
        desk.handler, main, "finish", note="已清运", photos=(desk.photo(desk.handler),)
    )
    run_jobs()
    page = mine.get(f"/reports/{own}").text
    for text in (
        "已合并",
        "待核查",
        "市容环卫已接单",
        "已清运",
        f"/cases/{main}/events/{done}/photos/1/",
    ):
        assert text in page
    for text in (
        "别人写的",
        "问别人的话",
        "别人答的话",
        "赵大力",
        f"/events/{answered}/",
        f"/reports/{main}/",
    ):
        assert text not in page
    assert 'id="compare"' in page
    assert mine.get(f"/cases/{main}/events/{done}/photos/1/large").status_code == 200
    assert mine.get(f"/cases/{main}/events/{answered}/photos/1/large").status_code == 404
    assert mine.get(f"/reports/{main}/photos/1/large").status_code == 404
    assert mine.get(f"/reports/{main}").status_code == 404


def test_a_question_is_answered_by_words_or_by_a_photo(
    desk: CaseDesk, mine: FlaskClient, session: Session
) -> None:
    for fields, photos in (({"note": "东侧"}, ()), ({}, (picture(31),))):
        case_id = desk.at("waiting")
        page = mine.get(f"/reports/{case_id}").text
        assert "在哪一侧?" in page
        version = _case(session, case_id).version
        answer = _post(mine, case_id, "answer", photos, version=version, **fields)
        assert answer.location == f"/reports/{case_id}"
        assert _case(session, case_id).state == State.HANDLING
        assert _steps(session, case_id)[-1] == "answer"


@pytest.mark.parametrize(
    ("fields", "photos", "field"),
    [
        ({}, (), "note"),
        ({"note": "   "}, (), "note"),
        ({"note": "x" * 501}, (), "note"),
        ({"note": "我写的话"}, (b"just words",), "photos"),
        ({"note": "我写的话"}, tuple(picture(seed) for seed in range(5)), "photos"),
    ],
    ids=["nothing", "blanks", "too long", "no picture", "five photos"],
)
def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_stays(
    desk: CaseDesk, mine: FlaskClient, session: Session, fields: dict[str, str],
    photos: tuple[bytes, ...], field: str,
) -> None:  # fmt: skip
    case_id = desk.at("waiting")
    answer = _post(mine, case_id, "answer", photos, **fields)
    assert answer.status_code == 422
    hint = re.search(f'<p class="error" id="answer-{field}-error"[^>]*>', answer.text)
    assert hint is not None
    assert "hidden" not in hint[0]
    assert fields.get("note", "").strip() in answer.text
    assert _case(session, case_id).state == State.WAITING


def test_an_answer_to_a_case_that_moved_on_is_told_and_kept(
    desk: CaseDesk, mine: FlaskClient, session: Session
) -> None:
    case_id = desk.at("waiting")
    version = _case(session, case_id).version
    desk.step(desk.handler, case_id, "go_on", note=SECRET)
    answer = _post(mine, case_id, "answer", version=version, note="东侧 <i>")
    assert answer.status_code == 409
    assert "东侧 &lt;i&gt;" in answer.text
    assert SECRET not in answer.text
    assert "answer" not in _steps(session, case_id)


def test_a_double_tap_counts_once(desk: CaseDesk, mine: FlaskClient, session: Session) -> None:
    case_id = desk.at("waiting")
    version = _case(session, case_id).version
    answers = [_post(mine, case_id, "answer", version=version, note="东侧") for _tap in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert _steps(session, case_id).count("answer") == 1


def test_solved_or_not_with_one_tap(desk: CaseDesk, mine: FlaskClient, session: Session) -> None:
    case_id = desk.at("closed")
    assert 'name="satisfied"' in mine.get(f"/reports/{case_id}").text
    assert _post(mine, case_id, "rate").status_code == 422
    assert _post(mine, case_id, "rate", satisfied="perhaps").status_code == 422
    assert _post(mine, case_id, "rate", satisfied="no").status_code == 302
    assert _case(session, case_id).satisfied is False
    page = mine.get(f"/reports/{case_id}").text
    assert 'name="satisfied"' not in page
    assert re.search(r'<details class="card fold" id="again" open>', page)


def test_no_phone_writes_without_end_into_one_report(
    desk: CaseDesk, mine: FlaskClient, session: Session
) -> None:
    case_id = desk.at("closed")
    for number in range(MOST_OF_REPORTER - 1):  # one step was the report itself
        desk.step(desk.rider, case_id, "rate", satisfied=number % 2 == 0)
    answer = _post(mine, case_id, "reopen", note="还是没有解决")
    assert answer.status_code == 409
    assert "次数过多" in answer.text
    assert "还是没有解决" in answer.text
    assert _steps(session, case_id)[-1] == "rate"
    desk.step(desk.dispatcher, case_id, "note", note="反复评价")


def test_reopened_with_a_photo_it_is_the_centres_again(
    desk: CaseDesk, mine: FlaskClient, session: Session
) -> None:
    case_id = desk.at("closed")
    assert _post(mine, case_id, "reopen").status_code == 422
    assert _post(mine, case_id, "reopen", (picture(41),)).status_code == 302
    assert _case(session, case_id).state == State.REOPENED


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [("closed", "reopen", "reopened"), ("rejected", "appeal", "appealed"),
     ("withdrawn", "restore", "received")],
)  # fmt: skip
def test_for_seven_days_and_no_longer(
    desk: CaseDesk, mine: FlaskClient, session: Session, held_clock: Clock,
    state: str, step: str, after: str,
) -> None:  # fmt: skip
    case_id, late = desk.at(state), desk.at(state)
    form = f'data-step="{step}"'
    assert "还剩 7 天" in mine.get(f"/reports/{case_id}").text
    held_clock.forward(days=6, hours=23)
    assert "还剩 1 天" in mine.get(f"/reports/{case_id}").text
    assert _post(mine, case_id, step, note="请再看").status_code == 302
    assert _case(session, case_id).state == after
    held_clock.forward(hours=2)
    assert form not in mine.get(f"/reports/{late}").text
    assert _post(mine, late, step, note="请再看").status_code == 409
    assert _case(session, late).state == state


def test_one_appeal_and_no_second(desk: CaseDesk, mine: FlaskClient, session: Session) -> None:
    case_id = desk.at("rejected")
    assert _post(mine, case_id, "appeal").status_code == 422
    assert _post(mine, case_id, "appeal", note="请再看").status_code == 302
    desk.step(desk.dispatcher, case_id, "reject", note="还是不受理")
    page = mine.get(f"/reports/{case_id}").text
    assert "还是不受理" in page
    assert 'data-step="appeal"' not in page
    assert _post(mine, case_id, "appeal", note="再来一次").status_code == 409
    assert _case(session, case_id).state == State.REJECTED


def test_withdrawn_before_dispatch_and_restored(
    desk: CaseDesk, mine: FlaskClient, session: Session
) -> None:
    case_id = desk.at("accepted")
    assert "确定撤回吗" in mine.get(f"/reports/{case_id}").text
    assert _post(mine, case_id, "withdraw").status_code == 302
    assert _post(mine, case_id, "restore").status_code == 302
    assert _steps(session, case_id)[-2:] == ["withdraw", "restore"]
    sent = desk.at("dispatched")
    assert 'data-step="withdraw"' not in mine.get(f"/reports/{sent}").text
    assert _post(mine, sent, "withdraw").status_code == 409


@pytest.mark.parametrize("step", ["close", "accept", "dispatch", "note", "nonsense", "photos"])
def test_steps_of_others_are_not_there(desk: CaseDesk, mine: FlaskClient, step: str) -> None:
    assert _post(mine, desk.at("verified"), step, note="x").status_code == 404


def test_what_it_earns(desk: CaseDesk, mine: FlaskClient, doubles: tuple[int, int]) -> None:
    points = re.compile(r"结案后可得 (\d+) 分")
    open_case, closed = desk.at("handling"), desk.at("closed")
    promised = points.search(mine.get(f"/reports/{open_case}").text)
    assert promised is not None
    assert f"可得 {promised[1]} 分，稍后入账" in mine.get(f"/reports/{closed}").text
    half = points.search(mine.get(f"/reports/{doubles[1]}").text)
    assert half is not None
    assert int(half[1]) == (int(promised[1]) + 1) // 2
    assert not points.search(mine.get(f"/reports/{desk.at('withdrawn')}").text)


def test_what_waits_for_me_comes_first(desk: CaseDesk, mine: FlaskClient) -> None:
    asked, closed, newest = desk.at("waiting"), desk.at("closed"), desk.at("handling")
    page = mine.get("/reports").text
    places = [page.index(f'"/reports/{one}"') for one in (asked, closed, newest)]
    assert places == sorted(places)
    assert page.count(f'"/reports/{asked}"') == 1
    home = mine.get("/").text
    assert home.index("在哪一侧?") < home.index(f'"/reports/{newest}"')
    _post(mine, closed, "rate", satisfied="yes")
    _post(mine, asked, "answer", note="东侧")
    assert 'id="needing"' not in mine.get("/reports").text + mine.get("/").text


def test_the_list_by_what_is_open_and_what_has_ended(desk: CaseDesk, mine: FlaskClient) -> None:
    open_case, ended = desk.at("handling"), desk.at("withdrawn")
    for shown, there in (
        ("open", {open_case}), ("ended", {ended}), ("all", {open_case, ended}),
        ("nonsense", {open_case, ended}),
    ):  # fmt: skip
        page = mine.get(f"/reports?show={shown}").text
        assert {one for one in (open_case, ended) if f'"/reports/{one}"' in page} == there
