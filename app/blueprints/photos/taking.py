"""The way in for photos, from a phone, a form or an export: check, keep, record, commit."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.blueprints.photos import services
from app.blueprints.photos.services import MAX_PHOTOS
from app.errors import Invalid
from app.lib.database import transaction
from app.lib.storage import Storage


def take_photo(
    session: Session, storage: Storage, owner_id: int, sha256: str, content: bytes, *, now: datetime
) -> bool:
    """Take in one photo of somebody's, and commit it; whether it is new.

    Raises TooLarge or Invalid for bytes that are not what they say, TooMany past a day's number.
    """
    header = services.check(sha256, content)
    services.keep(storage, sha256, content)
    with transaction(session):
        new = services.receive(
            session, owner_id, sha256=sha256, size_bytes=len(content), header=header, now=now
        )
    if not new:
        services.forget_if_done(session, storage, sha256)
    return new


def take_uploads(
    session: Session,
    storage: Storage,
    owner_id: int,
    uploads: Sequence[FileStorage],
    *,
    now: datetime,
) -> tuple[str, ...]:
    """Take in the files of a plain form, empty ones left out; their SHA-256, each once.

    Raises as `take_photo` does, and Invalid for more than four.
    """
    contents = [upload.read() for upload in uploads if upload.filename]
    if len(contents) > MAX_PHOTOS:
        raise Invalid({"photos": [_("At most four photos.")]})
    hashes = [hashlib.sha256(content).hexdigest() for content in contents]
    for sha256, content in zip(hashes, contents, strict=True):
        take_photo(session, storage, owner_id, sha256, content, now=now)
    return tuple(dict.fromkeys(hashes))
