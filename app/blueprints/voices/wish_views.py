"""A rider's wishes, a new one, and those that came true for everybody to read."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from uuid6 import uuid7

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.stations.queries import station
from app.blueprints.voices import queries, wishes
from app.blueprints.voices.page import row_id
from app.blueprints.voices.saying import MAX_WISH
from app.blueprints.voices.words import wish_look
from app.errors import DomainError, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from app.lib.shells import shell

bp = Blueprint("wishes", __name__)


@bp.get("/wishes")
@role_required(Role.RIDER)
def mine() -> str:
    """What I wished, with state and answer."""
    session = db.session()
    page = queries.own_wishes(session, actor(), after=row_id(request.args.get("after")))
    return render_template(
        "voices/mine.html", page=page, look_of=wish_look, waiting=wishes.WAITING,
        reasons=queries.hidden_reasons(session, page.items),
    )  # fmt: skip


@shell("/wishes/new")
def render_new() -> str:
    """The empty form, the same for everybody; the phone knows the stations."""
    return _new({}, {})


@bp.get("/wishes/new")
def new() -> ResponseReturnValue:
    """The page for a new wish; `#s=<id>` names the station."""
    response = make_response(render_new())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.post("/wishes")
@role_required(Role.RIDER)
def create() -> ResponseReturnValue:
    """A wish from the plain form, which names the station by its number."""
    session, now, form = db.session(), clock.now(), request.form
    try:
        draft = wishes.draft_wish(
            actor(), key=str(uuid7()), text=form.get("text"), at=now,
            station_id=wishes.station_numbered(session, form.get("station")),
        )  # fmt: skip
        with transaction(session):
            wishes.wish(session, draft, now=now)
    except DomainError as error:
        wrong = error.errors if isinstance(error, Invalid) else {"item": [str(error.message)]}
        return _new(form, wrong), error.status
    flash(_("The station has your wish."))
    return redirect(url_for("wishes.mine"), 303)


@bp.post("/wishes/<int:wish_id>/withdraw")
@role_required(Role.RIDER)
def withdraw(wish_id: int) -> ResponseReturnValue:
    """I no longer wish it."""
    with transaction(db.session()):
        wishes.withdraw(db.session(), actor(), wish_id, now=clock.now())
    flash(_("The wish is withdrawn."))
    return redirect(url_for("wishes.mine"), 303)


@bp.get("/stations/<int:station_id>/wishes")
def fulfilled(station_id: int) -> str:
    """Wishes to a station that came true: what and the answer, never whose."""
    found = station(db.session(), station_id)
    after = row_id(request.args.get("after"))
    page = queries.fulfilled(db.session(), station_id, after=after)
    return render_template("voices/fulfilled.html", station=found, page=page)


def _new(values: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> str:
    return render_template("voices/new.html", values=values, errors=errors, most=MAX_WISH)
