"""The settings pages: rules, templates, days, limits; who may, what is kept, what is noted."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.audit.models import AuditEntry
from app.blueprints.cases import settings_rules, settings_templates
from app.blueprints.cases.models import AnswerTemplate, CalendarDay, RoutingRule
from app.blueprints.cases.settings_templates import load_templates, templates_for
from app.blueprints.cases.transitions import NAMES
from app.blueprints.organisations.finding import areas_called, full_name
from app.blueprints.organisations.models import Organisation
from app.blueprints.reports.models import Category, State
from app.blueprints.reports.services import load_categories
from app.lib.working_time import arrangement_known
from tests.conftest import Clock
from tests.support.cases import RUBBISH, CaseDesk
from tests.support.people import Person

AT = "2026-06-01T12:00"


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def admin(browser_of: Callable[[Person], FlaskClient], desk: CaseDesk) -> FlaskClient:
    return browser_of(desk.administrator)


@pytest.fixture
def dispatching(browser_of: Callable[[Person], FlaskClient], desk: CaseDesk) -> FlaskClient:
    return browser_of(desk.dispatcher)


def looks(session: Session) -> list[tuple[str, str]]:
    session.rollback()  # what was read before is of an older moment
    return [(one.what, one.reason) for one in session.scalars(select(AuditEntry))]


def test_each_role_lands_on_its_first_page(admin: FlaskClient, dispatching: FlaskClient) -> None:
    assert admin.get("/case-settings").location == "/case-settings/rules"
    assert dispatching.get("/case-settings").location == "/case-settings/absences"
    page = dispatching.get("/case-settings/absences").text
    assert "/case-settings/rules" not in page
    assert "所有部门都在正常接件" in page


def test_a_rule_is_added_tried_and_ended(
    admin: FlaskClient, desk: CaseDesk, session: Session
) -> None:
    assert "还没有规则" in admin.get("/case-settings/rules").text
    sent = {
        "what": f"category:{RUBBISH}", "area": "湖东街道", "hour_from": "22", "hour_to": "6",
        "department_id": desk.other_department_id, "automatic": "y",
    }  # fmt: skip
    assert admin.post("/case-settings/rules", data=sent).status_code == 302
    rule = session.scalars(select(RoutingRule)).one()
    assert (rule.category_code, rule.area_id) == (RUBBISH, desk.street_id)
    assert (rule.hour_from, rule.hour_to, rule.automatic) == (22, 6, True)
    asked = {"category": RUBBISH, "place": "一号网格", "at": "2026-06-01T23:30"}
    page = admin.get("/case-settings/rules", query_string=asked).text
    assert "规则：0102 暴露垃圾 · 湖东街道 · 22:00–06:00" in page
    assert "立案后自动派遣。" in page
    by_day = admin.get("/case-settings/rules", query_string=asked | {"at": AT}).text
    assert "无规则" in by_day
    assert admin.post(f"/case-settings/rules/{rule.id}/end").status_code == 302
    assert admin.post(f"/case-settings/rules/{rule.id}/end").status_code == 409
    assert admin.post("/case-settings/rules/999999/end").status_code == 404
    assert [what for what, _reason in looks(session)] == ["routing", "routing"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": "category:9999"}, "请从列表中选择。"),
        ({"area": "无此街道"}, "没有这个区域。"),
        ({"hour_to": ""}, "起止时间要么都填，要么都不填。"),
        ({"hour_to": "22"}, "起止时间不能相同；全天请留空。"),
        ({"hour_to": "24"}, "请从列表中选择。"),
        ({"department_id": ""}, "请选择部门。"),
        ({"area": "x" * 201}, "最多 200 个字。"),
    ],
)
def test_a_rule_that_does_not_fit_comes_back_as_it_was_typed(
    admin: FlaskClient, desk: CaseDesk, session: Session, change: dict[str, str], said: str
) -> None:
    sent = {
        "what": "group:01", "area": "东沙湖社区", "hour_from": "22", "hour_to": "6",
        "department_id": str(desk.department_id),
    } | change  # fmt: skip
    answer = admin.post("/case-settings/rules", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{sent["area"]}"' in answer.text
    assert session.scalar(select(RoutingRule.id)) is None


def test_the_same_rule_stands_once(admin: FlaskClient, desk: CaseDesk) -> None:
    sent = {"what": "group:01", "department_id": str(desk.department_id)}
    assert admin.post("/case-settings/rules", data=sent).status_code == 302
    again = admin.post("/case-settings/rules", data=sent)
    assert again.status_code == 422
    assert "已有条件完全相同的规则" in again.text


def test_there_are_not_more_rules_than_a_page_holds(
    admin: FlaskClient, desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_rules, "MOST_RULES", 1)
    sent = {"what": "group:01", "department_id": str(desk.department_id)}
    assert admin.post("/case-settings/rules", data=sent).status_code == 302
    assert admin.post("/case-settings/rules", data=sent | {"what": "group:02"}).status_code == 422


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("31.3, 120.7", "该位置不在任何网格内。"),
        ("无此街道", "没有这个区域。"),
        ("91, 120", "没有这个区域。"),
    ],
)
def test_a_place_that_means_nothing_is_said_when_trying(
    admin: FlaskClient, place: str, said: str
) -> None:
    asked = {"category": RUBBISH, "place": place, "at": AT}
    answer = admin.get("/case-settings/rules", query_string=asked)
    assert answer.status_code == 422
    assert said in answer.text


def test_an_area_is_known_by_its_name_or_by_those_above_it(
    app: Flask, desk: CaseDesk, session: Session
) -> None:
    grid = session.get_one(Organisation, desk.grid_id)
    twin = Organisation(kind="grid", path="", name_zh="一号网格", name_en="x")
    session.add(twin)
    session.flush()
    twin.path = f"/{twin.id}/"
    session.flush()
    assert areas_called(session, "一号网格") == [grid, twin]
    assert areas_called(session, " 湖东街道 / 一号网格 ") == [grid]
    assert areas_called(session, full_name(session, grid, "zh_Hans")) == [grid]
    assert areas_called(session, "/") == areas_called(session, "一号网格/湖东街道") == []


WORDS = {
    "step": "reject", "category_code": "", "name_zh": "看不清", "text_zh": "请再拍一张。",
    "name_en": "Not clear", "text_en": "Please take another photo.",
}  # fmt: skip


def test_a_template_is_added_changed_and_deleted(
    dispatching: FlaskClient, session: Session
) -> None:
    assert "还没有模板" in dispatching.get("/case-settings/templates").text
    assert dispatching.post("/case-settings/templates", data=WORDS).status_code == 302
    assert dispatching.post(
        "/case-settings/templates", data=WORDS | {"category_code": RUBBISH, "name_zh": "垃圾"}
    ).status_code == 302  # fmt: skip
    first, second = session.scalars(select(AnswerTemplate).order_by(AnswerTemplate.id)).all()
    names = [one.name for one in templates_for(session, "reject", RUBBISH, "zh_Hans")]
    assert names == ["垃圾", "看不清"]
    assert [one.name for one in templates_for(session, "reject", "0103", "en")] == ["Not clear"]
    assert templates_for(session, "ask", RUBBISH, "en") == []
    url = f"/case-settings/templates/{first.id}"
    assert "请再拍一张。" in dispatching.get(url).text
    bad = dispatching.post(url, data=WORDS | {"text_en": "", "name_zh": "字" * 41})
    assert bad.status_code == 422
    assert "请填写内容。" in bad.text
    assert "最多 40 个字。" in bad.text
    assert dispatching.post(url, data=WORDS | {"name_zh": "模糊"}).status_code == 302
    session.rollback()
    assert session.get_one(AnswerTemplate, first.id).name_zh == "模糊"
    session.rollback()
    assert dispatching.post(f"{url}/delete").status_code == 302
    for gone in (dispatching.get(url), dispatching.post(url, data=WORDS)):
        assert gone.status_code == 404
    assert session.scalars(select(AnswerTemplate)).all() == [second]
    assert [what for what, _reason in looks(session)] == ["template"] * 4


def test_there_are_not_more_templates_than_a_page_holds(
    dispatching: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_templates, "MOST_TEMPLATES", 0)
    assert dispatching.post("/case-settings/templates", data=WORDS).status_code == 422


def test_the_templates_that_come_with_the_project_are_added_once(
    app: Flask, session: Session
) -> None:
    run = app.test_cli_runner().invoke
    first = run(args=["cases", "load-templates"])
    assert first.exit_code == 0, first.output
    held = session.scalars(select(AnswerTemplate)).all()
    assert len(held) >= 20
    assert {one.step for one in held} <= set(settings_templates.STEPS) & set(NAMES)
    assert all(len(one.text_zh) <= 500 and len(one.name_zh) <= 40 for one in held)
    held[0].text_zh = "自己的话"
    session.commit()
    assert run(args=["cases", "load-templates"]).output == "0 templates added\n"
    assert load_templates(session) == 0
    session.rollback()
    assert session.get_one(AnswerTemplate, held[0].id).text_zh == "自己的话"


def test_the_calendar_says_when_next_year_is_not_known(
    admin: FlaskClient, held_clock: Clock
) -> None:
    assert arrangement_known(2026)
    assert not arrangement_known(2028)
    page = admin.get("/case-settings/calendar").text
    assert ("还没有 2027 年的放假安排" in page) == (not arrangement_known(2027))
    held_clock.forward(days=-365)
    assert "还没有" not in admin.get("/case-settings/calendar?year=2025").text
    assert "没有 2030 年的放假安排" in admin.get("/case-settings/calendar?year=2030").text
    for year in ("2019", "2101", "99999999999999999999"):
        assert admin.get(f"/case-settings/calendar?year={year}").status_code == 404


def test_the_calendar_shows_the_arrangement_of_2026(admin: FlaskClient) -> None:
    page = admin.get("/case-settings/calendar?year=2026").text
    assert "调休上班" in page
    assert '<span class="day moved" title="上班, 按年度安排">14<' in page  # 14 February, a Saturday
    assert '<span class="day off moved" title="休息, 按年度安排">17<' in page  # Spring Festival


def test_a_day_is_set_and_taken_back(admin: FlaskClient, session: Session) -> None:
    sent = {"day": "2026-12-12", "works": "1", "reason": "冬季保障"}
    assert admin.post("/case-settings/calendar", data=sent).status_code == 302
    assert session.get_one(CalendarDay, date(2026, 12, 12)).works
    session.rollback()
    assert admin.post("/case-settings/calendar", data=sent | {"works": "0"}).status_code == 302
    assert not session.get_one(CalendarDay, date(2026, 12, 12)).works
    session.rollback()
    assert "冬季保障" in admin.get("/case-settings/calendar?year=2026").text
    assert admin.post("/case-settings/calendar/2026-12-12/delete").status_code == 302
    assert admin.post("/case-settings/calendar/2026-12-12/delete").status_code == 404
    assert admin.post("/case-settings/calendar/2026-13-12/delete").status_code == 404
    for wrong in ({"day": ""}, {"day": "2101-01-01"}, {"works": "2"}, {"reason": "字" * 61}):
        assert admin.post("/case-settings/calendar", data=sent | wrong).status_code == 422
    assert [what for what, _reason in looks(session)] == ["calendar"] * 3


LIMIT = {
    "limit": "8", "limit_unit": "working_hours", "filing_condition": "成堆、成片未入容器的垃圾",
    "closing_condition": "垃圾清除", "points": "5",
}  # fmt: skip


def test_a_limit_is_changed_noted_and_kept_when_categories_are_loaded(
    admin: FlaskClient, session: Session
) -> None:
    url = f"/case-settings/limits/{RUBBISH}"
    assert 'value="4"' in admin.get(url).text
    assert admin.post(url, data=LIMIT).status_code == 302
    assert looks(session) == [("category", "limit: 4 → 8")]
    session.rollback()
    assert admin.post(url, data=LIMIT).status_code == 302  # changes nothing, so notes nothing
    assert len(looks(session)) == 1
    load_categories(session)
    session.commit()
    assert session.get_one(Category, RUBBISH).limit == 8
    session.rollback()
    assert "8 工作时" in admin.get("/case-settings/limits").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"}, {"limit": "241"}, {"limit": "9" * 400}, {"limit": "x"},
        {"limit_unit": "months"}, {"points": "1001"}, {"filing_condition": ""},
        {"closing_condition": "字" * 201},
    ],
)  # fmt: skip
def test_a_limit_that_does_not_fit_comes_back(
    admin: FlaskClient, session: Session, wrong: dict[str, str]
) -> None:
    answer = admin.post(f"/case-settings/limits/{RUBBISH}", data=LIMIT | wrong)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert session.get_one(Category, RUBBISH).limit == 4


def test_the_unit_stays_while_clocks_run_in_it(
    admin: FlaskClient, desk: CaseDesk, session: Session
) -> None:
    desk.at(State.DISPATCHED)
    url = f"/case-settings/limits/{RUBBISH}"
    in_days = LIMIT | {"limit_unit": "working_days"}
    answer = admin.post(url, data=in_days)
    assert answer.status_code == 422
    assert "还有案件在按这个单位计时" in answer.text
    assert admin.post(url, data=LIMIT).status_code == 302
    other = "/case-settings/limits/0103"
    assert admin.post(other, data=LIMIT | {"limit_unit": "urgent_hours"}).status_code == 302


def test_unknown_categories_are_not_there(admin: FlaskClient) -> None:
    for code in ("9999", "x" * 300):
        assert admin.get(f"/case-settings/limits/{code}").status_code == 404
        assert admin.post(f"/case-settings/limits/{code}", data=LIMIT).status_code == 404


@pytest.mark.parametrize("page", ["absences", "templates", "move", "templates/1", "rules"])
def test_nonsense_changes_nothing(admin: FlaskClient, session: Session, page: str) -> None:
    load_templates(session)
    session.commit()
    nonsense = dict.fromkeys(
        [*WORDS, "since", "until", "department_id", "what"], "\0<i>" + "9" * 99
    )
    assert admin.post(f"/case-settings/{page}", data=nonsense).status_code == 422
    assert admin.post(f"/case-settings/{page}").status_code == 422
    assert looks(session) == []
