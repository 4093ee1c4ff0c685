"""What a rider's phone asks about gates: which one a printed code names, and what happened."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from app.access import actor, person_or_address, role_required
from app.blueprints.gates import places
from app.blueprints.organisations.models import Role
from app.extensions import db, limiter
from app.lib import clock

bp = Blueprint("places", __name__)


@bp.get("/places/<code>")
@limiter.limit("60 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def place(code: str) -> ResponseReturnValue:
    """The gate of a printed code: where it is, and how near one must be."""
    return jsonify(places.place_json(places.place(db.session(), code)))


@bp.get("/badge/news")
@limiter.limit("60 per minute", key_func=person_or_address)
@role_required(Role.RIDER)
def news() -> Response:
    """Whether a gate has just let this rider through. Asked every 15 s by each open badge."""
    now = clock.now()
    passed = places.news(db.session(), actor(), now=now)
    return jsonify(now=clock.to_ms(now), **{"pass": passed})
