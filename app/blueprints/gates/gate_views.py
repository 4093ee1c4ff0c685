"""The gate: the page that scans, the phone that becomes a gate's, and what it keeps and asks."""

import re

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import actor, role_required
from app.blueprints.accounts import session as browser_session
from app.blueprints.accounts.device_labels import device_label
from app.blueprints.accounts.services import end_session
from app.blueprints.badges.serving import portrait_response
from app.blueprints.badges.terms import terms_of
from app.blueprints.gates import queries
from app.blueprints.gates.bundle import bundle_of, names, portrait_hash
from app.blueprints.gates.enrolling import SEEN_EVERY, Enrolled, Enrolment, enrol, note_seen
from app.blueprints.gates.models import Scanner
from app.blueprints.gates.phone_wire import MAX_BODY_BYTES, read_enrolment, read_search
from app.blueprints.gates.rider_search import search
from app.blueprints.organisations.models import Role
from app.errors import Forbidden, NotFound
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction
from app.lib.shells import shell

bp = Blueprint("gate", __name__)
_PREFIX = re.compile(r"[0-9a-f]{16}")


@shell("/gate")
def render_gate() -> str:
    """The page that scans, the same for everybody."""
    return render_template("gate/scan.html")


@shell("/gate/enrol")
def render_enrol() -> str:
    """Where a phone becomes a gate's, the same for everybody."""
    return render_template("gate/enrol.html")


@bp.get("/gate")
def scan() -> Response:
    """The gate. The page knows nobody; the phone fills it in, with or without network."""
    return _kept(render_gate())


@bp.get("/gate/enrol")
def enrol_page() -> Response:
    """Where a phone becomes a gate's."""
    return _kept(render_enrol())


def _kept(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.post("/gate/enrol")
@limiter.limit("10 per minute; 60 per hour")
def enrol_phone() -> ResponseReturnValue:
    """Make this phone a gate's, and this browser its account: 201, and who it is now."""
    request.max_content_length = MAX_BODY_BYTES
    asked = read_enrolment(request.get_data(cache=False))
    with transaction(db.session()):
        enrolled = _enrol(asked)
        organisation = enrolled.scanner.gate.organisation
        answer = {"scanner": enrolled.scanner.id, "gate": names(organisation)}
    browser_session.begin(enrolled.session)
    return jsonify(answer), 201


def _enrol(asked: Enrolment) -> Enrolled:
    """Whoever was signed in on this browser is so no more."""
    session, now = db.session(), clock.now()
    label = device_label(request.user_agent.string)
    enrolled = enrol(
        session, asked, secret_key=current_app.config["SECRET_KEY"], label=label, now=now
    )
    if current_user.is_authenticated:
        before = actor()
        end_session(session, before, device_id=before.device_id or 0, now=now)
    return enrolled


def _scanner() -> Scanner:
    """The phone that asks. Raises Forbidden for anybody else."""
    scanner = queries.scanner_of(db.session(), actor())
    if scanner is None:
        raise Forbidden
    return scanner


@bp.get("/gate/bundle")
@role_required(Role.GUARD)
def bundle() -> ResponseReturnValue:
    """What this phone keeps; 304 while nothing in it is new."""
    now = clock.now()
    _note_seen(_scanner())
    found = bundle_of(db.session(), _scanner(), terms=terms_of(current_app.config), now=now)
    response = jsonify(found.content)
    response.set_etag(found.tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


def _note_seen(scanner: Scanner) -> None:
    now = clock.now()
    if now - scanner.last_seen_at >= SEEN_EVERY:
        scanner_id = scanner.id
        with transaction(db.session()):
            note_seen(db.session(), scanner_id, now=now)


@bp.get("/gate/portraits/<prefix>.jpg")
@role_required(Role.GUARD)
def portrait(prefix: str) -> ResponseReturnValue:
    """The portrait that a badge names by the first 8 bytes of its hash."""
    _scanner()
    sha256 = portrait_hash(db.session(), prefix) if _PREFIX.fullmatch(prefix) else None
    if sha256 is None:
        raise NotFound
    return portrait_response(sha256)


@bp.post("/gate/search")
@role_required(Role.GUARD)
@limiter.limit("60 per minute")
def search_rider() -> Response:
    """Riders without a code, by name or number. Posted, so that no name stands in an address."""
    scanner = _scanner()
    request.max_content_length = MAX_BODY_BYTES
    found = search(db.session(), scanner, read_search(request.get_data(cache=False)))
    return jsonify(riders=found)


@bp.get("/gate/today")
@role_required(Role.GUARD)
def today() -> str:
    """Who passed at this gate today, newest first."""
    page = queries.today(
        db.session(), actor(), before=request.args.get("before", type=int), now=clock.now()
    )
    return render_template("gate/today.html", page=page)
