"""Signing in and out, me, my devices, the language."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import actor, signed_in
from app.blueprints.accounts import queries, services
from app.blueprints.accounts import session as browser_session
from app.blueprints.accounts.codes import Secrets
from app.blueprints.accounts.device_labels import device_label
from app.blueprints.accounts.forms import CodeForm, PhoneForm
from app.extensions import db, limiter
from app.i18n import COOKIE, LOCALES
from app.lib import clock, phone
from app.lib.database import transaction
from app.lib.links import local_path

bp = Blueprint("accounts", __name__)


def _secrets() -> Secrets:
    return Secrets(current_app.config["SECRET_KEY"])


def _address() -> str:
    return request.remote_addr or "none"


@bp.get("/sign-in")
@bp.post("/sign-in")
@limiter.limit("30 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for the number, send a code."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")))
    form = PhoneForm()
    if form.validate_on_submit():
        _send_code(form.number)
        session["number"] = form.number
        session["next"] = local_path(request.args.get("next"))
        return redirect(url_for("accounts.enter_code"))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/sign_in.html", form=form), status


def _send_code(number: str) -> None:
    with transaction(db.session()):
        code = services.request_code(
            db.session(), secrets=_secrets(), number=number, address=_address(), now=clock.now()
        )
        config = current_app.config
        shown = not config["PRODUCTION"] and not config["SMS_GATEWAY_URL"]
        session["nonce"] = code.nonce if shown else ""


@bp.get("/sign-in/code")
@bp.post("/sign-in/code")
@limiter.limit("30 per minute", methods=["POST"])
def enter_code() -> ResponseReturnValue:
    """Ask for the code; a right one starts a session."""
    number = session.get("number")
    if not number:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        target = session.get("next", "/")
        if _start(number, form.code.data or ""):
            return redirect(target)
        form.code.errors = [_("That code is wrong or has expired. Ask for a new one if need be.")]
    shown = _secrets().code(session["nonce"]) if session.get("nonce") else None
    status = 422 if form.is_submitted() else 200
    return render_template(
        "accounts/code.html", form=form, number=phone.masked(number), development_code=shown
    ), status


def _start(number: str, code: str) -> bool:
    now = clock.now()
    with transaction(db.session()):
        user = services.verify_code(
            db.session(), secrets=_secrets(), number=number, address=_address(), code=code, now=now
        )
        if user is None:
            return False
        label = device_label(request.user_agent.string)
        new = services.start_session(db.session(), user, label=label, now=now)
    browser_session.begin(new)
    return True


@bp.post("/sign-in/again")
@limiter.limit("10 per minute")
def send_again() -> ResponseReturnValue:
    """Send another code to the same number."""
    if number := session.get("number"):
        _send_code(number)
        flash(_("A new code is on its way."))
    return redirect(url_for("accounts.enter_code"))


@bp.get("/sign-out")
@signed_in
def ask_sign_out() -> str:
    """Ask what is to become of what waits on this phone."""
    return render_template("accounts/sign_out.html")


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session. Cached pages go; the outbox stays, locked to its owner."""
    person = actor()
    with transaction(db.session()):
        services.end_session(db.session(), person, device_id=person.device_id or 0, now=clock.now())
    browser_session.end()
    response = redirect(url_for("accounts.sign_in", signed_out=1))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/me")
@signed_in
def me() -> str:
    """Name, number, roles, devices, language."""
    person = actor()
    found = queries.devices(db.session(), person, now=clock.now())
    return render_template(
        "accounts/me.html", person=person, devices=found, number=phone.masked(person.phone or "")
    )


@bp.post("/me/devices/<int:device_id>/sign-out")
@signed_in
def end_device(device_id: int) -> ResponseReturnValue:
    """Sign another device of mine out."""
    with transaction(db.session()):
        services.end_session(db.session(), actor(), device_id=device_id, now=clock.now())
    flash(_("That device is signed out."))
    return redirect(url_for("accounts.me"))


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Keep the language chosen, for a year."""
    response = redirect(local_path(request.form.get("back")))
    chosen = request.form.get("lang")
    if chosen in LOCALES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(COOKIE, chosen, max_age=31_536_000, samesite="Lax", secure=secure)
    return response
