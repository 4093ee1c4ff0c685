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


REPORT = Kind(frozenset({1}), prepare, check, file_reports)
