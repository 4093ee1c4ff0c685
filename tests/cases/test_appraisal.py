"""Appraisal against a slow reference that looks at one case after the other."""

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases.appraisal import COUNTS, GROUPINGS, Asked, Line, appraise
from app.blueprints.reports.models import Report, State
from app.lib.clock import to_local
from app.lib.periods import Period
from app.lib.working_time import Unit, WorkingCalendar
from tests.support.cases import CaseDesk
from tests.support.people import Person, sign_in

NOW = datetime(2026, 10, 20, 3, 30, tzinfo=UTC)
PERIOD = Period(date(2026, 8, 1), date(2026, 10, 15))
"""Over the National Day holidays and their make-up days."""
CASES = 400
CALENDAR = WorkingCalendar()
KEYS: dict[str, Callable[[Report], object]] = {
    "department": lambda case: case.department_id or "",
    "category": lambda case: case.category_code,
    "group": lambda case: case.category_code[:2],
    "street": lambda case: case.street_id or "",
    "grid": lambda case: case.grid_id or "",
    "month": lambda case: f"{to_local(case.received_at):%Y-%m}",
}


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


def random_case(desk: CaseDesk, chance: random.Random) -> Report:
    """A case with every column that is counted set by chance, in and around the period."""
    received = NOW - timedelta(seconds=chance.randint(0, 100 * 86_400))

    def later(after: datetime | None, likely: float) -> datetime | None:
        if after is None or chance.random() > likely:
            return None
        return min(NOW, after + timedelta(seconds=chance.randint(1, 9 * 86_400)))

    filed = later(received, 0.9)
    dispatched = later(filed, 0.9)
    closed = later(dispatched, 0.8)
    return Report(
        reporter_id=desk.rider.id, category_code=chance.choice(("0101", "0102", "0504")),
        description="", place="", captured_at=received, received_at=received, moved_at=received,
        state=State.CLOSED if closed else State.RECEIVED, filed_at=filed,
        dispatched_at=dispatched, closed_at=closed,
        due_at=None if closed or not dispatched else dispatched + timedelta(days=2),
        department_id=chance.choice((desk.department_id, desk.other_department_id, None)),
        grid_id=chance.choice((desk.grid_id, desk.other_grid_id, None)),
        street_id=chance.choice((desk.street_id, None)),
        late=chance.choice((True, False, None)), returns=chance.choice((0, 0, 1, 2)),
        reworks=chance.choice((0, 0, 1)), reopenings=chance.choice((0, 0, 3)),
        satisfied=chance.choice((True, True, False, None)),
    )  # fmt: skip


@pytest.fixture
def cases(desk: CaseDesk, session: Session) -> Sequence[Report]:
    chance = random.Random(11)
    session.add_all([random_case(desk, chance) for _case in range(CASES)])
    session.commit()
    return session.scalars(select(Report)).all()


def slowly(key: str, cases: Sequence[Report]) -> Line:
    """The figures of some cases, by Python."""
    timed = [case for case in cases if case.closed_at and case.filed_at]
    took = [int(_whole(case.closed_at)) - int(_whole(case.filed_at)) for case in timed]
    worked = [
        CALENDAR.between(_cut(case.filed_at), _cut(case.closed_at), Unit.WORKING_HOURS)
        for case in timed
    ]
    counted = {
        "received": len(cases),
        "filed": sum(case.filed_at is not None for case in cases),
        "dispatched": sum(case.dispatched_at is not None for case in cases),
        "closed": sum(case.closed_at is not None for case in cases),
        "on_time": sum(case.late is False for case in cases),
        "late": sum(case.late is True for case in cases),
        "overdue": sum(case.due_at is not None and case.due_at <= NOW for case in cases),
        "returned": sum(case.returns > 0 for case in cases),
        "reworked": sum(case.reworks > 0 for case in cases),
        "reopened": sum(case.reopenings > 0 for case in cases),
        "satisfied": sum(case.satisfied is True for case in cases),
        "unsatisfied": sum(case.satisfied is False for case in cases),
    }
    assert set(counted) == set(COUNTS)
    return Line(
        key=key, **counted, median_s=nearest(took, 0.5), ninetieth_s=nearest(took, 0.9),
        working_median_s=nearest(worked, 0.5), working_ninetieth_s=nearest(worked, 0.9),
    )  # fmt: skip


def _whole(at: datetime | None) -> float:
    return at.timestamp() if at else 0


def _cut(at: datetime | None) -> datetime:
    return (at or NOW).replace(microsecond=0)


def nearest(numbers: Sequence[int], part: float) -> int | None:
    """The nearest-rank percentile."""
    return sorted(numbers)[max(1, ceil(len(numbers) * part)) - 1] if numbers else None


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("own", [False, True])
def test_it_counts_what_one_would_count_by_hand(
    desk: CaseDesk, cases: Sequence[Report], session: Session, by: str, own: bool
) -> None:
    departments = [desk.department_id] if own else None
    fitting = [
        case for case in cases
        if PERIOD.since <= case.received_at < PERIOD.until
        and (departments is None or case.department_id in departments)
    ]  # fmt: skip
    groups: dict[str, list[Report]] = {}
    for case in fitting:
        groups.setdefault(str(KEYS[by](case)), []).append(case)
    *lines, total = appraise(session, Asked(PERIOD, by, departments, NOW))
    assert {line.key: line for line in lines} == {
        key: slowly(key, some) for key, some in groups.items()
    }
    assert total == slowly("", fitting)


def test_no_case_no_line(desk: CaseDesk, session: Session) -> None:
    del desk
    assert appraise(session, Asked(PERIOD, "month", None, NOW)) == []


def page(desk: CaseDesk, who: Person, query: str = "") -> str:
    client = desk.app.test_client()
    sign_in(client, who)
    answer = client.get(f"/appraisal{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_department_sees_its_own_line_alone(desk: CaseDesk) -> None:
    desk.at(State.CLOSED)
    other = desk.filed()
    desk.step(desk.dispatcher, other, "accept")
    desk.step(desk.dispatcher, other, "dispatch", department_id=desk.other_department_id)
    centre = page(desk, desk.dispatcher, "?by=department")
    assert "市容环卫" in centre
    assert "园林绿化" in centre
    own = page(desk, desk.handler, "?by=department")
    assert "市容环卫" in own
    assert "园林绿化" not in own


def test_nonsense_in_the_address_is_left_out(desk: CaseDesk) -> None:
    desk.at(State.CLOSED)
    for query in ("?by=rider", "?since=yesterday&until=9999-99-99", "?since=2030-01-01", "?sort=x"):
        page(desk, desk.dispatcher, query)


def test_the_export_has_the_lines_of_the_page(desk: CaseDesk) -> None:
    desk.at(State.CLOSED)
    client = desk.app.test_client()
    sign_in(client, desk.dispatcher)
    answer = client.post("/appraisal/export?by=department", data={"kind": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["市容环卫", rows[-1][0]]
    assert rows[1][1:] == rows[-1][1:]
    assert client.post("/appraisal/export", data={"kind": "exe"}).status_code == 422
