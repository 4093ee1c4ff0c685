"""The desk of stations: the list of one's own, and how it stands with one of them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.stations import desk_queries as queries
from app.blueprints.stations import editing, history
from app.blueprints.stations.desk_page import wanted_filter
from app.blueprints.stations.homes import read_homes
from app.blueprints.stations.hours_form import DAY_NAMES
from app.blueprints.stations.profile import LEVELS
from app.blueprints.stations.queries import run_station
from app.blueprints.stations.readings import ratings_of
from app.blueprints.stations.words import FACILITIES, KINDS, STATES
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.opening_hours import is_open, open_spans

bp = Blueprint("station_desk", __name__)
DAYS_AHEAD = 7
MAX_NUMBER = 16


@bp.get("/stations/desk")
@role_required(*STATIONS)
def listed() -> str:
    """The stations that one works at, by number."""
    session, now = db.session(), clock.now()
    homes = read_homes(session)
    wanted = wanted_filter(request.args, homes)
    after = request.args.get("after", "")[:MAX_NUMBER]
    page = queries.page_of(session, actor(), wanted, after=after, now=now)
    return render_template(
        "stations_desk/list.html",
        page=page,
        wanted=wanted,
        after=after,
        homes=homes,
        now=now,
        is_open=is_open,
        state_now=queries.state_now,
        ratings=ratings_of(session, [one.organisation_id for one in page.items]),
        most_at_once=queries.MOST_AT_ONCE,
        **_words(),
    )


def _words() -> dict[str, Any]:
    said = {state.value: word.text for state, word in STATES.items()}
    more = {"broken": _("Something does not work"), "ended": _("Out of use")}
    return {
        "states": STATES, "kinds": KINDS, "levels": LEVELS, "facilities": FACILITIES,
        "desk_states": {name: (said | more)[name] for name in queries.STATES},
    }  # fmt: skip


@bp.get("/stations/desk/<int:station_id>")
@role_required(*STATIONS)
def show(station_id: int) -> str:
    """How it stands with a station, and the way to what can be changed."""
    return _show(station_id)


def _show(station_id: int, **errors: str) -> str:
    session, now = db.session(), clock.now()
    station = run_station(session, actor(), station_id)
    return render_template(
        "stations_desk/show.html",
        station=station,
        state=queries.state_now(station, now),
        open_now=is_open(station.hours, now),
        days=_days_ahead(station.hours),
        homes=read_homes(session),
        rated=ratings_of(session, [station_id]).get(station_id),
        errors=errors,
        now=now,
        **_words(),
    )


def _days_ahead(hours: str) -> list[tuple[Any, str, list[tuple[str, str]]]]:
    """The next days with the name of each and when it is open then."""
    today = clock.to_local(clock.now()).date()
    found = []
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        spans = [(_time(since), _time(until)) for since, until in open_spans(hours, day, 1)]
        found.append((day, str(DAY_NAMES[day.weekday()]), spans))
    return found


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@bp.get("/stations/desk/<int:station_id>/history")
@role_required(*STATIONS)
def past(station_id: int) -> str:
    """What was done to a station, the newest first."""
    session = db.session()
    station = run_station(session, actor(), station_id)
    before = request.args.get("before", type=int)
    bounded = before if before is not None and 0 < before <= MAX_ROW_ID else None
    page = queries.history_of(session, station, before=bounded)
    homes, locale = read_homes(session), str(get_locale())
    return render_template(
        "stations_desk/history.html",
        station=station,
        entries=[history.entry_of(event, homes, locale) for event in page.items],
        before=page.before,
    )


@bp.post("/stations/desk/<int:station_id>/end")
@role_required(Role.ADMINISTRATOR)
def end(station_id: int) -> ResponseReturnValue:
    """Give a station up, once its number was typed."""
    station = run_station(db.session(), actor(), station_id)
    typed = request.form.get("number", "")[:MAX_NUMBER].strip().upper()
    if typed != station.number:
        return _show(station_id, end=_("Type the number of this station.")), 422
    with transaction(db.session()):
        editing.end(db.session(), actor(), station_id, now=clock.now())
    flash(_("The station is given up. Riders do not find it any more."))
    return redirect(url_for(".show", station_id=station_id), 303)


@bp.post("/stations/desk/<int:station_id>/resume")
@role_required(Role.ADMINISTRATOR)
def resume(station_id: int) -> ResponseReturnValue:
    """Take a station up again."""
    with transaction(db.session()):
        editing.resume(db.session(), actor(), station_id, now=clock.now())
    flash(_("The station is in use again."))
    return redirect(url_for(".show", station_id=station_id), 303)


@bp.post("/stations/desk/<int:station_id>/poster/withdraw")
@role_required(*STATIONS)
def withdraw_poster(station_id: int) -> ResponseReturnValue:
    """Let the poster that is named count no more."""
    poster = request.form.get("poster", 0, type=int)
    if not 0 < poster <= MAX_ROW_ID:
        raise Invalid({"poster": [_("Say which poster.")]})
    with transaction(db.session()):
        editing.withdraw_poster(
            db.session(), actor(), station_id, poster=poster, now=clock.now()
        )  # fmt: skip
    flash(_("The old poster counts no more. Print the new one and hang it up."))
    return redirect(url_for(".show", station_id=station_id, _anchor="poster"), 303)
