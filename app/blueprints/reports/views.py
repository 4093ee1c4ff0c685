"""The rider's pages: a new report, my reports, one report, its photos."""

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.access import actor, role_required, signed_in
from app.blueprints.organisations.models import Role
from app.blueprints.photos.store import photo_storage, rendition_name
from app.blueprints.reports import queries
from app.blueprints.reports.shell import shell_context
from app.errors import NotFound
from app.extensions import db
from app.lib.shells import shell

bp = Blueprint("reports", __name__)
SIZES = ("large", "thumb")
ONE_WEEK_S = 604_800


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
    """What I filed, newest first."""
    before = request.args.get("before", type=int)
    return render_template(
        "reports/list.html", page=queries.mine(db.session(), actor(), before=before)
    )


@bp.get("/reports/<int:report_id>")
@signed_in
def show(report_id: int) -> str:
    """One report and what became of it."""
    report = queries.one(db.session(), actor(), report_id)
    return render_template("reports/show.html", report=report)


@bp.get("/reports/<int:report_id>/photos/<int:position>/<size>")
@signed_in
def photo(report_id: int, position: int, size: str) -> ResponseReturnValue:
    """A re-encoded photo of a report that the actor may see."""
    if size not in SIZES:
        abort(404)
    report = queries.one(db.session(), actor(), report_id)
    found = next((one for one in report.photos if one.position == position), None)
    if found is None or found.photo.work_state != "done":
        raise NotFound
    response = make_response(photo_storage().get(rendition_name(found.sha256, size)))
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = f"private, max-age={ONE_WEEK_S}, immutable"
    response.set_etag(f"{found.sha256}-{size}")
    return response.make_conditional(request)
