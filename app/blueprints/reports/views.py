"""The rider's pages: a new report, and the list of my reports."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.access import actor, role_required
from app.blueprints.organisations.models import Role
from app.blueprints.reports import queries
from app.blueprints.reports.models import ENDED, OPEN, State
from app.blueprints.reports.shell import shell_context
from app.extensions import db
from app.lib import clock
from app.lib.shells import shell

bp = Blueprint("reports", __name__)
SHOWN: dict[str, tuple[State, ...]] = {"all": tuple(State), "open": OPEN, "ended": ENDED}
"""Which states each filter of my reports shows."""


@shell("/reports/new")
def render_new() -> str:
    """The empty form, the same for everybody."""
    return render_template("reports/new.html", **shell_context())


@bp.get("/reports/new")
def new() -> ResponseReturnValue:
    """The page for a new report. It knows nobody, so that the service worker may keep it."""
    response = make_response(render_new())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/reports")
@role_required(Role.RIDER)
def mine() -> str:
    """What I filed: first what waits for me, then the rest of what is asked for, newest first."""
    session, person = db.session(), actor()
    shown = request.args.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    needing = queries.needing(session, person, now=clock.now())
    page = queries.mine(
        session, person, states=SHOWN[shown], past=[one.id for one in needing],
        before=request.args.get("before", type=int),
    )  # fmt: skip
    on_top = [one for one in needing if one.state in SHOWN[shown]]
    return render_template("reports/list.html", page=page, needing=on_top, shown=shown)
