"""Checking in at a station: a page that knows nobody; and what a rider sees of own visits."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, Response, make_response, render_template, request

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.visits import queries, words
from app.extensions import db
from app.lib import clock
from app.lib.shells import shell

bp = Blueprint("visits", __name__)
RATED_FOR = timedelta(days=7)
"""So long after a visit its rider is asked how it was."""


@shell("/check-in")
def render_check_in() -> str:
    """The page to check in, the same for everybody."""
    return render_template("visits/check_in.html", purposes=words.PURPOSES)


@bp.get("/check-in")
def check_in() -> Response:
    """Reads a station's poster, or the screen of its counter. The phone does all of it."""
    response = make_response(render_check_in())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/visits")
@role_required(Role.RIDER)
def listed() -> str:
    """The rider's own check-ins, by day."""
    session, now = db.session(), clock.now()
    page = queries.own_check_ins(session, actor(), before=request.args.get("before", type=int))
    days = groupby(page.check_ins, key=lambda one: clock.to_local(one.at).date())
    return render_template(
        "visits/list.html",
        page=page,
        days=[(day, list(check_ins)) for day, check_ins in days],
        counts=queries.own_counts(session, actor(), now=now),
        rated_since=now - RATED_FOR,
        purposes=words.PURPOSES,
        ways=words.WAYS,
        marks=words.MARKS,
    )
