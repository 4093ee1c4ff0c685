"""The administrators' page: who looked at whose data, when, and why."""

from flask import Blueprint, render_template, request

from app.access import actor, role_required
from app.blueprints.audit import names, queries
from app.blueprints.organisations.models import Role
from app.extensions import db

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@role_required(Role.ADMINISTRATOR)
def page() -> str:
    """The looks, newest first; narrowed by who looked and by whose data it was."""
    wanted = queries.Wanted(
        by=request.args.get("by", "")[: queries.MAX_TEXT],
        about=request.args.get("about", "")[: queries.MAX_TEXT],
        actor_id=request.args.get("actor", type=int),
        subject=request.args.get("subject", "")[: queries.MAX_TEXT],
    )
    before = request.args.get("before", type=int)
    return render_template(
        "audit/page.html",
        page=queries.looks(db.session(), actor(), wanted, before=before),
        wanted=wanted,
        names=names,
    )
