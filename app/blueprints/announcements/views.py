"""The desk of announcements: written, sent, watched, taken back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, role_required
from app.blueprints.announcements import choices, page, queries, services
from app.blueprints.announcements.audience import Sender, senders_of
from app.blueprints.announcements.checking import check_audience
from app.blueprints.announcements.forms import AnnouncementForm, SendForm, entered
from app.blueprints.announcements.models import State
from app.blueprints.announcements.words import look_of
from app.blueprints.organisations.models import ANNOUNCING
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.database import MAX_ROW_ID, transaction

bp = Blueprint("announcements", __name__, url_prefix="/announcements")


@bp.get("")
@role_required(*ANNOUNCING)
def listed() -> str:
    """What one's own offices announce, the newest first."""
    after = request.args.get("after", type=int)
    bounded = after if after is not None and 0 < after <= MAX_ROW_ID else None
    found = queries.page_of(db.session(), actor(), after=bounded)
    return render_template("announcements/list.html", page=found, look_of=look_of)


@bp.get("/new")
@role_required(*ANNOUNCING)
def new() -> str:
    """An empty form."""
    return _write(_form())


@bp.post("/new")
@role_required(*ANNOUNCING)
def create() -> ResponseReturnValue:
    """Keep a draft; with `do=count` only say how many it would tell."""
    form = _form()
    if request.form.get("do") == "count":
        return _write(form)
    if form.errors:
        return _write(form), 422
    try:
        with transaction(db.session()):
            draft = form.draft(_sender(form))
            kept = services.create(db.session(), actor(), draft, now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _write(form), 422
    return redirect(url_for(".show", announcement_id=kept.id), 303)


@bp.get("/<int:announcement_id>/change")
@role_required(*ANNOUNCING)
def ask_change(announcement_id: int) -> str:
    """The form, filled in."""
    return _write(_form_of(announcement_id), announcement_id)


@bp.post("/<int:announcement_id>/change")
@role_required(*ANNOUNCING)
def change(announcement_id: int) -> ResponseReturnValue:
    """Set all of a draft; with `do=count` only say how many it would tell."""
    form = _form_of(announcement_id)
    if request.form.get("do") == "count":
        return _write(form, announcement_id)
    if form.errors:
        return _write(form, announcement_id), 422
    try:
        with transaction(db.session()):
            draft = form.draft(_sender(form))
            services.change(db.session(), actor(), announcement_id, draft, now=clock.now())
    except Invalid as error:
        form.say(error.errors)
        return _write(form, announcement_id), 422
    return redirect(url_for(".show", announcement_id=announcement_id), 303)


@bp.get("/<int:announcement_id>")
@role_required(*ANNOUNCING)
def show(announcement_id: int) -> str:
    """One announcement: its words, its audience, how far it has come."""
    return _show(announcement_id, SendForm())


@bp.post("/<int:announcement_id>/schedule")
@role_required(*ANNOUNCING)
def schedule(announcement_id: int) -> ResponseReturnValue:
    """Send it, now or later."""
    queries.changeable(db.session(), actor(), announcement_id)
    form = SendForm(request.form)
    if not form.validate():
        return _show(announcement_id, form), 422
    try:
        with transaction(db.session()):
            services.schedule(
                db.session(), actor(), announcement_id, at=form.moment(), now=clock.now()
            )
    except Invalid as error:
        form.say(error.errors)
        return _show(announcement_id, form), 422
    flash(_("It is being sent.") if form.moment() is None else _("It will be sent at that time."))
    return redirect(url_for(".show", announcement_id=announcement_id), 303)


@bp.post("/<int:announcement_id>/recall")
@role_required(*ANNOUNCING)
def recall(announcement_id: int) -> ResponseReturnValue:
    """Take it back."""
    with transaction(db.session()):
        services.recall(db.session(), actor(), announcement_id, now=clock.now())
    flash(_("It was taken back."))
    return redirect(url_for(".show", announcement_id=announcement_id), 303)


def _form(first: dict[str, Any] | None = None) -> AnnouncementForm:
    """The form as it was sent, or with what it shows first; what it offers is judged already."""
    session, mine, locale = db.session(), senders_of(actor()), str(get_locale())
    form = AnnouncementForm(request.form or None, data=first)
    form.sender.choices = choices.senders(mine, locale)
    form.roles.choices = choices.roles(mine)
    form.companies.choices = choices.companies(session, mine, locale)
    form.area.choices = [("", _("everywhere")), *choices.areas(session, mine, locale)]
    form.visited.choices = [("", _("anywhere, or nowhere")), *choices.stations(session, locale)]
    if form.sender.data is None:  # with one office there is nothing to choose
        form.sender.data = mine[0].key
    form.validate()
    return form


def _form_of(announcement_id: int) -> AnnouncementForm:
    """The form of a draft. Raises NotFound and Conflict."""
    announcement = queries.changeable(db.session(), actor(), announcement_id)
    if announcement.state != State.DRAFT:
        raise Conflict
    return _form(entered(announcement))


def _sender(form: AnnouncementForm) -> Sender:
    return next(one for one in senders_of(actor()) if one.key == form.sender.data)


def _count(form: AnnouncementForm) -> int | None:
    """How many people the form's audience has; None while it is none."""
    chosen = (form.sender, form.roles, form.companies, form.area, form.min_star, form.visited)
    if any(field.errors for field in chosen):
        return None
    sender, audience = _sender(form), form.audience()
    if check_audience(db.session(), actor(), sender, audience):
        return None
    return queries.count(db.session(), sender, audience, now=clock.now())


def _write(form: AnnouncementForm, announcement_id: int | None = None) -> str:
    return render_template(
        "announcements/write.html", form=form, count=_count(form), announcement_id=announcement_id
    )


def _show(announcement_id: int, form: SendForm) -> str:
    session, now = db.session(), clock.now()
    announcement = queries.visible(session, actor(), announcement_id)
    view = page.view_of(session, actor(), announcement, locale=str(get_locale()), now=now)
    return render_template("announcements/show.html", view=view, form=form)
