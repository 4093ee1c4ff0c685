"""Pictures of stations: uploaded at the desk, shown to everybody."""

from hashlib import sha256 as hash_of

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS
from app.blueprints.photos.picture_form import sent_picture
from app.blueprints.photos.serving import FOR_ALL, kept_picture
from app.blueprints.photos.store import photo_storage
from app.blueprints.stations import pictures
from app.blueprints.stations.queries import run_station
from app.errors import Invalid, NotFound, TooLarge
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("station_pictures", __name__)


@bp.get("/stations/desk/<int:station_id>/pictures")
@role_required(*STATIONS)
def listed(station_id: int) -> str:
    """The pictures of a station, in their order."""
    return _page(station_id)


def _page(station_id: int, error: str = "") -> str:
    station = run_station(db.session(), actor(), station_id)
    return render_template(
        "stations_desk/pictures.html", station=station, error=error, most=pictures.MOST_PICTURES
    )


@bp.post("/stations/desk/<int:station_id>/pictures")
@limiter.limit("20 per minute")
@role_required(*STATIONS)
def upload(station_id: int) -> ResponseReturnValue:
    """Take a picture; it is always encoded anew, without where and when it was taken."""
    session = db.session()
    run_station(session, actor(), station_id)
    try:
        sheet = sent_picture()
        sha256 = hash_of(sheet.content).hexdigest()
        with transaction(session):
            pictures.add_picture(
                session, actor(), station_id, sheet=sheet, sha256=sha256, now=clock.now()
            )
            # Last, so that of what is refused no file is left, and no row is without its file.
            photo_storage().put(pictures.picture_name(sha256), sheet.content)
    except Invalid as error:
        return _page(station_id, error.errors["picture"][0]), 422
    except TooLarge as error:
        return _page(station_id, str(error.message)), 413
    flash(_("The picture is there. Phones get it with their next directory."))
    return redirect(url_for(".listed", station_id=station_id), 303)


@bp.post("/stations/desk/<int:station_id>/pictures/<int:picture_id>/earlier")
@role_required(*STATIONS)
def earlier(station_id: int, picture_id: int) -> ResponseReturnValue:
    """Show a picture one place earlier."""
    with transaction(db.session()):
        pictures.move_picture(db.session(), actor(), station_id, picture_id, now=clock.now())
    return redirect(url_for(".listed", station_id=station_id), 303)


@bp.post("/stations/desk/<int:station_id>/pictures/<int:picture_id>/delete")
@role_required(*STATIONS)
def delete(station_id: int, picture_id: int) -> ResponseReturnValue:
    """Take a picture away."""
    with transaction(db.session()):
        unused = pictures.delete_picture(
            db.session(), actor(), station_id, picture_id, now=clock.now()
        )
    if unused:
        photo_storage().delete(pictures.picture_name(unused))
    flash(_("The picture is gone."))
    return redirect(url_for(".listed", station_id=station_id), 303)


@bp.get("/stations/pictures/<sha256>.jpg")
def picture(sha256: str) -> ResponseReturnValue:
    """A picture of a station, for anybody, to be kept for good."""
    if not pictures.is_shown(db.session(), sha256):
        raise NotFound
    return kept_picture(pictures.picture_name(sha256), etag=sha256, keep=FOR_ALL)
