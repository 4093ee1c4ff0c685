"""The way in for every batch, from a phone, a form or an export: judge, write, commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.sync.judging import Answer, judge_items
from app.blueprints.sync.services import write_items
from app.blueprints.sync.wire import Item
from app.lib.database import transaction


def take_items(
    session: Session, actor: User, raw_items: Sequence[Any], *, now: datetime
) -> list[Answer]:
    """Take a batch, and commit it; an answer for each item, in order.

    What is slow stands before the transaction. A key that another request writes meanwhile is
    found by its row's uniqueness, inside.
    """
    judged = judge_items(session, actor, raw_items, now)
    answers = dict(judged.answers)
    if judged.ready:
        with transaction(session):
            answers |= write_items(session, judged)
    for index, (item, first) in judged.repeats.items():
        answers[index] = _repeat(item, judged.ready[first].item, answers[first])
    return [answers[index] for index in range(len(raw_items))]


def _repeat(item: Item, original: Item, answer: Answer) -> Answer:
    if item.content_hash != original.content_hash:
        return {"key": item.key, "verdict": "conflict", "reference": answer.get("reference")}
    if answer["verdict"] == "accepted":
        return answer | {"verdict": "duplicate"}
    return answer
