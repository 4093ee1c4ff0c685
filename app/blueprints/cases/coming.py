"""What comes next of a report, and what its reporter can do now."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.blueprints.cases.deadlines import overdue
from app.blueprints.cases.timeline import day_and_time
from app.blueprints.cases.transitions import APPEAL_WITHIN, REOPEN_WITHIN, Who, steps_for
from app.blueprints.points.models import Outcome, Why
from app.blueprints.points.occurrences import Earned
from app.blueprints.points.words import WHY
from app.blueprints.reports.models import Report, State

A_DAY = timedelta(days=1)
_WITHIN = {"appeal": APPEAL_WITHIN, "restore": APPEAL_WITHIN, "reopen": REOPEN_WITHIN}


@dataclass(frozen=True)
class Offer:
    """A step that the reporter may take now; `days_left` None: without an end."""

    step: str
    days_left: int | None


def offers(case: Report, now: datetime) -> dict[str, Offer]:
    """The steps that the reporter of a case may take now, by name. The case has its events."""
    found = {}
    for step in steps_for(frozenset({Who.REPORTER}), case.state):
        within = _WITHIN.get(step.name)
        left = case.moved_at + within - now if within else None
        if left is not None and left < timedelta(0):
            continue
        if step.name == "appeal" and any(event.step == "appeal" for event in case.events):
            continue
        days = math.ceil(left / A_DAY) if left is not None else None
        found[step.name] = Offer(step.name, days)
    return found


def what_next(case: Report, now: datetime) -> str:
    """A sentence or two for the reporter, on top of the page."""
    locale = str(get_locale())
    name = case.department.name(locale) if case.department else str(_("The department"))
    sentences = [_said(name)[case.state], *_deadline(case, now)]
    return (" " if locale == "en" else "").join(map(str, sentences))


def _deadline(case: Report, now: datetime) -> list[str]:
    if case.due_at is None or case.state not in _WITH_DEADLINE:
        return []
    due = day_and_time(case.due_at)
    if overdue(case, now):
        return [_("It should have been done by %(due)s. The centre sees to it.", due=due)]
    return [_("To be done by %(due)s.", due=due)]


_WITH_DEADLINE = (State.DISPATCHED, State.HANDLING, State.EXTENSION_ASKED, State.REWORK)


def _said(department: str) -> Mapping[State, str]:
    named = {"department": department}
    done = _("%(department)s says it is done. Next somebody looks on the spot.", **named)
    undone = _("Somebody looked: it is not done. %(department)s must do it again.", **named)
    return {
        State.RECEIVED: _("The centre looks at it, and decides whether to file it."),
        State.REJECTED: _("The centre did not file it. Why stands below."),
        State.APPEALED: _("The centre looks at your appeal."),
        State.ACCEPTED: _("The centre chooses the department for it."),
        State.DISPATCHED: _("It waits for %(department)s to take it on.", **named),
        State.HANDLING: _("%(department)s is at work on it.", **named),
        State.EXTENSION_ASKED: _("%(department)s asks for more time.", **named),
        State.WAITING: _("Please answer the question below. Then it goes on."),
        State.RETURNED: _("The centre looks for the right department."),
        State.HANDLED: done,
        State.VERIFIED: _("Somebody looked: it is done. The centre closes the case next."),
        State.REWORK: undone,
        State.CLOSED: _("The problem was handled and checked."),
        State.REOPENED: _("The case was opened again. The centre sees to it."),
        State.MERGED: _("The same problem was reported before. Both are handled as one."),
        State.WITHDRAWN: _("You withdrew this report. Nobody works on it."),
    }  # fmt: skip


def _earned_words(worth: int, earned: Earned | None) -> str:
    if earned is not None and earned.outcome == Outcome.WAITING:
        return str(
            ngettext(
                "Earns %(num)s point, booked in a moment",
                "Earns %(num)s points, booked in a moment",
                worth,
            )
        )
    if earned is not None and not earned.amount:
        return str(WHY[earned.why or Why.NO_WORTH])
    return str(
        ngettext(
            "Earned: %(num)s point", "Earned: %(num)s points", earned.amount if earned else worth
        )
    )


def points_words(case: Report, earned: Earned | None) -> str:
    """What a report earned or will earn; "" for what earns nothing. `earned` is what became of it
    in the ledger, None for what was closed before there was one."""
    if case.points_earned:
        return _earned_words(case.points_earned, earned)
    if case.state in (State.REJECTED, State.WITHDRAWN, State.CLOSED):
        return ""
    points = case.category.points
    if case.state == State.MERGED:
        half = (points + 1) // 2
        return str(
            ngettext(
                "%(num)s point once the main case is closed",
                "%(num)s points once the main case is closed",
                half,
            )
        )
    return str(
        ngettext(
            "%(num)s point once the case is closed",
            "%(num)s points once the case is closed",
            points,
        )
    )
