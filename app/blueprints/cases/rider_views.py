"""The reporter's side of a case: what became of a report, and the steps that are the reporter's."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, signed_in
from app.blueprints.cases.life import take_step
from app.blueprints.cases.rider_queries import own_report, reporter_page
from app.blueprints.cases.step_forms import StepForm, form_for
from app.blueprints.cases.transitions import STEPS, Who
from app.blueprints.cases.words import state_look, step_word
from app.blueprints.organisations.models import INTAKE
from app.blueprints.photos.services import MAX_PHOTOS
from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_uploads
from app.blueprints.reports.models import Report
from app.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("reporter", __name__)
bp.add_app_template_global(state_look)
bp.add_app_template_global(step_word)
REPORTER_STEPS = frozenset(step.name for step in STEPS if step.who == Who.REPORTER)
MIB = 1024 * 1024


@dataclass(frozen=True)
class Typed:
    """A form that came back: what was typed, and what is wrong with it, by field."""

    step: str
    note: str
    errors: dict[str, list[str]]
    message: str = ""


@bp.get("/reports/<int:report_id>")
@signed_in
def show(report_id: int) -> ResponseReturnValue:
    """One report and what became of it; the centre has a page of its own for that."""
    try:
        return _render(report_id)
    except NotFound:
        if actor().has_role(*INTAKE):
            return redirect(f"/cases/{report_id}")
        raise


@bp.post("/reports/<int:report_id>/<step>")
@signed_in
def take(report_id: int, step: str) -> ResponseReturnValue:
    """A step of the reporter's, as a plain form."""
    if step not in REPORTER_STEPS:
        raise NotFound
    own_report(db.session(), actor(), report_id)  # nobody else's photos are even looked at
    request.max_content_length = MAX_PHOTOS * current_app.config["MAX_PHOTO_BYTES"] + MIB
    form = form_for(step, request.form)
    try:
        _take(report_id, step, form)
    except Conflict as error:
        if _was_taken(report_id, step, form.note.data or ""):  # a double tap
            return redirect(url_for("reporter.show", report_id=report_id))
        return _back(report_id, step, form, error)
    except Forbidden:
        raise
    except DomainError as error:
        return _back(report_id, step, form, error)
    flash(_("The centre has it."))
    return redirect(url_for("reporter.show", report_id=report_id))


def _take(report_id: int, step: str, form: StepForm) -> None:
    if not form.validate():
        raise Invalid(form.errors)
    uploads, now = request.files.getlist("photos"), clock.now()
    photos = take_uploads(db.session(), photo_storage(), actor().id, uploads, now=now)
    with transaction(db.session()):
        report = own_report(db.session(), actor(), report_id)
        take_step(db.session(), actor(), report, step, form.details(photos), now=now)


def _was_taken(report_id: int, step: str, note: str) -> bool:
    """Whether the last that happened is this very step."""
    last = own_report(db.session(), actor(), report_id).events[-1]
    return (last.actor_id, last.step, last.note or "") == (actor().id, step, note)


def _back(report_id: int, step: str, form: StepForm, error: DomainError) -> ResponseReturnValue:
    """The page once more, with all that was typed and what was wrong with it."""
    errors = dict(error.errors) if isinstance(error, Invalid) else {}
    typed = Typed(step, form.note.data or "", errors, "" if errors else str(error.message))
    return _render(report_id, typed), error.status


def _render(report_id: int, typed: Typed | None = None) -> str:
    session = db.session()
    report: Report = own_report(session, actor(), report_id)
    page = reporter_page(session, report, now=clock.now())
    return render_template("reports/show.html", page=page, report=report, typed=typed)
