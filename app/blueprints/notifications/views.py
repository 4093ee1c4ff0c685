"""What somebody is told, as a page."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import actor, signed_in
from app.blueprints.notifications import listing, queries, services
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction
from app.lib.shells import shell

bp = Blueprint("notifications", __name__, url_prefix="/messages")


@bp.app_context_processor
def unread() -> dict[str, object]:
    """How many messages wait. A callable: only a page that shows it asks, once however often it
    shows it, and no shell does."""

    def unread_messages() -> int:
        if not current_user.is_authenticated:
            return 0
        if "unread_messages" not in g:
            g.unread_messages = queries.count_unread(db.session(), actor())
        return int(g.unread_messages)

    return {"unread_messages": unread_messages}


@bp.get("")
@signed_in
def listed() -> ResponseReturnValue:
    """Messages, the newest first."""
    after = request.args.get("after", type=int)
    page = queries.page_of(db.session(), actor(), after=_bounded(after))
    told = listing.told(page.items)
    return render_template(
        "notifications/list.html", told=told, kept=listing.kept(told), after=page.after
    )


@shell("/messages/kept")
def render_kept() -> str:
    return render_template("notifications/kept.html")


@bp.get("/kept")
def kept() -> Response:
    """The messages that this phone keeps. The page knows nobody; the phone fills it in."""
    response = make_response(render_kept())
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.post("/<int:notification_id>")
@signed_in
def opened(notification_id: int) -> ResponseReturnValue:
    """Open one: it is read, and leads to what it is about."""
    with transaction(db.session()):
        url = services.read(db.session(), actor(), notification_id, now=clock.now())
    return redirect(url, 303)


@bp.get("/<int:notification_id>/open")
@signed_in
def followed(notification_id: int) -> ResponseReturnValue:
    """The same from outside the app, by a phone that shows messages without our worker: an
    address is all that it can open."""
    return opened(notification_id)


@bp.post("/<int:notification_id>/shown")
@signed_in
def was_shown(notification_id: int) -> ResponseReturnValue:
    """A phone has shown it."""
    with transaction(db.session()):
        services.shown(db.session(), actor(), notification_id, now=clock.now())
    return "", 204


@bp.post("/<int:notification_id>/read")
@signed_in
def was_read(notification_id: int) -> ResponseReturnValue:
    """It was opened on a phone, from where the phone goes on by itself."""
    with transaction(db.session()):
        services.read(db.session(), actor(), notification_id, now=clock.now())
    return "", 204


@bp.post("/read-all")
@signed_in
def all_read() -> ResponseReturnValue:
    """Everything up to what the page showed is read."""
    up_to = _bounded(request.form.get("up_to", type=int)) or 0
    with transaction(db.session()):
        services.read_all(db.session(), actor(), up_to=up_to, now=clock.now())
    return redirect(url_for("notifications.listed"), 303)


def _bounded(number: int | None) -> int | None:
    return number if number is not None and 0 < number <= MAX_ROW_ID else None
