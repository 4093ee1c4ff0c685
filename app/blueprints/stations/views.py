"""Finding a station: the page that a phone keeps, the directory in it, and plain pages."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from app.blueprints.stations import finding, standing
from app.blueprints.stations.directory import directory_file
from app.blueprints.stations.models import Facility
from app.blueprints.stations.queries import station
from app.blueprints.stations.readings import ratings_of
from app.blueprints.stations.words import FACILITIES, KINDS, STATES, Word
from app.extensions import db
from app.lib import clock
from app.lib.shells import shell

bp = Blueprint("stations", __name__)


@bp.app_context_processor
def words_of_stations() -> dict[str, Any]:
    """Lets every page that draws stations know what things are called."""
    return {"station_table": _table}


@bp.app_template_filter()
def weekday(day: date) -> str:
    """A day of these weeks: "Tue 12/1"."""
    return str(format_date(day, "EEE M/d"))


def _table() -> dict[str, Any]:
    return {
        "facilities": {name.value: _look(word) for name, word in FACILITIES.items()},
        "kinds": {kind.value: str(word) for kind, word in KINDS.items()},
        "states": {state.value: _look(word) for state, word in STATES.items()},
    }


def _look(word: Word) -> dict[str, str]:
    return {"word": str(word.text), "icon": word.icon, "tone": word.tone}


@bp.get("/stations/directory.json")
def directory() -> ResponseReturnValue:
    """All stations, the same for everybody; 304 while nothing in it is new."""
    found = directory_file(db.session(), now=clock.now())
    response = make_response(found.content)
    response.mimetype = "application/json"
    response.set_etag(found.tag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response.make_conditional(request)


@shell("/stations")
def render_page() -> str:
    """The page, the same for everybody."""
    return render_template("stations/find.html", tiles_url=current_app.config["TILES_URL"])


@bp.get("/stations")
def page() -> Response:
    """Stations by list and map. It knows nobody; the phone fills it in, with or without network."""
    response = make_response(render_page())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/stations/all")
def all_stations() -> str:
    """All stations as a plain list."""
    now = clock.now()
    wanted = finding.read_narrowing(request.args, request.args.getlist("has"))
    found = finding.found(db.session(), wanted, after=request.args.get("after"), now=now)
    return render_template(
        "stations/all.html", wanted=wanted, page=found, now=now, standing=standing,
        facilities=list(Facility), max_words=finding.MAX_WORDS,
    )  # fmt: skip


@bp.get("/stations/<int:station_id>")
def show(station_id: int) -> str:
    """A station for everybody, with its pictures and how it was rated."""
    session, now = db.session(), clock.now()
    shown = station(session, station_id)
    return render_template(
        "stations/show.html", station=shown, now=now, state=standing.standing(shown, now),
        said=standing.said_of(shown, now), notice=standing.notice_of(shown, now),
        week=standing.week_of(shown, now),
        rated=ratings_of(session, [station_id]).get(station_id),
    )  # fmt: skip
