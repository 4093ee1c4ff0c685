"""Kept pictures as answers. Whether somebody may see one is asked before."""

from flask import make_response, request
from flask.typing import ResponseReturnValue

from app.blueprints.photos.store import photo_storage
from app.errors import NotFound

ONE_WEEK_S = 604_800
ONE_YEAR_S = 31_536_000
FOR_ONE = f"private, max-age={ONE_WEEK_S}, immutable"
"""Only the browser of the person who asked keeps it."""
FOR_ALL = f"public, max-age={ONE_YEAR_S}, immutable"


def kept_picture(name: str, *, etag: str, keep: str = FOR_ONE) -> ResponseReturnValue:
    """A JPEG of the storage by its name there. Its bytes never change, so `etag` names them, and
    `keep` is FOR_ONE or FOR_ALL. Raises NotFound."""
    try:
        content = photo_storage().get(name)
    except FileNotFoundError as error:
        raise NotFound from error
    response = make_response(content)
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = keep
    response.set_etag(etag)
    return response.make_conditional(request)
