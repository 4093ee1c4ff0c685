"""How somebody wishes to hear of things, as a page."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import actor, signed_in
from app.blueprints.accounts.models import User
from app.blueprints.notifications import preferences
from app.blueprints.notifications.kinds import TOPICS
from app.blueprints.notifications.preferences import NO_WISHES, Wishes
from app.blueprints.notifications.quiet import Quiet
from app.blueprints.organisations.models import HANDLING, INTAKE, TASKS, VERIFYING, Role
from app.errors import Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("message_settings", __name__, url_prefix="/messages")
_WORKING = (*INTAKE, *HANDLING, *VERIFYING)
_TOLD = {
    "reports": (Role.RIDER,), "badge": (Role.RIDER,), "cases": _WORKING, "deadlines": _WORKING,
    "operation": (Role.ADMINISTRATOR,), "stations": (Role.RIDER, Role.HOST),
    "points": (Role.RIDER,), "tasks": (Role.RIDER, *TASKS),
    "rewards": (Role.RIDER, Role.HOST, Role.ADMINISTRATOR),
}  # fmt: skip
"""Who is told of a topic: nobody else is asked about it. One that is not here concerns all."""


@bp.get("/settings")
@signed_in
def page() -> ResponseReturnValue:
    """What is on and off, and when it is quiet. `?mute=` names what a notification's button would
    silence: it is marked off, and saved when the person says so."""
    wishes = _own_wishes()
    asked = request.args.get("mute", "")
    return _render(wishes.muted, _fields(wishes.quiet), asked=asked)


@bp.post("/settings")
@signed_in
def save() -> ResponseReturnValue:
    """Keep it. What is not ticked is switched off; what the page did not ask about stays."""
    shown = _topics(actor())
    muted = (_own_wishes().muted - shown.keys()) | shown.keys() - request.form.getlist("topics")
    try:
        quiet = Quiet("quiet" in request.form, _minutes("quiet_from"), _minutes("quiet_until"))
        with transaction(db.session()):
            preferences.change(db.session(), actor(), quiet=quiet, muted=muted, now=clock.now())
    except Invalid as error:
        return _render(muted, request.form, errors=error.errors), error.status
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


def _topics(person: User) -> dict[str, Any]:
    return {
        name: words
        for name, words in TOPICS.items()
        if name not in _TOLD or person.has_role(*_TOLD[name])
    }


def _fields(quiet: Quiet) -> dict[str, str]:
    """Quiet hours as the form sends them."""
    on = {"quiet": "on"} if quiet.on else {}
    return {**on, "quiet_from": _clock(quiet.begins), "quiet_until": _clock(quiet.ends)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _render(
    muted: Collection[str],
    fields: Any,
    *,
    asked: str = "",
    errors: dict[str, list[str]] | None = None,
) -> str:
    topics = _topics(actor())
    return render_template(
        "notifications/settings.html", topics=topics, muted=muted, fields=fields,
        asked=asked if asked in topics else None, errors=errors or {},
    )  # fmt: skip


def _minutes(name: str) -> int:
    """A time of day of the form, "22:00". Raises Invalid."""
    hours, _colon, minutes = request.form.get(name, "").partition(":")
    digits = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if not digits or not (int(hours[:3]) < 24 and int(minutes[:3]) < 60):
        raise Invalid({name: [_("That is no time of day.")]})
    return int(hours) * 60 + int(minutes)
