"""One act for many cases: each judged by itself, and of each it is said what came of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.blueprints.reports.models import Report, ReportEvent, State
from tests.support.cases import CaseDesk
from tests.support.people import Person


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def desk(cases: CaseDesk, browser_of: Callable[[Person], FlaskClient]) -> FlaskClient:
    return browser_of(cases.dispatcher)


def _mark(session: Session, *ids: int) -> list[str]:
    session.rollback()
    found = session.execute(select(Report.id, Report.version).where(Report.id.in_(ids)))
    return [f"{one.id}:{one.version}" for one in found]


def _states(session: Session, *ids: int) -> list[str]:
    session.rollback()
    found = {one.id: one.state for one in session.execute(select(Report.id, Report.state))}
    return [found[one] for one in ids]


def _do(desk: FlaskClient, act: str, marked: list[str], **more: object) -> TestResponse:
    return desk.post("/cases/bulk", data={"act": act, "case": marked} | more)


def test_all_are_filed(cases: CaseDesk, desk: FlaskClient, session: Session) -> None:
    ids = [cases.filed() for _case in range(3)]
    answer = _do(desk, "accept", _mark(session, *ids))
    assert answer.status_code == 200
    assert "已办 3 件。" in answer.text
    assert _states(session, *ids) == ["accepted"] * 3


@pytest.mark.parametrize(
    ("act", "state", "more", "after"),
    [("reject", State.RECEIVED, {"note": "不属于受理范围"}, "rejected"),
     ("close", State.VERIFIED, {}, "closed"),
     ("note", State.HANDLING, {"note": "催办"}, "handling")],
)  # fmt: skip
def test_each_act(
    cases: CaseDesk, desk: FlaskClient, session: Session, act: str, state: State,
    more: dict[str, str], after: str,
) -> None:  # fmt: skip
    ids = [cases.at(state), cases.at(state)]
    answer = _do(desk, act, _mark(session, *ids), **more)
    assert "已办 2 件。" in answer.text
    assert _states(session, *ids) == [after] * 2


def test_all_go_to_one_department(cases: CaseDesk, desk: FlaskClient, session: Session) -> None:
    ids = [cases.at(State.ACCEPTED), cases.at(State.RETURNED)]
    _do(desk, "dispatch", _mark(session, *ids), department_id=str(cases.other_department_id))
    assert _states(session, *ids) == ["dispatched"] * 2
    found = session.scalars(select(Report.department_id).where(Report.id.in_(ids)))
    assert set(found) == {cases.other_department_id}


def test_what_does_not_fit_is_named_and_keeps_no_other_back(
    cases: CaseDesk, desk: FlaskClient, session: Session
) -> None:
    good, closed, moved = cases.filed(), cases.at(State.CLOSED), cases.filed()
    marked = _mark(session, good, closed, moved)
    cases.step(cases.other_dispatcher, moved, "accept")
    session.rollback()
    before = session.scalar(select(func.count()).select_from(ReportEvent))
    answer = _do(desk, "accept", [*marked, "99999:1"])
    assert "已办 1 件。" in answer.text
    assert "3 件未办：" in answer.text
    assert "周派遣 · 立案" in answer.text
    assert _states(session, good, closed, moved) == ["accepted", "closed", "accepted"]
    assert session.scalar(select(func.count()).select_from(ReportEvent)) == (before or 0) + 1


@pytest.mark.parametrize(
    ("act", "more"),
    [("reject", {}), ("dispatch", {}), ("dispatch", {"department_id": "99999"}), ("note", {})],
)
def test_what_lacks_something_changes_nothing(
    cases: CaseDesk, desk: FlaskClient, session: Session, act: str, more: dict[str, str]
) -> None:
    case = cases.at(State.ACCEPTED if act == "dispatch" else State.RECEIVED)
    state = _states(session, case)
    answer = _do(desk, act, _mark(session, case), **more)
    assert "1 件未办：" in answer.text
    assert _states(session, case) == state


@pytest.mark.parametrize(
    ("act", "marked", "more"),
    [("accept", [], {}), ("verify", ["1:1"], {}), ("nonsense", ["1:1"], {}),
     ("accept", [f"{one}:1" for one in range(1, 102)], {}), ("accept", ["x", ":", "1e9:1"], {}),
     ("note", ["1:1"], {"note": "x" * 501})],
)  # fmt: skip
def test_bounds(desk: FlaskClient, act: str, marked: list[str], more: dict[str, str]) -> None:
    assert _do(desk, act, marked, **more).status_code == 422


def test_a_department_does_nothing_of_the_centres(
    cases: CaseDesk, browser_of: Callable[[Person], FlaskClient], session: Session
) -> None:
    own, foreign = cases.at(State.HANDLING), cases.filed()
    handler = browser_of(cases.handler)
    answer = _do(handler, "accept", _mark(session, own, foreign))
    assert "2 件未办：" in answer.text
    assert _states(session, own, foreign) == ["handling", "received"]
