"""How somebody wishes to hear of things, as a page."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, signed_in
from app.blueprints.notifications import preferences
from app.blueprints.notifications.kinds import TOPICS
from app.blueprints.notifications.preferences import NO_WISHES, Wishes
from app.blueprints.notifications.quiet import Quiet
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("message_settings", __name__, url_prefix="/messages")


@bp.get("/settings")
@signed_in
def page() -> ResponseReturnValue:
    """What is on and off, and when it is quiet. `?mute=` names what a notification's button would
    silence: it is marked off, and saved when the person says so."""
    wishes = _own_wishes()
    asked = request.args.get("mute", "")
    return _render(wishes, asked if asked in TOPICS else None)


@bp.post("/settings")
@signed_in
def save() -> ResponseReturnValue:
    """Keep it. What is not ticked is switched off."""
    muted = TOPICS.keys() - set(request.form.getlist("topics"))
    try:
        quiet = Quiet("quiet" in request.form, _minutes("quiet_from"), _minutes("quiet_until"))
        with transaction(db.session()):
            preferences.change(db.session(), actor(), quiet=quiet, muted=muted, now=clock.now())
    except Invalid as error:
        wishes = Wishes(_own_wishes().quiet, frozenset(muted))
        return _render(wishes, None, error.errors), error.status
    flash(_("Saved."))
    return redirect(url_for("message_settings.page"), 303)


@bp.post("/mute")
@signed_in
def mute() -> ResponseReturnValue:
    """The button of a notification: no more of this."""
    topic = (request.get_json(silent=True) or {}).get("topic", "")
    with transaction(db.session()):
        preferences.mute(db.session(), actor(), str(topic), now=clock.now())
    return "", 204


def _own_wishes() -> Wishes:
    return preferences.wishes_of(db.session(), [actor().id]).get(actor().id, NO_WISHES)


def _render(wishes: Wishes, asked: str | None, errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "notifications/settings.html", topics=TOPICS, wishes=wishes, asked=asked,
        errors=errors or {},
    )  # fmt: skip


def _minutes(name: str) -> int:
    """A time of day of the form, "22:00". Raises Invalid."""
    hours, _colon, minutes = request.form.get(name, "").partition(":")
    digits = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if not digits or not (int(hours[:3]) < 24 and int(minutes[:3]) < 60):
        raise Invalid({name: [_("That is no time of day.")]})
    return int(hours) * 60 + int(minutes)
