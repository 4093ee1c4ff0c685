"""Telling people something: a row each, written in the transaction of its cause."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.blueprints.notifications.models import Notification


def notify(
    session: Session,
    people: Iterable[int],
    *,
    kind: str,
    data: Mapping[str, Any],
    url: str,
    now: datetime,
) -> None:
    """Write a notification for each of these people, by their ids; one each, in one statement."""
    rows = [
        {"user_id": person, "kind": kind, "data": dict(data), "url": url, "created_at": now}
        for person in sorted(set(people))
    ]
    if rows:
        session.execute(insert(Notification), rows)
