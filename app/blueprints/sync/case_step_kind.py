"""The outbox's kind `case_step`: a step in a case's life, taken where there may be no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.phone_steps import PhoneStep, TooEarly, hand_in, read_step
from app.blueprints.sync.kind import Kind, Refused
from app.blueprints.sync.wire import Item
from app.errors import DomainError, Invalid


@dataclass(frozen=True)
class Context:
    """Whose steps they are, and when they came."""

    actor: User
    now: datetime


@dataclass(frozen=True)
class Taken:
    """A step that was taken: the case's number, and its page."""

    number: str
    url: str


def prepare(_session: Session, actor: User, _items: Sequence[Item], now: datetime) -> Context:
    """Nothing is read beforehand: a step is judged by the case as the step before has left it."""
    return Context(actor, now)


def check(item: Item, context: Context) -> PhoneStep:
    """A step's draft. Raises Invalid."""
    case_id, step, details = read_step(item.fields, item.photos)
    return PhoneStep(context.actor, case_id, step, details, item.captured_at, context.now)


def write(session: Session, drafts: Sequence[PhoneStep]) -> list[Taken | Refused]:
    """Take the steps in their order, each by itself: what is refused changes nothing."""
    return [_write(session, draft) for draft in drafts]


def _write(session: Session, draft: PhoneStep) -> Taken | Refused:
    try:
        case = hand_in(session, draft)
    except TooEarly:
        return Refused({}, again=True)
    except Invalid as error:
        return Refused(error.errors)
    except DomainError as error:
        return Refused({"item": [str(error.message)]})
    own = case.reporter_id == draft.actor.id
    return Taken(case.number, f"/reports/{case.id}" if own else f"/field#{case.id}")


CASE_STEP = Kind(frozenset({1}), prepare, check, write)
