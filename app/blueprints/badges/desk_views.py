"""The register's desk: riders, their portraits, badges and standing.

Managers see the riders of their company; administrators all, and each look of theirs is noted.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.access import actor, role_required
from app.blueprints.audit.queries import has_looked
from app.blueprints.audit.services import note_look
from app.blueprints.badges import desk as desks
from app.blueprints.badges import portraits, queries, services
from app.blueprints.badges.forms import ReasonForm, ScopeForm
from app.blueprints.badges.models import Holder
from app.blueprints.badges.printing import printed_badge, sheet_of
from app.blueprints.badges.queries import Which
from app.blueprints.badges.scopes import groups
from app.blueprints.badges.serving import portrait_response
from app.blueprints.badges.terms import terms_of
from app.blueprints.organisations.models import REGISTER, Role
from app.blueprints.photos.store import photo_storage
from app.errors import Conflict, NotFound
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("riders", __name__, url_prefix="/riders")
Act = Callable[[Holder], None]
ONE_LOOK = timedelta(minutes=10)
"""A picture fetched this long after its page belongs to that look."""


def _kept() -> dict[str, Any]:
    """Where in the list the person is, to be carried along from page to page."""
    show = request.args.get("show", "")
    return {
        "show": show if show in tuple(Which) else Which.ALL.value,
        "text": request.args.get("text", "")[: queries.MAX_TEXT] or None,
        "after": request.args.get("after", type=int),
    }


def _page(rider_id: int | None, *, trouble: str = "", **forms: ReasonForm | ScopeForm) -> str:
    """The list, and beside it one rider; `trouble` is why what was asked for was not done."""
    session, kept = db.session(), _kept()
    listed = desks.register(
        session, actor(), state=Which(kept["show"]), text=kept["text"] or "", after=kept["after"]
    )
    shown = desks.dossier(session, actor(), rider_id) if rider_id is not None else None
    return render_template(
        "riders/desk.html",
        register=listed,
        shown=shown,
        kept=kept,
        trouble=trouble,
        forms=_forms(shown) | forms,
        now=clock.now(),
    )


def _forms(shown: desks.Dossier | None) -> dict[str, ReasonForm | ScopeForm]:
    if shown is None:
        return {}
    return {
        "reject": ReasonForm(),
        "standing": ReasonForm(field_id="standing-reason"),
        "scope": ScopeForm(groups=shown.groups, data={"scope": shown.holder.scope}),
    }


@bp.get("")
@role_required(*REGISTER)
def desk() -> str:
    """The list."""
    return _page(None)


@bp.get("/<int:rider_id>")
@role_required(*REGISTER)
def show(rider_id: int) -> str:
    """One rider beside the list."""
    _note_look(rider_id, "rider")
    return _page(rider_id)


def _note_look(rider_id: int, what: str) -> None:
    """Note an administrator's look at a rider. A manager's own riders are the manager's work."""
    if not actor().has_role(Role.ADMINISTRATOR):
        return
    with transaction(db.session()):
        holder = queries.rider(db.session(), actor(), rider_id)
        note_look(
            db.session(),
            actor(),
            subject=_subject(holder.user_id),
            what=what,
            reason="register",
            now=clock.now(),
        )


def _subject(rider_id: int) -> str:
    return f"rider:{rider_id}"


@bp.get("/<int:rider_id>/portrait/<int:portrait_id>.jpg")
@role_required(*REGISTER)
def portrait(rider_id: int, portrait_id: int) -> ResponseReturnValue:
    """A portrait of a rider, decided on or not."""
    found = queries.portrait(db.session(), actor(), portrait_id)
    if found.user_id != rider_id:
        raise NotFound
    sha256, since = found.sha256, clock.now() - ONE_LOOK
    if not has_looked(db.session(), actor(), subject=_subject(rider_id), since=since):
        _note_look(rider_id, "portrait")
    return portrait_response(sha256)


@bp.post("/<int:rider_id>/portrait/<int:portrait_id>/approve")
@role_required(*REGISTER)
def approve(rider_id: int, portrait_id: int) -> ResponseReturnValue:
    """The badge shows this portrait from now on."""

    def act(holder: Holder) -> None:
        _decide(holder, portrait_id, approve=True)

    return _done(rider_id, act, _l("Approved: %(name)s"))


@bp.post("/<int:rider_id>/portrait/<int:portrait_id>/reject")
@role_required(*REGISTER)
def reject(rider_id: int, portrait_id: int) -> ResponseReturnValue:
    """The rider reads why, and sends another."""
    form = ReasonForm(request.form)

    def act(holder: Holder) -> None:
        _decide(holder, portrait_id, approve=False, reason=form.reason.data or "")

    return _done(rider_id, act, _l("Sent back: %(name)s"), reject=form)


def _decide(holder: Holder, portrait_id: int, *, approve: bool, reason: str = "") -> None:
    session = db.session()
    found = queries.portrait(session, actor(), portrait_id)
    portraits.decide_portrait(
        session, actor(), holder, found, approve=approve, reason=reason, now=clock.now()
    )


@bp.post("/<int:rider_id>/suspend")
@role_required(*REGISTER)
def suspend(rider_id: int) -> ResponseReturnValue:
    """No gate opens to the rider until resumed."""
    form = ReasonForm(request.form, field_id="standing-reason")
    act = _with_reason(services.suspend, form)
    return _done(rider_id, act, _l("Suspended: %(name)s"), standing=form)


@bp.post("/<int:rider_id>/resume")
@role_required(*REGISTER)
def resume(rider_id: int) -> ResponseReturnValue:
    """Take the rider back."""
    form = ReasonForm(request.form, field_id="standing-reason")
    act = _with_reason(services.resume, form)
    return _done(rider_id, act, _l("Active again: %(name)s"), standing=form)


@bp.get("/<int:rider_id>/revoke")
@role_required(*REGISTER)
def ask_revoke(rider_id: int) -> str:
    """What revoking means, and whether it is meant."""
    _note_look(rider_id, "rider")
    return _revoke_page(rider_id, ReasonForm())


def _revoke_page(rider_id: int, form: ReasonForm) -> str:
    holder = queries.rider(db.session(), actor(), rider_id)
    return render_template("riders/revoke.html", holder=holder, form=form, kept=_kept())


@bp.post("/<int:rider_id>/revoke")
@role_required(*REGISTER)
def revoke(rider_id: int) -> ResponseReturnValue:
    """End the rider's badges for good."""
    form = ReasonForm(request.form)
    if not form.validate():
        return _revoke_page(rider_id, form), 422
    return _done(rider_id, _with_reason(services.revoke, form), _l("Revoked: %(name)s"))


def _with_reason(service: Callable[..., None], form: ReasonForm) -> Act:
    def act(holder: Holder) -> None:
        reason = form.reason.data or ""
        service(db.session(), actor(), holder, reason=reason, now=clock.now())

    return act


@bp.post("/<int:rider_id>/scope")
@role_required(*REGISTER)
def change_scope(rider_id: int) -> ResponseReturnValue:
    """Where the rider's badge opens."""
    form = ScopeForm(request.form, groups=groups(db.session()))

    def act(holder: Holder) -> None:
        scope = form.scope.data
        services.change_scope(db.session(), actor(), holder, scope=scope, now=clock.now())

    return _done(rider_id, act, _l("Saved: %(name)s"), scope=form)


def _done(
    rider_id: int, act: Act, said: LazyString, **forms: ReasonForm | ScopeForm
) -> ResponseReturnValue:
    """Do something to a rider, and show who comes next. What does not fit or came too late shows
    the same page again, with all that was typed."""
    if not all(form.validate() for form in forms.values()):
        return _page(rider_id, **forms), 422
    try:
        with transaction(db.session()):
            holder = queries.rider(db.session(), actor(), rider_id)
            name = holder.user.name
            act(holder)
    except Conflict as error:
        return _page(rider_id, trouble=str(error.message), **forms), error.status
    flash(str(said) % {"name": name})
    return redirect(_next(rider_id))


def _next(rider_id: int) -> str:
    """While portraits are checked, on to the next of them; else the same rider again."""
    kept = _kept()
    if kept["show"] != Which.WAITING:
        return url_for("riders.show", rider_id=rider_id, **kept)
    following = queries.next_waiting(db.session(), actor(), after=rider_id)
    if following is None:
        return url_for("riders.desk", show=kept["show"])
    return url_for("riders.show", rider_id=following, **kept)


@bp.post("/<int:rider_id>/printed")
@role_required(*REGISTER)
def printed(rider_id: int) -> ResponseReturnValue:
    """A new badge on paper, as PDF; the one printed before is void."""
    session, now, terms = db.session(), clock.now(), terms_of(current_app.config)
    try:
        with transaction(session):
            holder = queries.rider(session, actor(), rider_id)
            issued = services.issue_printed(session, actor(), holder, terms=terms, now=now)
            sheet = sheet_of(holder, issued, _shown_portrait(holder))
    except Conflict as error:
        return _page(rider_id, trouble=str(error.message)), error.status
    return _pdf(printed_badge(sheet, font=current_app.config["PDF_FONT"]))


def _shown_portrait(holder: Holder) -> bytes:
    """The picture that a badge shows. Raises NotFound when its file is gone."""
    if holder.portrait is None:
        raise NotFound
    try:
        return photo_storage().get(portraits.portrait_name(holder.portrait.sha256))
    except FileNotFoundError as error:
        raise NotFound from error


def _pdf(content: bytes) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="star-knight-badge.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
