"""What each step changes in its case beside the state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.cases import deadlines
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.transitions import Step
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import ENDED, Report, State
from app.errors import Conflict, Invalid
from app.lib.working_time import HOUR_S

if TYPE_CHECKING:
    from app.blueprints.cases.life import Details

MOST_HOURS = 240
"""The longest extension: thirty working days."""
Changes = dict[str, Any]
NO_CLOCK: Changes = {"due_at": None, "warn_at": None, "left_s": None, "limit_s": None}


@dataclass(frozen=True)
class Taken:
    """A step as it is being taken."""

    session: Session
    case: Report
    step: Step
    details: "Details"
    now: datetime


def changes(
    session: Session, case: Report, step: Step, details: "Details", now: datetime
) -> Changes:
    """The columns that a step changes, and to what. Raises Invalid and Conflict."""
    effect = _EFFECTS.get(step.name)
    return effect(Taken(session, case, step, details, now)) if effect else {}


def kept(details: "Details") -> Changes:
    """What of the details stays readable with the event."""
    pairs = (
        ("department", details.department_id),
        ("parts", [list(part) for part in details.parts] or None),
        ("hours", details.hours),
        ("into", details.into_id),
        ("satisfied", details.satisfied),
    )
    return {name: value for name, value in pairs if value is not None}


def follow(session: Session, case: Report, step: Step, details: "Details", now: datetime) -> None:
    """What a step writes to other rows, once the case has moved."""
    if step.name in ("return", "recall", "merge"):
        session.execute(delete(CasePart).where(CasePart.report_id == case.id))
    if step.name == "dispatch":
        _share_out(session, case, details)
    if step.name == "redispatch":  # who leads now has no part of its own beside that
        session.execute(
            delete(CasePart).where(
                CasePart.report_id == case.id, CasePart.department_id == details.department_id
            )
        )
    if step.name == "finish_part":
        session.execute(
            update(CasePart)
            .where(CasePart.report_id == case.id, CasePart.department_id == details.department_id)
            .values(done_at=now)
        )
    if step.name == "merge":  # what hangs on this one hangs on the other from now on
        session.execute(
            update(Report)
            .where(Report.merged_into_id == case.id)
            .values(merged_into_id=details.into_id)
        )
    if step.name in ("close", "reopen"):
        _reward_doubles(session, case, step)


def _share_out(session: Session, case: Report, details: "Details") -> None:
    session.execute(delete(CasePart).where(CasePart.report_id == case.id))
    rows = [
        {"report_id": case.id, "department_id": department, "task": task}
        for department, task in details.parts
    ]
    if rows:
        session.execute(insert(CasePart), rows)


def _reward_doubles(session: Session, case: Report, step: Step) -> None:
    """Whoever reported the same problem earns the half, rounded up."""
    points = (case.category.points + 1) // 2 if step.name == "close" else 0
    session.execute(
        update(Report).where(Report.merged_into_id == case.id).values(points_earned=points)
    )


def _accept(taken: Taken) -> Changes:
    return {"filed_at": taken.now, "reason": None}


def _say(taken: Taken) -> Changes:
    return {"reason": taken.details.note or None}


def _dispatch(taken: Taken) -> Changes:
    """The clock starts, the whole limit before it."""
    chosen = [taken.details.department_id, *(part for part, _task in taken.details.parts)]
    if len(set(chosen)) != len(chosen):
        raise Invalid({"parts": [_("Name each department once.")]})
    found = select(Organisation.id).where(
        Organisation.id.in_(chosen), Organisation.kind == Kind.DEPARTMENT
    )
    if set(taken.session.scalars(found)) != set(chosen):
        raise Invalid({"department_id": [_("There is no such department.")]})
    whole = deadlines.limit_s(taken.case.category)
    running = _run(taken, whole, whole)
    first = {"department_id": taken.details.department_id, "dispatched_at": taken.now}
    return first | running | {"limit_s": whole, "late": None}


def _redispatch(taken: Taken) -> Changes:
    """Another department, with a whole limit of its own; the parts of others stay theirs."""
    if taken.details.department_id == taken.case.department_id:
        raise Invalid({"department_id": [_("The case is there already.")]})
    return _dispatch(taken)


def _run(taken: Taken, left: int, whole: int) -> Changes:
    calendar = deadlines.working_calendar(taken.session)
    clock = deadlines.start(calendar, taken.case.category, left=left, whole=whole, now=taken.now)
    return {"due_at": clock.due_at, "warn_at": clock.warn_at, "left_s": None}


def _stop(taken: Taken) -> Changes:
    """The clock stops, and what is left of the limit is kept."""
    left = deadlines.left_s(deadlines.working_calendar(taken.session), taken.case, taken.now)
    return {"left_s": left, "due_at": None, "warn_at": None}


def _go_on(taken: Taken) -> Changes:
    """The clock runs on, if one was stopped."""
    case = taken.case
    going = {"resume_state": None, "reason": None}
    if case.left_s is None:
        return going
    return going | _run(taken, case.left_s, case.limit_s or case.left_s)


def _ask(taken: Taken) -> Changes:
    return {"resume_state": taken.case.state, "reason": taken.details.note} | _stop(taken)


def _leave_department(taken: Taken) -> Changes:
    return {"department_id": None} | NO_CLOCK


def _return(taken: Taken) -> Changes:
    return _leave_department(taken) | {"returns": taken.case.returns + 1}


def _grant(taken: Taken) -> Changes:
    """The limit grows, and the clock goes on from where it would have ended."""
    more = (taken.details.hours or 0) * HOUR_S
    left = deadlines.left_s(deadlines.working_calendar(taken.session), taken.case, taken.now) or 0
    whole = (taken.case.limit_s or 0) + more
    return {"limit_s": whole} | _run(taken, left + more, whole)


def _finish(taken: Taken) -> Changes:
    undone = select(CasePart.department_id).where(
        CasePart.report_id == taken.case.id, CasePart.done_at.is_(None)
    )
    if taken.session.scalar(undone.limit(1)) is not None:
        raise Conflict(_("Another department has not done its part yet."))
    return _stop(taken) | {
        "handled_at": taken.now, "late": deadlines.overdue(taken.case, taken.now),
    }  # fmt: skip


def _fail(taken: Taken) -> Changes:
    """Back to the department, with what is left of its limit."""
    case = taken.case
    back = {"reworks": case.reworks + 1, "handled_at": None}
    return back | _run(taken, case.left_s or 0, case.limit_s or 0)


def _close(taken: Taken) -> Changes:
    return {"closed_at": taken.now, "points_earned": taken.case.category.points} | NO_CLOCK


def _reopen(taken: Taken) -> Changes:
    return {
        "closed_at": None, "points_earned": 0, "satisfied": None,
        "reopenings": taken.case.reopenings + 1,
    }  # fmt: skip


def _merge(taken: Taken) -> Changes:
    into = taken.session.get(Report, taken.details.into_id)
    if into is None or into.id == taken.case.id:
        raise Invalid({"into_id": [_("There is no such case.")]})
    if into.state in ENDED and into.state != State.CLOSED:
        raise Conflict(_("That case has ended; it cannot take in another."))
    return {"merged_into_id": into.id, "department_id": None} | NO_CLOCK


def _split(taken: Taken) -> Changes:
    return {"merged_into_id": None, "points_earned": 0, "filed_at": taken.now}


def _supervise(taken: Taken) -> Changes:
    return {"supervised_at": taken.now}


def _lift(taken: Taken) -> Changes:
    return {"supervised_at": None}


def _rate(taken: Taken) -> Changes:
    if taken.details.satisfied is None:
        raise Invalid({"satisfied": [_("Say whether it is solved.")]})
    return {"satisfied": taken.details.satisfied}


_EFFECTS: dict[str, Callable[[Taken], Changes]] = {
    "accept": _accept, "reject": _say, "merge": _merge, "split": _split, "dispatch": _dispatch,
    "redispatch": _redispatch,
    "recall": _leave_department, "return": _return, "grant": _grant, "ask": _ask,
    "answer": _go_on, "go_on": _go_on, "finish": _finish, "fail": _fail, "close": _close,
    "reopen": _reopen, "supervise": _supervise, "lift": _lift, "rate": _rate,
}  # fmt: skip
