"""To which department a case goes: worked by hand, and the most specific rule wins, always."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.life import Details
from app.blueprints.cases.models import DepartmentAbsence, RoutingRule
from app.blueprints.cases.routing import (
    Proposal,
    accept_and_route,
    covers,
    propose,
    specificity,
    winner,
)
from app.blueprints.organisations.models import Organisation
from app.blueprints.reports.models import Report, ReportEvent, State
from app.errors import Conflict
from app.lib.clock import LOCAL
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.cases import RUBBISH, CaseDesk

MORNING = datetime(2026, 6, 1, 10, tzinfo=LOCAL)
NIGHT = datetime(2026, 6, 1, 23, tzinfo=LOCAL)
Add = Callable[..., RoutingRule]
Ask = Callable[..., Proposal | None]


@pytest.fixture
def desk(app: Flask) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def add(session: Session, desk: CaseDesk) -> Add:
    """`add(to=department_id, group="01")`: a rule, committed."""

    def add(to: int, **conditions: Any) -> RoutingRule:
        rule = RoutingRule(department_id=to, created_at=MORNING, **conditions)
        session.add(rule)
        session.commit()
        return rule

    return add


@pytest.fixture
def ask(session: Session, desk: CaseDesk) -> Ask:
    """`ask(category, at)`: what is proposed in the desk's grid."""

    def ask(
        category: str = RUBBISH, at: datetime = MORNING, grid: int | None = None
    ) -> Proposal | None:
        place = session.get_one(Organisation, grid or desk.grid_id)
        return propose(session, category, place, at)

    return ask


@pytest.fixture
def away(session: Session, desk: CaseDesk) -> Callable[[int, int], None]:
    """`away(department, substitute)`: all of the morning's day."""

    def away(department: int, substitute: int) -> None:
        session.add(
            DepartmentAbsence(
                department_id=department, substitute_id=substitute, reason="搬迁",
                since=MORNING - timedelta(hours=1), until=MORNING + timedelta(hours=1),
                created_by_id=desk.dispatcher.id,
            )
        )  # fmt: skip
        session.commit()

    return away


def why(app: Flask, proposal: Proposal | None, language: str = "zh_Hans") -> str:
    """The reason as somebody reads it."""
    assert proposal is not None
    with app.test_request_context(f"/?lang={language}"):
        return proposal.why


def department(proposal: Proposal | None) -> int:
    assert proposal is not None
    return proposal.department.id


def test_without_a_rule_the_kind_of_department_is_proposed(
    app: Flask, ask: Ask, desk: CaseDesk
) -> None:
    proposal = ask(RUBBISH)
    assert department(proposal) == desk.department_id
    assert proposal is not None
    assert not proposal.automatic
    assert why(app, proposal) == "无规则：“暴露垃圾”通常由该部门处置"


def test_without_a_department_of_that_name_nobody_is_proposed(ask: Ask) -> None:
    assert ask("0107") is None  # 公安交警: there is none here
    assert ask("9999") is None


def test_the_category_goes_before_all_else(ask: Ask, add: Add, desk: CaseDesk) -> None:
    add(desk.other_department_id, group="01", area_id=desk.grid_id, hour_from=0, hour_to=23)
    add(desk.third_department_id, category_code=RUBBISH)
    assert department(ask(RUBBISH)) == desk.third_department_id
    assert department(ask("0103")) == desk.other_department_id  # of the group alone


def test_a_group_goes_before_any_and_the_smaller_area_before_the_larger(
    ask: Ask, add: Add, desk: CaseDesk
) -> None:
    add(desk.other_department_id, area_id=desk.grid_id)
    add(desk.third_department_id, group="01")
    assert department(ask()) == desk.third_department_id
    add(desk.other_department_id, group="01", area_id=desk.street_id)
    assert department(ask()) == desk.other_department_id
    add(desk.third_department_id, group="01", area_id=desk.community_id)
    assert department(ask()) == desk.third_department_id
    add(desk.other_department_id, group="01", area_id=desk.grid_id)
    assert department(ask()) == desk.other_department_id
    assert department(ask(grid=desk.other_grid_id)) == desk.third_department_id


def test_hours_go_before_none_and_run_past_midnight(ask: Ask, add: Add, desk: CaseDesk) -> None:
    add(desk.other_department_id, category_code=RUBBISH, hour_from=22, hour_to=6)
    add(desk.third_department_id, category_code=RUBBISH)
    assert department(ask(at=MORNING)) == desk.third_department_id
    assert department(ask(at=NIGHT)) == desk.other_department_id
    early = NIGHT + timedelta(hours=6, minutes=59)  # 05:59
    assert department(ask(at=early)) == desk.other_department_id
    assert department(ask(at=early + timedelta(minutes=1))) == desk.third_department_id


def test_of_two_that_are_alike_the_newer_one_wins(ask: Ask, add: Add, desk: CaseDesk) -> None:
    add(desk.other_department_id, category_code=RUBBISH)
    newer = add(desk.third_department_id, category_code=RUBBISH)
    assert department(ask()) == desk.third_department_id
    newer.ended_at = MORNING
    assert department(ask()) == desk.other_department_id


def test_why_says_which_rule(app: Flask, ask: Ask, add: Add, desk: CaseDesk) -> None:
    add(
        desk.other_department_id, category_code=RUBBISH, area_id=desk.street_id, hour_from=22,
        hour_to=6,
    )  # fmt: skip
    proposal = ask(at=NIGHT)
    assert why(app, proposal) == "规则：0102 暴露垃圾 · 湖东街道 · 22:00–06:00"
    english = "Rule: 0102 Exposed rubbish · street 湖东街道 · 22:00–06:00"
    assert why(app, proposal, "en") == english
    add(desk.third_department_id, group="02")
    assert why(app, ask("0201")) == "规则：宣传广告"


def test_a_substitute_stands_in_and_why_says_so(
    app: Flask, ask: Ask, add: Add, away: Callable[[int, int], None], desk: CaseDesk
) -> None:
    add(desk.department_id, category_code=RUBBISH, automatic=True)
    away(desk.department_id, desk.other_department_id)
    proposal = ask()
    assert proposal is not None
    assert proposal.department.id == desk.other_department_id
    assert proposal.substituted_for is not None
    assert proposal.substituted_for.id == desk.department_id
    assert proposal.automatic
    assert why(app, proposal).endswith("市容环卫暂停接件，由园林绿化代办")
    later = ask(at=MORNING + timedelta(hours=1))
    assert department(later) == desk.department_id
    assert later is not None
    assert later.substituted_for is None


def test_substitutes_of_substitutes_are_followed(
    ask: Ask, away: Callable[[int, int], None], desk: CaseDesk
) -> None:
    away(desk.department_id, desk.other_department_id)
    away(desk.other_department_id, desk.third_department_id)
    assert department(ask()) == desk.third_department_id


def test_when_everybody_is_away_the_department_itself_is_proposed_and_nothing_goes_alone(
    app: Flask, ask: Ask, add: Add, away: Callable[[int, int], None], desk: CaseDesk
) -> None:
    add(desk.department_id, category_code=RUBBISH, automatic=True)
    away(desk.department_id, desk.other_department_id)
    away(desk.other_department_id, desk.department_id)
    proposal = ask()
    assert proposal is not None
    assert proposal.department.id == desk.department_id
    assert not proposal.automatic
    assert why(app, proposal).endswith("市容环卫暂停接件，代办部门也都暂停")


def _accept(
    session: Session, desk: CaseDesk, case_id: int, now: datetime, version: int | None = None
) -> list[str]:
    with desk.app.app_context(), transaction(session):
        actor = session.get_one(User, desk.dispatcher.id)
        case = session.get_one(Report, case_id)
        events = accept_and_route(session, actor, case, Details(version=version), now)
        return [one.step for one in events]


def test_an_automatic_rule_dispatches_with_the_filing(
    session: Session, add: Add, desk: CaseDesk, held_clock: Clock
) -> None:
    rule = add(desk.other_department_id, category_code=RUBBISH, automatic=True)
    case_id = desk.filed()
    assert _accept(session, desk, case_id, held_clock.now(), 1) == ["accept", "dispatch"]
    case = session.get_one(Report, case_id)
    assert (case.state, case.department_id) == (State.DISPATCHED, desk.other_department_id)
    last = session.scalars(select(ReportEvent).order_by(ReportEvent.id.desc())).first()
    assert last is not None
    assert last.data is not None
    assert (last.data["rule"], last.data["automatic"]) == (rule.id, True)


def test_what_is_only_proposed_waits_for_the_dispatcher(
    session: Session, add: Add, desk: CaseDesk, held_clock: Clock
) -> None:
    add(desk.other_department_id, category_code=RUBBISH)
    case_id = desk.filed()
    assert _accept(session, desk, case_id, held_clock.now()) == ["accept"]
    assert session.get_one(Report, case_id).state == State.ACCEPTED


def test_when_the_case_has_moved_nothing_is_dispatched(
    app: Flask, session: Session, add: Add, desk: CaseDesk, held_clock: Clock
) -> None:
    add(desk.other_department_id, category_code=RUBBISH, automatic=True)
    case_id = desk.filed()
    with app.app_context(), pytest.raises(Conflict):
        _accept(session, desk, case_id, held_clock.now(), version=7)
    assert session.get_one(Report, case_id).state == State.RECEIVED


HOUR = st.integers(0, 23)
AREAS = [Organisation(path=path) for path in ("/1/", "/1/2/", "/1/2/3/")]
RULES = st.builds(
    lambda what, area, hours, number: RoutingRule(
        id=number, category_code=RUBBISH if what == 2 else None, group="01" if what == 1 else None,
        area=area, hour_from=hours and hours[0], hour_to=hours and hours[1],
    ),
    st.integers(0, 2),
    st.sampled_from([None, *AREAS]),
    st.none() | st.tuples(HOUR, HOUR).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 10**6),
)  # fmt: skip


def _at_least(one: RoutingRule, other: RoutingRule) -> bool:
    """Whether a rule is as specific as another, said independently of the code: by the first
    respect in which they differ."""
    respects: list[tuple[int, int]] = [
        (bool(one.category_code), bool(other.category_code)),
        (bool(one.group), bool(other.group)),
        (len(one.area.path) if one.area else 0, len(other.area.path) if other.area else 0),
        (one.hour_from is not None, other.hour_from is not None),
        (one.id, other.id),
    ]
    return next((first > second for first, second in respects if first != second), True)


@given(st.lists(RULES, min_size=1, max_size=12), HOUR)
def test_the_winner_is_at_least_as_specific_as_every_other_that_fits(
    rules: list[RoutingRule], hour: int
) -> None:
    there = [rule for rule in rules if covers(rule, hour)]
    best = winner(there)
    assert (best is None) == (not there)
    if best is not None:
        assert all(_at_least(best, other) for other in there)
        assert all(specificity(best) >= specificity(other) for other in there)


@given(HOUR, HOUR)
def test_a_pair_of_hours_and_the_pair_turned_round_share_the_day(first: int, last: int) -> None:
    if first == last:
        return
    one = RoutingRule(hour_from=first, hour_to=last)
    other = RoutingRule(hour_from=last, hour_to=first)
    assert all(covers(one, hour) != covers(other, hour) for hour in range(24))
    assert covers(one, first)
    assert not covers(one, last)
