"""What came between somebody who acts and the case as they last saw it, in plain words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.standing import homes, who_is
from app.blueprints.cases.timeline import (
    Entry,
    day_and_time,
    steps_for_desk,
    steps_for_reporter,
)
from app.blueprints.cases.transitions import SHORT_OF_STATE, Who
from app.blueprints.cases.words import step_word
from app.blueprints.organisations.models import HANDLING
from app.blueprints.reports.models import Report, ReportEvent
from app.errors import Conflict

TAKING_AWAY = ("return", "recall", "redispatch", "merge")
"""Steps that end a department's work on a case."""


def moved_on(session: Session, actor: User, case: Report) -> Conflict:
    """Who took the last step of a case that the actor may see, and which it was."""
    session.refresh(case)
    session.expire(case, ["events"])
    events = list(case.events)
    if who_is(session, actor, case) == {Who.REPORTER}:
        shown = [entry for entry in steps_for_reporter(session, case) if _moves(entry)]
        return _conflict(shown[-1].words, shown[-1])
    entries = steps_for_desk(session, case, who_is(session, actor, case))
    both = [pair for pair in zip(events, entries, strict=True) if _moves(pair[1])]
    event, entry = both[-1]
    who = _("You") if event.actor_id == actor.id else entry.by
    return _conflict(f"{who} · {entry.words}", entry)


def _moves(entry: Entry) -> bool:
    return entry.step not in SHORT_OF_STATE


def _conflict(what: str, entry: Entry) -> Conflict:
    when = day_and_time(entry.at)
    words = _("The case has moved on meanwhile. %(when)s: %(what)s.", when=when, what=what)
    return Conflict(str(words).replace("..", ".").replace("。。", "。"))


def taken_away(session: Session, actor: User, case_id: int) -> Conflict | None:
    """How a case left the actor's department; None when it never was there."""
    departments = {home.id for home in homes(actor, *HANDLING)}
    if not departments:
        return None
    found = select(ReportEvent).where(ReportEvent.report_id == case_id).order_by(ReportEvent.id)
    step = _leaving(session.scalars(found).all(), departments)
    if step is None:
        return None
    what = f"{_('You') if step.actor_id == actor.id else _by(step)} · {step_word(step.step)}"
    words = _(
        "The case is no longer with your department. %(when)s: %(what)s. %(note)s",
        when=day_and_time(step.at), what=what, note=step.note or "",
    )  # fmt: skip
    return Conflict(str(words).strip())


def _leaving(events: Sequence[ReportEvent], departments: set[int]) -> ReportEvent | None:
    """The step by which the case left these departments for the last time."""
    came = [index for index, event in enumerate(events) if departments & _given_to(event)]
    after = events[came[-1] + 1 :] if came else []
    return next((event for event in after if event.step in TAKING_AWAY), None)


def _given_to(event: ReportEvent) -> set[int]:
    data = event.data or {}
    if event.step not in ("dispatch", "redispatch"):
        return set()
    return {data.get("department", 0), *(part[0] for part in data.get("parts") or [])}


def _by(step: ReportEvent) -> str:
    return str(_("Your department") if step.step == "return" else _("The centre"))
