"""A demo case as it is lived: each step as the table of transitions has it, at a moment of its own.

No statement is made; the rows are written when all lives are over. A test takes every life once
more through `app.blueprints.cases.effects`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.blueprints.cases import deadlines
from app.blueprints.cases.life import Details
from app.blueprints.cases.transitions import RESUMES, SHORT_OF_STATE, Who, step_of
from app.blueprints.reports.models import Category, Report, State
from app.lib.working_time import HOUR_S, Unit, WorkingCalendar


class NotYetError(Exception):
    """A step would lie in the future: the life has come as far as it has today."""


@dataclass
class Happened:
    """A step that was taken."""

    step: str
    actor_id: int
    way: tuple[State | None, State]
    internal: bool
    details: Details
    at: datetime


@dataclass
class Part:
    """What a department beside the leading one has to do."""

    task: str
    done_at: datetime | None = None


@dataclass
class Life:
    """A case and all that happened to it. `case` is a row to be, not in any session."""

    case: Report
    category: Category
    now: datetime
    calendar: WorkingCalendar
    photos: tuple[str, ...] = ()
    events: list[Happened] = field(default_factory=list)
    parts: dict[int, Part] = field(default_factory=dict)
    into: "Life | None" = None
    """The one that stays, once this is merged."""

    def receive(self) -> None:
        """The first step of all."""
        case = self.case
        case.state, case.version, case.moved_at = State.RECEIVED, 1, case.received_at
        self.events.append(
            Happened(
                "receive", case.reporter_id, (None, State.RECEIVED), False, Details(),
                case.received_at,
            )
        )  # fmt: skip

    def take(
        self, name: str, by: Who, actor_id: int, at: datetime, details: Details | None = None
    ) -> None:
        """Take a step. Raises NotYetError for one in the future, ValueError for one that the
        table does not have."""
        if at > self.now:
            raise NotYetError
        step = step_of(name, frozenset({by}), self.case.state)
        if step is None:
            raise ValueError(f"no {name} by {by} from {self.case.state}")
        details, case, source = details or Details(), self.case, self.case.state
        resumed = case.resume_state if name in RESUMES else None
        _EFFECTS.get(name, _nothing)(self, details, at)
        if name not in SHORT_OF_STATE:
            case.state = resumed or step.target or source
            case.version, case.moved_at = case.version + 1, at
        self.events.append(
            Happened(name, actor_id, (source, case.state), step.internal, details, at)
        )

    def left_s(self, at: datetime) -> int:
        """Seconds of the limit that are left, 0 without a clock."""
        case = self.case
        if case.due_at is None:
            return case.left_s or 0
        return self.calendar.between(at, case.due_at, self.unit)

    @property
    def unit(self) -> Unit:
        """In what the limit is counted."""
        return Unit(self.category.limit_unit)


def _run(life: Life, left: int, at: datetime) -> None:
    whole = life.case.limit_s or left
    clock = deadlines.start(life.calendar, life.category, left=left, whole=whole, now=at)
    life.case.due_at, life.case.warn_at, life.case.left_s = clock.due_at, clock.warn_at, None


def _stop(life: Life, at: datetime) -> None:
    if life.case.due_at is not None:
        life.case.left_s = life.left_s(at)
    life.case.due_at = life.case.warn_at = None


def _end_clock(life: Life) -> None:
    life.case.due_at = life.case.warn_at = None
    life.case.left_s = life.case.limit_s = None


def _nothing(_life: Life, _details: Details, _at: datetime) -> None:
    """Many steps change the state alone."""


def _accept(life: Life, _details: Details, at: datetime) -> None:
    life.case.filed_at, life.case.reason = at, None


def _reject(life: Life, details: Details, _at: datetime) -> None:
    life.case.reason = details.note or None


def _dispatch(life: Life, details: Details, at: datetime) -> None:
    case = life.case
    case.department_id, case.dispatched_at = details.department_id, at
    case.late = case.handled_at = None
    case.limit_s = deadlines.limit_s(life.category)
    _run(life, case.limit_s, at)
    life.parts = {department: Part(task) for department, task in details.parts}


def _redispatch(life: Life, details: Details, at: datetime) -> None:
    kept = {one: part for one, part in life.parts.items() if one != details.department_id}
    _dispatch(life, details, at)
    life.parts = kept


def _leave_department(life: Life, _details: Details, _at: datetime) -> None:
    life.case.department_id, life.parts = None, {}
    _end_clock(life)


def _return(life: Life, details: Details, at: datetime) -> None:
    _leave_department(life, details, at)
    life.case.returns += 1


def _grant(life: Life, details: Details, at: datetime) -> None:
    case, more = life.case, (details.hours or 0) * HOUR_S
    case.limit_s = (case.limit_s or 0) + more
    due_at = life.calendar.add(case.due_at or at, more, life.unit)
    clock = deadlines.run_until(life.calendar, life.category, due_at, whole=case.limit_s, now=at)
    case.due_at, case.warn_at, case.left_s = clock.due_at, clock.warn_at, None


def _ask(life: Life, details: Details, at: datetime) -> None:
    life.case.resume_state, life.case.reason = life.case.state, details.note
    if not deadlines.overdue(life.case, at):
        _stop(life, at)


def _go_on(life: Life, _details: Details, at: datetime) -> None:
    life.case.resume_state = life.case.reason = None
    if life.case.left_s is not None:
        _run(life, life.case.left_s, at)


def _finish(life: Life, _details: Details, at: datetime) -> None:
    life.case.handled_at, life.case.late = at, deadlines.overdue(life.case, at)
    _stop(life, at)


def _fail(life: Life, _details: Details, at: datetime) -> None:
    case = life.case
    case.reworks, case.handled_at, case.late = case.reworks + 1, None, None
    fresh = case.limit_s is None or case.left_s is None
    case.limit_s = case.limit_s or deadlines.limit_s(life.category)
    _run(life, case.limit_s if fresh else case.left_s or 0, at)


def _finish_part(life: Life, details: Details, at: datetime) -> None:
    life.parts[details.department_id or 0].done_at = at


def _close(life: Life, _details: Details, at: datetime) -> None:
    life.case.closed_at, life.case.points_earned = at, life.category.points
    _end_clock(life)


def _reopen(life: Life, _details: Details, _at: datetime) -> None:
    life.case.closed_at = life.case.satisfied = None
    life.case.points_earned, life.case.reopenings = 0, life.case.reopenings + 1


def _begin_anew(life: Life, _details: Details, _at: datetime) -> None:
    case = life.case
    case.filed_at = case.reason = case.dispatched_at = case.handled_at = case.late = None


def _merge(life: Life, _details: Details, _at: datetime) -> None:
    life.case.department_id, life.parts = None, {}
    _end_clock(life)


def _supervise(life: Life, _details: Details, at: datetime) -> None:
    life.case.supervised_at = at


def _lift(life: Life, _details: Details, _at: datetime) -> None:
    life.case.supervised_at = None


def _rate(life: Life, details: Details, _at: datetime) -> None:
    life.case.satisfied = details.satisfied


_EFFECTS: dict[str, Callable[[Life, Details, datetime], None]] = {
    "restore": _begin_anew, "reconsider": _begin_anew,
    "accept": _accept, "reject": _reject, "dispatch": _dispatch, "redispatch": _redispatch,
    "recall": _leave_department, "return": _return, "grant": _grant, "ask": _ask,
    "answer": _go_on, "go_on": _go_on, "finish": _finish, "fail": _fail, "close": _close,
    "reopen": _reopen, "merge": _merge, "finish_part": _finish_part, "supervise": _supervise,
    "lift": _lift, "rate": _rate,
}  # fmt: skip
