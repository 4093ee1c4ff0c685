"""The interface for barriers, described in openapi.json beside this file."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.badges.terms import terms_of
from app.blueprints.gates.barriers import (
    Answer,
    Asked,
    UnknownBarrier,
    ensure_barrier,
    look,
    take,
    token_hash,
)
from app.blueprints.gates.models import Directions
from app.errors import DomainError, Invalid, answer_domain_error
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("api", __name__)
DESCRIPTION = Path(__file__).with_name("openapi.json")
MAX_BODY_BYTES = 64 * 1024
MAX_TEXT = 8192
"""A reader hands over whatever it reads; the longest QR code has 7089 digits."""
_BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/-]{20,200}=*)", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,64}")


class NotJson(DomainError):
    status, code = 415, "json_only"
    message = _l("Send JSON, with the content type application/json.")


class NotUnderstood(DomainError):
    status, code = 400, "not_understood"
    message = _l("The request was not understood.")


def _token() -> str:
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    return found[1] if found else ""


def _whose() -> str:
    """Whom a limit counts: a barrier by its token, of which nothing else is kept."""
    return f"token {token_hash(_token())}"


@bp.errorhandler(UnknownBarrier)
def unknown_barrier(error: UnknownBarrier) -> ResponseReturnValue:
    """A 401 says how to sign in (RFC 6750, 3)."""
    response = make_response(answer_domain_error(error))
    response.headers["WWW-Authenticate"] = 'Bearer realm="barriers"'
    return response


@bp.post("/api/v1/verdicts")
@limiter.limit("6000 per minute")
@limiter.limit("600 per minute", key_func=_whose)
def verdict() -> Response:
    """Judge the text of a code for the barrier that has the token, and write the pass down."""
    session = db.session()
    try:
        asked = _asked()
    except DomainError:
        ensure_barrier(session, _token())  # what is wrong is told to barriers alone
        raise
    keys = terms_of(current_app.config).keys.published()
    answer = look(session, _token(), asked, keys=keys, now=clock.now())
    if not isinstance(answer, Answer):
        with transaction(session):
            answer = take(session, answer)
    return _shown(answer)


def _shown(answer: Answer) -> Response:
    said = answer.verdict
    response = jsonify(
        verdict={"level": said.level, "reason": said.reason, "detail": said.detail},
        open=answer.opens,
        label=answer.label,
        **{"pass": answer.pass_id},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked() -> Asked:
    """What the barrier asks. Raises NotJson, NotUnderstood, Invalid."""
    raw = _object()
    text, direction, key = raw.get("text"), raw.get("direction"), _idempotency_key()
    errors = {}
    if not isinstance(text, str) or not text:
        errors["text"] = [_("The text of the code is missing.")]
    elif len(text) > MAX_TEXT:
        errors["text"] = [_("At most 8192 characters.")]
    if direction is not None and direction not in (Directions.ENTRY, Directions.EXIT):
        errors["direction"] = [_("Either entry or exit.")]
    if key is not None and not _KEY.fullmatch(key):
        errors["Idempotency-Key"] = [_("Up to 64 visible ASCII characters.")]
    if errors:
        raise Invalid(errors)
    return Asked(str(text), Directions(direction) if direction else None, key)


def _object() -> dict[str, Any]:
    if not request.is_json:
        raise NotJson
    request.max_content_length = MAX_BODY_BYTES
    try:
        raw = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise NotUnderstood from error
    if not isinstance(raw, dict):
        raise NotUnderstood
    return raw


def _idempotency_key() -> str | None:
    return request.headers.get("Idempotency-Key")


@bp.get("/api/v1/openapi.json")
def description() -> ResponseReturnValue:
    """This interface in OpenAPI 3.1."""
    response = make_response(_description())
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    return response.make_conditional(request)


@cache
def _description() -> bytes:
    return DESCRIPTION.read_bytes()
