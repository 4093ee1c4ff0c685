"""The form of a task: new, copied, made of a case, or changed while it is a draft."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from app.access import actor, role_required
from app.blueprints.cases.standing import visible_cases
from app.blueprints.organisations.models import TASKS
from app.blueprints.reports.models import Report
from app.blueprints.tasks import choices, queries, repeating, services
from app.blueprints.tasks.forms import QUESTIONS, TaskForm, entered, row_id
from app.blueprints.tasks.models import Task, TaskState
from app.blueprints.tasks.steps import NotNow
from app.blueprints.tasks.terms import Proof, TaskDraft
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("tasks_writing", __name__, url_prefix="/tasks/desk")
USUAL: dict[str, Any] = {
    "radius_m": 100, "needed": 1, "points": 5, "claim_minutes": "240", "photos": 1,
    "place_needed": True, "min_star": "1",
}  # fmt: skip


@bp.get("/new")
@role_required(*TASKS)
def new() -> str:
    """An empty form; `case` fills it in to look at a case on the spot, `copy` from a task."""
    session = db.session()
    first = _times() | USUAL
    if copied := row_id(request.args.get("copy")):
        task = queries.run_task(session, actor(), copied)
        first |= _entered(session, task) | _times()
    if case_id := row_id(request.args.get("case")):
        first |= _of_case(session, case_id)
    return _page(_form(first))


@bp.post("/new")
@role_required(*TASKS)
def create() -> ResponseReturnValue:
    """Keep a draft; with weekdays begin a series, which is published by itself."""
    form = _form()
    if (draft := _draft(form)) is None:
        return _page(form), 422
    session, now = db.session(), clock.now()
    try:
        with transaction(session):
            if form.days():
                repeating.begin(
                    session, actor(), draft, weekdays=form.days(), until=form.last_day(), now=now
                )
                kept = None
            else:
                kept = services.make(session, actor(), draft, now=now)
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    if kept is None:
        flash(_("It comes again on these days, and is published by itself."))
        return redirect(url_for("tasks_desk.series"), 303)
    return redirect(url_for("tasks_desk.show", task_id=kept.id), 303)


@bp.get("/<int:task_id>/change")
@role_required(*TASKS)
def ask_change(task_id: int) -> str:
    """The form of a draft, filled in."""
    task = _draft_of(task_id)
    return _page(_form(_entered(db.session(), task)), task)


@bp.post("/<int:task_id>/change")
@role_required(*TASKS)
def change(task_id: int) -> ResponseReturnValue:
    """Set all of a draft. Who comes second reads so, and loses nothing that was typed."""
    form, seen = _form(), row_id(request.form.get("seen")) or 0
    try:
        task = _draft_of(task_id)
        if (draft := _draft(form)) is None:
            return _page(form, task, seen=seen), 422
        with transaction(db.session()):
            services.change(db.session(), actor(), task_id, draft, seen=seen, now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form, queries.run_task(db.session(), actor(), task_id), seen=seen), 422
    except Conflict as error:
        return _overtaken(form, task_id), error.status
    flash(_("The draft is changed."))
    return redirect(url_for("tasks_desk.show", task_id=task_id), 303)


def _overtaken(form: TaskForm, task_id: int) -> str:
    """What was typed, above a task that is another by now. Saved once more it counts: who saves
    has read that somebody else was here."""
    task = queries.run_task(db.session(), actor(), task_id)
    if task.state == TaskState.DRAFT:
        message = _(
            "Somebody else changed it meanwhile. What you typed is still here: look at the draft, "
            "then save again."
        )
    else:
        message = _("It is no draft any more. What you typed is still here, but is not saved.")
    return _page(form, task, message=message)


def _draft_of(task_id: int) -> Task:
    """A draft of one's office. Raises NotFound, NotNow."""
    task = queries.run_task(db.session(), actor(), task_id)
    if task.state != TaskState.DRAFT:
        raise NotNow
    return task


def _draft(form: TaskForm) -> TaskDraft | None:
    """What was entered; None while something of it does not fit."""
    fits = form.validate()
    said = form.check_in.data
    station = choices.station_numbered(db.session(), said) if said else None
    if said and station is None:
        form.say({"check_in": [_("There is no such station.")]})
        return None
    return form.draft(station) if fits else None


def _form(first: dict[str, Any] | None = None) -> TaskForm:
    session, locale = db.session(), str(get_locale())
    form = TaskForm(request.form or None, data=first)
    form.organisation.choices = choices.publishers(session, actor(), locale)
    form.area.choices = [SelectChoice("", _("at the coordinates")), *choices.areas(session, locale)]
    form.companies.choices = choices.companies(session, locale)
    form.roles.choices = choices.roles()
    if form.organisation.data is None and form.organisation.choices:
        form.organisation.data = form.organisation.choices[0].value
    return form


def _times() -> dict[str, datetime]:
    """From the next full hour for a day, as a clock in Suzhou reads it."""
    begins = clock.to_local(clock.now() + timedelta(hours=1)).replace(minute=0, second=0)
    begins = begins.replace(microsecond=0, tzinfo=None)
    return {"starts_at": begins, "ends_at": begins + timedelta(days=1)}


def _entered(session: Session, task: Task) -> dict[str, Any]:
    return entered(task, choices.number_of(session, Proof.of(task.proof).check_in))


def _of_case(session: Session, case_id: int) -> dict[str, Any]:
    """What a task begins with that looks at a case; nothing for one that is not the actor's."""
    case = session.scalar(
        select(Report).where(Report.id == case_id, Report.id.in_(
            visible_cases(actor()).with_only_columns(Report.id)
        ))
    )  # fmt: skip
    if case is None:
        return {}
    at = "" if case.latitude is None else f"{case.latitude:.6f}, {case.longitude:.6f}"
    return {
        "case": str(case.id), "five_role": case.category.five_role, "place": case.place[:120],
        "point": at, "photos": 2, "title_zh": f"现场核实：{case.category.name_zh}",
        "title_en": f"Look on the spot: {case.category.name_en}",
        "words_zh": f"请到现场看看案件 {case.number} 的情况，拍照并回答问题。",
        "words_en": f"Go and look at case {case.number}: take photos and answer the question.",
        "question_1": "问题还在吗？", "kind_1": "yes_no",
    }  # fmt: skip


def _page(form: TaskForm, task: Task | None = None, *, seen: int = 0, message: str = "") -> str:
    """The form. `seen` is the version of the task from which it was filled in, if not from the
    present one: it goes along until the form is saved, so that nobody is saved over unasked."""
    return render_template(
        "tasks_desk/write.html", form=form, task=task, questions=QUESTIONS, message=message,
        seen=seen or (task.version if task else 0), several=len(form.organisation.choices) > 1,
    )  # fmt: skip
