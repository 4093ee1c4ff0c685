"""What each step changes in its case beside the state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.cases import deadlines
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.transitions import Step
from app.blueprints.organisations.models import Kind, Organisation
from app.blueprints.reports.models import ENDED, Report, ReportEvent, State
from app.errors import Conflict, Invalid
from app.lib.database import alone
from app.lib.working_time import HOUR_S, Unit

if TYPE_CHECKING:
    from app.blueprints.cases.life import Details

MOST_PARTS = 5
TASK_LENGTH = 200
MOST_HOURS = 240
"""The longest extension: thirty working days."""
Changes = dict[str, Any]
NO_CLOCK: Changes = {"due_at": None, "warn_at": None, "left_s": None, "limit_s": None}
UNHANDLED: Changes = {"dispatched_at": None, "handled_at": None, "late": None}


@dataclass(frozen=True)
class Taken:
    """A step as it is being taken."""

    session: Session
    case: Report
    step: Step
    details: "Details"
    actor_id: int | None
    """None for the system."""
    now: datetime


def changes(
    session: Session,
    case: Report,
    step: Step,
    details: "Details",
    actor_id: int | None,
    now: datetime,
) -> Changes:
    """The columns that a step changes, and to what. Raises Invalid and Conflict."""
    effect = _EFFECTS.get(step.name)
    return effect(Taken(session, case, step, details, actor_id, now)) if effect else {}


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


def _accept(taken: Taken) -> Changes:
    return {"filed_at": taken.now, "reason": None}


def _say(taken: Taken) -> Changes:
    return {"reason": taken.details.note or None}


def _dispatch(taken: Taken) -> Changes:
    """The clock starts, the whole limit before it."""
    _check_departments(taken)
    whole = deadlines.limit_s(taken.case.category)
    running = _run(taken, whole, whole)
    first = {"department_id": taken.details.department_id, "dispatched_at": taken.now}
    return first | running | {"limit_s": whole, "late": None, "handled_at": None}


def _check_departments(taken: Taken) -> None:
    parts = taken.details.parts
    chosen = [taken.details.department_id, *(part for part, _task in parts)]
    if len(set(chosen)) != len(chosen) or len(parts) > MOST_PARTS:
        raise Invalid({"parts": [_("Name each department once, and at most five beside it.")]})
    if not all(1 <= len(task) <= TASK_LENGTH for _department, task in parts):
        raise Invalid({"parts": [_("Say what each department has to do.")]})
    found = select(Organisation.id).where(
        Organisation.id.in_(chosen), Organisation.kind == Kind.DEPARTMENT
    )
    if set(taken.session.scalars(found)) != set(chosen):
        raise Invalid({"department_id": [_("There is no such department.")]})


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
    """The clock stops; one that has run out stays so, or asking would make it young again."""
    asked = {"resume_state": taken.case.state, "reason": taken.details.note}
    return asked if deadlines.overdue(taken.case, taken.now) else asked | _stop(taken)


def _leave_department(taken: Taken) -> Changes:
    return {"department_id": None} | NO_CLOCK


def _return(taken: Taken) -> Changes:
    return _leave_department(taken) | {"returns": taken.case.returns + 1}


def _grant(taken: Taken) -> Changes:
    """The limit grows, and so the clock goes on from where it would have ended, or has ended."""
    case, calendar = taken.case, deadlines.working_calendar(taken.session)
    more, unit = (taken.details.hours or 0) * HOUR_S, Unit(case.category.limit_unit)
    due_at = calendar.add(case.due_at or taken.now, more, unit)
    if due_at <= taken.now:
        raise Invalid({"hours": [_("The limit ended longer ago than that. Grant more.")]})
    whole = (case.limit_s or 0) + more
    clock = deadlines.run_until(calendar, case.category, due_at, whole=whole, now=taken.now)
    return {"limit_s": whole, "due_at": clock.due_at, "warn_at": clock.warn_at, "left_s": None}


def _finish(taken: Taken) -> Changes:
    undone = select(CasePart.department_id).where(
        CasePart.report_id == taken.case.id, CasePart.done_at.is_(None)
    )
    if taken.session.scalar(undone.limit(1)) is not None:
        raise Conflict(_("Another department has not done its part yet."))
    return _stop(taken) | {
        "handled_at": taken.now, "late": deadlines.overdue(taken.case, taken.now),
    }  # fmt: skip


def _verify(taken: Taken) -> Changes:
    """Nobody verifies what they handled themselves."""
    last = (
        select(ReportEvent.actor_id)
        .where(ReportEvent.report_id == taken.case.id, ReportEvent.step == "finish")
        .order_by(ReportEvent.id.desc())
        .limit(1)
    )
    if taken.actor_id is not None and taken.session.scalar(last) == taken.actor_id:
        raise Conflict(_("You handled it yourself. Somebody else must verify it."))
    return {}


def _fail(taken: Taken) -> Changes:
    """Back to the department, with what is left of its limit; with a whole one when the case had
    been closed in between."""
    case = taken.case
    whole = case.limit_s or deadlines.limit_s(case.category)
    left = case.left_s if case.limit_s is not None and case.left_s is not None else whole
    back = {"reworks": case.reworks + 1, "handled_at": None, "late": None, "limit_s": whole}
    return back | _run(taken, left, whole)


def _close(taken: Taken) -> Changes:
    return {"closed_at": taken.now, "points_earned": taken.case.category.points} | NO_CLOCK


def _reopen(taken: Taken) -> Changes:
    return {
        "closed_at": None, "points_earned": 0, "satisfied": None,
        "reopenings": taken.case.reopenings + 1,
    }  # fmt: skip


def _merge(taken: Taken) -> Changes:
    # Two merges that go opposite ways would each see the other's case as it was.
    alone(taken.session, "merging")
    into = taken.session.get(
        Report, taken.details.into_id, with_for_update={"of": Report}, populate_existing=True
    )
    if into is None or into.id == taken.case.id:
        raise Invalid({"into_id": [_("There is no such case.")]})
    if into.state in ENDED and into.state != State.CLOSED:
        raise Conflict(_("That case has ended; it cannot take in another."))
    return {"merged_into_id": into.id, "department_id": None} | NO_CLOCK


def _split(taken: Taken) -> Changes:
    return {"merged_into_id": None, "points_earned": 0, "filed_at": taken.now} | UNHANDLED


def _withdraw(taken: Taken) -> Changes:
    """Not what others reported too: it would be lost for them."""
    alone(taken.session, "merging")
    others = select(Report.id).where(Report.merged_into_id == taken.case.id).limit(1)
    if taken.session.scalar(others) is not None:
        raise Conflict(_("Somebody else reported the same. The centre sees to it."))
    return {}


def _appeal(taken: Taken) -> Changes:
    before = select(ReportEvent.id).where(
        ReportEvent.report_id == taken.case.id, ReportEvent.step == "appeal"
    )
    if taken.session.scalar(before.limit(1)) is not None:
        raise Conflict(_("You appealed before; the centre has decided."))
    return {}


def _begin_anew(_taken: Taken) -> Changes:
    return {"filed_at": None, "reason": None} | UNHANDLED


def _finish_part(taken: Taken) -> Changes:
    undone = select(CasePart.department_id).where(
        CasePart.report_id == taken.case.id,
        CasePart.department_id == taken.details.department_id,
        CasePart.done_at.is_(None),
    )
    if taken.session.scalar(undone) is None:
        raise Conflict(_("Your part is done already."))
    return {}


def _supervise(taken: Taken) -> Changes:
    if taken.case.supervised_at is not None:
        raise Conflict(_("It is supervised already."))
    return {"supervised_at": taken.now}


def _lift(taken: Taken) -> Changes:
    if taken.case.supervised_at is None:
        raise Conflict(_("It is not supervised."))
    return {"supervised_at": None}


def _rate(taken: Taken) -> Changes:
    if taken.details.satisfied is None:
        raise Invalid({"satisfied": [_("Say whether it is solved.")]})
    return {"satisfied": taken.details.satisfied}


_EFFECTS: dict[str, Callable[[Taken], Changes]] = {
    "withdraw": _withdraw, "restore": _begin_anew, "reconsider": _begin_anew, "appeal": _appeal,
    "verify": _verify, "finish_part": _finish_part,
    "accept": _accept, "reject": _say, "merge": _merge, "split": _split, "dispatch": _dispatch,
    "redispatch": _redispatch,
    "recall": _leave_department, "return": _return, "grant": _grant, "ask": _ask,
    "answer": _go_on, "go_on": _go_on, "finish": _finish, "fail": _fail, "close": _close,
    "reopen": _reopen, "supervise": _supervise, "lift": _lift, "rate": _rate,
}  # fmt: skip
