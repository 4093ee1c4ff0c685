"""Pages of a list show each case once, whatever comes in between; a filter finds what it says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.blueprints.cases import paging
from app.blueprints.cases.filters import SORTS, CaseFilter
from app.blueprints.cases.queues import CENTRE, QUEUES, Sight
from app.blueprints.reports.models import Report, State
from tests.support.cases import CaseDesk
from tests.support.people import Person

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 6).map(lambda hours: NOW + timedelta(hours=hours))
"""Few of them, so that many cases share one."""
ROWS = st.lists(st.tuples(MOMENTS, MOMENTS, st.none() | MOMENTS), max_size=12)


@pytest.fixture
def cases(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def _fill(
    session: Session, cases: CaseDesk, rows: list[tuple[datetime, datetime, datetime | None]]
) -> None:
    if rows:
        session.execute(insert(Report), [_row(cases, *row) for row in rows])


def _row(
    cases: CaseDesk, received: datetime, moved: datetime, due: datetime | None, **more: object
) -> dict[str, object]:
    return {
        "reporter_id": cases.rider.id, "category_code": "0102", "description": "", "place": "东门",
        "captured_at": received, "received_at": received, "state": State.HANDLING,
        "moved_at": moved, "due_at": due,
    } | more  # fmt: skip


def _walk(
    session: Session, sort: str, limit: int, *, between: Iterator[None] | None = None
) -> list[paging.CasePage]:
    """All pages from the first to the last."""
    pages = [paging.page(session, select(Report), sort, limit=limit)]
    while pages[-1].after is not None:
        if between is not None:
            next(between, None)
        pages.append(paging.page(session, select(Report), sort, after=pages[-1].after, limit=limit))
    return pages


def _ids(pages: list[paging.CasePage]) -> list[int]:
    return [one.id for page in pages for one in page.cases]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, later=ROWS, sort=st.sampled_from(SORTS), limit=st.integers(1, 4))
def test_forward_and_back_each_case_once(
    session: Session, cases: CaseDesk, first: list, later: list, sort: str, limit: int
) -> None:
    session.execute(delete(Report))
    _fill(session, cases, first)
    there = set(session.scalars(select(Report.id)))

    def come_in() -> Iterator[None]:
        for row in later:
            _fill(session, cases, [row])
            yield

    ids = _ids(_walk(session, sort, limit, between=come_in()))
    assert len(ids) == len(set(ids))
    assert there <= set(ids)
    pages = _walk(session, sort, limit)
    back = [pages[-1]]
    while back[0].before is not None:
        back.insert(
            0, paging.page(session, select(Report), sort, before=back[0].before, limit=limit)
        )
    assert _ids(back) == _ids(pages)
    session.rollback()


def _in_order(reports: list[Report], sort: str) -> list[int]:
    by_id = sorted(reports, key=lambda one: -one.id)
    if sort == "newest":
        return [one.id for one in sorted(by_id, key=lambda one: one.received_at, reverse=True)]
    if sort == "moved":
        return [one.id for one in sorted(by_id, key=lambda one: one.moved_at, reverse=True)]
    running = sorted((one for one in reports if one.due_at), key=lambda one: (one.due_at, one.id))
    return [one.id for one in (*running, *(one for one in by_id if not one.due_at))]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, sort=st.sampled_from(SORTS))
def test_the_order_is_what_it_says(
    session: Session, cases: CaseDesk, rows: list, sort: str
) -> None:
    session.execute(delete(Report))
    _fill(session, cases, rows)
    ids = _ids(_walk(session, sort, 3))
    assert ids == _in_order(list(session.scalars(select(Report))), sort)
    session.rollback()


def _found(session: Session, now: datetime = NOW, **parts: object) -> set[int]:
    wanted = CaseFilter(**{"queue": "all"} | parts)  # type: ignore[arg-type]
    return set(session.scalars(wanted.apply(select(Report.id), Sight(now))))


def _made(session: Session, row: dict[str, object]) -> int:
    return session.scalars(insert(Report).returning(Report.id), [row]).one()


def test_each_part_narrows(session: Session, cases: CaseDesk) -> None:
    soon = NOW + timedelta(hours=1)
    plain = _made(session, _row(cases, NOW, NOW, soon))
    other = _made(session, _row(
        cases, NOW - timedelta(days=40), NOW, NOW, category_code="0201", flagged=True,
        department_id=cases.department_id, grid_id=cases.grid_id, street_id=cases.street_id,
        supervised_at=NOW, place="西门 100%",
    ))  # fmt: skip
    assert _found(session) == {plain, other}
    for part in (
        {"category_code": "0201"}, {"group": "02"}, {"department_id": cases.department_id},
        {"grid_id": cases.grid_id}, {"street_id": cases.street_id}, {"flagged": True},
        {"supervised": True}, {"overdue": True}, {"text": "西门"}, {"text": "100%"},
        {"number": other}, {"until": (NOW - timedelta(days=39)).date()},
    ):  # fmt: skip
        assert _found(session, **part) == {other}, part
    assert _found(session, since=(NOW - timedelta(days=1)).date()) == {plain}
    assert _found(session, text="_") == set()


def test_days_are_days_in_suzhou(session: Session, cases: CaseDesk) -> None:
    night = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)  # half past midnight of the 2nd in Suzhou
    made = session.scalars(
        insert(Report).returning(Report.id), [_row(cases, night, night, None)]
    ).one()
    second = datetime(2026, 6, 2, tzinfo=UTC).date()
    assert _found(session, since=second, until=second) == {made}
    assert _found(session, until=second - timedelta(days=1)) == set()


def test_counts_are_what_the_lists_hold(
    session: Session, cases: CaseDesk, browser_of: Callable[[Person], FlaskClient]
) -> None:
    for state in State:
        cases.at(state)
    counts = browser_of(cases.dispatcher).get("/cases/news.json").get_json()["counts"]
    for queue in CENTRE:
        if queue.counted:
            wanted = CaseFilter(queue=queue.name).apply(select(Report.id), Sight(datetime.now(UTC)))
            assert counts[queue.name] == len(session.scalars(wanted).all()), queue.name
    assert set(counts) == {queue.name for queue in CENTRE if queue.counted}
    assert set(QUEUES) >= set(counts)
