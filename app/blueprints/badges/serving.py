"""Portraits as answers. Whether somebody may see one is asked before."""

from flask import make_response, request
from flask.typing import ResponseReturnValue

from app.blueprints.badges.portraits import portrait_name
from app.blueprints.photos.store import photo_storage
from app.errors import NotFound

ONE_WEEK_S = 604_800


def portrait_response(sha256: str) -> ResponseReturnValue:
    """A portrait by its hash, which the browser of this person alone may keep. Raises NotFound."""
    try:
        content = photo_storage().get(portrait_name(sha256))
    except FileNotFoundError as error:
        raise NotFound from error
    response = make_response(content)
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = f"private, max-age={ONE_WEEK_S}, immutable"
    response.set_etag(sha256)
    return response.make_conditional(request)
