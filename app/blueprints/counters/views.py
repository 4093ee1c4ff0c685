"""A station's counter: the page that scans and logs, and what it keeps and asks."""

import json
from hashlib import sha256

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.access import actor, person_or_address, role_required
from app.blueprints.badges.terms import terms_of
from app.blueprints.counters.bundle import bundle_of
from app.blueprints.counters.here import here_as_json, here_at
from app.blueprints.organisations.models import STATIONS
from app.blueprints.stations.queries import run_station
from app.blueprints.visits.counter_codes import secret_of
from app.blueprints.visits.words import PURPOSES
from app.extensions import db, limiter
from app.lib import clock
from app.lib.shells import shell

bp = Blueprint("counter", __name__)


@shell("/counter")
def render_counter() -> str:
    """The page, the same for everybody."""
    return render_template("counters/counter.html", purposes=PURPOSES)


@bp.get("/counter")
def page() -> Response:
    """The counter. It knows nobody; the tablet fills it in, with or without network."""
    response = make_response(render_counter())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/counter/bundle.json")
@role_required(*STATIONS)
@limiter.limit("60 per minute", key_func=person_or_address)
def bundle() -> ResponseReturnValue:
    """What a counter keeps; 304 while nothing in it is new. `station` must be among its stations,
    however many there are."""
    found = bundle_of(
        db.session(), actor(), wanted=request.args.get("station", type=int),
        terms=terms_of(current_app.config), code_secret=secret_of(current_app.config["SECRET_KEY"]),
        now=clock.now(),
    )  # fmt: skip
    return _private(found.content, found.tag)


@bp.get("/counter/<int:station_id>/here.json")
@role_required(*STATIONS)
@limiter.limit("120 per minute", key_func=person_or_address)
def here(station_id: int) -> ResponseReturnValue:
    """Who is at a station, and how many came today; 304 while nothing in it is new."""
    session, now = db.session(), clock.now()
    run_station(session, actor(), station_id)
    content = here_as_json(here_at(session, station_id, now=now)) | {
        "station": station_id, "user": actor().id, "day": clock.to_local(now).date().isoformat(),
    }  # fmt: skip
    tag = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
    return _private(content | {"now": clock.to_ms(now)}, tag)


def _private(content: dict[str, object], tag: str) -> ResponseReturnValue:
    response = jsonify(content)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
