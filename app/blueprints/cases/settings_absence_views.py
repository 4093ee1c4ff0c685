"""Departments that are away, and handing over a whole queue."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import actor, role_required
from app.blueprints.cases import absences, moving
from app.blueprints.cases.moving import Load
from app.blueprints.cases.settings_choices import department_choices
from app.blueprints.cases.settings_forms import AbsenceForm, MoveForm
from app.blueprints.organisations.models import INTAKE
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("settings_absences", __name__, url_prefix="/case-settings")
MOST_BATCHES = 20
"""Of one press; what is left then is moved by another."""


@bp.get("/absences")
@role_required(*INTAKE)
def page() -> str:
    """Who is away, who will be, who was."""
    return _page(_form())


@bp.post("/absences")
@role_required(*INTAKE)
def add() -> ResponseReturnValue:
    """Write down that a department is away."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction(db.session()):
            absences.make_absence(db.session(), actor(), form.draft(), now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _page(form), 422
    flash(_("Saved. New cases go to the substitute in that time."))
    return redirect(url_for(".page"))


@bp.post("/absences/<int:absence_id>/end")
@role_required(*INTAKE)
def end(absence_id: int) -> ResponseReturnValue:
    """The department is back."""
    with transaction(db.session()):
        absences.end_absence(db.session(), actor(), absence_id, now=clock.now())
    flash(_("The department takes its cases again."))
    return redirect(url_for(".page"))


@bp.get("/move")
@role_required(*INTAKE)
def ask_move() -> str:
    """Whose queue goes to whom; with `source_id` in the address, how much that is."""
    return _move_page(_move_form(request.args))


@bp.post("/move")
@role_required(*INTAKE)
def move() -> ResponseReturnValue:
    """Hand over a department's whole queue, batch by batch, once the page has said how much it
    is."""
    form = _move_form(request.form)
    shown = form.shown.data == form.source_id.data
    if not form.validate():
        return _move_page(form), 422
    if not shown:
        return _move_page(form)
    try:
        count, left = _move_all(int(form.source_id.data), int(form.target_id.data), form.note.data)
    except Invalid as error:
        form.say(error.errors)
        return _move_page(form), 422
    flash(ngettext("%(num)s case was handed over.", "%(num)s cases were handed over.", count))
    if left:
        flash(_("%(left)s are left; press again.", left=left))
        return redirect(url_for(".ask_move", source_id=form.source_id.data))
    return redirect(url_for(".page"))


def _move_all(source_id: int, target_id: int, note: str) -> tuple[int, int]:
    """Move batches, each in a transaction of its own; answers how many cases, and what is left."""
    count, left = 0, 0
    for _batch in range(MOST_BATCHES):
        with transaction(db.session()):
            moved = moving.move_queue(
                db.session(), actor(), source_id, target_id, note, now=clock.now()
            )
        count, left = count + moved.count, moved.left
        if not left:
            break
    return count, left


def _page(form: AbsenceForm) -> str:
    session, now = db.session(), clock.now()
    return render_template(
        "case_settings/absences.html",
        form=form,
        absences=absences.all_absences(session, actor(), now),
        loads=moving.loads(session),
        none=Load(),
        now=now,
    )


def _form() -> AbsenceForm:
    here = clock.to_local(clock.now()).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    form = AbsenceForm(request.form, data={"since": here, "until": here + timedelta(days=1)})
    form.department_id.choices = form.substitute_id.choices = department_choices(db.session())
    return form


def _move_form(sent: object) -> MoveForm:
    form = MoveForm(sent)
    form.source_id.choices = form.target_id.choices = department_choices(db.session())
    return form


def _move_page(form: MoveForm) -> str:
    source = form.source_id.data or ""
    known = any(choice.value == source for choice in form.source_id.choices if source)
    load = moving.loads(db.session()).get(int(source), Load()) if known else None
    form.shown.data = source if known else ""
    return render_template("case_settings/move.html", form=form, load=load)
