"""The administrators' page: what did not arrive, and push services that refuse us."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import actor, role_required
from app.blueprints.deliveries import desk
from app.blueprints.notifications.kinds import TOPICS, kind_of
from app.blueprints.organisations.models import Role
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction

bp = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@bp.get("")
@role_required(Role.ADMINISTRATOR)
def page() -> str:
    """What waits, what was given up, and which services are stopped or paused."""
    session, now = db.session(), clock.now()
    before = request.args.get("before", type=int)
    return render_template(
        "deliveries/page.html",
        failed=desk.failed(session, before=before),
        waiting=desk.waiting(session),
        most_counted=desk.MOST_COUNTED,
        services=desk.push_services(session),
        topic_of=lambda told: TOPICS[kind_of(told).topic] if told else TOPICS["reports"],
        now=now,
    )


@bp.post("/retry")
@role_required(Role.ADMINISTRATOR)
def retry() -> ResponseReturnValue:
    """Try what was ticked once more."""
    with transaction(db.session()):
        count = desk.retry(db.session(), actor(), _ticked(), now=clock.now())
    flash(ngettext("%(num)s is tried once more.", "%(num)s are tried once more.", count))
    return redirect(url_for("deliveries.page"), 303)


@bp.post("/discard")
@role_required(Role.ADMINISTRATOR)
def discard() -> ResponseReturnValue:
    """Give up what was ticked."""
    with transaction(db.session()):
        count = desk.discard(db.session(), actor(), _ticked(), now=clock.now())
    flash(ngettext("%(num)s is given up.", "%(num)s are given up.", count))
    return redirect(url_for("deliveries.page"), 303)


@bp.post("/resume")
@role_required(Role.ADMINISTRATOR)
def resume() -> ResponseReturnValue:
    """Speak with a push service again."""
    with transaction(db.session()):
        desk.resume(db.session(), actor(), request.form.get("origin", ""), now=clock.now())
    flash(_("We speak with this push service again."))
    return redirect(url_for("deliveries.page"), 303)


def _ticked() -> list[int]:
    """The deliveries of the form: at most a page of them."""
    numbers = request.form.getlist("id", type=int)[: desk.PAGE]
    return [number for number in numbers if 0 < number <= MAX_ROW_ID]
