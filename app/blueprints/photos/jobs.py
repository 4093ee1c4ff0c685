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
from app.lib.looks_alike import NO_LOOK, look_of, quarters
from app.lib.storage import Storage

MAX_ATTEMPTS = 5
UNUSED_AFTER = timedelta(days=7)
LOOKS = 20
"""How many pictures made before there were perceptual hashes are looked at in one batch."""


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
        look = _look(storage, sha256) if error is None else None
        with transaction(session):
            photo = session.get_one(Photo, sha256)
            if error is None:
                leases.succeed(photo)
                _keep_look(photo, look)
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


def _look(storage: Storage, sha256: str) -> int:
    """The perceptual hash of a photo's small picture. One that cannot be read looks like nothing:
    it must not hold up the others."""
    try:
        return look_of(storage.get(rendition_name(sha256, "thumb")))
    except (OSError, ValueError):
        return NO_LOOK


def _keep_look(photo: Photo, look: int | None) -> None:
    photo.look = look
    if look is not None and look != NO_LOOK:
        photo.look_a, photo.look_b, photo.look_c, photo.look_d = quarters(look)


@job("looks")
def look_at_old_ones() -> bool:
    """Give photos made before there were perceptual hashes theirs; answers whether more wait."""
    session, storage = db.session(), photo_storage()
    unseen = (
        select(Photo.sha256)
        .where(Photo.look.is_(None), Photo.work_state == "done")
        .order_by(Photo.created_at)
        .limit(LOOKS)
    )
    hashes = session.scalars(unseen).all()
    looks = {sha256: _look(storage, sha256) for sha256 in hashes}
    if looks:
        with transaction(session):
            for photo in session.scalars(select(Photo).where(Photo.sha256.in_(hashes))):
                _keep_look(photo, looks[photo.sha256])
    return len(looks) == LOOKS


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
