"""With the statistics of a million cases, no list or step walks through all of them on SQLite."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.desk_queries import case_list, counts
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.queues import Sight
from app.blueprints.cases.telling import reporters
from app.blueprints.reports.models import Report, State
from app.extensions import db
from app.lib import clock
from tests.support.cases import CaseDesk

pytestmark = pytest.mark.one_database
STATISTICS = {
    "ix_reports_supervised": "477 1", "ix_reports_flagged": "622 1", "ix_reports_due": "18256 1 1",
    "ix_reports_category": "1000000 18519 1 1", "ix_reports_grid": "1000000 4167 1 1",
    "ix_reports_department": "1000000 31250 1 1", "ix_reports_moved": "1000000 1 1",
    "ix_reports_state_received": "1000000 62500 1 1", "ix_reports_state_moved": "1000000 62500 1",
    "ix_reports_received": "1000000 1 1", "ix_reports_merged_into_id": "4000 1",
    "ix_reports_near": "1000000 18519 1 1 1", "ix_reports_place": "1000000 1 1",
    "ix_reports_reporter_received": "1000000 11 1", "ix_reports_warn": "18256 1",
}  # fmt: skip
"""As ANALYZE writes them: rows of the index, then rows for each further column that is given."""
Plans = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def plans(app: Flask, session: Session) -> Plans:
    """How SQLite finds the cases of what a call asks: `plans(call)`."""
    said: list[tuple[str, tuple[object, ...]]] = []

    def remember(_to: object, _cursor: object, statement: str, given: tuple[object, ...],
                 *_more: object) -> None:  # fmt: skip
        if " reports " in statement and statement.startswith("SELECT"):
            said.append((statement, given))

    def found(call: Callable[[], object]) -> list[str]:
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", remember)
            call()
            event.remove(db.engine, "before_cursor_execute", remember)
        run = session.connection().exec_driver_sql
        return [row[3] for one, given in said for row in run(f"EXPLAIN QUERY PLAN {one}", given)]

    return found


@pytest.fixture
def million(desk: CaseDesk, session: Session) -> int:
    """A case among a million, as far as the planner knows; answers its id."""
    case_id = desk.at(State.HANDLING)
    session.execute(text("ANALYZE"))
    session.execute(text("DELETE FROM sqlite_stat1 WHERE tbl = 'reports'"))
    for index, counted in STATISTICS.items():
        row = {"index": index, "counted": counted}
        session.execute(text("INSERT INTO sqlite_stat1 VALUES ('reports', :index, :counted)"), row)
    session.execute(text("UPDATE sqlite_stat1 SET stat = '54 1' WHERE tbl = 'categories'"))
    session.execute(text("ANALYZE sqlite_schema"))
    session.commit()
    return case_id


def _walked(plans: list[str]) -> list[str]:
    return [one for one in plans if one.startswith("SCAN reports") and "INDEX" not in one]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"queue": "closed", "flagged": True}, "ix_reports_flagged"),
        ({"queue": "flagged"}, "ix_reports_flagged"),
        ({"queue": "all", "supervised": True, "street_id": 3}, "ix_reports_supervised"),
        ({"queue": "at_department", "sort": "due", "grid_id": 4}, "ix_reports_due"),
        ({"queue": "overdue", "category_code": "0102"}, "ix_reports_state_moved"),
        ({"queue": "all", "grid_id": 4}, "ix_reports_grid"),
        ({"queue": "to_dispatch"}, "ix_reports_state_received"),
        ({"queue": "closed", "sort": "moved"}, "ix_reports_state_moved"),
    ],
)
@pytest.mark.usefixtures("million")
def test_a_list_is_led_by_what_narrows_it_most(
    plans: Plans, session: Session, desk: CaseDesk, asked: dict[str, object], index: str
) -> None:
    actor = session.get_one(User, desk.dispatcher.id)
    wanted = CaseFilter(**asked)  # type: ignore[arg-type]
    sight = Sight(clock.now())
    found = plans(lambda: case_list(session, actor, wanted, sight, after=None, before=None))
    assert [one for one in found if index in one], found
    assert _walked(found) == []


@pytest.mark.usefixtures("million")
def test_counts_read_no_row(plans: Plans, session: Session, desk: CaseDesk) -> None:
    actor = session.get_one(User, desk.dispatcher.id)
    found = plans(lambda: counts(session, actor, Sight(clock.now())))
    assert [one for one in found if "COVERING INDEX ix_reports_state_moved" in one], found


def test_who_reported_the_same_is_found_by_an_index(
    plans: Plans, session: Session, million: int
) -> None:
    case = session.get_one(Report, million)
    found = plans(lambda: reporters(session, case))
    assert [one for one in found if "ix_reports_merged_into_id" in one], found
    assert _walked(found) == []
