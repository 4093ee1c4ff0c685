"""The rules that an installation begins with."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.points.models import Occasion, Rule

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_RULES: tuple[dict[str, Any], ...] = (
    {
        "occasion": Occasion.CASE, "name_zh": "随手拍结案", "name_en": "A report is closed",
        "first_bonus": 5, "daily_times": 20,
    },
    {
        "occasion": Occasion.VISIT, "name_zh": "到站打卡", "name_en": "A visit to a station",
        "amount": 1, "daily_times": 3, "place_daily_times": 1,
    },
    {"occasion": Occasion.TASK, "name_zh": "完成任务", "name_en": "A task is done"},
    {"occasion": Occasion.ACTIVITY, "name_zh": "参加活动", "name_en": "An activity is attended"},
)  # fmt: skip
_NOTHING_SET: dict[str, Any] = {
    "amount": None, "percent": 100, "role_percents": {}, "first_bonus": 0, "daily_times": None,
    "daily_points": None, "place_daily_times": None,
}  # fmt: skip


def load_default_rules(session: Session, *, now: datetime) -> int:
    """Write a rule for each occasion that never had one; answers how many."""
    known = set(session.scalars(select(Rule.occasion).distinct()))
    rows = [
        _NOTHING_SET | rule | {"since": BEGINNING, "created_at": now}
        for rule in _RULES
        if rule["occasion"] not in known
    ]
    if rows:
        session.execute(insert(Rule), rows)
    return len(rows)
