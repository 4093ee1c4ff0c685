"""The rider's own passes."""

from itertools import groupby

from flask import Blueprint, render_template, request

from app.access import actor, role_required
from app.blueprints.gates import rider_queries
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock

bp = Blueprint("passes", __name__)


@bp.get("/passes")
@role_required(Role.RIDER)
def mine() -> str:
    """Where I went in and out, newest first."""
    before = request.args.get("before", type=int)
    page = rider_queries.own_passes(db.session(), actor(), before=before)
    days = groupby(page.passes, key=lambda one: clock.to_local(one.at).date())
    return render_template(
        "passes/list.html", page=page, days=[(day, list(passes)) for day, passes in days]
    )
