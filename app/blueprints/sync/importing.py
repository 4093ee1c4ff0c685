"""The centre takes in what a phone exported: the same items, the same keys, their owner.

An export is a ZIP of `manifest.json` and `photos/<sha256>.<ending>`. Nothing in it is trusted:
names are matched, sizes are bounded before and while unpacking.
"""

import json
import lzma
import re
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import HANDLING, STATIONS, VERIFYING, Role
from app.blueprints.photos.store import photo_storage
from app.blueprints.photos.taking import take_photo
from app.blueprints.sync.judging import Answer
from app.blueprints.sync.taking import take_items
from app.blueprints.sync.wire import MAX_ITEMS
from app.errors import Invalid, TooLarge
from app.extensions import db
from app.lib import clock
from app.lib.imaging import MAX_BYTES

MAX_ZIP_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_MANIFEST_BYTES = 4 * 1024 * 1024
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
)
"""What zipfile raises on a file that is damaged, encrypted or made to harm."""
_PHOTO = re.compile(r"photos/([0-9a-f]{64})\.[a-z]{3,4}")


def import_export(file: IO[bytes]) -> list[Answer]:
    """Take the items of an export, as their owner's; the verdict of each. Raises Invalid."""
    with _opened(file) as archive:
        if len(archive.infolist()) > MAX_ENTRIES:
            raise _not_ours()
        manifest = _manifest(archive)
        owner = _owner(manifest)
        _take_photos(archive, owner)
    answers: list[Answer] = []
    items = manifest["items"]
    for start in range(0, len(items), MAX_ITEMS):
        batch = items[start : start + MAX_ITEMS]
        answers += take_items(db.session(), owner, batch, now=clock.now())
    return answers


def _not_ours() -> Invalid:
    return Invalid({"file": [_("That is no export of this app.")]})


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except UNREADABLE as error:
        raise _not_ours() from error


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member's bytes. What the directory says of its size is not believed."""
    try:
        with archive.open(name) as member:
            content = member.read(most + 1)
    except UNREADABLE as error:
        raise _not_ours() from error
    if len(content) > most:
        raise _not_ours()
    return content


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: Any = json.loads(_read(archive, "manifest.json", MAX_MANIFEST_BYTES))
    except (ValueError, RecursionError) as error:
        raise _not_ours() from error
    fits = isinstance(manifest, dict) and manifest.get("format") == "starknight-outbox"
    if not fits or manifest.get("version") != 1 or not isinstance(manifest.get("items"), list):
        raise _not_ours()
    if len(manifest["items"]) > MAX_ENTRIES:
        raise _not_ours()
    return dict(manifest)


def _owner(manifest: dict[str, Any]) -> User:
    owner_id = manifest.get("owner")
    owner: User | None = None
    if isinstance(owner_id, int) and 0 < owner_id < 2**31:
        owner = db.session.scalar(select(User).where(User.id == owner_id))
    # Who captures: riders, who works on cases or at a station, and the phones of gates: also of one
    # that was ended, since it can send no more.
    capturing = (Role.RIDER, Role.GUARD, *HANDLING, *VERIFYING, *STATIONS)
    if owner is None or not owner.has_role(*capturing):
        raise Invalid({"file": [_("Nobody here owns this export.")]})
    return owner


def _take_photos(archive: zipfile.ZipFile, owner: User) -> None:
    unpacked, owner_id = 0, owner.id
    for info in archive.infolist():
        match = _PHOTO.fullmatch(info.filename)
        if match is None:
            continue
        content = _read(archive, info.filename, MAX_BYTES)
        unpacked += len(content)
        if unpacked > MAX_ZIP_BYTES:  # photos hardly shrink: this one is made to swell
            raise _not_ours()
        # What is no photo is left out: its item will be answered "missing_photos".
        with suppress(Invalid, TooLarge):
            take_photo(db.session(), photo_storage(), owner_id, match[1], content, now=clock.now())
