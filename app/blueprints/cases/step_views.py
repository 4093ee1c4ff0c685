"""Acts at the desk: a step of one case or of many, its grid set by hand, who reported it."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict

from app.access import actor, role_required
from app.blueprints.accounts.models import User
from app.blueprints.audit.services import MAX_REASON, note_look
from app.blueprints.cases import bulk, meanwhile, paging, placing, routing
from app.blueprints.cases.bulk import Marked
from app.blueprints.cases.desk_case import desk_case
from app.blueprints.cases.desk_page import DESK, Shown, kept, render, sight_now, wanted_filter
from app.blueprints.cases.desk_queries import found, next_down
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.life import take_step
from app.blueprints.cases.offers import DESK_STEPS, Typed
from app.blueprints.cases.queues import Sight
from app.blueprints.cases.step_forms import StepForm, form_for
from app.blueprints.cases.words import step_word
from app.blueprints.organisations.finding import areas_called
from app.blueprints.organisations.models import INTAKE, Kind
from app.blueprints.photos.services import MAX_PHOTOS
from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_uploads
from app.blueprints.reports.models import Report
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.text import clean

bp = Blueprint("case_steps", __name__, url_prefix="/cases")
MIB = 1024 * 1024
MAX_GRID = 120


@bp.post("/<int:case_id>/<step>")
@role_required(*DESK)
def take(case_id: int, step: str) -> ResponseReturnValue:
    """Take a step, and go on to the next case of the list when this one leaves it."""
    if step not in DESK_STEPS:
        raise NotFound
    desk_case(db.session(), actor(), case_id)  # for nobody else are photos even looked at
    request.max_content_length = MAX_PHOTOS * current_app.config["MAX_PHOTO_BYTES"] + MIB
    form = form_for(step, CombinedMultiDict([request.files, request.form]))
    typed = Shown(typed=Typed(step, form))
    if not form.validate():
        return render(case_id, typed), 422
    try:
        return redirect(_take(case_id, step, form))
    except Invalid as error:
        form.say(error.errors)
        return render(case_id, typed), error.status
    except Conflict as error:
        trouble = _trouble(db.session(), case_id, form, error)
        return render(case_id, Shown(typed=typed.typed, trouble=trouble)), error.status


def _take(case_id: int, step: str, form: StepForm) -> str:
    """Take the step, and answer where to go from there."""
    uploads, now, session = request.files.getlist("photos"), clock.now(), db.session()
    photos = take_uploads(session, photo_storage(), actor().id, uploads, now=now)
    wanted, sight = wanted_filter(), sight_now()
    was_listed = _listed(wanted, sight, case_id)
    with transaction(session):
        case = desk_case(session, actor(), case_id)
        number, place = case.number, paging.key_of(case, wanted.sort)
        details = form.details(photos)
        if step == "accept":
            routing.accept_and_route(session, actor(), case, details, now)
        else:
            take_step(session, actor(), case, step, details, now=now)
    flash(f"{step_word(step)} · {number}")
    if not was_listed or _listed(wanted, sight, case_id):
        return url_for("cases.show", case_id=case_id, **kept(wanted))
    following = next_down(session, actor(), wanted, sight, place)
    if following is None:
        return url_for("cases.desk", **wanted.args())
    return url_for("cases.show", case_id=following, **kept(wanted))


def _listed(wanted: CaseFilter, sight: Sight, case_id: int) -> bool:
    """Whether a case is in the list beside it."""
    same = found(actor(), wanted, sight).where(Report.id == case_id)
    return db.session.scalar(same.with_only_columns(Report.id)) is not None


def _trouble(session: Session, case_id: int, form: StepForm, error: Conflict) -> str:
    """Why not: who was faster if somebody was, else what the rule says."""
    case = desk_case(session, actor(), case_id)
    if error.message is Conflict.message or form.version.data not in (None, case.version):
        error = meanwhile.moved_on(session, actor(), case)
    return str(error.message)


@bp.post("/bulk")
@role_required(*DESK)
def many() -> ResponseReturnValue:
    """One step of all cases that are marked; says of each what came of it."""
    step = request.form.get("act", "")
    form = form_for(step, request.form)
    if not form.validate():
        return render(shown=Shown(errors={"bulk": _texts(form.errors)})), 422
    try:
        with transaction(db.session()):
            outcomes = bulk.take_all(
                db.session(), actor(), _marked(), step, form.details(), now=clock.now()
            )
    except Invalid as error:
        return render(shown=Shown(errors={"bulk": _texts(error.errors)})), error.status
    return render(shown=Shown(outcomes=tuple(outcomes)))


def _marked() -> list[Marked]:
    """Cases as the boxes name them, "id:version", each once."""
    pairs = [text.partition(":") for text in request.form.getlist("case")[: bulk.MOST + 1]]
    numbers = [(_whole(one[0]), _whole(one[2])) for one in pairs]
    marked = {case_id: version for case_id, version in numbers if case_id is not None}
    return [Marked(case_id, version) for case_id, version in marked.items()]


def _whole(text: str) -> int | None:
    """The id that a text says, None for what says none."""
    fits = text.isascii() and text.isdecimal() and len(text) <= 10
    return int(text) if fits and int(text) <= MAX_ROW_ID else None


def _texts(errors: object) -> list[str]:
    """All messages of some errors, however deep."""
    if isinstance(errors, dict):
        return [text for one in errors.values() for text in _texts(one)]
    if isinstance(errors, list | tuple):
        return [text for one in errors for text in _texts(one)]
    return [str(errors)]


@bp.post("/<int:case_id>/reporter")
@role_required(*INTAKE)
def reporter(case_id: int) -> ResponseReturnValue:
    """Who reported it, shown once; that somebody looked, and why, is noted first."""
    reason = clean(request.form.get("reason", ""))
    if not 1 <= len(reason) <= MAX_REASON:
        said = _("Say why, in at most %(most)s characters.", most=MAX_REASON)
        return render(case_id, Shown(errors={"reporter": [said]})), 422
    session = db.session()
    with transaction(session):
        person = desk_case(session, actor(), case_id).reporter_id
        note_look(
            session, actor(), subject=f"rider:{person}", what="reporter", reason=reason,
            now=clock.now(),
        )  # fmt: skip
    return render(case_id, Shown(reporter=session.get_one(User, person)))


@bp.post("/<int:case_id>/place")
@role_required(*INTAKE)
def place(case_id: int) -> ResponseReturnValue:
    """Set the grid by hand, by its name; no name takes the case out of its grid."""
    name = clean(request.form.get("grid", ""))[:MAX_GRID]
    try:
        with transaction(db.session()):
            case = desk_case(db.session(), actor(), case_id)
            grid = _grid_called(name) if name else None
            placing.set_grid(db.session(), actor(), case, grid, clock.now())
    except Invalid as error:
        shown = Shown(errors={"grid": _texts(error.errors)}, typed_grid=name)
        return render(case_id, shown), error.status
    flash(_("The grid is set."))
    return redirect(url_for("cases.show", case_id=case_id, **kept(wanted_filter())))


def _grid_called(name: str) -> int:
    """The one grid of a name. Raises Invalid."""
    found = [one.id for one in areas_called(db.session(), name) if one.kind == Kind.GRID]
    if len(found) != 1:
        several = _("There are several grids of that name. Put the street before it, with a slash.")
        raise Invalid({"grid_id": [several if found else _("There is no such grid.")]})
    return found[0]
