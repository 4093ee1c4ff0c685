"""Posters with the code of a station, one or many in a file."""

from collections.abc import Sequence

from flask import Blueprint, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.badges import issuer_keys
from app.blueprints.badges.issuer_keys import NoIssuerKey
from app.blueprints.organisations.models import STATIONS
from app.blueprints.stations import desk_queries as queries
from app.blueprints.stations.desk_page import wanted_filter
from app.blueprints.stations.homes import read_homes
from app.blueprints.stations.models import Station
from app.blueprints.stations.poster_codes import address_of
from app.blueprints.stations.posters import station_posters
from app.blueprints.stations.queries import run_station
from app.errors import Conflict, Invalid
from app.extensions import db, limiter
from app.lib import clock

bp = Blueprint("station_posters", __name__)


@bp.get("/stations/desk/<int:station_id>/poster.pdf")
@role_required(*STATIONS)
def poster(station_id: int) -> ResponseReturnValue:
    """The poster of one station."""
    station = run_station(db.session(), actor(), station_id)
    if station.ended_at is not None:
        raise Conflict(_("This station was given up."))
    return _pdf([station], f"station-{station.number}.pdf")


@bp.post("/stations/desk/posters")
@limiter.limit("10 per minute", key_func=person_or_address)
@role_required(*STATIONS)
def posters() -> ResponseReturnValue:
    """The posters of the stations that were ticked, or with `all=1` of all that the filter
    shows: 100 at most."""
    session, most = db.session(), queries.MOST_AT_ONCE
    if request.form.get("all") == "1":
        wanted = wanted_filter(request.form, read_homes(session))
        every = queries.found_by(actor(), wanted, clock.now())
        found: Sequence[Station] = session.scalars(
            every.where(Station.ended_at.is_(None)).limit(most + 1)
        ).all()
    else:
        found = queries.chosen(session, actor(), request.form.getlist("station", type=int))
    if not found:
        raise Invalid({"station": [_("Tick a station at least.")]}, _("Tick a station at least."))
    if len(found) > most:
        many = _("At most %(most)s posters in one file: choose a street first.", most=most)
        raise Invalid({"station": [many]}, many)
    return _pdf(found, "station-posters.pdf")


def _pdf(stations: Sequence[Station], name: str) -> ResponseReturnValue:
    keys, now = issuer_keys.load(current_app.config["ISSUER_KEYS_FOLDER"]), clock.now()
    root = request.host_url.rstrip("/")
    try:
        addresses = [(one, address_of(one, keys, root, now=now)) for one in stations]
    except NoIssuerKey as error:
        raise Conflict(_("No key signs codes yet. The operator of this site makes one.")) from error
    response = make_response(station_posters(addresses, font=current_app.config["PDF_FONT"]))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
