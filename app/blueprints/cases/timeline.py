"""A case's life in plain words, for the reporter and for those who work on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.blueprints.cases.transitions import Who
from app.blueprints.cases.words import LOOKS, step_word
from app.blueprints.organisations.models import HANDLING, INTAKE, Organisation
from app.blueprints.photos.models import Photo
from app.blueprints.reports.models import Report, ReportEvent, State

LOADS = (
    selectinload(Report.photos),
    selectinload(Report.events).selectinload(ReportEvent.photos),
    selectinload(Report.events).selectinload(ReportEvent.actor),
)
"""What a query for a case whose time line is shown should load with it."""
TOLD_TO_REPORTER = ("reject", "ask", "finish", "close")
"""Steps whose note is meant for the reporter, whoever wrote it. A note with any other step, of a
dispatch for instance, is for who does the work."""
PROOFS = ("finish", "verify", "fail")
"""Steps whose photos show what was done or found: every reporter of the problem may see them."""
GIVING = ("dispatch", "redispatch")
"""Steps that give a case to a department."""
OWN = ("receive", "appeal", "withdraw", "restore", "answer", "rate")
"""Steps that only a reporter takes; `reopen` may be the centre's as well."""


@dataclass(frozen=True)
class Picture:
    """A photo of a step. `state` is that of its re-encoding; only what is "done" has bytes."""

    thumb_url: str
    large_url: str
    state: str
    width: int
    height: int

    @classmethod
    def of(cls, base: str, photo: Photo) -> "Picture":
        """The picture that is served at an address without its size."""
        urls = (f"{base}/thumb", f"{base}/large")
        return cls(*urls, photo.work_state, photo.width, photo.height)


@dataclass(frozen=True)
class Entry:
    """One step as it is shown. `by` says who did it, "" where the words say so or nobody did."""

    step: str
    icon: str
    tone: str
    words: str
    by: str
    at: datetime
    note: str
    internal: bool
    pictures: tuple[Picture, ...]


def steps_for_reporter(session: Session, case: Report) -> list[Entry]:
    """What became of a report, for who filed it: no internal step, no person of a department. Of
    a merged one also what has become of the main case since, without its reporter."""
    shown = [step for step in _replayed(session, case) if not step.event.internal]
    entries = [_for_reporter(case, step) for step in shown]
    main = session.get(Report, case.merged_into_id, options=LOADS) if case.merged_into_id else None
    if main is not None:
        entries += _of_main_case(session, case, main)
    return entries


def steps_for_desk(
    session: Session,
    case: Report,
    who: frozenset[Who],
    departments: Mapping[int, str] | None = None,
) -> list[Entry]:
    """All that happened to a case, for who works on it; the centre alone reads names of people,
    the reporter's among them. `departments`: their names by id, from who shows many cases."""
    names = Who.CENTRE in who
    return [
        replace(
            _entry(case, step, _desk_words(step)), by=_who(case, step, names=names)
        )
        for step in _replayed(session, case, departments)
    ]  # fmt: skip


@dataclass(frozen=True)
class _Step:
    """An event, and the name of the department that had the case or its part then."""

    event: ReportEvent
    department: str


def _replayed(
    session: Session, case: Report, departments: Mapping[int, str] | None = None
) -> list[_Step]:
    names = _departments(session, case.events) if departments is None else departments
    leading, steps = _("The department"), []
    for event in case.events:
        named = names.get(_data(event).get("department", 0), leading)
        if event.step in GIVING:
            leading = named
        steps.append(_Step(event, named))
    return steps


def _departments(session: Session, events: Iterable[ReportEvent]) -> Mapping[int, str]:
    wanted = {_data(event).get("department") for event in events} - {None}
    if not wanted:
        return {}
    found = session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))
    return {one.id: one.name(str(get_locale())) for one in found}


def _desk_words(step: _Step) -> str:
    """The step by its name, and to which department it gave the case."""
    word = str(step_word(step.event.step))
    if step.event.step not in GIVING:
        return word
    return str(_("%(step)s: %(department)s", step=word, department=step.department))


def _data(event: ReportEvent) -> Mapping[str, Any]:
    return event.data or {}


def _entry(case: Report, step: _Step, words: str) -> Entry:
    event = step.event
    look = LOOKS[State(event.to_state)]
    return Entry(
        step=event.step, icon=look.icon, tone=look.tone, words=words, by="", at=event.at,
        note=event.note or "", internal=event.internal, pictures=_pictures(case, event),
    )  # fmt: skip


def _pictures(case: Report, event: ReportEvent) -> tuple[Picture, ...]:
    base = f"/cases/{case.id}/events/{event.id}/photos"
    return tuple(Picture.of(f"{base}/{one.position}", one.photo) for one in event.photos)


def _for_reporter(case: Report, step: _Step) -> Entry:
    own = step.event.actor_id == case.reporter_id and step.event.step in (*OWN, "reopen")
    entry = _entry(case, step, _sentence(case, step, own=own))
    return entry if own or entry.step in TOLD_TO_REPORTER else replace(entry, note="")


def _of_main_case(session: Session, case: Report, main: Report) -> list[Entry]:
    """What happened to the main case since this one was merged into it: what its own reporter
    was asked, said, wrote and photographed is left out."""
    since = next((one.at for one in reversed(case.events) if one.step == "merge"), case.received_at)
    entries = []
    for step in _replayed(session, main):
        if step.event.internal or step.event.at < since or step.event.step in (*OWN, "ask"):
            continue
        entry = _entry(main, step, _sentence(main, step, own=False))
        proof = entry.step in PROOFS
        entries.append(
            replace(
                entry, pictures=entry.pictures if proof else (),
                note=entry.note if entry.step in TOLD_TO_REPORTER else "",
            )
        )  # fmt: skip
    return entries


def _sentence(case: Report, step: _Step, *, own: bool) -> str:
    """A step in a sentence for a reporter; `own` when it was theirs."""
    plain = _plain_sentences(step.department)
    special = {
        "ask": lambda: _asked(step),
        "reopen": lambda: plain["reopen_own" if own else "reopen"],
        "rate": lambda: plain["solved" if _data(step.event).get("satisfied") else "unsolved"],
        "take": lambda: _taken(case, step) or plain["take"],
    }.get(step.event.step)
    return special() if special else plain.get(step.event.step) or step_word(step.event.step)


def _asked(step: _Step) -> str:
    asker = step.department if _of_department(step) else _("The centre")
    return str(_("%(asker)s asks you something.", asker=asker))


def _taken(case: Report, step: _Step) -> str:
    """With the deadline, where it still holds; else nothing."""
    if case.due_at is None or not _last(case, step):
        return ""
    due = day_and_time(case.due_at)
    return str(
        _("%(department)s took it on, to be done by %(due)s.", department=step.department, due=due)
    )


def _plain_sentences(department: str) -> dict[str, str]:
    return {
        "receive": _("The centre received your report."),
        "accept": _("Filed as a case. A department is chosen next."),
        "reject": _("It was not filed."),
        "appeal": _("You appealed."),
        "withdraw": _("You withdrew the report."),
        "restore": _("You restored the report."),
        "merge": _("Somebody reported the same problem before. Both are handled as one."),
        "dispatch": _("Sent to %(department)s.", department=department),
        "take": _("%(department)s took it on.", department=department),
        "answer": _("You answered."),
        "finish": _("%(department)s says it is done.", department=department),
        "verify": _("Checked: it is done."),
        "fail": _(
            "Checked: not done yet. %(department)s must do it again.", department=department
        ),
        "close": _("The case is closed."),
        "reopen": _("The case was opened again."),
        "reopen_own": _("You reported it again."),
        "solved": _("You said: it is solved."),
        "unsolved": _("You said: it is not solved."),
    }  # fmt: skip


def _last(case: Report, step: _Step) -> bool:
    """Whether this is the latest time that the step was taken."""
    return step.event is [one for one in case.events if one.step == step.event.step][-1]


def _of_department(step: _Step) -> bool:
    """Whether a department's handler took a step that the centre may take too."""
    actor = step.event.actor
    return actor is not None and actor.has_role(*HANDLING) and not actor.has_role(*INTAKE)


def _who(case: Report, step: _Step, *, names: bool) -> str:
    """Who did it, for who works on the case."""
    event = step.event
    actor = event.actor
    if actor is None:
        return str(_("By itself"))
    if event.actor_id == case.reporter_id and event.step in (*OWN, "reopen"):
        return str(_("The reporter"))  # by name only for who asks, and that is noted
    elif actor.has_role(*INTAKE):
        place = _("The centre")
    elif _of_department(step):
        place = step.department
    else:
        place = _("A grid worker")
    return f"{place} · {actor.name}" if names else place


def day_and_time(moment: datetime) -> str:
    """A moment as one says it, "5月3日 17:00" or "3 May, 17:00"."""
    chinese = str(get_locale()) != "en"
    return str(format_datetime(moment, "M月d日 HH:mm" if chinese else "d MMM, HH:mm"))
