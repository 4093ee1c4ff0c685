"""Taking photos in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256 as hash_of

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.photos.store import quarantine_name
from app.errors import Invalid, TooLarge, TooMany
from app.lib import jobs
from app.lib.imaging import BadPicture, Header, read_header
from app.lib.storage import Storage

PHOTOS_A_DAY = 400
MAX_PHOTOS = 4
"""So many go with a report or a step."""
PICTURE_WORDS = {
    "empty": _l("The file is empty."),
    "not_a_picture": _l("That file is no picture we can read. Take a photo or choose another."),
    "too_many_pixels": _l("That picture has more than 40 megapixels."),
    "animated": _l("Moving pictures are not taken."),
    "broken": _l("That picture is damaged."),
}
"""What to say of a BadPicture, by its reason; too_large is said by a TooLarge."""


def check(sha256: str, content: bytes) -> Header:
    """Check bytes against their hash and by their header. Raises TooLarge or Invalid."""
    try:
        header = read_header(content)
    except BadPicture as error:
        if error.reason == "too_large":
            raise TooLarge(str(_l("A photo may have at most 15 MB."))) from error
        raise Invalid({"photos": [str(PICTURE_WORDS[error.reason])]}) from error
    if hash_of(content).hexdigest() != sha256:
        raise Invalid(
            {"photos": [str(_l("The photo was damaged on its way. Please send it again."))]}
        )
    return header


def keep(storage: Storage, sha256: str, content: bytes) -> None:
    """Put checked bytes in quarantine. Slow, so before the transaction, not inside it."""
    storage.put(quarantine_name(sha256), content)


def receive(
    session: Session, owner_id: int, *, sha256: str, size_bytes: int, header: Header, now: datetime
) -> bool:
    """Record a photo whose bytes are kept; answers whether it is new to us.

    Raises TooMany past 400 photos in a day.
    """
    full = _uploads_since(session, owner_id, now - timedelta(days=1)) >= PHOTOS_A_DAY
    if full and not held(session, owner_id, [sha256]):
        raise TooMany(retry_after_s=3600)
    values = {
        "sha256": sha256,
        "mime": header.mime,
        "size_bytes": size_bytes,
        "width": header.width,
        "height": header.height,
        "created_at": now,
        "work_state": "pending",
        "attempts": 0,
    }
    new = _insert_once(session, Photo, values)
    _insert_once(session, PhotoUpload, {"sha256": sha256, "user_id": owner_id, "created_at": now})
    if new:
        jobs.wake(session, "photos")
    return new


def forget_if_done(session: Session, storage: Storage, sha256: str) -> None:
    """Drop bytes that came once more after the worker was through: they may say where the photo
    was taken."""
    state = session.scalar(select(Photo.work_state).where(Photo.sha256 == sha256))
    if state == "done":
        storage.delete(quarantine_name(sha256))


def held(session: Session, owner_id: int, hashes: Iterable[str]) -> set[str]:
    """Which of these photos this person has sent."""
    wanted = set(hashes)
    if not wanted:
        return set()
    found = select(PhotoUpload.sha256).where(
        PhotoUpload.user_id == owner_id, PhotoUpload.sha256.in_(wanted)
    )
    return set(session.scalars(found))


def _uploads_since(session: Session, owner_id: int, since: datetime) -> int:
    counted = select(func.count()).where(
        PhotoUpload.user_id == owner_id, PhotoUpload.created_at > since
    )
    return session.scalar(counted) or 0


def _insert_once(
    session: Session, model: type[Photo] | type[PhotoUpload], values: dict[str, object]
) -> bool:
    """Insert a row unless it is there; safe when two phones send the same at once."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    # Not by rowcount, which SQLAlchemy does not keep for an INSERT on PostgreSQL.
    statement = insert(model).values(values).on_conflict_do_nothing().returning(model.sha256)
    return session.scalar(statement) is not None
