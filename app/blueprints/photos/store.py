"""Where the bytes of photos lie."""

from flask import current_app

from app.lib.storage import FolderStorage, Storage


def photo_storage() -> Storage:
    """The storage that the settings name; for the edge (views, jobs, commands)."""
    return FolderStorage(current_app.config["PHOTO_FOLDER"])


def quarantine_name(sha256: str) -> str:
    """The bytes as they arrived: never served."""
    return f"quarantine/{sha256[:2]}/{sha256}"


def rendition_name(sha256: str, size: str) -> str:
    """A re-encoded picture; size is large or thumb."""
    return f"photos/{sha256[:2]}/{sha256}-{size}.jpg"
