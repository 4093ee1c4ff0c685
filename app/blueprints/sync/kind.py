"""What a kind of item must be able to do, to travel by the outbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.sync.wire import Item


class Written(Protocol):
    """What was made of an item: the number that people call it by, and where it is to be seen
    ("" when it has no page)."""

    @property
    def number(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Refused:
    """What turned out only in writing to be impossible: why, by field. `again`: it may go later."""

    errors: Mapping[str, Sequence[str]]
    again: bool = False


@dataclass(frozen=True)
class Kind:
    """How a kind of item is prepared, checked and written.

    `prepare` reads once what checking this kind's items of a batch needs; `check` turns one item
    into a draft, or raises a DomainError; neither writes. `write` writes drafts, many at a time,
    inside the transaction, and answers in their order; of what it refuses it has written
    nothing, or that it was refused, so that the same item gets the same answer.
    """

    schemas: frozenset[int]
    prepare: Callable[[Session, User, Sequence[Item], datetime], Any]
    check: Callable[[Item, Any], Any]
    write: Callable[[Session, Sequence[Any]], Sequence[Written | Refused]]
