"""Taking a step in a case's life. Only what the table of transitions lists happens."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases import earning, effects, telling
from app.blueprints.cases.following import follow
from app.blueprints.cases.meanwhile import moved_on
from app.blueprints.cases.standing import own_part, who_is
from app.blueprints.cases.transitions import (
    APPEAL_WITHIN,
    REOPEN_WITHIN,
    RESUMES,
    SHORT_OF_STATE,
    Need,
    Step,
    Who,
    step_of,
)
from app.blueprints.photos.services import MAX_PHOTOS, held
from app.blueprints.reports.models import EventPhoto, Report, ReportEvent, State
from app.errors import Conflict, Forbidden, Invalid

NOTE_LENGTH = 500
MOST_OF_REPORTER = 50
"""Steps that a reporter takes of one case at most."""


@dataclass(frozen=True)
class Details:
    """What comes with a step. `version` is that of the case as the person saw it, None when they
    saw none; photos are SHA-256 in hex, and were sent before by the same person."""

    note: str = ""
    photos: tuple[str, ...] = ()
    version: int | None = None
    department_id: int | None = None
    parts: tuple[tuple[int, str], ...] = ()
    """With `dispatch`: other departments, and what each has to do."""
    hours: int | None = None
    """With `ask_extension` and `grant`: hours of the limit's own time, 8 to a working day."""
    into_id: int | None = None
    """With `merge`: the case that stays."""
    satisfied: bool | None = None
    quiet: bool = False
    """Whether who works on it is told in another way, as of many cases at once."""
    data: dict[str, Any] = field(default_factory=dict)
    """What else is kept with the event: latitude, longitude, accuracy_m, captured_at (ms)."""


def take_step(
    session: Session, actor: User, case: Report, name: str, details: Details, *, now: datetime
) -> ReportEvent:
    """Take a step, as far as the actor may and the case stands there.

    Raises Forbidden when the step is never the actor's; Conflict when the case has moved on since
    they saw it or does not stand where the step begins, with the words of who did what; and
    Invalid with messages at `note`, `photos`, `department_id`, `parts`, `hours`, `into_id`,
    `satisfied`.
    """
    try:
        return _step(session, actor, case, name, details, now)
    except Conflict as error:
        if error.message is not Conflict.message:  # it says already what stands in the way
            raise
        raise moved_on(session, actor, case) from error


def _step(
    session: Session, actor: User, case: Report, name: str, details: Details, now: datetime
) -> ReportEvent:
    who = who_is(session, actor, case)
    step = step_of(name, who, case.state)
    if step is None:
        raise Conflict if _ever_theirs(name, who) else Forbidden
    if details.version is not None and details.version != case.version:
        raise Conflict
    if name == "finish_part":
        details = replace(details, department_id=own_part(session, actor, case))
    return _take(session, actor, case, step, details, now)


def take_step_alone(
    session: Session, case: Report, name: str, details: Details, *, now: datetime
) -> ReportEvent:
    """A step that the system takes by itself. Raises Conflict."""
    step = step_of(name, frozenset({Who.SYSTEM}), case.state)
    if step is None:
        raise Conflict
    return _take(session, None, case, step, details, now)


def _ever_theirs(name: str, who: frozenset[Who]) -> bool:
    return any(step_of(name, who, state) for state in State)


def _take(
    session: Session,
    actor: User | None,
    case: Report,
    step: Step,
    details: Details,
    now: datetime,
) -> ReportEvent:
    _check_needs(step, details)
    _check_photos(session, actor, details)
    _check_time(case, step, now)
    _check_often(session, actor, case, step)
    before = telling.concerned(session, case, step.name)
    source = case.state
    target = _target(case, step)
    changes = effects.changes(session, case, step, details, actor.id if actor else None, now)
    if step.name not in SHORT_OF_STATE:
        changes |= {"state": target, "version": case.version + 1, "moved_at": now}
    _move(session, case, changes)
    event = _record(session, actor, case, step, details, (source, target), now)
    follow(session, case, step, details, now)
    earning.tell(session, case, step.name, now=now)
    if not details.quiet:
        telling.tell(session, case, event, before, now=now)
    return event


def _check_needs(step: Step, details: Details) -> None:
    lacks: dict[str, list[str]] = {}
    if Need.NOTE in step.needs and not details.note:
        lacks["note"] = [_("Say why, or what was done.")]
    if Need.PHOTO in step.needs and not details.photos:
        lacks["photos"] = [_("Take at least one photo.")]
    if Need.NOTE_OR_PHOTO in step.needs and not (details.note or details.photos):
        lacks["note"] = [_("Say something, or add a photo.")]
    if Need.DEPARTMENT in step.needs and details.department_id is None:
        lacks["department_id"] = [_("Choose a department.")]
    if Need.HOURS in step.needs and not 1 <= (details.hours or 0) <= effects.MOST_HOURS:
        lacks["hours"] = [_("Say how many hours, 1 to %(most)s.", most=effects.MOST_HOURS)]
    if Need.CASE in step.needs and details.into_id is None:
        lacks["into_id"] = [_("Choose the case that stays.")]
    if len(details.note) > NOTE_LENGTH:
        lacks["note"] = [_("At most %(most)s characters.", most=NOTE_LENGTH)]
    if lacks:
        raise Invalid(lacks)


def _check_photos(session: Session, actor: User | None, details: Details) -> None:
    if len(details.photos) > MAX_PHOTOS:
        raise Invalid({"photos": [_("At most four photos.")]})
    if actor is not None and set(details.photos) - held(session, actor.id, details.photos):
        raise Invalid({"photos": [_("That photo has not arrived. Please send it again.")]})


def _check_time(case: Report, step: Step, now: datetime) -> None:
    within = {
        ("appeal", Who.REPORTER): APPEAL_WITHIN,
        ("restore", Who.REPORTER): APPEAL_WITHIN,
        ("reopen", Who.REPORTER): REOPEN_WITHIN,
    }.get((step.name, step.who))
    if within is not None and now > case.moved_at + within:
        raise Conflict(_("That was possible for %(days)s days only.", days=within.days))


def _check_often(session: Session, actor: User | None, case: Report, step: Step) -> None:
    """A life stays short enough to be shown whole, whatever a reporter's phone sends."""
    if step.who != Who.REPORTER or actor is None:
        return
    own = select(func.count()).where(
        ReportEvent.report_id == case.id, ReportEvent.actor_id == actor.id
    )
    if (session.scalar(own) or 0) >= MOST_OF_REPORTER:
        raise Conflict(_("That was too often for one report."))


def _target(case: Report, step: Step) -> State:
    if step.name in RESUMES:
        return case.resume_state or State.ACCEPTED
    return step.target or case.state


def _move(session: Session, case: Report, changes: dict[str, Any]) -> None:
    """Change the row if nobody was faster; what changes nothing of it holds it as it stands until
    the step is written. Raises Conflict."""
    as_seen = (Report.id == case.id, Report.state == case.state, Report.version == case.version)
    if not changes:
        if session.scalar(select(Report.id).where(*as_seen).with_for_update()) is None:
            raise Conflict
        return
    moved = session.execute(
        update(Report).where(*as_seen).values(changes).execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict
    session.expire(case)


def _record(
    session: Session,
    actor: User | None,
    case: Report,
    step: Step,
    details: Details,
    way: tuple[State, State],
    now: datetime,
) -> ReportEvent:
    event = ReportEvent(
        report_id=case.id,
        actor_id=actor.id if actor else None,
        step=step.name,
        from_state=way[0],
        to_state=way[1],
        note=details.note or None,
        internal=step.internal,
        data=details.data | effects.kept(details) or None,
        at=now,
    )
    session.add(event)
    session.flush()
    if details.photos:
        session.execute(
            insert(EventPhoto),
            [
                {"event_id": event.id, "position": position, "sha256": sha256}
                for position, sha256 in enumerate(details.photos, start=1)
            ],
        )
    return event
