"""Building maps: drawn up at the desk, read by the phones of riders who passed."""

from hashlib import sha256 as hash_of

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import actor, role_required, signed_in
from app.blueprints.gates import compound_queries as queries
from app.blueprints.gates import maps
from app.blueprints.gates.spot_rows import SpotRow, read_spots
from app.blueprints.organisations.models import COMPOUNDS
from app.blueprints.photos.services import PICTURE_WORDS
from app.blueprints.photos.serving import kept_picture
from app.blueprints.photos.store import photo_storage
from app.errors import NotFound, TooLarge
from app.extensions import db, limiter
from app.lib import clock, imaging, pdf_pages
from app.lib.database import transaction
from app.lib.imaging import BadPicture, Sheet
from app.lib.pdf_pages import BadPdf

bp = Blueprint("maps", __name__)
MIB = 1024 * 1024


class _Unusable(Exception):
    """The upload is no map; the message is for the person."""


@bp.get("/compounds/<int:compound_id>/map")
@role_required(*COMPOUNDS)
def editor(compound_id: int) -> str:
    """The map of a compound, to be drawn up."""
    return _editor_page(compound_id)


def _editor_page(
    compound_id: int, *, error: str | None = None, rows: list[SpotRow] | None = None
) -> str:
    session = db.session()
    compound = queries.compound_of(session, actor(), compound_id)
    settings = queries.settings_of(session, compound)
    if rows is None:
        rows = [
            SpotRow(one.name, f"{one.x * 100:.2f}", f"{one.y * 100:.2f}")
            for one in settings.buildings
        ]
    return render_template(
        "compounds/map.html",
        compound=compound,
        open_conflicts=queries.open_conflicts(session, compound_id),
        settings=settings,
        rows=rows,
        error=error,
        most=maps.MOST_BUILDINGS,
    )


@bp.post("/compounds/<int:compound_id>/map/picture")
@limiter.limit("10 per minute")
@role_required(*COMPOUNDS)
def upload(compound_id: int) -> ResponseReturnValue:
    """Take a picture or a page of a PDF as the map; it is always encoded anew."""
    session, now = db.session(), clock.now()
    queries.compound_of(session, actor(), compound_id)
    try:
        sheet = _sheet(*_upload())
    except _Unusable as error:
        return _editor_page(compound_id, error=str(error)), 422
    storage = photo_storage()
    storage.put(maps.map_name(hash_of(sheet.content).hexdigest()), sheet.content)
    with transaction(session):
        unused = maps.save_map(session, actor(), compound_id, sheet=sheet, now=now)
    if unused:
        storage.delete(maps.map_name(unused))
    flash(_("The picture is there. Tap on it to name the buildings."))
    return redirect(url_for("maps.editor", compound_id=compound_id))


def _upload() -> tuple[bytes, int]:
    """The bytes that were sent, and the number of the page. Raises TooLarge."""
    most = current_app.config["MAX_PHOTO_BYTES"]
    request.max_content_length = most + MIB
    try:
        file = request.files.get("picture")
        content = file.read(most + 1) if file else b""
    except RequestEntityTooLarge as error:
        raise TooLarge(_("A file may have at most 15 MB.")) from error
    if len(content) > most:
        raise TooLarge(_("A file may have at most 15 MB."))
    number = request.form.get("page", "1")
    return content, int(number) if number.isdecimal() and len(number) < 6 else 1


def _sheet(content: bytes, number: int) -> Sheet:
    try:
        if pdf_pages.is_pdf(content):
            content = pdf_pages.page_picture(content, number)
        return imaging.sheet(content)
    except BadPdf as error:
        raise _Unusable(_pdf_words(error)) from error
    except BadPicture as error:
        if error.reason == "too_large":
            raise TooLarge(_("A file may have at most 15 MB.")) from error
        raise _Unusable(str(PICTURE_WORDS[error.reason])) from error


def _pdf_words(error: BadPdf) -> str:
    if error.reason == "no_such_page":
        return str(_("That PDF has pages 1 to %(pages)s.", pages=error.pages))
    if error.reason == "locked":
        return str(_("That PDF is locked with a password."))
    return str(_("That PDF cannot be read, or is too large to draw. Try a picture of it."))


@bp.post("/compounds/<int:compound_id>/map/buildings")
@role_required(*COMPOUNDS)
def save_buildings(compound_id: int) -> ResponseReturnValue:
    """Put the named buildings on the map."""
    rows = read_spots(request.form)
    if any(row.errors for row in rows):
        return _editor_page(compound_id, rows=rows), 422
    spots = [row.spot() for row in rows]
    with transaction(db.session()):
        maps.save_buildings(db.session(), actor(), compound_id, spots=spots, now=clock.now())
    flash(_("Saved. Riders see it after their next pass."))
    return redirect(url_for("maps.editor", compound_id=compound_id))


@bp.get("/maps/<int:compound_id>")
@signed_in
def map_of(compound_id: int) -> Response:
    """The map of a compound, for who passed there lately and for who looks after it."""
    found = maps.map_of(db.session(), actor(), compound_id, now=clock.now())
    return jsonify(maps.map_json(found))


@bp.get("/maps/<int:compound_id>/picture/<sha256>.jpg")
@signed_in
def picture(compound_id: int, sha256: str) -> ResponseReturnValue:
    """The picture of a map, which the browser of this person may keep."""
    found = maps.map_of(db.session(), actor(), compound_id, now=clock.now())
    if found.map_sha256 is None or found.map_sha256 != sha256:
        raise NotFound
    return kept_picture(maps.map_name(sha256), etag=sha256)
