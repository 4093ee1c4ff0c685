"""The issuer's key of an application under test."""

from datetime import UTC, datetime
from pathlib import Path

from app.blueprints.badges import issuer_keys

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""Before any clock that a test holds."""


def ensure_issuer_key(data_folder: Path) -> None:
    """Make a key in the folder that the settings name by default, unless there is one."""
    folder = data_folder / "issuer-keys"
    if not issuer_keys.load(folder).keys:
        issuer_keys.make(folder, signs_from=LONG_AGO, now=LONG_AGO)
