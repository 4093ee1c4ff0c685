"""The server's side of the outbox."""

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import actor, role_required, signed_in
from app.blueprints.organisations.models import INTAKE, Role
from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_photo, take_uploads
from app.blueprints.reports.shell import shell_context
from app.blueprints.sync import importing
from app.blueprints.sync.kinds import KINDS
from app.blueprints.sync.submission import places_of, submit_form
from app.blueprints.sync.taking import take_items
from app.blueprints.sync.wire import MAX_ITEMS, SHA256, Malformed, parse_batch
from app.errors import DomainError, Invalid, TooLarge
from app.extensions import db, limiter
from app.lib import clock

bp = Blueprint("sync", __name__)
MIB = 1024 * 1024
limiter.limit("6000 per minute")(bp)


class NotUnderstood(DomainError):
    status, code = 400, "not_understood"


@bp.get("/sync/whoami")
@signed_in
def whoami() -> Response:
    """Who is signed in here, the server's time, and the schemas that are taken."""
    person = actor()
    schemas = {name: sorted(kind.schemas) for name, kind in KINDS.items()}
    return jsonify(user=person.id, now=clock.to_ms(clock.now()), schemas=schemas)


@bp.put("/sync/photos/<sha256>")
@signed_in
def put_photo(sha256: str) -> ResponseReturnValue:
    """Take one photo: 201 when it is new, 200 when it is held, 422 when it is not what it says."""
    if not SHA256.fullmatch(sha256):
        raise Invalid({"photos": [_("That is no hash of a photo.")]})
    content = _body(current_app.config["MAX_PHOTO_BYTES"])
    new = take_photo(db.session(), photo_storage(), actor().id, sha256, content, now=clock.now())
    return jsonify(sha256=sha256), 201 if new else 200


def _body(most: int) -> bytes:
    request.max_content_length = most
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise TooLarge(_("A photo may have at most 15 MB.")) from error


@bp.post("/sync/items")
@signed_in
def post_items() -> Response:
    """Take a batch of at most 100 items; a verdict for each, said after the commit."""
    try:
        batch = parse_batch(request.get_data(cache=False))
    except Malformed as error:
        raise NotUnderstood from error
    except OverflowError as error:
        raise TooLarge(_("At most %(count)s items at a time.", count=MAX_ITEMS)) from error
    return jsonify(take_items(db.session(), actor(), batch, now=clock.now()))


@bp.post("/reports")
@role_required(Role.RIDER)
def post_form() -> ResponseReturnValue:
    """The report page sent as a plain form, for browsers without JavaScript. It stands here
    because it goes the outbox's way: by key, so that sending twice files once."""
    request.max_content_length = 4 * current_app.config["MAX_PHOTO_BYTES"] + MIB
    uploads = request.files.getlist("photos")
    try:
        photos = take_uploads(
            db.session(), photo_storage(), actor().id, uploads, now=clock.now()
        )  # fmt: skip
        answer = submit_form(request.form, photos, places_of(uploads))
    except DomainError as error:
        fields = error.errors if isinstance(error, Invalid) else {"photos": [str(error.message)]}
        context = shell_context(errors=fields, values=request.form)
        return render_template("reports/new.html", **context), error.status
    return redirect(answer["url"])


@bp.route("/intake/import", methods=["GET", "POST"])
@role_required(*INTAKE)
def import_export() -> ResponseReturnValue:
    """Take in a ZIP that a phone exported, with the same keys."""
    if request.method == "GET":
        return render_template("sync/import.html", results=None, error=None)
    request.max_content_length = importing.MAX_ZIP_BYTES + MIB
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid({"file": [_("Choose the file that the phone exported.")]})
        results = importing.import_export(upload.stream)
    except Invalid as error:
        message = next(iter(error.errors.values()))[0]
        return render_template("sync/import.html", results=None, error=message), 422
    return render_template("sync/import.html", results=results, error=None)
