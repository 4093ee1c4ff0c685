"""The map of cases, with the desk's filter: clusters while there are many, else each."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.cases import map_queries
from app.blueprints.cases.desk_choices import choices
from app.blueprints.cases.desk_page import DESK, sight_now, wanted_filter
from app.blueprints.cases.filter_words import narrowing_words
from app.blueprints.cases.map_queries import Bounds, read_bounds
from app.blueprints.cases.queues import queues_for
from app.blueprints.cases.words import LOOKS, state_word
from app.errors import Invalid
from app.extensions import db

bp = Blueprint("case_map", __name__, url_prefix="/cases/map")
DISTRICT = Bounds(31.26, 120.66, 31.38, 120.85, 11)
"""What is shown where no grid has an area."""


@bp.get("")
@role_required(*DESK)
def page() -> str:
    """The map's page."""
    wanted = wanted_filter()
    return render_template(
        "cases/map.html", wanted=wanted, queues=queues_for(actor()),
        extent=map_queries.extent(db.session()) or DISTRICT,
        narrowed=narrowing_words(
            wanted, choices(db.session(), street_id=wanted.street_id), str(get_locale())
        ),
        looks=[(LOOKS[state], state_word(state)) for state in wanted.states],
    )  # fmt: skip


@bp.get("/cases.json")
@role_required(*DESK)
def cases() -> ResponseReturnValue:
    """The cases within bounds as GeoJSON, for whoever may see them."""
    found: dict[str, Any] = map_queries.features(
        db.session(), actor(), wanted_filter(), sight_now(), _bounds(),
        str(get_locale()),
    )  # fmt: skip
    return jsonify(found)


@bp.get("/areas.json")
@role_required(*DESK)
def areas() -> ResponseReturnValue:
    """The outlines of grids within bounds as GeoJSON."""
    found = map_queries.areas_within(db.session(), _bounds(), str(get_locale()))
    return jsonify({"type": "FeatureCollection", "features": found})


def _bounds() -> Bounds:
    bounds = read_bounds(request.args)
    if bounds is None:
        raise Invalid({"bounds": [_("These are no bounds of a map.")]})
    return bounds
