"""What is asked of the ledger, known by its key: asked twice, it is done once."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Hold, Transfer, TransferKind
from app.errors import Conflict
from app.lib.database import insert_of

MOST = 1_000_000
"""Points in one request."""
Row = TypeVar("Row", Transfer, Hold)


class KeyReused(Conflict):
    """A key came again with another request."""


@dataclass(frozen=True, slots=True)
class Source:
    """What points are for: `kind` case, visit, task, redemption, correction; its id as text."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Order:
    """A request's key, what it is for, who asks (None for the rules themselves), and why."""

    scope: str
    key: str
    source: Source
    actor_id: int | None = None
    reason: str = ""

    def hash(self, kind: str, **asked: object) -> str:
        """SHA-256 over all that makes two requests the same, but for who asks and the words."""
        content = [self.scope, self.key, self.source.kind, self.source.id, kind, asked]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def claim(
    session: Session, order: Order, kind: TransferKind, *, now: datetime,
    reverses_id: int | None = None, **asked: object,
) -> tuple[Transfer, bool]:  # fmt: skip
    """The transfer of this order, and whether it is new: then the caller posts its entries. Waits
    for whoever asks the same just now. Raises KeyReused."""
    values: dict[str, object] = {
        "scope": order.scope, "key": order.key, "kind": kind,
        "request_hash": order.hash(kind, reverses=reverses_id, **asked),
        "source_kind": order.source.kind, "source_id": order.source.id,
        "actor_id": order.actor_id, "reason": order.reason, "reverses_id": reverses_id, "at": now,
    }  # fmt: skip
    return _once(session, Transfer, values)


def claim_hold(
    session: Session, order: Order, *, account_id: int, amount: int, now: datetime
) -> tuple[Hold, bool]:
    """The hold of this order, and whether it is new. Raises KeyReused."""
    values: dict[str, object] = {
        "scope": order.scope, "key": order.key, "account_id": account_id, "amount": amount,
        "request_hash": order.hash("hold", account=account_id, amount=amount),
        "source_kind": order.source.kind, "source_id": order.source.id, "placed_at": now,
        "state": "placed",
    }  # fmt: skip
    return _once(session, Hold, values)


def _once(session: Session, model: type[Row], values: dict[str, object]) -> tuple[Row, bool]:
    made = session.scalars(
        insert_of(session, model)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["scope", "key"])
        .returning(model)
    ).first()
    if made is not None:
        return made, True
    found = session.scalars(
        select(model).where(model.scope == values["scope"], model.key == values["key"])
    ).one()
    if found.request_hash != values["request_hash"]:
        raise KeyReused
    return found, False
