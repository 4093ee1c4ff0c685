"""Background work on photos: out of quarantine, or marked as unreadable."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, false, or_, select
from sqlalchemy.exc import IntegrityError

from app.blueprints.photos.models import Photo
from app.blueprints.photos.store import photo_storage, quarantine_name, rendition_name
from app.extensions import db
from app.lib import clock, leases
from app.lib.database import transaction
from app.lib.imaging import BadPicture, renditions
from app.lib.jobs import job
from app.lib.storage import Storage

MAX_ATTEMPTS = 5
UNUSED_AFTER = timedelta(days=7)


@job("photos")
def process_photos() -> bool:
    """Re-encode a batch of photos, outside any transaction; answers whether there were any."""
    session, storage = db.session(), photo_storage()
    with transaction(session):
        taken = [
            (photo.sha256, photo.attempts)
            for photo in leases.take(session, Photo, now=clock.now(), limit=4)
        ]
    for sha256, attempts in taken:
        error, final = _process(storage, sha256, attempts)
        with transaction(session):
            photo = session.get_one(Photo, sha256)
            if error is None:
                leases.succeed(photo)
            else:
                leases.fail(photo, error, now=clock.now(), final=final)
        if error is None:
            storage.delete(quarantine_name(sha256))  # it may say where it was taken
    return bool(taken)


def _process(storage: Storage, sha256: str, attempts: int) -> tuple[str | None, bool]:
    """Make the renditions; answers (error or None, whether trying again is of no use)."""
    if attempts > MAX_ATTEMPTS:  # the worker died on it each time
        return "gave up", True
    try:
        large, thumb = renditions(storage.get(quarantine_name(sha256)))
        storage.put(rendition_name(sha256, "large"), large)
        storage.put(rendition_name(sha256, "thumb"), thumb)
    except BadPicture as error:
        return error.reason, True
    except OSError as error:
        return type(error).__name__, attempts >= MAX_ATTEMPTS
    return None, False


@job("unused_photos")
def delete_unused() -> bool:
    """Delete photos that were sent a week ago and hang on nothing."""
    session, storage = db.session(), photo_storage()
    old = (
        select(Photo.sha256)
        .where(Photo.created_at < clock.now() - UNUSED_AFTER, ~_is_used())
        .limit(100)
    )
    for sha256 in session.scalars(old).all():
        try:
            with transaction(session):
                session.execute(delete(Photo).where(Photo.sha256 == sha256))
        except IntegrityError:  # used since we looked
            continue
        for name in (
            quarantine_name(sha256),
            rendition_name(sha256, "large"),
            rendition_name(sha256, "thumb"),
        ):
            storage.delete(name)
    return False


def _is_used() -> ColumnElement[bool]:
    """Whether a row of any feature points at a photo: read from the foreign keys, so that this
    feature need not know those above it."""
    uses = [
        select(key.parent).where(key.parent == Photo.sha256).exists()
        for table in Photo.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is Photo.__table__.c.sha256 and table.name != "photo_uploads"
    ]
    return or_(false(), *uses)
