"""Entering and changing a station: what it is, and when it is open."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import STATIONS, Role
from app.blueprints.stations import editing, history, hours_form
from app.blueprints.stations.editing import ChangedMeanwhile
from app.blueprints.stations.forms import StationForm, blank, shown
from app.blueprints.stations.homes import Homes, read_homes
from app.blueprints.stations.hours_form import HoursForm
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_station
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction

bp = Blueprint("station_edit", __name__)


@bp.get("/stations/desk/new")
@role_required(Role.ADMINISTRATOR)
def new() -> str:
    """An empty form."""
    form = _form(read_homes(db.session()), data=blank())
    return render_template("stations_desk/change.html", form=form, station=None)


@bp.post("/stations/desk/new")
@role_required(Role.ADMINISTRATOR)
def create() -> ResponseReturnValue:
    """Enter a station, open round the clock until its hours are set on the next page."""
    form = _form(read_homes(db.session()), request.form)
    values, wrong = form.values()
    try:
        if wrong:
            raise Invalid(wrong)
        with transaction(db.session()):
            made = editing.create(
                db.session(), actor(), values | {"hours": "24/7"}, now=clock.now()
            )  # fmt: skip
            station_id = made.organisation_id
    except Invalid as error:
        form.say(error.errors if not wrong else {})
        return render_template("stations_desk/change.html", form=form, station=None), 422
    _say_if_far(values)
    flash(_("Entered. Now say when it is open."))
    return redirect(url_for(".ask_hours", station_id=station_id), 303)


@bp.get("/stations/desk/<int:station_id>/change")
@role_required(*STATIONS)
def ask_change(station_id: int) -> str:
    """The form, filled in."""
    station = _running(station_id)
    form = _form(read_homes(db.session()), data=shown(station))
    form.offers.show(station)
    return render_template(
        "stations_desk/change.html", form=form, station=station, version=station.version
    )


@bp.post("/stations/desk/<int:station_id>/change")
@role_required(*STATIONS)
def change(station_id: int) -> ResponseReturnValue:
    """Set all of it. Who was overtaken sees by whom, with what was typed still there."""
    session = db.session()
    _running(station_id)
    form = _form(read_homes(session), request.form)
    values, wrong = form.values()
    try:
        if wrong:
            raise Invalid(wrong)
        with transaction(session):
            editing.change(
                session, actor(), station_id, values, version=_version(), now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors if not wrong else {})
        return _change_page(station_id, form, _version()), 422
    except ChangedMeanwhile as error:
        told = _told(error)
        return _change_page(station_id, form, None, told), error.status
    _say_if_far(values)
    flash(_("Saved. Phones get it with their next directory."))
    return redirect(url_for("station_desk.show", station_id=station_id), 303)


def _change_page(
    station_id: int, form: StationForm, version: int | None, told: Any = ()
) -> str:  # fmt: skip
    """The form that came back; without a version it is as of now, so that it can be saved."""
    station = run_station(db.session(), actor(), station_id)
    return render_template(
        "stations_desk/change.html", form=form, station=station, told=told,
        version=station.version if version is None else version,
    )  # fmt: skip


@bp.get("/stations/desk/<int:station_id>/hours")
@role_required(*STATIONS)
def ask_hours(station_id: int) -> str:
    """The form of opening hours, filled in."""
    station = _running(station_id)
    return _hours_page(station, hours_form.form_of(station.hours), station.version)


@bp.post("/stations/desk/<int:station_id>/hours")
@role_required(*STATIONS)
def set_hours(station_id: int) -> ResponseReturnValue:
    """Set when a station is open."""
    session, now = db.session(), clock.now()
    _running(station_id)
    form = hours_form.read_form(request.form)
    text = form.notation(clock.to_local(now).date())
    if form.has_errors:
        return _hours_page(_running(station_id), form, _version()), 422
    try:
        with transaction(session):
            editing.change(
                session, actor(), station_id, {"hours": text}, version=_version(),
                step="hours", now=now,
            )  # fmt: skip
    except ChangedMeanwhile as error:
        told, station = _told(error), _running(station_id)
        return _hours_page(station, form, station.version, told), error.status
    flash(_("Saved. Phones get it with their next directory."))
    return redirect(url_for("station_desk.show", station_id=station_id, _anchor="hours"), 303)


def _hours_page(station: Station, form: HoursForm, version: int | None, told: Any = ()) -> str:
    return render_template(
        "stations_desk/hours.html", station=station, form=form, told=told,
        version=station.version if version is None else version,
    )  # fmt: skip


def _form(homes: Homes, sent: Any = None, **kwargs: Any) -> StationForm:
    administers = actor().has_role(Role.ADMINISTRATOR)
    return StationForm(
        sent, homes=homes, locale=str(get_locale()), administers=administers, **kwargs
    )


def _running(station_id: int) -> Station:
    station = run_station(db.session(), actor(), station_id)
    if station.ended_at is not None:
        raise Conflict(_("This station was given up."))
    return station


def _version() -> int | None:
    """The version that the form was filled from; without one nobody is asked."""
    version = request.form.get("version", type=int)
    return version if version is not None and 0 <= version <= MAX_ROW_ID else None


def _told(error: ChangedMeanwhile) -> list[history.Entry]:
    """What the others did, in words."""
    homes, locale = read_homes(db.session()), str(get_locale())
    return [history.entry_of(event, homes, locale) for event in error.events]


def _say_if_far(values: dict[str, Any]) -> None:
    if not read_homes(db.session()).is_near(values["latitude"], values["longitude"]):
        flash(_("This place is more than 10 km outside the district. Is that right?"))
