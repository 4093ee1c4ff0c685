"""A report from the plain form, sent through the same door as an outbox item."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from uuid6 import uuid7

from app.access import actor
from app.blueprints.reports.forms import FIELDS
from app.blueprints.sync.judging import Answer
from app.blueprints.sync.taking import take_items
from app.blueprints.sync.wire import KEY
from app.errors import Conflict, Invalid
from app.extensions import db
from app.lib import clock


def submit_form(form: Mapping[str, str], photos: Sequence[str]) -> Answer:
    """File the form as an item, with photos that were taken in; answers its receipt.

    Raises Invalid or Conflict.
    """
    key = form.get("key", "")
    now = clock.now()
    item = {
        "key": key if KEY.fullmatch(key) else str(uuid7()),
        "kind": "report",
        "schema": 1,
        "fields": {name: form.get(name) or None for name in FIELDS},
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
