"""Photos of cases, re-encoded, for whoever may see the case."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from app.access import actor, signed_in
from app.blueprints.cases import evidence
from app.blueprints.photos.models import Photo
from app.blueprints.photos.serving import kept_picture
from app.blueprints.photos.store import rendition_name
from app.extensions import db

bp = Blueprint("case_photos", __name__)
SIZES = ("large", "thumb")


@bp.get("/reports/<int:report_id>/photos/<int:position>/<size>")
@signed_in
def of_report(report_id: int, position: int, size: str) -> ResponseReturnValue:
    """A photo that came with the report."""
    return _picture(evidence.report_photo(db.session(), actor(), report_id, position), size)


@bp.get("/cases/<int:case_id>/events/<int:event_id>/photos/<int:position>/<size>")
@signed_in
def of_event(case_id: int, event_id: int, position: int, size: str) -> ResponseReturnValue:
    """A photo that came with a step."""
    found = evidence.event_photo(db.session(), actor(), case_id, event_id, position)
    return _picture(found, size)


def _picture(photo: Photo, size: str) -> ResponseReturnValue:
    if size not in SIZES:
        abort(404)
    return kept_picture(rendition_name(photo.sha256, size), etag=f"{photo.sha256}-{size}")
