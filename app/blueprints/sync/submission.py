"""A report from the plain form, sent through the same door as an outbox item."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from uuid6 import uuid7
from werkzeug.datastructures import FileStorage

from app.access import actor
from app.blueprints.reports.forms import FIELDS
from app.blueprints.sync.judging import Answer
from app.blueprints.sync.taking import take_items
from app.blueprints.sync.wire import KEY
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock
from app.lib.exif_place import place_of

Place = dict[str, float]
"""`{"latitude", "longitude"}` in degrees of WGS-84, as on the wire."""


def places_of(uploads: Iterable[FileStorage]) -> dict[str, Place]:
    """Where the files of a plain form, once taken in, say they were taken, by SHA-256."""
    places = {}
    for upload in uploads:
        upload.seek(0)
        content = upload.read()
        if (found := place_of(content)) is not None:
            sha256 = hashlib.sha256(content).hexdigest()
            places[sha256] = dict(zip(("latitude", "longitude"), found, strict=True))
    return places


def submit_form(
    form: Mapping[str, str], photos: Sequence[str], places: Mapping[str, Place]
) -> Answer:
    """File the form as an item, with photos that were taken in; answers its receipt.

    Raises Invalid or Conflict.
    """
    key = form.get("key", "")
    now = clock.now()
    item = {
        "key": key if KEY.fullmatch(key) else str(uuid7()),
        "kind": "report",
        "schema": 2,
        "fields": {name: form.get(name) or None for name in FIELDS}
        | {"taken": [places.get(sha256) for sha256 in photos]},
        "photos": list(photos),
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
