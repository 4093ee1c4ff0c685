"""A station's counter: the page that scans and logs, and what it keeps and asks."""

import json
from hashlib import sha256

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, person_or_address, role_required
from app.blueprints.badges.terms import terms_of
from app.blueprints.counters.bundle import bundle_of
from app.blueprints.counters.here import here_as_json, here_at
from app.blueprints.counters.vouchers import asked_as_json, asked_for
from app.blueprints.organisations.models import STATIONS
from app.blueprints.rewards.voucher_codes import TEXT_LENGTH
from app.blueprints.stations.queries import run_station
from app.blueprints.visits.counter_codes import secret_of
from app.blueprints.visits.words import PURPOSES
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import MAX_ROW_ID
from app.lib.shells import shell
from app.lib.text import whole_number

bp = Blueprint("counter", __name__)
NUMBER_DIGITS = 10


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
        db.session(), actor(), wanted=whole_number(request.args.get("station"), MAX_ROW_ID),
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


@bp.post("/counter/<int:station_id>/voucher.json")
@role_required(*STATIONS)
@limiter.limit("60 per minute", key_func=person_or_address)
def voucher(station_id: int) -> ResponseReturnValue:
    """What the centre says of a voucher by its code or number: to be guessed it has too many
    digits, and too few are asked for in a minute."""
    session, now = db.session(), clock.now()
    station = run_station(session, actor(), station_id)
    said = request.get_json(silent=True)
    code, number = _text(said, "code", TEXT_LENGTH), _text(said, "number", NUMBER_DIGITS)
    if not code and not (number.isascii() and number.isdigit()):
        raise Invalid({"number": [_("Type the ten digits of the voucher.")]})
    asked = asked_for(session, code=code, number=number)
    response = jsonify(asked_as_json(asked, station, now=now) | {"user": actor().id})
    response.headers["Cache-Control"] = "no-store"
    return response


def _text(said: object, name: str, length: int) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) and len(value) == length else ""


def _private(content: dict[str, object], tag: str) -> ResponseReturnValue:
    response = jsonify(content)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
