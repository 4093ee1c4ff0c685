"""The outbox's kind `wish`: what a rider wishes of a station."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.wire import Item
from app.blueprints.visits.drafts import timed
from app.blueprints.voices.models import Wish
from app.blueprints.voices.wishes import WishDraft, draft_wish, wish_all
from app.errors import DomainError, Invalid
from app.lib.database import MAX_ROW_ID


@dataclass(frozen=True)
class Context:
    """Whose wishes they are, and when they came."""

    actor: User
    now: datetime


@dataclass(frozen=True)
class Draft:
    """A wish, and when it came."""

    wish: WishDraft
    now: datetime


@dataclass(frozen=True)
class Wished:
    """A wish that is kept."""

    number: str
    url: str


def prepare(_session: Session, actor: User, _items: Sequence[Item], now: datetime) -> Context:
    """Nothing is read beforehand: a wish is judged with those before it."""
    return Context(actor, now)


def check(item: Item, context: Context) -> Draft:
    """A wish's draft. Raises Invalid, or Forbidden for who is no rider."""
    offset = timedelta(milliseconds=item.server_offset_ms or 0)
    at, _mark = timed(item.captured_at + offset, context.now)
    wish = draft_wish(
        context.actor, key=item.key, station_id=_row_id(item.fields.get("station")),
        text=item.fields.get("text"), at=at,
    )  # fmt: skip
    return Draft(wish, context.now)


def write(session: Session, drafts: Sequence[Draft]) -> list[Wished | Refused]:
    """Keep them all, in their order."""
    found = wish_all(session, [draft.wish for draft in drafts], now=drafts[0].now)
    return [_refused(one) if isinstance(one, DomainError) else _wished(one) for one in found]


def _wished(wish: Wish) -> Wished:
    return Wished(str(wish.id), f"/wishes#wish-{wish.id}")


def _row_id(said: object) -> int | None:
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return said if 0 < said <= MAX_ROW_ID else None


def _refused(error: DomainError) -> Refused:
    return Refused(error.errors if isinstance(error, Invalid) else {"item": [str(error.message)]})


WISH = Kind(frozenset({1}), prepare, check, write)
