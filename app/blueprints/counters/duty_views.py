"""What a host looks after at a station, besides who comes: a page of plain forms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.counters import services
from app.blueprints.counters.forms import NoteForm, NoticeForm, StateForm, SupplyForm
from app.blueprints.counters.queries import duties_of, together
from app.blueprints.counters.words import LEVELS, until
from app.blueprints.organisations.models import STATIONS
from app.blueprints.stations.models import Station
from app.blueprints.stations.queries import run_station
from app.blueprints.stations.services import set_notice, set_state
from app.blueprints.stations.words import FACILITIES, STATES
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("duties", __name__)
MAX_NUMBER = 16


@dataclass
class Forms:
    """The forms of the page; one that came back holds what was typed, and what is wrong."""

    state: StateForm
    notice: NoticeForm
    supply: SupplyForm = field(default_factory=SupplyForm)
    note: NoteForm = field(default_factory=NoteForm)
    broken: tuple[str, str, list[str]] | None = None
    """A facility, the words on it, and what is wrong with them."""


def _forms(station: Station) -> Forms:
    now = clock.now()
    over = station.state_until is not None and station.state_until <= now
    state = {"state": "open"} if over else {"state": station.state, "reason": station.state_reason}
    told = station.notice_until is not None and station.notice_until > now
    return Forms(StateForm(data=state), NoticeForm(data={"text": station.notice if told else ""}))


@bp.get("/counter/together")
@role_required(*STATIONS)
def all_stations() -> str:
    """How it stands at all of one's stations."""
    after = request.args.get("after", "")[:MAX_NUMBER]
    page = together(db.session(), actor(), after=after, now=clock.now())
    return render_template(
        "counters/together.html", page=page, states=STATES, facilities=FACILITIES, levels=LEVELS,
        now=clock.now(),
    )  # fmt: skip


@bp.get("/counter/<int:station_id>/duties")
@role_required(*STATIONS)
def page(station_id: int) -> str:
    """The duties of a station."""
    return _page(station_id)


def _page(station_id: int, **came_back: Any) -> str:
    session, now = db.session(), clock.now()
    station = run_station(session, actor(), station_id)
    forms = _forms(station)
    for name, form in came_back.items():
        setattr(forms, name, form)
    return render_template(
        "counters/duties.html", station=station, forms=forms, states=STATES, levels=LEVELS,
        facilities=FACILITIES, duties=duties_of(session, station_id, now=now), person=actor(),
        now=now,
    )  # fmt: skip


def _do(
    station_id: int, name: str, form: Any, act: Callable[[], object], said: str, place: str
) -> ResponseReturnValue:
    """Act, and go back to the part of the page; what does not fit comes back at its field."""
    if not form.validate():
        return _page(station_id, **{name: form}), 422
    try:
        with transaction(db.session()):
            act()
    except Invalid as error:
        form.say(error.errors)
        return _page(station_id, **{name: form}), 422
    flash(said)
    return _back(station_id, place)


def _back(station_id: int, place: str) -> ResponseReturnValue:
    return redirect(url_for(".page", station_id=station_id, _anchor=place), 303)


@bp.post("/counter/<int:station_id>/state")
@role_required(*STATIONS)
def state(station_id: int) -> ResponseReturnValue:
    """Open, full, or closed for now."""
    form, now = StateForm(request.form), clock.now()

    def act() -> object:
        return set_state(
            db.session(), actor(), station_id, state=form.state.data, reason=form.reason.data or "",
            until=until(form.until.data, now), now=now,
        )  # fmt: skip

    return _do(station_id, "state", form, act, _("Riders see it now."), "state")


@bp.post("/counter/<int:station_id>/notice")
@role_required(*STATIONS)
def notice(station_id: int) -> ResponseReturnValue:
    """A word to riders; empty takes it back."""
    form, now = NoticeForm(request.form), clock.now()

    def act() -> object:
        return set_notice(
            db.session(), actor(), station_id, text=form.text.data or "",
            until=until(form.until.data, now), now=now,
        )  # fmt: skip

    said = _("Riders see it now.") if form.text.data else _("The notice was taken down.")
    return _do(station_id, "notice", form, act, said, "notice")


@bp.post("/counter/<int:station_id>/facilities/<facility>/broken")
@role_required(*STATIONS)
def broken(station_id: int, facility: str) -> ResponseReturnValue:
    """Something broke: a report is filed of it."""
    note = request.form.get("note", "")
    try:
        with transaction(db.session()):
            services.report_broken(
                db.session(), actor(), station_id, facility=facility, note=note, now=clock.now()
            )
    except Invalid as error:
        came_back = (facility, note[:500], [text for one in error.errors.values() for text in one])
        return _page(station_id, broken=came_back), 422
    flash(_("Riders see that it does not work, and the centre has the report."))
    return _back(station_id, "facilities")


@bp.post("/counter/<int:station_id>/facilities/<facility>/works")
@role_required(*STATIONS)
def works(station_id: int, facility: str) -> ResponseReturnValue:
    """Something works again."""
    with transaction(db.session()):
        services.works_again(db.session(), actor(), station_id, facility=facility, now=clock.now())
    flash(_("Riders see that it works again."))
    return _back(station_id, "facilities")


@bp.post("/counter/<int:station_id>/supplies")
@role_required(*STATIONS)
def keep_supply(station_id: int) -> ResponseReturnValue:
    """Something more to keep an eye on."""
    form = SupplyForm(request.form)

    def act() -> object:
        return services.keep_supply(
            db.session(), actor(), station_id, name=form.name.data or "", now=clock.now()
        )

    return _do(station_id, "supply", form, act, _("It is on the list."), "supplies")


@bp.post("/counter/<int:station_id>/supplies/<int:supply_id>/level")
@role_required(*STATIONS)
def level(station_id: int, supply_id: int) -> ResponseReturnValue:
    """How much of it is left."""
    with transaction(db.session()):
        services.set_level(
            db.session(), actor(), station_id, supply_id, level=request.form.get("level", ""),
            now=clock.now(),
        )  # fmt: skip
    return _back(station_id, "supplies")


@bp.post("/counter/<int:station_id>/supplies/<int:supply_id>/end")
@role_required(*STATIONS)
def end_supply(station_id: int, supply_id: int) -> ResponseReturnValue:
    """Off the list."""
    with transaction(db.session()):
        services.end_supply(db.session(), actor(), station_id, supply_id, now=clock.now())
    flash(_("It is off the list."))
    return _back(station_id, "supplies")


@bp.post("/counter/<int:station_id>/hand-overs")
@role_required(*STATIONS)
def hand_over(station_id: int) -> ResponseReturnValue:
    """A note to whoever is next."""
    form = NoteForm(request.form)

    def act() -> object:
        return services.hand_over(
            db.session(), actor(), station_id, text=form.text.data or "", now=clock.now()
        )

    return _do(station_id, "note", form, act, _("The next host reads it here."), "notes")


@bp.post("/counter/<int:station_id>/hand-overs/<int:hand_over_id>/done")
@role_required(*STATIONS)
def tick_off(station_id: int, hand_over_id: int) -> ResponseReturnValue:
    """A note is dealt with."""
    with transaction(db.session()):
        services.tick_off(db.session(), actor(), station_id, hand_over_id, now=clock.now())
    return _back(station_id, "notes")
