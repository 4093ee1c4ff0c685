"""A picture that comes by a form at a desk, encoded anew."""

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.blueprints.photos.services import PICTURE_WORDS
from app.errors import Invalid, TooLarge
from app.lib import imaging
from app.lib.imaging import BadPicture, Sheet

MIB = 1024 * 1024


def sent_picture() -> Sheet:
    """The file of the field `picture`, without where and when it was taken. Raises Invalid at
    `picture`, TooLarge."""
    try:
        return imaging.sheet(_bytes())
    except BadPicture as error:
        if error.reason == "too_large":
            raise TooLarge(_("A photo may have at most 15 MB.")) from error
        raise Invalid({"picture": [str(PICTURE_WORDS[error.reason])]}) from error


def _bytes() -> bytes:
    most = current_app.config["MAX_PHOTO_BYTES"]
    request.max_content_length = most + MIB
    try:
        file = request.files.get("picture")
        content = file.read(most + 1) if file else b""
    except RequestEntityTooLarge as error:
        raise TooLarge(_("A photo may have at most 15 MB.")) from error
    if len(content) > most:
        raise TooLarge(_("A photo may have at most 15 MB."))
    return content
