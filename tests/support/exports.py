"""ZIP files as a phone exports them, and files that only look like it."""

import io
import json
import zipfile
from typing import Any

from tests.support.pictures import sha256


def export(owner: Any, entries: list[Any], photos: list[bytes], **changes: Any) -> bytes:
    """An export; `changes` change its manifest."""
    manifest = {"format": "starknight-outbox", "version": 1, "owner": owner, "items": entries}
    members = {"manifest.json": json.dumps(manifest | changes).encode()}
    members |= {f"photos/{sha256(content)}.jpg": content for content in photos}
    return archive(members)


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()
