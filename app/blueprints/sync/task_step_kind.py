"""The outbox's kind `task_step`: what a rider did for a task, let go, or contradicts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.organisations.models import Role
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.spots import spot_of
from app.blueprints.sync.wire import SHA256, Item
from app.blueprints.tasks import claiming
from app.blueprints.tasks.models import Claim
from app.blueprints.tasks.proof import HandIn
from app.blueprints.tasks.terms import MOST_PHOTOS, MOST_QUESTIONS
from app.blueprints.visits.drafts import AHEAD
from app.errors import DomainError, Forbidden, Invalid
from app.lib.database import MAX_ROW_ID


@dataclass(frozen=True)
class Context:
    """Whose steps they are, and when they came."""

    actor: User
    now: datetime


@dataclass(frozen=True)
class Taken:
    """A step that was taken: the task's number, and where it is seen."""

    number: str
    url: str


Draft = Callable[[Session], Claim]
"""A step that is checked as far as that goes without the claim."""


def prepare(_session: Session, actor: User, _items: Sequence[Item], now: datetime) -> Context:
    """Nothing is read beforehand: a step is judged by the claim as the one before has left it."""
    return Context(actor, now)


def check(item: Item, context: Context) -> Draft:
    """A step. Raises Invalid, or Forbidden for who is no rider."""
    actor, now, fields = context.actor, context.now, item.fields
    if not actor.has_role(Role.RIDER):
        raise Forbidden
    step, claim_id = fields.get("step"), _claim_id(fields)
    match step:
        case "hand_in":
            hand_in = _hand_in(item, claim_id, context)
            return lambda session: claiming.hand_in(session, hand_in, now=now)
        case "release":
            return lambda session: claiming.release(session, actor, claim_id, now=now)
        case "appeal":
            words = _text(fields.get("words"), "words")
            return lambda session: claiming.appeal(session, actor, claim_id, words, now=now)
    raise Invalid({"step": [_("That is not possible.")]})


def _hand_in(item: Item, claim_id: int, context: Context) -> HandIn:
    at = item.captured_at + timedelta(milliseconds=item.server_offset_ms or 0)
    return HandIn(
        key=item.key, rider=context.actor, claim_id=claim_id, answers=_answers(item.fields),
        photos=(*_kept(item.fields), *item.photos), at=at, spot=spot_of(item.fields),
        clock_off=at > context.now + AHEAD,
    )  # fmt: skip


def _claim_id(fields: Mapping[str, Any]) -> int:
    said = fields.get("claim")
    if type(said) is not int or not 0 < said <= MAX_ROW_ID:
        raise Invalid({"claim": [_("There is nothing of that number.")]})
    return said


def _answers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    said = fields.get("answers", [])
    if not isinstance(said, list) or len(said) > MOST_QUESTIONS:
        raise Invalid({"answers": [_("That is not understood.")]})
    return tuple(_text(one, "answers") for one in said)


def _kept(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Photos that were handed in before and are to stay."""
    said = fields.get("kept", [])
    known = isinstance(said, list) and len(said) <= MOST_PHOTOS
    if not known or not all(isinstance(one, str) and SHA256.fullmatch(one) for one in said):
        raise Invalid({"photos": [_("That is not understood.")]})
    return tuple(said)


def _text(said: object, field: str) -> str:
    if not isinstance(said, str):
        raise Invalid({field: [_("That is not understood.")]})
    return said


def write(session: Session, drafts: Sequence[Draft]) -> list[Taken | Refused]:
    """Take the steps in their order, each by itself: what is refused changes nothing."""
    return [_write(session, draft) for draft in drafts]


def _write(session: Session, draft: Draft) -> Taken | Refused:
    try:
        with session.begin_nested():
            claim = draft(session)
    except Invalid as error:
        return Refused(error.errors)
    except DomainError as error:
        return Refused({"item": [str(error.message)]})
    return Taken(claim.task.number, f"/tasks#t={claim.task_id}")


TASK_STEP = Kind(frozenset({1}), prepare, check, write)
