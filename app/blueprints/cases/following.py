"""What each step writes to other rows, once its case has moved."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.cases.models import CasePart
from app.blueprints.cases.transitions import Step
from app.blueprints.reports.models import Report, State

if TYPE_CHECKING:
    from app.blueprints.cases.life import Details


def follow(session: Session, case: Report, step: Step, details: "Details", now: datetime) -> None:
    """What a step writes to other rows, once the case has moved."""
    if step.name in ("return", "recall", "merge"):
        session.execute(delete(CasePart).where(CasePart.report_id == case.id))
    if step.name == "dispatch":
        _share_out(session, case, details)
    if step.name == "redispatch":  # who leads now has no part of its own beside that
        session.execute(delete(CasePart).where(*_part(case, details)))
    if step.name == "finish_part":
        session.execute(update(CasePart).where(*_part(case, details)).values(done_at=now))
    if step.name == "merge":
        _take_along(session, case, details)
    if step.name == "close":
        _reward_doubles(session, case)
    if step.name == "reopen":
        doubles = update(Report).where(Report.merged_into_id == case.id)
        session.execute(doubles.values(points_earned=0))


def _part(case: Report, details: "Details") -> tuple[ColumnElement[bool], ...]:
    return CasePart.report_id == case.id, CasePart.department_id == details.department_id


def _take_along(session: Session, case: Report, details: "Details") -> None:
    """What hangs on a merged case hangs on the other from now on."""
    session.execute(
        update(Report)
        .where(Report.merged_into_id == case.id)
        .values(merged_into_id=details.into_id)
    )
    into = session.get_one(Report, details.into_id)
    if into.state == State.CLOSED:
        _reward_doubles(session, into)


def _share_out(session: Session, case: Report, details: "Details") -> None:
    session.execute(delete(CasePart).where(CasePart.report_id == case.id))
    rows = [
        {"report_id": case.id, "department_id": department, "task": task}
        for department, task in details.parts
    ]
    if rows:
        session.execute(insert(CasePart), rows)


def _reward_doubles(session: Session, case: Report) -> None:
    """Whoever else reported the same problem earns the half, rounded up, and once."""
    firsts = (
        select(func.min(Report.id))
        .where(Report.merged_into_id == case.id, Report.reporter_id != case.reporter_id)
        .group_by(Report.reporter_id)
    )
    half = (case.category.points + 1) // 2
    session.execute(
        update(Report)
        .where(Report.id.in_(firsts.scalar_subquery()))
        .values(points_earned=half)
        .execution_options(synchronize_session=False)
    )
