"""The outbox's kind `report`: what a rider snapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.reports.forms import from_fields
from app.blueprints.reports.queries import category_codes
from app.blueprints.reports.services import Capture, ReportDraft, draft_report, file_reports
from app.blueprints.sync.kind import Kind
from app.blueprints.sync.wire import Item
from app.errors import Invalid
from app.lib.exif_place import Degrees, believable


@dataclass(frozen=True)
class Context:
    """What checking reports needs to know, read once a batch."""

    actor: User
    codes: frozenset[str]
    now: datetime


def prepare(session: Session, actor: User, _items: Sequence[Item], now: datetime) -> Context:
    """The categories that there are."""
    return Context(actor, category_codes(session), now)


def check(item: Item, context: Context) -> ReportDraft:
    """A report's draft from its fields. Raises Invalid, or Forbidden for who is no rider."""
    form = from_fields(item.fields, context.codes)
    errors: dict[str, Sequence[str]] = {} if form.validate() else dict(form.errors)
    if not item.photos:
        errors["photos"] = [_("Take at least one photo.")]
    taken = _taken(item) if item.schema > 1 else ()
    if taken is None:
        errors["photos"] = [_("The place of a photo is not understood.")]
    if errors:
        raise Invalid(errors)
    data = form.data
    capture = Capture(
        category_code=data["category"],
        description=data["description"],
        place=data["place"],
        latitude=data["latitude"],
        longitude=data["longitude"],
        accuracy_m=data["accuracy_m"],
        photos=item.photos,
        captured_at=item.captured_at,
        sent_at=item.sent_at,
        server_offset_ms=item.server_offset_ms,
        taken=taken or (),
    )
    return draft_report(context.actor, capture, now=context.now)


def _taken(item: Item) -> tuple[Degrees | None, ...] | None:
    """Where the photos say they were taken, in their order; None for what is no such list."""
    said = item.fields.get("taken")
    if said is None:
        return ()
    if not isinstance(said, list) or len(said) != len(item.photos):
        return None
    places = [None if one is None else _degrees(one) for one in said]
    if any(one is not None and place is None for one, place in zip(said, places, strict=True)):
        return None
    return tuple(places)


def _degrees(said: object) -> Degrees | None:
    """A place as a phone says it, if it is one."""
    if not isinstance(said, dict) or said.keys() != {"latitude", "longitude"}:
        return None
    numbers = (said["latitude"], said["longitude"])
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return None
    return believable(*numbers)


REPORT = Kind(frozenset({1, 2}), prepare, check, file_reports)
"""Version 2 may say where each photo was taken: `taken`, a place or null for each."""
