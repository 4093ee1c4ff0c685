"""A rider's tasks: the page that a phone keeps and what it keeps, and the same as plain pages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from uuid6 import uuid7

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.photos.services import MAX_PHOTOS
from app.blueprints.photos.store import photo_storage, rendition_name
from app.blueprints.photos.taking import take_uploads
from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.tasks import claiming, rider_queries, wire
from app.blueprints.tasks.models import Claim, ClaimState
from app.blueprints.tasks.proof import HandIn
from app.blueprints.tasks.rider_forms import answers_in, row_id, spot_in
from app.blueprints.tasks.rider_page import choices_of, task_page
from app.blueprints.tasks.words import claim_look, role_word
from app.errors import Conflict, DomainError, Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.htmx import wants_json
from app.lib.shells import shell

bp = Blueprint("tasks_rider", __name__)
SIZES = ("large", "thumb")
ONE_WEEK_S = 604_800
MIB = 1024 * 1024


@shell("/tasks")
def render_page() -> str:
    """The page, the same for everybody."""
    table = {
        "states": {state.value: asdict(claim_look(state)) for state in ClaimState},
        "roles": {name: role_word(name) for name, _word in FIVE_ROLES.values()},
    }
    return render_template(
        "tasks/page.html", table=table, tiles_url=current_app.config["TILES_URL"]
    )


@bp.get("/tasks")
def page() -> Response:
    """Tasks by list and map. It knows nobody; the phone fills it in, with or without network."""
    response = make_response(render_page())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/tasks/mine.json")
@role_required(Role.RIDER)
@limiter.limit("60 per minute")
def mine() -> ResponseReturnValue:
    """What the rider's phone keeps; 304 while nothing in it is new."""
    now, person = clock.now(), actor()
    content = wire.mine(db.session(), person, now=now) | {"user": person.id}
    response = jsonify(content | {"now": clock.to_ms(now)})
    response.set_etag(wire.etag_of(content), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.get("/tasks/all")
@role_required(Role.RIDER)
def listed() -> str:
    """Tasks as a plain list: mine first, then those to claim."""
    session, now, after = db.session(), clock.now(), row_id(request.args.get("after"))
    return render_template(
        "tasks/all.html", now=now, look_of=claim_look,
        page=rider_queries.offered(session, actor(), after=after, now=now),
        claims=[] if after else wire.own_claims(session, actor(), now=now),
    )  # fmt: skip


@bp.get("/tasks/<int:task_id>")
@role_required(Role.RIDER)
def show(task_id: int) -> str:
    """One task as a plain page."""
    return _show(task_id)


@bp.post("/tasks/<int:task_id>/claim")
@role_required(Role.RIDER)
@limiter.limit("30 per minute")
def claim(task_id: int) -> ResponseReturnValue:
    """Take one of its places; a double tap takes one."""
    session, person = db.session(), actor()
    try:
        with transaction(session):
            spot = spot_in(request.form)
            claiming.claim(session, person, task_id, now=clock.now(), spot=spot)
    except (Conflict, Invalid) as error:
        if not _is_claimed(task_id):
            if wants_json():
                raise
            return _show(task_id, error), error.status
    if wants_json():
        return jsonify(claimed=task_id)
    flash(_("The task is yours. Do it in time, then hand it in here."))
    return redirect(url_for("tasks_rider.show", task_id=task_id), 303)


def _is_claimed(task_id: int) -> bool:
    """Whether what was asked for is so already."""
    _task, own = rider_queries.own_task(db.session(), actor(), task_id)
    return own is not None and own.state == ClaimState.CLAIMED


@bp.post("/tasks/claims/<int:claim_id>/release")
@role_required(Role.RIDER)
def release(claim_id: int) -> ResponseReturnValue:
    """Give a task back."""
    task_id = rider_queries.own_claim(db.session(), actor(), claim_id).task_id
    try:
        with transaction(db.session()):
            claiming.release(db.session(), actor(), claim_id, now=clock.now())
    except Conflict as error:
        return _show(task_id, error), error.status
    flash(_("The task is given back."))
    return redirect(url_for("tasks_rider.show", task_id=task_id), 303)


@bp.post("/tasks/claims/<int:claim_id>/hand-in")
@role_required(Role.RIDER)
def hand_in(claim_id: int) -> ResponseReturnValue:
    """What was done, from the plain form."""
    request.max_content_length = MAX_PHOTOS * current_app.config["MAX_PHOTO_BYTES"] + MIB
    own = rider_queries.own_claim(db.session(), actor(), claim_id)
    task_id = own.task_id
    try:
        _hand_in(claim_id, _kept_of(own))
    except DomainError as error:
        return _show(task_id, error), error.status
    flash(_("It is handed in. You are told when it was looked at."))
    return redirect(url_for("tasks_rider.show", task_id=task_id), 303)


def _kept_of(own: Claim) -> tuple[str, ...]:
    """Photos of the attempt before that the rider does not take again."""
    before = {one.sha256 for one in own.photos if one.attempt == own.attempts}
    return tuple(one for one in dict.fromkeys(request.form.getlist("kept")) if one in before)


def _hand_in(claim_id: int, kept: tuple[str, ...]) -> None:
    now, person, session = clock.now(), actor(), db.session()
    uploads = request.files.getlist("photos")
    photos = take_uploads(session, photo_storage(), person.id, uploads, now=now)
    draft = HandIn(
        key=str(uuid7()), rider=person, claim_id=claim_id, answers=answers_in(request.form),
        photos=tuple(dict.fromkeys((*kept, *photos))), at=now, spot=spot_in(request.form),
    )  # fmt: skip
    with transaction(session):
        claiming.hand_in(session, draft, now=now)


@bp.post("/tasks/claims/<int:claim_id>/appeal")
@role_required(Role.RIDER)
def appeal(claim_id: int) -> ResponseReturnValue:
    """Contradict a refusal."""
    task_id = rider_queries.own_claim(db.session(), actor(), claim_id).task_id
    words = request.form.get("words", "")
    try:
        with transaction(db.session()):
            claiming.appeal(db.session(), actor(), claim_id, words, now=clock.now())
    except (Conflict, Invalid) as error:
        return _show(task_id, error), error.status
    flash(_("The appeal is sent. Somebody else looks at it."))
    return redirect(url_for("tasks_rider.show", task_id=task_id), 303)


@bp.get("/tasks/claims/<int:claim_id>/photos/<int:attempt>/<int:position>/<size>")
@role_required(Role.RIDER)
def photo(claim_id: int, attempt: int, position: int, size: str) -> ResponseReturnValue:
    """A photo that the rider handed in, re-encoded."""
    if size not in SIZES:
        abort(404)
    found = rider_queries.own_photo(db.session(), actor(), claim_id, attempt, position)
    response = make_response(photo_storage().get(rendition_name(found.sha256, size)))
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = f"private, max-age={ONE_WEEK_S}, immutable"
    response.set_etag(f"{found.sha256}-{size}")
    return response.make_conditional(request)


def _show(task_id: int, error: DomainError | None = None) -> str:
    """A task's page; with what went wrong, it keeps what was typed."""
    session, now = db.session(), clock.now()
    session.rollback()
    task, own = rider_queries.own_task(session, actor(), task_id)
    errors: Mapping[str, Sequence[str]] = error.errors if isinstance(error, Invalid) else {}
    return render_template(
        "tasks/one.html", page=task_page(session, actor(), task, own, now=now), now=now,
        values=request.form, errors=errors, choices_of=choices_of,
        message=str(error.message) if error and not errors else "",
    )  # fmt: skip
