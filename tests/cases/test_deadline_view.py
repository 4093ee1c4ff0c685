"""How much time is left, as pages show it."""

from datetime import datetime

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.blueprints.cases.deadline_view import left_words, time_left
from app.blueprints.cases.deadlines import working_calendar
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from app.lib.working_time import HOUR_S, Unit
from tests.support.cases import CaseDesk


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def local(text: str) -> datetime:
    """A time as it is read off a clock in Suzhou."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


def shown(session: Session, case_id: int, at: str) -> tuple[str, float, str, int, int] | None:
    """Words, share, tone, how many spans, and the seconds behind them."""
    session.rollback()
    case = session.get_one(Report, case_id)
    time = time_left(case, working_calendar(session), local(at))
    if time is None:
        return None
    return time.words, time.share, time.tone, len(time.spans), time.after_s


@pytest.mark.parametrize(
    ("seconds", "unit", "zh", "en"),
    [
        (3599, Unit.URGENT_HOURS, "剩 59 分 59 秒", "59 min 59 s left"),
        (26 * HOUR_S, Unit.URGENT_HOURS, "剩 26 小时 0 分", "26 h 0 min left"),
        (3 * HOUR_S + 60, Unit.WORKING_HOURS, "剩 3 工作小时 1 分", "3 working h 1 min left"),
        (17 * HOUR_S, Unit.WORKING_DAYS, "剩 2 个工作日 1 小时", "2 working days 1 h left"),
        (0, Unit.WORKING_DAYS, "剩 0 分 0 秒", "0 min 0 s left"),
    ],
)
def test_words(app: Flask, seconds: int, unit: Unit, zh: str, en: str) -> None:
    with app.test_request_context():
        assert left_words(seconds, unit) == zh
        with force_locale("en"):
            assert left_words(seconds, unit) == en


def test_a_limit_of_four_working_hours_from_wednesday_three_in_the_afternoon(
    app: Flask, desk: CaseDesk, session: Session
) -> None:
    """Wed 3 June 2026, 15:00: two hours that day, two more from 09:00 on Thursday: due 11:00."""
    sent = local("2026-06-03 15:00")
    case_id = desk.at(State.DISPATCHED, now=sent)
    with app.test_request_context():
        assert shown(session, case_id, "2026-06-03 15:00") == ("剩 4 工作小时 0 分", 1, "ok", 2, 0)
        # The night does not count.
        assert shown(session, case_id, "2026-06-03 23:00") == (
            "剩 2 工作小时 0 分",
            0.5,
            "ok",
            1,
            0,
        )
        assert shown(session, case_id, "2026-06-04 10:00") == (
            "剩 1 工作小时 0 分", 0.25, "wait", 1, 0,
        )  # fmt: skip
        assert shown(session, case_id, "2026-06-04 11:00") == (
            "已超时，应于 6月4日 11:00 前完成", 0, "bad", 0, 0,
        )  # fmt: skip
    desk.step(desk.handler, case_id, "take", now=local("2026-06-04 09:00"))
    desk.step(desk.handler, case_id, "ask", now=local("2026-06-04 09:30"), note="哪里?")
    with app.test_request_context():
        said = shown(session, case_id, "2026-06-05 12:00")
        assert said == ("计时已停，剩 1 工作小时 30 分", 0.375, "still", 0, 0)


def test_what_lies_behind_the_stretches_that_a_page_gets(
    app: Flask, desk: CaseDesk, session: Session
) -> None:
    """Fifteen working days from Wed 3 June 2026, 09:00: three whole days go along as stretches,
    twelve of eight hours stand behind them."""
    case_id = desk.at(State.DISPATCHED, now=local("2026-06-03 09:00"), category_code="0101")
    with app.test_request_context():
        said = shown(session, case_id, "2026-06-03 09:00")
        assert said == ("剩 15 个工作日 0 小时", 1, "ok", 3, 12 * 8 * HOUR_S)


def test_before_and_after_the_department(app: Flask, desk: CaseDesk, session: Session) -> None:
    with app.test_request_context():
        assert shown(session, desk.filed(), "2026-06-03 09:00") is None
    done = desk.at(State.HANDLED, now=local("2026-06-03 09:00"))
    with app.test_request_context():
        assert shown(session, done, "2026-06-09 09:00") == ("按时处置", 1, "ok", 0, 0)


def test_the_macro_gives_the_page_what_it_needs_to_count_on(app: Flask, desk: CaseDesk) -> None:
    case_id = desk.at(State.DISPATCHED)
    page = '{% import "components.html" as ui with context %}{{ ui.time_left(case) }}'
    with app.test_request_context():
        drawn = render_template_string(page, case=db.session.get(Report, case_id))
        db.session.remove()
    assert 'data-spans="[[' in drawn
    assert 'data-unit="working_hours"' in drawn
    assert "data-over=" in drawn
    assert "<meter" in drawn
