"""Portraits as answers. Whether somebody may see one is asked before."""

from flask.typing import ResponseReturnValue

from app.blueprints.badges.portraits import portrait_name
from app.blueprints.photos.serving import kept_picture


def portrait_response(sha256: str) -> ResponseReturnValue:
    """A portrait by its hash, which the browser of this person alone may keep. Raises NotFound."""
    return kept_picture(portrait_name(sha256), etag=sha256)
