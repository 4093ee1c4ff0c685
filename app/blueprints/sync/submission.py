"""A report from the plain form, sent through the same door as an outbox item."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from uuid6 import uuid7
from werkzeug.datastructures import FileStorage

from app.access import actor
from app.blueprints.reports.forms import FIELDS
from app.blueprints.sync.judging import Answer
from app.blueprints.sync.taking import take_items
from app.blueprints.sync.wire import KEY, MAX_PHOTOS
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock


def submit_form(
    form: Mapping[str, str],
    uploads: Sequence[FileStorage],
    store_photo: Callable[[str, bytes], bool],
) -> Answer:
    """File the form as an item; answers its receipt. Raises Invalid or Conflict."""
    contents = [upload.read() for upload in uploads if upload.filename]
    if len(contents) > MAX_PHOTOS:
        raise Invalid({"photos": [_("At most four photos.")]})
    hashes = [hashlib.sha256(content).hexdigest() for content in contents]
    for sha256, content in zip(hashes, contents, strict=True):
        store_photo(sha256, content)
    key = form.get("key", "")
    now = clock.now()
    item = {
        "key": key if KEY.fullmatch(key) else str(uuid7()),
        "kind": "report",
        "schema": 1,
        "fields": {name: form.get(name) or None for name in FIELDS},
        "photos": list(dict.fromkeys(hashes)),
        "captured_at": clock.to_ms(now),
    }
    [answer] = take_items(db.session(), actor(), [item], now=now)
    return _settled(answer)


def _settled(answer: Answer) -> Answer:
    if answer["verdict"] == "rejected":
        raise Invalid(answer["errors"])
    if answer["verdict"] == "conflict":
        # The same page sent twice differs only in its time: the first one stands.
        raise Conflict(
            _("This report was sent already: No. %(number)s.", number=answer["reference"])
        )
    if answer["verdict"] not in ("accepted", "duplicate"):
        raise Invalid({"photos": [_("That did not work. Please send it again.")]})
    return answer
