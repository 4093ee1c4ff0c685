"""A rider's stars, and the leaderboards."""

import re
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.organisations.models import Organisation, Role
from app.blueprints.stars import boards, services
from app.blueprints.stars.boards import Board, Of
from app.blueprints.stars.levels import COUNTED_MONTHS, LADDER, month_of, months_back
from app.blueprints.stars.models import Standing
from app.blueprints.stars.page import view_of
from app.blueprints.stars.words import ROLES, STEP_ICONS, step_words
from app.errors import NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("stars", __name__, url_prefix="/stars")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@bp.get("")
@role_required(Role.RIDER)
def mine() -> str:
    """My level, what is missing to the next, and how each role is earned."""
    return render_template(
        "stars/mine.html", view=view_of(db.session(), actor().id, now=clock.now()), roles=ROLES,
        ladder=LADDER, step_words=step_words, step_icons=STEP_ICONS,
    )  # fmt: skip


@bp.get("/boards")
@role_required(Role.RIDER)
def board() -> str:
    """A leaderboard of a month, and where I stand on it."""
    session, rider = db.session(), actor()
    this = month_of(clock.now())
    month = _month(request.args.get("month", ""), this)
    of = _of(request.args.get("of", ""))
    stations = boards.stations_of(session, rider.id, month) if of == Of.STATION else ()
    organisation = _organisation(of, month, stations)
    shown = None if of != Of.DISTRICT and organisation is None else Board(of, month, organisation)
    after = request.args.get("after")
    return render_template(
        "stars/board.html", of=of, month=month, stations=stations, organisation=organisation,
        page=boards.page(session, shown, rider.id, after=after) if shown else None,
        own=boards.own(session, shown, rider.id) if shown else None,
        first=boards.read_cursor(after) is None, standing=session.get(Standing, rider.id),
        earlier=_earlier(month, this), later=months_back(month, -1) if month < this else None,
    )  # fmt: skip


@bp.post("/boards/listed")
@role_required(Role.RIDER)
def switch() -> ResponseReturnValue:
    """Leave the leaderboards, or come back."""
    listed = request.form.get("listed") == "1"
    with transaction(db.session()):
        services.set_listed(db.session(), actor(), listed=listed, now=clock.now())
    flash(_("Others see you on the leaderboards.") if listed else _("You left the leaderboards."))
    return redirect(url_for(".board", of=_of(request.form.get("of", ""))))


def _of(text: str) -> Of:
    return Of(text) if text in tuple(Of) else Of.DISTRICT


def _month(text: str, this: date) -> date:
    """A month as an address names it: this one for what is none, or is to come."""
    found = _MONTH.fullmatch(text)
    return min(date(int(found[1]), int(found[2]), 1), this) if found else this


def _earlier(month: date, this: date) -> date | None:
    before = months_back(month, 1)
    return before if before > months_back(this, COUNTED_MONTHS) else None


def _organisation(of: Of, month: date, stations: Sequence[Organisation]) -> Organisation | None:
    session, wanted = db.session(), request.args.get("station", type=int)
    if of == Of.COMPANY:
        return boards.company_of(session, actor().id, month)
    if of == Of.STATION and wanted is not None:
        found = boards.station(session, wanted)
        if found is None:
            raise NotFound
        return found
    return stations[0] if stations else None
