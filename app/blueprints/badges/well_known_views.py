"""What anybody may read: the issuer's public keys, and which badges are revoked or suspended."""

from flask import Blueprint, Response, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from app.blueprints.badges.listing import SUBJECT, current_list
from app.blueprints.badges.status_list import MEDIA_TYPE
from app.blueprints.badges.terms import terms_of
from app.extensions import db
from app.lib import clock

bp = Blueprint("sk1", __name__)
MAX_AGE_S = 60


@bp.get("/.well-known/sk1/jwks.json")
def jwks() -> ResponseReturnValue:
    """The keys that sign badges and lists, or will: a JSON Web Key Set."""
    response = jsonify(terms_of(current_app.config).keys.jwks())
    response.add_etag()
    return _cached(response)


@bp.get(SUBJECT)
def status_list() -> ResponseReturnValue:
    """The status list, as a signed token."""
    now = clock.now()
    key = terms_of(current_app.config).keys.signing(now)
    listed = current_list(db.session(), key, now=now)
    response = make_response(listed.token)
    response.mimetype = MEDIA_TYPE
    response.set_etag(listed.tag, weak=True)
    return _cached(response)


def _cached(response: Response) -> ResponseReturnValue:
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return response.make_conditional(request)
