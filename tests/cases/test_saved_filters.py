"""Filters under names of one's own: saved, used, deleted; nobody else's."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import SavedFilter
from tests.support.cases import CaseDesk
from tests.support.people import Person

BrowserOf = Callable[[Person], FlaskClient]
WANTED = "/cases?queue=at_department&overdue=1"


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def desk(cases: CaseDesk, browser_of: BrowserOf) -> FlaskClient:
    return browser_of(cases.dispatcher)


def _save(desk: FlaskClient, name: str, query: str = "queue=at_department&overdue=1") -> int:
    return desk.post(f"/cases/saved?{query}", data={"name": name}).status_code


def test_saved_and_used(desk: FlaskClient) -> None:
    assert _save(desk, "超时案件") == 302
    page = desk.get("/cases").text
    assert "超时案件" in page
    assert 'href="/cases?queue=at_department&amp;overdue=1"' in page
    assert desk.get(WANTED).status_code == 200


def test_one_of_the_same_name_gives_way(desk: FlaskClient, session: Session) -> None:
    _save(desk, "我的", "queue=all")
    _save(desk, " 我的 ", "queue=closed")
    assert list(session.scalars(select(SavedFilter.query))) == ["queue=closed"]


def test_deleted_and_only_ones_own(
    cases: CaseDesk, desk: FlaskClient, browser_of: BrowserOf, session: Session
) -> None:
    _save(desk, "环卫超时")
    saved = session.scalars(select(SavedFilter.id)).one()
    other = browser_of(cases.other_dispatcher)
    assert "环卫超时" not in other.get("/cases").text
    assert other.post(f"/cases/saved/{saved}/delete").status_code == 404
    assert desk.post(f"/cases/saved/{saved}/delete").status_code == 302
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SavedFilter)) == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_name_is_needed_and_bounded(desk: FlaskClient, name: str) -> None:
    assert _save(desk, name) == 422


def test_thirty_and_not_more(desk: FlaskClient) -> None:
    assert {_save(desk, str(number)) for number in range(30)} == {302}
    assert _save(desk, "one more") == 409
    assert _save(desk, "7", "queue=all") == 302


def test_words_on_a_place_are_not_kept(desk: FlaskClient, session: Session) -> None:
    desk.post("/cases/saved?queue=all", data={"name": "我的", "text": "王小明家"})
    assert list(session.scalars(select(SavedFilter.query))) == ["queue=all"]
