"""The outbox's kind `rating`: how a visit to a station was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.wire import KEY, Item
from app.blueprints.visits.drafts import timed
from app.blueprints.voices.ratings import RatingDraft, TooEarly, draft_rating, rate_all
from app.errors import DomainError, Invalid


@dataclass(frozen=True)
class Context:
    """Whose ratings they are, and when they came."""

    actor: User
    now: datetime


@dataclass(frozen=True)
class Draft:
    """A rating, and when it came."""

    rating: RatingDraft
    now: datetime


@dataclass(frozen=True)
class Rated:
    """A rating that is kept. It is seen among the visits."""

    number: str
    url: str = "/visits"


def prepare(_session: Session, actor: User, _items: Sequence[Item], now: datetime) -> Context:
    """Nothing is read beforehand: the check-in may come in the same batch."""
    return Context(actor, now)


def check(item: Item, context: Context) -> Draft:
    """A rating's draft. Raises Invalid, or Forbidden for who is no rider."""
    check_in = item.fields.get("check_in")
    if not isinstance(check_in, str) or not KEY.fullmatch(check_in):
        raise Invalid({"check_in": [_("This is no visit of yours.")]})
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    at, _mark = timed(item.captured_at + offset, context.now)
    fields = item.fields
    rating = draft_rating(
        context.actor, check_in=check_in, score=fields.get("score"), words=fields.get("words"),
        at=at,
    )  # fmt: skip
    return Draft(rating, context.now)


def write(session: Session, drafts: Sequence[Draft]) -> list[Rated | Refused]:
    """Keep them all; one whose check-in has not arrived may come again."""
    found = rate_all(session, [draft.rating for draft in drafts], now=drafts[0].now)
    return [_refused(one) if isinstance(one, DomainError) else Rated(str(one.id)) for one in found]


def _refused(error: DomainError) -> Refused:
    if isinstance(error, TooEarly):
        return Refused({}, again=True)
    return Refused(error.errors if isinstance(error, Invalid) else {"item": [str(error.message)]})


RATING = Kind(frozenset({1}), prepare, check, write)
