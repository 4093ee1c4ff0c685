"""The rider's badge: its page, which knows nobody; and what its phone asks and sends."""

from hashlib import sha256 as hash_of

from flask import (
    Blueprint,
    Response,
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
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import actor, person_or_address, role_required
from app.blueprints.badges import portraits, queries, services
from app.blueprints.badges.card import card_of
from app.blueprints.badges.serving import portrait_response
from app.blueprints.badges.terms import terms_of
from app.blueprints.badges.wire import MAX_BODY_BYTES, read_enrolment, read_shown
from app.blueprints.organisations.models import Role
from app.blueprints.photos.services import PICTURE_WORDS
from app.blueprints.photos.store import photo_storage
from app.errors import Invalid, TooLarge
from app.extensions import db, limiter
from app.lib import clock, imaging
from app.lib.database import transaction
from app.lib.htmx import wants_json
from app.lib.imaging import BadPicture
from app.lib.shells import shell

bp = Blueprint("badges", __name__)
MIB = 1024 * 1024


@shell("/badge")
def render_badge() -> str:
    """The page of the badge, the same for everybody."""
    return render_template("badges/show.html")


@bp.get("/badge")
def show() -> Response:
    """The badge. The page knows nobody; the phone fills it in, with or without network."""
    response = make_response(render_badge())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.post("/badge/renew")
@limiter.limit("60 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def renew() -> Response:
    """The card: how it stands with the rider and the badge, with a fresh credential."""
    shown = read_shown(_body())
    session, now, terms = db.session(), clock.now(), terms_of(current_app.config)
    if services.renewal_due(session, actor(), shown=shown, now=now):
        with transaction(session):
            services.renew(session, actor(), shown=shown, terms=terms, now=now)
    return jsonify(card_of(session, actor(), shown=shown, terms=terms, now=now))


@bp.post("/badge/enrol")
@limiter.limit("10 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def enrol() -> ResponseReturnValue:
    """Make this phone the one that shows the badge: 201 and the card."""
    asked = read_enrolment(_body())
    session, now, terms = db.session(), clock.now(), terms_of(current_app.config)
    with transaction(session):
        badge = services.enrol(
            session, actor(), asked.enrolment, replace=asked.replace, terms=terms, now=now
        )
        shown = badge.badge_id
    return jsonify(card_of(session, actor(), shown=shown, terms=terms, now=now)), 201


def _body() -> bytes:
    request.max_content_length = MAX_BODY_BYTES
    return request.get_data(cache=False)


@bp.get("/badge/portrait")
@role_required(Role.RIDER)
def portrait_page() -> str:
    """Where a rider takes a portrait, and sees what became of it."""
    return _portrait_page()


def _portrait_page(error: str | None = None) -> str:
    newest = queries.newest_portrait(db.session(), actor().id)
    return render_template("badges/portrait.html", portrait=newest, error=error)


@bp.post("/badge/portrait")
@limiter.limit("10 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def send_portrait() -> ResponseReturnValue:
    """Take a portrait; the manager of the company decides on it."""
    try:
        _take_portrait()
    except Invalid as error:
        if wants_json():
            raise
        return _portrait_page(error.errors["portrait"][0]), error.status
    if wants_json():
        return jsonify(state="pending"), 201
    flash(_("Your photo is sent. Your company looks at it."))
    return redirect(url_for("badges.show"))


def _take_portrait() -> None:
    session, now = db.session(), clock.now()
    portraits.refuse_too_many(session, actor(), now=now)
    content = _encoded(_upload())
    sha256, storage = hash_of(content).hexdigest(), photo_storage()
    storage.put(portraits.portrait_name(sha256), content)
    with transaction(session):
        unused = portraits.take_portrait(session, actor(), sha256=sha256, now=now)
    for other in unused:
        storage.delete(portraits.portrait_name(other))


def _upload() -> bytes:
    most = current_app.config["MAX_PHOTO_BYTES"]
    request.max_content_length = most + MIB
    try:
        upload = request.files.get("portrait")
        return upload.read(most + 1) if upload else b""
    except RequestEntityTooLarge as error:
        raise TooLarge(_("A photo may have at most 15 MB.")) from error


def _encoded(content: bytes) -> bytes:
    try:
        return imaging.portrait(content)
    except BadPicture as error:
        if error.reason == "too_large":
            raise TooLarge(_("A photo may have at most 15 MB.")) from error
        raise Invalid({"portrait": [str(PICTURE_WORDS[error.reason])]}) from error


@bp.get("/badge/portrait/<sha256>.jpg")
@role_required(Role.RIDER)
def portrait(sha256: str) -> ResponseReturnValue:
    """A portrait of the rider's own, as the badge shows it."""
    found = queries.own_portrait(db.session(), actor(), sha256)
    return portrait_response(found.sha256)
