"""The keys of an application under test: the issuer's, and that for push services."""

from datetime import UTC, datetime
from pathlib import Path

from app.blueprints.badges import issuer_keys
from app.blueprints.deliveries import vapid

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""Before any clock that a test holds."""


def ensure_issuer_key(data_folder: Path) -> None:
    """Make a key in the folder that the settings name by default, unless there is one."""
    folder = data_folder / "issuer-keys"
    if not issuer_keys.load(folder).keys:
        issuer_keys.make(folder, signs_from=LONG_AGO, now=LONG_AGO)


def ensure_vapid_key(data_folder: Path) -> None:
    """Make the key that the settings name by default, unless there is one."""
    path = data_folder / "vapid-key.pem"
    if not path.exists():
        vapid.make(path)
