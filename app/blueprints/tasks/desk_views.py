"""The desk of tasks: what one's offices publish, written, opened, changed, called off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import TASKS
from app.blueprints.tasks import queries, repeating, services
from app.blueprints.tasks.desk_page import budgets_of, proof_lines, rider_name, task_steps
from app.blueprints.tasks.forms import WEEKDAYS, AdjustForm, row_id
from app.blueprints.tasks.models import Task
from app.blueprints.tasks.transitions import task_offered
from app.blueprints.tasks.words import claim_look, role_word, task_look
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("tasks_desk", __name__, url_prefix="/tasks/desk")
SAID = {
    "publish": lambda: _("Riders see the task now."),
    "close": lambda: _("The task takes no more riders."),
    "cancel": lambda: _("The task is called off."),
}


@bp.get("")
@role_required(*TASKS)
def listed() -> str:
    """Tasks of one's offices, the newest first."""
    session, person = db.session(), actor()
    shown = request.args.get("show", "open")
    shown = shown if shown in queries.SHOWN else "open"
    found = queries.desk_tasks(session, person, shown, after=row_id(request.args.get("after")))
    return render_template(
        "tasks_desk/list.html", page=found, shown=shown, look_of=task_look, role_word=role_word,
        counts=queries.waiting_counts(session, person),
        budgets=budgets_of(session, person, str(get_locale())),
    )  # fmt: skip


@bp.get("/<int:task_id>")
@role_required(*TASKS)
def show(task_id: int) -> str:
    """One task with its claims."""
    return _show(task_id, None, {})


@bp.post("/<int:task_id>/<deed>")
@role_required(*TASKS)
def take_step(task_id: int, deed: str) -> ResponseReturnValue:
    """Publish a draft, close it, or call it off with a reason."""
    if deed not in SAID:
        raise NotFound
    session, now, form = db.session(), clock.now(), request.form
    seen = row_id(form.get("seen")) or 0
    try:
        with transaction(session):
            if deed == "cancel":
                services.cancel(
                    session, actor(), task_id, form.get("reason", ""), seen=seen, now=now
                )
            else:
                act = services.publish if deed == "publish" else services.close
                act(session, actor(), task_id, seen=seen, now=now)
    except (Invalid, Conflict) as error:
        return _again(task_id, error)
    flash(SAID[deed]())
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.post("/<int:task_id>/adjust")
@role_required(*TASKS)
def adjust(task_id: int) -> ResponseReturnValue:
    """More places or a later end for an open task."""
    session, form = db.session(), AdjustForm(request.form)
    if not form.validate():
        return _show(task_id, form, {}), 422
    try:
        with transaction(session):
            services.adjust(
                session, actor(), task_id, needed=form.needed.data, ends_at=form.ends_at.moment,
                seen=row_id(request.form.get("seen")) or 0, now=clock.now(),
            )  # fmt: skip
    except Invalid as error:
        form.say(error.errors)
        return _show(task_id, form, {}), 422
    except Conflict as error:
        return _again(task_id, error)
    flash(_("The task is changed."))
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.get("/series")
@role_required(*TASKS)
def series() -> str:
    """What comes again."""
    found = queries.series_of(db.session(), actor(), after=row_id(request.args.get("after")))
    return render_template("tasks_desk/series.html", page=found, weekdays=WEEKDAYS)


@bp.post("/series/<int:series_id>/end")
@role_required(*TASKS)
def end_series(series_id: int) -> ResponseReturnValue:
    """Make no more tasks of a series."""
    with transaction(db.session()):
        repeating.end_series(db.session(), actor(), series_id, now=clock.now())
    flash(_("It does not come again; what is open stays."))
    return redirect(url_for(".series"), 303)


def _again(task_id: int, error: DomainError) -> ResponseReturnValue:
    """The page once more, with what is wrong."""
    wrong = error.errors if isinstance(error, Invalid) else {"": [str(error.message)]}
    return _show(task_id, None, wrong), error.status


def _show(task_id: int, form: AdjustForm | None, wrong: dict[str, list[str]]) -> str:
    session, person = db.session(), actor()
    task = queries.run_task(session, person, task_id)
    claims = queries.claims_of(session, task.id, after=row_id(request.args.get("after")))
    return render_template(
        "tasks_desk/show.html", task=task, look=task_look(task.state), role_word=role_word,
        claims=claims, look_of=claim_look, steps=task_steps(queries.task_events(session, task.id)),
        offered=task_offered(task.state), proof=proof_lines(session, task), wrong=wrong,
        name_of=lambda rider: rider_name(person, rider), form=form or _adjust_form(task),
        typed=request.form.get("reason", ""),
    )  # fmt: skip


def _adjust_form(task: Task) -> AdjustForm:
    return AdjustForm(data={"needed": task.needed, "ends_at": clock.to_local(task.ends_at)})
