"""What phones say of their subscriptions, as JSON."""

from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import actor, person_or_address, signed_in
from app.blueprints.deliveries import subscriptions
from app.blueprints.deliveries.models import MAX_ENDPOINT
from app.blueprints.deliveries.subscriptions import Offered
from app.blueprints.deliveries.terms import services_of, terms_of
from app.blueprints.deliveries.vapid import NoVapidKey
from app.errors import Invalid
from app.extensions import db, limiter
from app.lib import clock
from app.lib.database import transaction

bp = Blueprint("push", __name__, url_prefix="/push")
MAX_TEXT = 200


@bp.app_context_processor
def key_in_use() -> dict[str, object]:
    """By which phones see that they must subscribe anew. Without a key, pages come all the same."""

    def push_key_id() -> str:
        try:
            return terms_of(current_app.config).key.id
        except NoVapidKey:
            return ""

    return {"push_key_id": push_key_id}


@bp.get("/key.json")
@signed_in
def key() -> ResponseReturnValue:
    """The key that browsers subscribe with, and its short name."""
    held = terms_of(current_app.config).key
    response = jsonify(key=held.public, id=held.id)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/subscriptions")
@signed_in
@limiter.limit("30/hour", key_func=person_or_address)
def subscribe() -> ResponseReturnValue:
    """A browser has a subscription, or still has it."""
    services = services_of(current_app.config["PUSH_SERVICES"])
    offered = _offered()
    with transaction(db.session()):
        subscriptions.subscribe(db.session(), actor(), offered, services=services, now=clock.now())
    return "", 204


@bp.post("/unsubscribe")
@signed_in
def unsubscribe() -> ResponseReturnValue:
    """A browser wants no more."""
    endpoint = _text(_body(), "endpoint", MAX_ENDPOINT)
    with transaction(db.session()):
        subscriptions.unsubscribe(db.session(), actor(), endpoint)
    return "", 204


def _offered() -> Offered:
    body = _body()
    keys = body.get("keys")
    if not isinstance(keys, dict):
        raise Invalid({"keys": [_("That is no key.")]})
    return Offered(
        endpoint=_text(body, "endpoint", MAX_ENDPOINT),
        p256dh=_text(keys, "p256dh", MAX_TEXT),
        auth=_text(keys, "auth", MAX_TEXT),
        key_id=_text(body, "key_id", MAX_TEXT),
        site=request.host_url.rstrip("/"),
        locale=str(get_locale()),
    )


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid({"body": [_("That is no JSON object.")]})
    return body


def _text(body: dict[str, Any], name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isascii():
        raise Invalid({name: [_("This is missing or too long.")]})
    return value
