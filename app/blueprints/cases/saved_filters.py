"""Filters that somebody keeps under a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.filters import CaseFilter
from app.blueprints.cases.models import SavedFilter
from app.errors import Conflict, Invalid, NotFound
from app.lib.database import alone
from app.lib.text import clean

MAX_NAME, MOST = 40, 30


@dataclass(frozen=True)
class Saved:
    """A filter under its name."""

    id: int
    name: str
    filter: CaseFilter


def saved_by(session: Session, actor: User) -> Sequence[Saved]:
    """Somebody's own filters, in the order in which they were saved."""
    own = select(SavedFilter).where(SavedFilter.user_id == actor.id).order_by(SavedFilter.id)
    return [_read(one) for one in session.scalars(own)]


def _read(saved: SavedFilter) -> Saved:
    args = dict(parse_qsl(saved.query))
    return Saved(saved.id, saved.name, CaseFilter.from_args(args))


def save(session: Session, actor: User, wanted: CaseFilter, name: str) -> Saved:
    """Keep a filter; one of the same name gives way. Words on a place are not kept.

    Raises Invalid at `name`, and Conflict when there are thirty.
    """
    name = clean(name)
    if not 1 <= len(name) <= MAX_NAME:
        raise Invalid({"name": [_("A name of 1 to %(most)s characters.", most=MAX_NAME)]})
    alone(session, f"saved filters of {actor.id}")
    own = SavedFilter.user_id == actor.id
    same = session.scalar(select(SavedFilter).where(own, SavedFilter.name == name))
    if same is None and (session.scalar(select(func.count()).where(own)) or 0) >= MOST:
        raise Conflict(_("There are %(most)s saved filters. Delete one first.", most=MOST))
    kept = same or SavedFilter(user_id=actor.id, name=name)
    kept.query = urlencode(wanted.args())
    session.add(kept)
    session.flush()
    return _read(kept)


def forget(session: Session, actor: User, saved_id: int) -> None:
    """Delete one of the actor's own. Raises NotFound."""
    own = delete(SavedFilter).where(SavedFilter.user_id == actor.id, SavedFilter.id == saved_id)
    if session.scalar(own.returning(SavedFilter.id)) is None:
        raise NotFound
