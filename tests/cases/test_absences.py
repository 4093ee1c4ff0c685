"""A department that is away, and its whole queue handed over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.audit.models import AuditEntry
from app.blueprints.cases import moving
from app.blueprints.cases.absences import AbsenceDraft, end_absence, make_absence
from app.blueprints.cases.life import Details, take_step
from app.blueprints.cases.models import CasePart, DepartmentAbsence
from app.blueprints.cases.moving import Load, Moved, loads, move_queue
from app.blueprints.notifications.models import Notification
from app.blueprints.reports.models import Report, ReportEvent, State
from app.errors import Conflict, Forbidden, Invalid
from app.lib.database import transaction
from tests.conftest import Clock
from tests.support.cases import CaseDesk
from tests.support.people import Person

Move = Callable[..., Moved]


@pytest.fixture
def desk(app: Flask, held_clock: Clock) -> CaseDesk:
    return CaseDesk(app)


@pytest.fixture
def away(session: Session, desk: CaseDesk, held_clock: Clock) -> Callable[..., DepartmentAbsence]:
    """`away(hours=(0, 8))`: an absence of the first department by the dispatcher, committed."""

    def away(
        who: Person | None = None, hours: tuple[float, float] = (0, 8), **other: int
    ) -> DepartmentAbsence:
        now = held_clock.now()
        since, until = (now + timedelta(hours=one) for one in hours)
        ids = {
            "department_id": desk.department_id, "substitute_id": desk.other_department_id
        } | other  # fmt: skip
        with transaction(session):
            actor = session.get_one(User, (who or desk.dispatcher).id)
            draft = AbsenceDraft(**ids, since=since, until=until, reason="搬迁")
            return make_absence(session, actor, draft, now=now)

    return away


@pytest.fixture
def move(session: Session, desk: CaseDesk, held_clock: Clock) -> Move:
    """Hand a batch of the first department's queue to the second."""

    def move(who: Person | None = None, note: str = "搬迁", **other: int) -> Moved:
        ids = {"source_id": desk.department_id, "target_id": desk.other_department_id} | other
        with transaction(session):
            actor = session.get_one(User, (who or desk.dispatcher).id)
            return move_queue(session, actor, note=note, now=held_clock.now(), **ids)

    return move


def test_an_absence_is_noted_in_the_audit(away: Any, session: Session, desk: CaseDesk) -> None:
    away()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.subject) == (
        desk.dispatcher.id, f"department:{desk.department_id}"
    )  # fmt: skip
    assert "搬迁" in entry.reason


@pytest.mark.parametrize(
    ("hours", "other", "field"),
    [
        ((2, 1), {}, "until"),
        ((-3, -1), {}, "until"),
        ((0, 24 * 367), {}, "until"),
        ((0, 8), {"department_id": 10**6}, "department_id"),
        ((0, 8), {"substitute_id": 10**6}, "substitute_id"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    away: Any, hours: tuple[float, float], other: dict[str, int], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        away(hours=hours, **other)
    assert list(refused.value.errors) == [field]


def test_nobody_stands_in_for_itself(away: Any, desk: CaseDesk) -> None:
    with pytest.raises(Invalid) as refused:
        away(substitute_id=desk.department_id)
    assert list(refused.value.errors) == ["substitute_id"]


def test_a_department_is_away_once_at_a_time(away: Any) -> None:
    away(hours=(0, 8))
    with pytest.raises(Invalid):
        away(hours=(7, 9))
    away(hours=(8, 9))


def test_only_the_centre_says_who_is_away(away: Any, move: Move, desk: CaseDesk) -> None:
    for who in (desk.rider, desk.handler, desk.grid_worker):
        with pytest.raises(Forbidden):
            away(who)
        with pytest.raises(Forbidden):
            move(who)
    away(desk.administrator)


def test_an_absence_ends_once(
    away: Any, session: Session, desk: CaseDesk, held_clock: Clock
) -> None:
    absence_id = away().id
    held_clock.forward(hours=1)
    with transaction(session):
        actor = session.get_one(User, desk.dispatcher.id)
        ended = end_absence(session, actor, absence_id, now=held_clock.now())
        assert ended.until == held_clock.now()
    actor = session.get_one(User, desk.dispatcher.id)
    with pytest.raises(Conflict):
        end_absence(session, actor, absence_id, now=held_clock.now())


def test_the_whole_queue_moves_each_case_with_an_event(
    move: Move, session: Session, desk: CaseDesk
) -> None:
    there = (State.DISPATCHED, State.HANDLING, State.EXTENSION_ASKED, State.REWORK)
    ids = [desk.at(state) for state in there]
    stay = {state: desk.at(state) for state in (State.WAITING, State.HANDLED, State.ACCEPTED)}
    assert loads(session)[desk.department_id] == Load(movable=4, waiting=1)
    session.rollback()
    assert move() == Moved(count=4, left=0)
    for number in ids:
        case = session.get_one(Report, number)
        assert (case.state, case.department_id) == (State.DISPATCHED, desk.other_department_id)
        assert case.due_at is not None
        last = case.events[-1]
        assert (last.step, last.note, last.internal) == ("redispatch", "搬迁", True)
        assert last.data == {"department": desk.other_department_id, "from": desk.department_id}
    for state, number in stay.items():
        assert session.get_one(Report, number).state == state


def test_a_queue_moves_in_batches(
    move: Move, desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)
    for _number in range(3):
        desk.at(State.DISPATCHED)
    assert move() == Moved(count=2, left=1)
    assert move() == Moved(count=1, left=0)
    assert move() == Moved(count=0, left=0)


def test_the_handlers_of_both_are_told_once(move: Move, session: Session, desk: CaseDesk) -> None:
    for _number in range(3):
        desk.at(State.HANDLING)
    move()
    told = session.scalars(select(Notification).where(Notification.kind == "queue_moved")).all()
    assert {one.user_id for one in told} == {desk.handler.id, desk.other_handler.id}
    assert len(told) == 2
    assert told[0].data["count"] == 3
    one_by_one = ("case_redispatch", "case_gone")
    assert not session.scalars(
        select(Notification.id).where(Notification.kind.in_(one_by_one))
    ).all()  # fmt: skip


def test_the_department_that_leads_has_no_part_beside_it(
    session: Session, desk: CaseDesk, held_clock: Clock
) -> None:
    case_id = desk.at(State.ACCEPTED)
    parts = ((desk.other_department_id, "修枝"), (desk.third_department_id, "抽水"))
    desk.step(
        desk.dispatcher, case_id, "dispatch", department_id=desk.department_id, parts=parts
    )  # fmt: skip
    desk.step(
        desk.dispatcher, case_id, "redispatch", department_id=desk.other_department_id, note="改派"
    )  # fmt: skip
    left = session.scalars(select(CasePart.department_id).where(CasePart.report_id == case_id))
    assert left.all() == [desk.third_department_id]


def test_a_case_is_not_handed_to_where_it_lies(
    session: Session, desk: CaseDesk, held_clock: Clock
) -> None:
    case_id = desk.at(State.HANDLING)
    with pytest.raises(Invalid) as refused, transaction(session):
        take_step(
            session, session.get_one(User, desk.dispatcher.id), session.get_one(Report, case_id),
            "redispatch", Details(department_id=desk.department_id, note="x"),
            now=held_clock.now(),
        )  # fmt: skip
    assert list(refused.value.errors) == ["department_id"]


def test_the_desk_hands_a_case_over(
    browser_of: Callable[[Person], FlaskClient], desk: CaseDesk, session: Session
) -> None:
    case_id = desk.at(State.HANDLING)
    client = browser_of(desk.dispatcher)
    assert 'id="step-redispatch-department"' in client.get(f"/cases/{case_id}").text
    sent = {"note": "属园林", "department_id": desk.other_department_id}
    assert client.post(f"/cases/{case_id}/redispatch", data={"note": "x"}).status_code == 422
    assert client.post(f"/cases/{case_id}/redispatch", data=sent).status_code == 302
    case = session.get_one(Report, case_id)
    assert (case.state, case.department_id) == (State.DISPATCHED, desk.other_department_id)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"note": ""}, "note"), ({"target_id": 10**6}, "target_id"), ({"source_id": 0}, "source_id")],
)
def test_a_move_names_what_it_lacks(move: Move, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        move(**given)
    assert list(refused.value.errors) == [field]


def test_the_page_says_how_much_before_it_moves_anything(
    browser_of: Callable[[Person], FlaskClient], desk: CaseDesk, session: Session
) -> None:
    for _number in range(2):
        desk.at(State.HANDLING)
    client = browser_of(desk.dispatcher)
    sent = {
        "source_id": desk.department_id, "target_id": desk.other_department_id, "note": "搬迁",
    }  # fmt: skip
    first = client.post("/case-settings/move", data=sent)
    assert first.status_code == 200
    assert "将转交 2 件案件" in first.text
    assert "搬迁</textarea>" in first.text
    moved = select(ReportEvent.id).where(ReportEvent.step == "redispatch")
    assert session.scalar(moved) is None
    session.rollback()
    second = client.post("/case-settings/move", data=sent | {"shown": desk.department_id})
    assert second.status_code == 302
    assert len(session.scalars(moved).all()) == 2
    assert "已转交 2 件案件" in client.get("/case-settings/absences").text
