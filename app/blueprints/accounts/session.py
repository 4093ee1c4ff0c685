"""Who is signed in: a session cookie names a device and its secret, never a person."""

from flask import Flask, Request, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.blueprints.accounts import queries, services
from app.blueprints.accounts.models import Device, User
from app.blueprints.accounts.services import NewSession
from app.errors import SignInRequired, answer_domain_error
from app.extensions import db, login_manager
from app.lib import clock
from app.lib.database import transaction
from app.lib.htmx import wants_fragment, wants_json

KEY = "device"


def init_app(app: Flask) -> None:
    """Load people from sessions, and send those who must sign in to the page for it."""
    login_manager.request_loader(_load)
    app.before_request(_note_seen)
    app.register_error_handler(SignInRequired, _ask_to_sign_in)


def begin(new: NewSession) -> None:
    """Keep a new session in the cookie."""
    g.pop("device", None)
    session.clear()
    session.permanent = True
    session[KEY] = [new.device_id, new.secret]


def end() -> None:
    """Forget the session in this browser."""
    g.pop("device", None)
    session.clear()


def _device() -> Device | None:
    """The device that this request's cookie names; read once a request."""
    if "device" not in g:
        g.device = None
        match session.get(KEY):
            case [int(device_id), str(secret)]:
                g.device = queries.device_of_session(
                    db.session(), device_id=device_id, secret=secret, now=clock.now()
                )
    device: Device | None = g.device
    return device


def _load(_request: Request) -> User | None:
    device = _device()
    if device is None:
        return None
    device.user.device_id = device.id
    return device.user


def _note_seen() -> None:
    if KEY not in session or request.endpoint == "static":
        return
    device, now = _device(), clock.now()
    if device is not None and now - device.last_seen_at > services.SEEN_EVERY:
        with transaction(db.session()):
            services.note_seen(db.session(), device.id, now=now)
        session.modified = True


def _ask_to_sign_in(error: SignInRequired) -> ResponseReturnValue:
    if request.method != "GET" or wants_json() or wants_fragment():
        return answer_domain_error(error)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
