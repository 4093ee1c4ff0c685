"""The queues of the desk: which cases each holds, and who works them off."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select, true

from app.blueprints.accounts.models import User
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.standing import homes
from app.blueprints.cases.stuck import stuck_condition
from app.blueprints.cases.transitions import AT_DEPARTMENT
from app.blueprints.organisations.models import HANDLING, INTAKE, VERIFYING
from app.blueprints.reports.models import OPEN, Report, State
from app.lib.working_time import WorkingCalendar

_S = State


@dataclass(frozen=True)
class Sight:
    """From where somebody looks at the queues: the moment, the ids of the own departments, and
    which days are worked."""

    now: datetime
    departments: tuple[int, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)


Condition = Callable[[Sight], ColumnElement[bool]]


@dataclass(frozen=True)
class Queue:
    """Cases that wait for the same thing. `only` narrows those of the states further; `sort` is
    the order in which the queue is worked off."""

    name: str
    words: Any
    icon: str
    states: tuple[State, ...]
    only: Condition | None = None
    sort: str = "newest"

    @property
    def counted(self) -> bool:
        """Whether it is small enough to be counted: what is open."""
        return set(self.states) <= set(OPEN)


def overdue(sight: Sight) -> ColumnElement[bool]:
    """Cases whose clock has run out."""
    return Report.due_at <= sight.now


def stuck(sight: Sight) -> ColumnElement[bool]:
    """Open cases that nobody moves: the same that the centre is told of once a day."""
    return stuck_condition(sight.calendar, sight.now)


def supervised(_sight: Sight) -> ColumnElement[bool]:
    """Cases that the authority supervises 督办."""
    return Report.supervised_at.is_not(None)


def flagged(_sight: Sight) -> ColumnElement[bool]:
    """Cases with flags that nobody has looked at."""
    # Not `IS TRUE`: for that the index of those that are flagged is not used.
    return Report.flagged == true()


def own_parts(sight: Sight) -> ColumnElement[bool]:
    """Cases of which a part 协办 waits to be done by an own department."""
    waits = select(CasePart.report_id).where(
        CasePart.department_id.in_(sight.departments), CasePart.done_at.is_(None)
    )
    return Report.id.in_(waits)


_EVERY = tuple(State)
CENTRE = (
    Queue("received", _l("To decide"), "inbox", (_S.RECEIVED, _S.APPEALED)),
    Queue("to_dispatch", _l("To dispatch"), "send", (_S.ACCEPTED,)),
    Queue("returned", _l("Returned"), "undo-2", (_S.RETURNED,), sort="moved"),
    Queue("extension", _l("Extension asked"), "calendar", (_S.EXTENSION_ASKED,), sort="due"),
    Queue("waiting", _l("Waiting for the reporter"), "circle-question-mark", (_S.WAITING,)),
    Queue(
        "at_department", _l("At a department"), "building-2",
        (_S.DISPATCHED, _S.HANDLING, _S.REWORK), sort="due",
    ),
    Queue("overdue", _l("Overdue"), "clock", AT_DEPARTMENT, overdue, sort="due"),
    Queue("handled", _l("To verify"), "eye", (_S.HANDLED,), sort="moved"),
    Queue("verified", _l("To close"), "shield-check", (_S.VERIFIED,), sort="moved"),
    Queue("reopened", _l("Reported again"), "history", (_S.REOPENED,), sort="moved"),
    Queue("supervised", _l("Supervised"), "star", OPEN, supervised, sort="due"),
    Queue("flagged", _l("To look at twice"), "triangle-alert", OPEN, flagged),
    Queue("stuck", _l("Stuck"), "pause", OPEN, stuck, sort="moved"),
    Queue("closed", _l("Closed"), "circle-check", (_S.CLOSED,), sort="moved"),
    Queue(
        "not_filed", _l("Not filed"), "circle-x", (_S.REJECTED, _S.WITHDRAWN, _S.MERGED),
        sort="moved",
    ),
    Queue("all", _l("All"), "list-checks", _EVERY),
)  # fmt: skip
"""What the centre works off, in the order of a case's life."""
DEPARTMENT = (
    Queue("mine", _l("Ours, by deadline"), "building-2", AT_DEPARTMENT, sort="due"),
    Queue("to_take", _l("To take on"), "inbox", (_S.DISPATCHED,), sort="due"),
    Queue("handling", _l("In handling"), "play", (_S.HANDLING, _S.EXTENSION_ASKED), sort="due"),
    Queue("rework", _l("Rework"), "refresh-cw", (_S.REWORK,), sort="due"),
    Queue("parts", _l("Own parts to do"), "users", AT_DEPARTMENT, own_parts, sort="due"),
    Queue("overdue", _l("Overdue"), "clock", AT_DEPARTMENT, overdue, sort="due"),
    Queue("waiting", _l("Waiting for the reporter"), "circle-question-mark", (_S.WAITING,)),
    Queue("handed_in", _l("Handed in"), "eye", (_S.HANDLED, _S.VERIFIED), sort="moved"),
    Queue("closed", _l("Closed"), "circle-check", (_S.CLOSED,), sort="moved"),
    Queue("all", _l("All"), "list-checks", _EVERY),
)
"""What a department works off."""
VERIFIER = (
    Queue("to_verify", _l("To verify"), "eye", (_S.HANDLED, _S.REOPENED), sort="moved"),
    Queue("closed", _l("Closed"), "circle-check", (_S.CLOSED,), sort="moved"),
    Queue("all", _l("All"), "list-checks", _EVERY),
)
"""What a grid worker works off, in the own grid."""
QUEUES = {queue.name: queue for queue in (*VERIFIER, *DEPARTMENT, *CENTRE)}


def queues_for(actor: User) -> tuple[Queue, ...]:
    """The queues of somebody's roles, the ones worked off first at the front, "all" at the end."""
    found: dict[str, Queue] = {}
    for roles, queues in ((INTAKE, CENTRE), (HANDLING, DEPARTMENT), (VERIFYING, VERIFIER)):
        if actor.has_role(*roles):
            found = {queue.name: queue for queue in queues} | found
    last = {name: found.pop(name) for name in ("closed", "not_filed", "all") if name in found}
    return tuple((found | last).values())


def sight_of(actor: User, now: datetime, calendar: WorkingCalendar) -> Sight:
    """From where somebody looks."""
    return Sight(now, tuple(home.id for home in homes(actor, *HANDLING)), calendar)
