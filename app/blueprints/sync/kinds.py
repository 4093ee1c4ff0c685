"""The kinds of items that outboxes bring: how each is checked, and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.reports.forms import from_fields
from app.blueprints.reports.services import Capture, Filed, ReportDraft, draft_report, file_reports
from app.blueprints.sync.wire import Item
from app.errors import Invalid


@dataclass(frozen=True)
class Context:
    """What checking needs to know, read once a batch."""

    actor: User
    codes: frozenset[str]
    now: datetime


@dataclass(frozen=True)
class Kind:
    """How a kind of item is checked and written. Drafts are written many at a time."""

    schemas: frozenset[int]
    check: Callable[[Item, Context], ReportDraft]
    write: Callable[[Session, Sequence[ReportDraft]], Sequence[Filed]]


def check_report(item: Item, context: Context) -> ReportDraft:
    """A report's draft from its fields. Raises Invalid, or Forbidden for who is no rider."""
    form = from_fields(item.fields, context.codes)
    errors: dict[str, Sequence[str]] = {} if form.validate() else dict(form.errors)
    if not item.photos:
        errors["photos"] = [_("Take at least one photo.")]
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
    )
    return draft_report(context.actor, capture, now=context.now)


KINDS: Mapping[str, Kind] = {"report": Kind(frozenset({1}), check_report, file_reports)}
