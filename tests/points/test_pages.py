"""A rider's statement, and the rules as an administrator enters them."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points import holds, ledger
from app.blueprints.points.awarding import award
from app.blueprints.points.default_rules import load_default_rules
from app.blueprints.points.models import Occasion, Rule
from app.blueprints.points.requests import Order, Source
from app.lib import clock
from app.lib.clock import to_local
from app.lib.database import transaction
from tests.support.cases import CaseDesk
from tests.support.people import People, Person

RULE = {
    "occasion": "visit", "name_zh": "到站", "name_en": "Visit", "amount": "3", "safety": "150",
    "daily_times": "2",
}  # fmt: skip


def _soon(hours: int = 1) -> str:
    return f"{to_local(clock.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


@pytest.fixture
def administrator(people: People, browser_of: Callable[[Person], FlaskClient]) -> FlaskClient:
    return browser_of(people.make("administrator"))


def test_an_empty_statement_says_what_earns(rider: FlaskClient) -> None:
    page = rider.get("/points").text
    assert "还没有积分" in page
    assert 'href="/reports/new"' in page


def test_a_closed_report_stands_in_the_statement_and_goes_when_it_is_opened_again(
    app: Flask, session: Session, browser_of: Callable[[Person], FlaskClient]
) -> None:
    desk = CaseDesk(app)
    with transaction(session):
        load_default_rules(session, now=clock.now())
    closed = desk.at("closed")
    _award(session)
    mine = browser_of(desk.rider)
    page = mine.get("/points").text
    assert "随手拍结案" in page
    assert f'href="/reports/{closed}"' in page
    assert "本次获得" in mine.get(f"/reports/{closed}").text
    free = _free(page)
    assert free > 0
    desk.step(desk.rider, closed, "reopen", note="又有了")
    _award(session)
    after = mine.get("/points").text
    assert _free(after) == 0
    assert "收回：案件重新处理" in after


def test_what_was_spent_and_taken_back_is_owed_visibly(
    session: Session, rider: FlaskClient, rider_person: Person
) -> None:
    now = clock.now()
    with transaction(session):
        earned = ledger.earn(session, _order("1"), rider_id=rider_person.id, amount=8, now=now).id
        hold = holds.hold(session, _order("2"), rider_id=rider_person.id, amount=5, now=now).id
        holds.capture(session, _order("3"), hold_id=hold, now=now)
        ledger.reverse(session, _order("4"), transfer_id=earned, now=now)
    assert "有 5 分在用掉后被收回" in rider.get("/points").text


def test_the_file_holds_what_the_page_shows(
    session: Session, rider: FlaskClient, rider_person: Person
) -> None:
    with transaction(session):
        for number in range(40):
            ledger.earn(
                session, _order(str(number)), rider_id=rider_person.id, amount=1, now=clock.now()
            )
    answer = rider.post("/points/export", data={"kind": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[4] for row in rows[1:]] == [str(number) for number in range(40, 0, -1)]
    first = rider.get("/points").text
    assert first.count("<time") == 30
    assert rider.post("/points/export", data={"kind": "exe"}).status_code == 422


def test_a_rule_is_tried_then_entered_and_the_one_before_ends_there(
    session: Session, administrator: FlaskClient, rider_person: Person
) -> None:
    with transaction(session):
        load_default_rules(session, now=clock.now())
    tried = administrator.post("/point-rules", data={**RULE, "since": _soon(), "try": "1"})
    assert "按此规则，近 30 天会发 0 分" in tried.text
    assert len(session.scalars(select(Rule)).all()) == 4
    assert administrator.post("/point-rules", data={**RULE, "since": _soon()}).status_code == 302
    session.rollback()
    before, after = session.scalars(
        select(Rule).where(Rule.occasion == Occasion.VISIT).order_by(Rule.since)
    ).all()
    assert (before.until, after.until) == (after.since, None)
    assert after.role_percents == {"安全生产保障员": 150}
    page = administrator.get("/point-rules").text
    assert "安全生产保障员 150%" in page
    assert administrator.post(f"/point-rules/{after.id}/end").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "-1"}, "请填 0 到 10000 之间的数字。"),
        ({"amount": "99999999999"}, "请填 0 到 10000 之间的数字。"),
        ({"daily_times": "x"}, "这不是数字"),
        ({"name_zh": ""}, "请填写名称。"),
        ({"since": "yesterday"}, "日期"),
        ({"since": "2021-01-01T00:00"}, "规则只能从现在起生效"),
        ({"payer": "77"}, "请从列表中选择"),
        ({"occasion": "theft"}, "请从列表中选择"),
    ],
)
def test_bad_input_is_said_at_the_field_and_kept(
    session: Session, administrator: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    answer = administrator.post("/point-rules", data={**RULE, "since": _soon(), **wrong})
    assert answer.status_code == 422
    assert session.scalars(select(Rule)).all() == []
    assert said in answer.text
    assert 'value="到站"' in answer.text or "name_zh" in wrong


def _order(key: str) -> Order:
    return Order("test", key, Source("correction", "1"))


def _award(session: Session) -> None:
    with transaction(session):
        award(session, now=clock.now())


def _free(page: str) -> int:
    return int(page.split('class="sum number">')[1].split("<")[0])
